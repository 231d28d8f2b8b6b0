"""The public shape of each noun: the names, the order and the form in which it leaves the tracker.

One vocabulary for bundles, exports and the API: a field is called what the model calls it, a day is
`YYYY-MM-DD`, a moment is ISO 8601 in UTC, another object is named by its code, slug or key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import models

from .models import (
    Body,
    Citation,
    Evidence,
    Finding,
    FrozenCitation,
    Measure,
    MethodText,
    Passage,
    RecordEntry,
    Source,
    Theme,
    User,
)
from .models.judgement import JUDGED
from .progress import Comparison, Count, Move, State


@dataclass(frozen=True, slots=True)
class Shape:
    """A noun's file name (plural, without ending), its model and its public fields in order.

    `identity` names the fields that tell one object from another; the rest may change.
    """

    name: str
    model: type[models.Model]
    identity: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def noun(self) -> str:
        """The noun in the singular, as people read it."""
        return str(self.model._meta.verbose_name)


# In the order in which they can be built: each refers only to those before it.
SHAPES = (
    Shape("method-texts", MethodText, ("place",), ("place", "edition", "text", "text_zh")),
    Shape("bodies", Body, ("slug",), ("slug", "title", "title_zh", "abbreviation")),
    Shape(
        "sources",
        Source,
        ("slug",),
        (
            "slug",
            "title",
            "title_zh",
            "speaker",
            "delivered_on",
            "reported_as",
            "reported_on",
            "publisher",
            "language",
            "is_default",
        ),
    ),
    Shape(
        "passages",
        Passage,
        ("source", "number"),
        # Never the full text: it is its publisher's, and a bundle may be passed on.
        ("source", "number", "role", "gist", "gist_zh", "why", "why_zh"),
    ),
    Shape(
        "themes",
        Theme,
        ("source", "slug"),
        ("source", "number", "slug", "title", "title_zh", "passage", "summary", "summary_zh"),
    ),
    Shape(
        "measures",
        Measure,
        ("source", "code"),
        (
            "source",
            "code",
            "slug",
            "theme",
            "position",
            "passage",
            "short",
            "short_zh",
            "title",
            "title_zh",
            "quotation",
            "done_when",
            "done_when_zh",
            "kind",
            "nature",
            "baseline",
            "verifiability",
            "due_on",
            "due_as_said",
            "due_as_said_zh",
            "bodies",
            "review_on",
            "retired_on",
        ),
    ),
    Shape(
        "evidence",
        Evidence,
        ("key",),
        (
            "key",
            "title",
            "title_zh",
            "title_zh_ours",
            "kind",
            "issuer",
            "issuer_zh",
            "bodies",
            "tier",
            "document_number",
            "issued_on",
            "effective_on",
            "language",
            "url",
            "archive_url",
            "archived_on",
            "checked_state",
            "checked_on",
            "checked_how",
            "seen_at",
        ),
    ),
    Shape(
        "citations",
        Citation,
        ("evidence", "measure"),
        ("evidence", "measure", "stage", "bearing", "note", "note_zh", "quotation", "locator"),
    ),
)

BY_NOUN = {str(shape.model._meta.model_name): shape for shape in SHAPES}

MEASURES, EVIDENCE, CITATIONS = SHAPES[-3:]
FINDING = Shape(
    "findings",
    Finding,
    ("measure", "number"),
    (
        "measure",
        "number",
        *JUDGED,
        "recorded_at",
        "author",
        "approver",
        "supersedes",
        "method_version",
        "coding",
    ),
)

# What a finding keeps of a piece of evidence, apart from the link to it.
FROZEN = tuple(
    field.name
    for field in FrozenCitation._meta.concrete_fields
    if field.name not in ("id", "finding", "position", "evidence")
)


def public(value: Any) -> Any:
    """A plain value in its public form."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def name_of(obj: models.Model, sources: int = 1) -> str | int:
    """How one object names another: by code, slug, key or number.

    With several `sources` in a bundle a measure names its source too: `speech-2020/4.7`.
    """
    match obj:
        case Measure():
            return obj.code if sources == 1 else f"{obj.source.slug}/{obj.code}"
        case Passage() | Finding():
            return obj.number
        case Evidence():
            return obj.key
        case User():
            return obj.username if obj.is_system else str(obj.opaque_id)
        case MethodText():
            return obj.place
        case Source() | Theme() | Body():
            return obj.slug
    raise TypeError(f"{type(obj).__name__} is not named by others")


