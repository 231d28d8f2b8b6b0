"""How many rows each choice of a filter would show, given what the other filters ask for.

Few grouped queries, however many choices there are: rows are counted once by all the values that
they have one of, and once more for each filter of which a row may have several.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models

from ..models import Citation, Evidence, RecordEntry, Source
from ..models.evidence import COLUMNS as OF_EVIDENCE
from ..models.evidence import EvidenceQuerySet
from ..models.measure import COLUMNS as OF_MEASURES
from ..models.record_entry import RecordEntryQuerySet
from .states import selectable

Tally = dict[str, Counter[Any]]


def library(day: date, known: datetime | None = None, **wanted: Any) -> EvidenceQuerySet:
    """The documents of the day that match; `bearing` is that on any of the measures."""
    rows = Evidence.objects.on(day, known).with_words(known)
    bearing = wanted.pop("bearing", None)
    return rows.matching(cited=_cited(day, known, bearing), **wanted)


def _cited(day: date, known: datetime | None, bearing: Any) -> Any:
    return Citation.objects.on(day, known).bearing_as(bearing, known) if bearing else None


def measure_facets(
    source: Source, day: date, known: datetime | None = None, **wanted: Any
) -> Tally:
    """The numbers of measures, by filter and value; themes and bodies by their ids."""
    rows = selectable(source, day, known)
    chosen = _chosen(wanted)
    found = _counts(rows.matching(body=wanted.get("body")), OF_MEASURES, chosen)
    by_body = rows.exclude(bodies=None)
    return found | _only("body", _counts(by_body, {"body": "bodies", **OF_MEASURES}, chosen))


def evidence_facets(day: date, known: datetime | None = None, **wanted: Any) -> Tally:
    """The numbers of documents, by filter and value; bodies by their ids."""
    body, bearing = wanted.get("body"), wanted.get("bearing")
    rows, chosen = library(day, known), _chosen(wanted)
    cited = _cited(day, known, bearing)
    found = _counts(rows.matching(body=body, cited=cited), OF_EVIDENCE, chosen)
    by_body = rows.matching(cited=cited).exclude(bodies=None)
    found |= _only("body", _counts(by_body, {"body": "bodies", **OF_EVIDENCE}, chosen))
    there = rows.matching(body=body).with_bearing(Citation.objects.on(day, known), known)
    columns = {"bearing": "bearing_then", **OF_EVIDENCE}
    return found | _only("bearing", _counts(there, columns, chosen))


def change_facets(known: datetime | None, nouns: Sequence[str], **wanted: Any) -> Tally:
    """The numbers of entries of the record, by noun and by kind of change."""
    days = {name: wanted.get(name) for name in ("since", "until")}
    rows = changed(known, nouns, **days)
    return _counts(rows, {"noun": "noun", "change": "change"}, _chosen(wanted))


def changed(known: datetime | None, nouns: Sequence[str], **wanted: Any) -> RecordEntryQuerySet:
    """The entries on these nouns that match, newest first; see `RecordEntryQuerySet.matching`."""
    rows = RecordEntry.objects.by(known).of_nouns(*nouns).with_change()
    return rows.matching(**wanted).newest_first()


def _chosen(wanted: Mapping[str, Any]) -> dict[str, set[Any]]:
    """What is asked for as the database has it, filter by filter."""
    return {
        name: {getattr(value, "pk", value) for value in values}
        for name, values in wanted.items()
        if isinstance(values, list)
    }


def _only(name: str, tally: Tally) -> Tally:
    return {name: tally[name]}


def _counts(
    rows: "models.QuerySet[Any]", columns: Mapping[str, str], chosen: Mapping[str, set[Any]]
) -> Tally:
    """A value counts the rows that no other filter leaves out."""
    cells: Iterable[Any] = (
        rows.order_by()
        .values_list(*columns.values())
        .annotate(number=models.Count("pk", distinct=True))
    )
    found: Tally = {name: Counter() for name in columns}
    for *values, number in cells:
        cell = dict(zip(columns, values, strict=True))
        against = [name for name in cell if chosen.get(name) and cell[name] not in chosen[name]]
        for name in against if len(against) == 1 else () if against else cell:
            found[name][cell[name]] += number
    return found
