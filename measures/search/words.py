"""The words that each noun is found by."""

from collections.abc import Iterable, Mapping
from typing import Any

from .. import prose
from .romanised import romanised

# The fields that are read, in the order in which a hit is looked for. The first names the object.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "measure": (
        "code", "title", "title_zh", "short", "short_zh", "quotation", "done_when", "done_when_zh",
        "due_as_said", "due_as_said_zh",
    ),
    "evidence": ("document_number", "title", "title_zh", "issuer", "issuer_zh", "key"),
    "citation": ("note", "note_zh", "quotation", "locator"),
    "finding": (
        "rationale", "rationale_zh", "confidence_reason", "confidence_reason_zh", "search_where",
        "search_languages", "search_terms", "correction_reason",
    ),
    "passage": ("gist", "gist_zh", "why", "why_zh", "text"),
    "theme": ("title", "title_zh", "summary", "summary_zh"),
    "body": ("title", "title_zh", "abbreviation"),
    "journalnote": ("text",),
}  # fmt: skip
FROZEN = ("title", "title_zh", "document_number", "note", "note_zh", "quotation", "locator")
MARKDOWN = {"rationale", "rationale_zh"}


def words(noun: str, obj: Any, frozen: Iterable[Any] = ()) -> list[tuple[str, str]]:
    """The texts of the object, each with its field; `frozen` is what a finding rests on."""
    told = [(name, _text(obj, name)) for name in FIELDS[noun]]
    told += [(name, getattr(each, name)) for each in frozen for name in FROZEN]
    numbers = [text for name, text in told if name == "document_number"]
    told += [("romanised", romanised(number)) for number in numbers]
    return [(name, text) for name, text in told if text]


def _text(obj: Any, name: str) -> str:
    # A field that the migrations add later is not there yet while they run.
    text = str(getattr(obj, name, ""))
    return prose.plain(text) if name in MARKDOWN else text
