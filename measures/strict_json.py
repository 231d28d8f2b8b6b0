"""JSON as it is meant: whatever two readers could read differently is refused.

A name that stands twice, NaN, numbers of thousands of digits, nesting without end, lone surrogates,
another encoding than UTF-8 and whatever follows the end.
"""

import json
import re
from typing import Any, NoReturn

DEEPEST = 32
DIGITS = 19  # As many as a whole number of 64 bits has.
LONGEST_FRACTION = 40
SURROGATE = re.compile("[\ud800-\udfff]")


class NotStrict(ValueError):
    """The text is no JSON, or could be read in two ways."""


def loads(sent: bytes | str) -> Any:
    """What the text says; raises `NotStrict` with a short reason."""
    try:
        text = sent.decode() if isinstance(sent, bytes) else sent
        _check_depth(text)
        found = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_fraction,
        )
        _check_texts(found)
        return found
    except NotStrict:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrict(str(error)[:120]) from error


def _check_depth(text: str) -> None:
    """Before the parser goes down: brackets outside of strings."""
    depth = 0
    for mark in re.findall(r'"(?:[^"\\]|\\.)*"?|[\[{}\]]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
        if depth > DEEPEST:
            raise NotStrict(f"nested deeper than {DEEPEST}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotStrict(f"the name {name[:40]!r} stands twice")
        found[name] = value
    return found


def _check_texts(value: Any) -> None:
    if isinstance(value, str) and SURROGATE.search(value):
        raise NotStrict("a text holds a lone surrogate")
    if isinstance(value, dict):
        _check_texts([*value])
        _check_texts([*value.values()])
    elif isinstance(value, list):
        for each in value:
            _check_texts(each)


def _no_constant(name: str) -> NoReturn:
    raise NotStrict(f"{name} is no number")


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > DIGITS:
        raise NotStrict(f"a number of more than {DIGITS} digits")
    return int(digits)


def _fraction(told: str) -> float:
    number = float(told) if len(told) <= LONGEST_FRACTION else float("inf")
    if number in (float("inf"), float("-inf")):
        raise NotStrict("a number that is too long or too large")
    return number
