"""What each list says in rows and columns, as of a day and as known at a moment.

Columns are the public fields of a noun (see `shapes`) in their order; after them its version, and
what is computed or belongs to another noun, which an import leaves alone. Rows are read from the
database as they are written, so that memory does not grow with them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import models

from .. import progress, record
from ..models import Citation, Evidence, Finding, Measure, RecordEntry, Source
from ..shapes import CITATIONS, EVIDENCE, FINDING, MEASURES, full_row, public

AT_ONCE = 1000
# A row of the past must not look like the present one to an import: no row has this version.
OF_THE_PAST = 0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it is taken away: its name, the names of its columns, and its rows, read once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row]


ON_MEASURES = ("version", "status", "effective_on", "confidence", "schedule")
ON_EVIDENCE = ("version", "measures")
ON_CITATIONS = ("version", "theme", "title", "title_zh", "kind", "tier", "issued_on", "in_force_on")
ON_FINDINGS = ("evidence", "superseded_by")
ON_CHANGES = ("sequence", "at", "actor", "action", "noun", "key", "changes", "why", "hash")


def measures(source: Source, day: date, known: datetime | None, **wanted: Any) -> Table:
    """The measures of a source with where they stand; see `progress.listing` for `wanted`."""
    found = progress.listing(source, day, known, **wanted).select_related("passage")

    def told(chunk: list[Measure]) -> Iterator[Row]:
        for standing in progress.standings(chunk, known):
            finding, term = standing.finding, standing.schedule
            yield full_row(standing.measure, MEASURES) | {
                "version": _version(standing.measure, known),
                "status": standing.slug,
                "effective_on": public(finding.effective_on) if finding else None,
                "confidence": finding.confidence if finding else "",
                "schedule": term.slug if term else "",
            }

    columns = (*MEASURES.fields, *ON_MEASURES)
    return Table("measures", columns, _rows(found.prefetch_related("bodies"), told))


def evidence(day: date, known: datetime | None, **wanted: Any) -> Table:
    """The documents of the library with the measures that they bear on."""
    there = progress.library(day, known, **wanted).newest_first()
    found = there.with_measures(day, known).prefetch_related("bodies")

    def told(chunk: list[Evidence]) -> Iterator[Row]:
        for document in record.rewound(chunk, known):
            cited = [citation.measure.record_key for citation in document.citations.all()]
            yield full_row(document, EVIDENCE) | {
                "version": _version(document, known),
                "measures": cited,
            }

    return Table("evidence", (*EVIDENCE.fields, *ON_EVIDENCE), _rows(found, told))


def citations(source: Source, day: date, known: datetime | None, **wanted: Any) -> Table:
    """Which documents bear on which measures of a source, and how."""
    return _citations("citations", Citation.objects.of(source, day, known), known, wanted)


def timeline(source: Source, day: date, known: datetime | None, **wanted: Any) -> Table:
    """The same of dated documents alone, the newest first."""
    dated = Citation.objects.of(source, day, known).dated()
    return _citations("timeline", dated, known, wanted, "-evidence__issued_on", "evidence__key")


def _citations(
    name: str, there: Any, known: datetime | None, wanted: dict[str, Any], *order: str
) -> Table:
    found = there.matching(**wanted).in_rows()
    if order:
        found = found.order_by(*order, *found.query.order_by)

    def told(chunk: list[Citation]) -> Iterator[Row]:
        for citation in record.rewound(chunk, known):
            measure, document = citation.measure, citation.evidence
            yield (
                {"source": measure.source.slug}
                | full_row(citation, CITATIONS)
                | {
                    "version": _version(citation, known),
                    "theme": measure.theme.slug,
                    "title": document.title,
                    "title_zh": document.title_zh,
                    "kind": document.kind,
                    "tier": document.tier,
                    "issued_on": public(document.issued_on),
                    "in_force_on": public(document.effective_on),
                }
            )

    return Table(name, ("source", *CITATIONS.fields, *ON_CITATIONS), _rows(found, told))


def findings(source: Source, day: date, known: datetime | None, **wanted: Any) -> Table:
    """Every finding on the measures of a source in effect by the day, corrected since or not."""
    measured = Measure.objects.of(source, day, known).matching(**wanted)
    found = Finding.objects.in_effect(day, known).of_measures(measured)

    def told(chunk: list[Finding]) -> Iterator[Row]:
        for finding in record.rewound(chunk, known):
            later = getattr(finding, "superseded_by", None)
            if later and known and later.recorded_at > known:
                later = None
            yield (
                {"source": finding.measure.source.slug}
                | full_row(finding, FINDING)
                | {
                    "evidence": [each.evidence.key for each in finding.citations.all()],
                    "superseded_by": later.number if later else None,
                }
            )

    return Table("findings", ("source", *FINDING.fields, *ON_FINDINGS), _rows(found, told))


def changes(known: datetime | None, nouns: Sequence[str], **wanted: Any) -> Table:
    """The record, newest first: who did what and when, and each changed field before and after."""
    found = progress.changed(known, nouns, **wanted)

    def told(chunk: list[RecordEntry]) -> Iterator[Row]:
        for line in record.read(chunk, known=known):
            entry = line.entry
            yield {
                "sequence": entry.sequence,
                "at": public(entry.at),
                "actor": line.actor,
                "action": entry.action,
                "noun": entry.noun,
                "key": entry.key,
                "changes": [
                    {"field": each.label, "before": each.before, "after": each.after}
                    for each in line.changes
                ],
                "why": entry.why,
                "hash": entry.hash,
            }

    return Table("changes", ON_CHANGES, _rows(found, told))


def _version(obj: Any, known: datetime | None) -> int:
    return obj.version if known is None else OF_THE_PAST


def _rows(
    found: "models.QuerySet[Any]", told: Callable[[list[Any]], Iterator[Row]]
) -> Iterator[Row]:
    """The rows as `told` tells them, a thousand at a time."""
    rows = found.iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        yield from told(chunk)
