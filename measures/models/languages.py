"""What the register holds in two languages, as one reader meets it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..method import reads_chinese


class Words(NamedTuple):
    """Words and the language that they are in: en or zh."""

    text: str
    language: str


def said(thing: Any, name: str) -> Words:
    """The field in the reader's language where it is written, else in the other."""
    own, other = _both(thing, name)
    return own if own.text or not other.text else other


def otherwise(thing: Any, name: str) -> Words:
    """The field in the language that `said` does not give; empty where there is none."""
    own, other = _both(thing, name)
    return other if own.text and own.text != other.text else Words("", other.language)


def _both(thing: Any, name: str) -> tuple[Words, Words]:
    english = Words(_value(thing, name), "en")
    chinese = Words(_value(thing, f"{name}_zh"), "zh")
    return (chinese, english) if reads_chinese() else (english, chinese)


def _value(thing: Any, name: str) -> str:
    if isinstance(thing, Mapping):
        return str(thing.get(name) or "")
    return str(getattr(thing, name, "") or "")
