"""What stands in a cell: a value as text, and the same text read back.

A list of short names (slugs, keys, codes) is written `one; another`, a list of addresses one a
line; where that could not be read back, either is written as JSON.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

# What a spreadsheet would take for a formula, and what our own mark in front of it looks like.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
MARKED = re.compile(r"''*[=+\-@\t\r]")


def safe(text: str) -> str:
    """The text with a mark in front where a spreadsheet would run it; `unmarked` undoes it."""
    return f"'{text}" if FORMULA.match(text) else text


def unmarked(text: str) -> str:
    """The text as it was before `safe`."""
    return text[1:] if MARKED.match(text) else text


def as_text(value: Any) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _joined(value)
    return str(value)


def _joined(values: Sequence[Any]) -> str:
    if all(isinstance(each, str) for each in values):
        for mark in ("; ", "\n"):
            written = mark.join(values)
            if listed(written) == list(values):
                return written
    return json.dumps(values, ensure_ascii=False)


def listed(text: str) -> list[str]:
    """The members of a list that was written in a cell; raises `ValueError` for broken JSON."""
    if text.startswith("[") and text.rstrip().endswith("]"):
        found = json.loads(text)
        if not all(isinstance(each, str) for each in found):
            raise ValueError(text[:40])
        return list(found)
    several_lines = "\n" in text.strip() or "://" in text
    parts = text.splitlines() if several_lines else re.split("[;；]", text)
    return [each.strip() for each in parts if each.strip()]