def row(obj: models.Model, shape: Shape, sources: int = 1) -> dict[str, Any]:
    """The object as its public fields say it; what is empty or as by default is left out."""
    told: dict[str, Any] = {}
    for name in shape.fields:
        field = shape.model._meta.get_field(name)
        if name == "source" and sources == 1:
            continue
        if field.many_to_many:
            names = sorted(str(name_of(other)) for other in getattr(obj, name).all())
            if names:
                told[name] = names
            continue
        value = getattr(obj, name)
        if value is None or (name not in shape.identity and value == field.get_default()):  # type: ignore[union-attr]
            continue
        told[name] = name_of(value, sources) if isinstance(value, models.Model) else public(value)
    return told


def full_row(obj: models.Model, shape: Shape) -> dict[str, Any]:
    """Every public field of the object, what is empty included; others by their names."""
    told: dict[str, Any] = {}
    for name in shape.fields:
        if shape.model._meta.get_field(name).many_to_many:
            told[name] = sorted(str(name_of(other)) for other in getattr(obj, name).all())
            continue
        value = getattr(obj, name)
        told[name] = name_of(value) if isinstance(value, models.Model) else public(value)
    return told


def shape_of(name: str) -> Shape:
    """The shape of that name; raises `KeyError`."""
    return {shape.name: shape for shape in (*SHAPES, FINDING)}[name]


def frozen_row(citation: FrozenCitation, now: FrozenCitation | None) -> str | dict[str, Any]:
    """A finding's piece of evidence: its key if the copy reads as `now`, else the copy in full."""
    copy = {name: public(getattr(citation, name)) for name in FROZEN}
    if now is not None and copy == {name: public(getattr(now, name)) for name in FROZEN}:
        return citation.evidence.key
    return {"evidence": citation.evidence.key} | {
        k: v for k, v in copy.items() if v not in ("", None)
    }


def person_row(person: User) -> dict[str, Any]:
    """A person as a bundle names them: never the address or the user name of an account."""
    return {
        "key": name_of(person),
        "id": str(person.opaque_id),
        "name": person.get_full_name(),
        "system": person.is_system,
    }


def whole(obj: models.Model, shape: Shape) -> dict[str, Any]:
    """The object as its public fields say it, the empty ones too, each under its own name.

    A measure is named by its code and a passage by its number: their source stands beside them.
    """
    told: dict[str, Any] = {}
    for name in shape.fields:
        value = getattr(obj, name)
        if shape.model._meta.get_field(name).many_to_many:
            told[name] = sorted(str(name_of(other)) for other in value.all())
        else:
            told[name] = name_of(value) if isinstance(value, models.Model) else public(value)
    return told


def frozen_whole(citation: FrozenCitation) -> dict[str, Any]:
    """A finding's piece of evidence in full, as it read on the day of the finding."""
    copy = {name: public(getattr(citation, name)) for name in FROZEN}
    return {"evidence": citation.evidence.key, **copy}


def counts(found: Iterable[Count]) -> list[dict[str, Any]]:
    """Every status with its number."""
    return [
        {"status": each.term.slug, "label": str(each.term.label), "number": each.number}
        for each in found
    ]


def comparison(found: Comparison) -> dict[str, Any]:
    """Two days and what moved between them."""
    return {
        "earlier": _side(found.earlier),
        "later": _side(found.later),
        "moves": [_move(each) for each in found.moves],
    }


def _side(state: State) -> dict[str, Any]:
    return {
        "day": public(state.day),
        "known": public(state.known),
        "total": len(state),
        "counts": counts(state.counts),
    }


def _move(each: Move) -> dict[str, Any]:
    return {
        "measure": each.measure.code,
        "title": each.measure.title,
        "before": each.before.slug,
        "after": each.after.slug,
        "direction": each.direction,
        "kind": each.kind,
        "reason": each.reason,
        "evidence": [cited.evidence.key for cited in each.evidence],
    }


def entry(row: RecordEntry) -> dict[str, Any]:
    """An entry with the public fields that it changed: who takes care of what is for staff."""
    shown = BY_NOUN[row.noun].fields if row.noun in BY_NOUN else ()
    changed = row.after if row.action == RecordEntry.Action.CHANGED else ()
    return {
        "sequence": row.sequence,
        "at": public(row.at),
        "actor": str(row.actor),
        "action": row.action,
        "noun": row.noun,
        "key": row.key,
        "why": row.why,
        "changes": [
            {"field": name, "before": row.before.get(name), "after": row.after[name]}
            for name in changed
            if name in shown
        ],
        "previous": row.previous,
        "hash": row.hash,
    }
