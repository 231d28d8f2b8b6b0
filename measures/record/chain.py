"""The hash chain: how an entry is hashed, and the walk that finds the first broken link."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.utils.translation import gettext as _

from ..models import Finding, RecordEntry
from ..models.tracked import Tracked, as_json

GENESIS = ""
# What comes of values that no field of ours would write, and of rows whose parents are gone.
UNREADABLE = (ObjectDoesNotExist, ValueError, TypeError, AttributeError, OverflowError)


def digest(entry: RecordEntry) -> str:
    """SHA-256, in hexadecimal, of the entry's canonical content.

    Canonical: JSON with sorted keys, no spaces, UTF-8, times in UTC with microseconds.
    """
    content = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": str(entry.actor),
        "action": entry.action,
        "noun": entry.noun,
        "object_id": entry.object_id,
        "key": entry.key,
        "before": entry.before,
        "after": entry.after,
        "why": entry.why,
        "previous": entry.previous,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def head(moment: datetime | None = None) -> RecordEntry | None:
    """The newest entry by the moment, None meaning now; its hash vouches for all before it."""
    return RecordEntry.objects.by(moment).newest_first().first()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the record and the database part. `sequence` 0: no entry at all."""

    sequence: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a walk: entries walked, the head's hash, and the first break if any."""

    entries: int
    head: str
    broken: Broken | None = None


def verify(expect: str = "") -> Verdict:
    """Walk the chain, then hold every tracked row against it.

    `expect` is the hash of a head seen earlier (or its first 12 characters or more): the chain
    must still contain it, whatever was added since.
    """
    with _one_moment():
        return _verdict(expect)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All reads within see the database as it is now, while others go on writing.

    `atomic` will not do: on SQLite it keeps every writer out, on PostgreSQL it lets their commits
    in, and a row newer than the entries read would look like tampering.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
    with connection.cursor() as cursor:
        cursor.execute(begin[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def _verdict(expect: str) -> Verdict:
    previous, sequence, seen = GENESIS, 0, not expect
    try:
        for entry in RecordEntry.objects.order_by("sequence").iterator(chunk_size=2000):
            sentence = _break_in(entry, sequence, previous)
            if sentence:
                return Verdict(sequence, previous, Broken(entry.sequence, sentence))
            previous, sequence = entry.hash, entry.sequence
            seen = seen or entry.hash.startswith(expect)
    except UNREADABLE:
        sentence = _("It cannot be read, or one of the entries soon after it.")
        return Verdict(sequence, previous, Broken(sequence + 1, sentence))
    if not seen:
        sentence = _(
            "No entry has the hash %(hash)s: entries were removed, or another record is meant."
        )
        return Verdict(sequence, previous, Broken(sequence, sentence % {"hash": expect}))
    first = min(_rows_that_differ(), key=lambda broken: broken.sequence, default=None)
    return Verdict(sequence, previous, first)


def _break_in(entry: RecordEntry, sequence: int, previous: str) -> str:
    if entry.sequence != sequence + 1:
        return _("Entry %(missing)d is missing.") % {"missing": sequence + 1}
    if entry.previous != previous:
        return _("It does not follow the entry before it.")
    if entry.hash != digest(entry):
        return _("Its content does not match its hash.")
    return ""


def tracked_models() -> list[type[models.Model]]:
    """Every model whose rows the record must account for in full."""
    tracked = [m for m in apps.get_app_config("measures").get_models() if issubclass(m, Tracked)]
    return [*tracked, Finding]


def _rows_that_differ() -> Iterator[Broken]:
    for model in tracked_models():
        try:
            yield from _rows_of(model)
        except UNREADABLE as error:
            sentence = _("A %(noun)s cannot be read, or names a row that is gone: %(reason)s")
            told = {"noun": str(model._meta.model_name), "reason": str(error)}
            yield Broken(0, sentence % told)


def _rows_of(model: type[models.Model]) -> Iterator[Broken]:
    noun = str(model._meta.model_name)
    blank = _blank(model)
    told: dict[int, dict[str, Any]] = {}
    last: dict[int, int] = {}
    entries = RecordEntry.objects.filter(noun=noun).order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        last[entry.object_id] = entry.sequence
        if entry.action == RecordEntry.Action.REMOVED:
            told.pop(entry.object_id, None)
        else:
            told.setdefault(entry.object_id, {}).update(entry.after)
    for obj in with_relations(model).iterator(chunk_size=500):
        recorded = told.pop(obj.pk, None)
        if recorded is None:
            yield Broken(
                last.get(obj.pk, 0),
                _("%(noun)s %(key)s is in the database without an entry in the record.")
                % {"noun": noun, "key": obj.record_key},
            )
            continue
        now = obj.snapshot()
        fields = sorted(k for k, v in now.items() if recorded.get(k, blank.get(k)) != v)
        if fields:
            yield Broken(
                last[obj.pk],
                _("%(noun)s %(key)s differs from its last entry in: %(fields)s.")
                % {"noun": noun, "key": obj.record_key, "fields": ", ".join(fields)},
            )
    for object_id in told:
        yield Broken(
            last[object_id],
            _("%(noun)s with id %(id)d is gone from the database without an entry.")
            % {"noun": noun, "id": object_id},
        )


def _blank(model: type[models.Model]) -> dict[str, Any]:
    """What a field said before it existed: entries older than the field do not name it."""
    return {
        f.name: as_json(f.get_default())
        for f in model._meta.concrete_fields
        if f.has_default() or f.null or f.blank
    }


def with_relations(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of `model` with everything that their record keys and snapshots read."""
    paths = {
        "theme": ["source", "passage__source"],
        "passage": ["source"],
        "measure": ["source", "theme__source", "passage__source", "analyst"],
        "attachment": ["evidence", "added_by"],
        "journalnote": ["measure__source", "author"],
        "citation": ["evidence", "measure__source"],
        "finding": [
            "measure__source",
            "author",
            "approver",
            "supersedes__measure__source",
        ],
        "draft": [
            "measure__source",
            "author",
            "decided_by",
            "written_against__measure__source",
            "supersedes__measure__source",
            "finding__measure__source",
        ],
    }
    related = {
        "measure": ["bodies"],
        "evidence": ["bodies"],
        "finding": ["citations__evidence"],
        "draft": ["citations__evidence", "citations__measure__source"],
    }
    noun = str(model._meta.model_name)
    rows = model._default_manager.order_by("pk")
    if noun in paths:
        rows = rows.select_related(*paths[noun])
    return rows.prefetch_related(*related.get(noun, []))
