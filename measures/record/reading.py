"""Reading the record: entries as people understand them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from .. import method
from ..models import RecordEntry, User
from .chain import with_relations
from .past import rewound


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry: its name for people, and its value before and after."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the record with what it names: the person, the object if it is still there."""

    entry: RecordEntry
    actor: str
    noun: str
    object: Any
    changes: tuple[Change, ...]

    @property
    def status(self) -> method.Status | None:
        """The status that a finding brought; None for any other entry."""
        return method.STATUSES.get(self.entry.after.get("status", "")) if self.is_finding else None

    @property
    def url(self) -> str:
        """The page of the object, empty where it has none."""
        address = getattr(self.object, "get_absolute_url", None)
        return address() if address else ""

    @property
    def is_finding(self) -> bool:
        """Whether a finding entered the record here."""
        return self.entry.action == RecordEntry.Action.FOUND

    @property
    def is_correction(self) -> bool:
        """Whether that finding corrects an earlier one."""
        return self.is_finding and bool(self.entry.after.get("supersedes"))


def read(
    entries: Iterable[RecordEntry], *, names: bool = False, known: datetime | None = None
) -> list[Line]:
    """The entries with their people and objects; queries grow with the kinds, not the entries.

    Who made a change is told to everybody; whom a field names, only with `names`: to staff.
    Objects are called what they were called at `known`, None meaning now.
    """
    found = list(entries)
    named = {value for entry in found for value in _accounts(entry)}
    people = {
        str(person.opaque_id): person.get_full_name()
        for person in User.objects.filter(opaque_id__in={str(e.actor) for e in found} | named)
    }
    objects: dict[tuple[str, int], Any] = {}
    for noun in {entry.noun for entry in found}:
        ids = {entry.object_id for entry in found if entry.noun == noun}
        rows = rewound(with_relations(_model(noun)).filter(pk__in=ids), known)
        objects |= {(noun, obj.pk): obj for obj in rows}
    return [
        Line(
            entry,
            people.get(str(entry.actor), str(entry.actor)[:8]),
            str(_model(entry.noun)._meta.verbose_name),
            objects.get((entry.noun, entry.object_id)),
            _changes(entry, people if names else {}),
        )
        for entry in found
    ]


def _model(noun: str) -> type[models.Model]:
    return apps.get_model("measures", noun)


def _naming(noun: str) -> set[str]:
    """The fields of this kind of object that name an account."""
    return {field.name for field in _model(noun)._meta.fields if field.related_model is User}


def _accounts(entry: RecordEntry) -> set[str]:
    """The opaque ids of the accounts that a change names."""
    if entry.action != RecordEntry.Action.CHANGED:
        return set()
    told = (side.get(name) for name in _naming(entry.noun) for side in (entry.before, entry.after))
    return {value for value in told if value}


def _changes(entry: RecordEntry, people: Mapping[str, str]) -> tuple[Change, ...]:
    """Field by field for a change; an addition speaks for itself on the page of its object."""
    if entry.action != RecordEntry.Action.CHANGED:
        return ()
    meta = _model(entry.noun)._meta
    labels = {f.name: str(f.verbose_name) for f in (*meta.fields, *meta.many_to_many)}
    terms = {f.name: dict(f.flatchoices) for f in meta.fields if f.choices}
    naming = _naming(entry.noun)

    def told(name: str, value: Any) -> Any:
        if isinstance(value, str | int) and value in terms.get(name, {}):
            return str(terms[name][value])
        return people.get(value, _("a colleague")) if value and name in naming else value

    return tuple(
        Change(labels.get(name, name), told(name, entry.before.get(name)), told(name, after))
        for name, after in entry.after.items()
        # What a draft said when it was handed in stands in its other fields.
        if not isinstance(after or entry.before.get(name), dict)
    )
