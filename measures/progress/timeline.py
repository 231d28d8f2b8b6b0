"""The dated evidence of a source along the years, theme by theme."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .. import method, record
from ..models import Citation, Evidence, Source, Theme
from ..models.citation import CitationQuerySet
from ..models.evidence import EvidenceQuerySet
from . import lanes
from .lanes import Axis

# Above this many marks nobody tells them apart: the picture counts by month instead.
MOST_MARKS = 400
# What was issued longer before the source is history: its years are drawn closer together.
YEARS_BEFORE = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A document in the lane of a theme: the furthest stage it is cited for there, and its place.

    `against` marks one that contradicts a measure of the theme.
    """

    evidence: Evidence
    on: date
    stage: method.Term
    against: bool
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the lane of a theme with its number of documents, and its place."""

    month: date
    number: int
    x: float
    width: float
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A theme with its documents one by one, or month by month where there are too many."""

    theme: Theme
    number: int
    depth: int
    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated documents, newest first and each with the citations that match; and their picture.

    `total` counts the dated ones before anything was filtered, `undated` those that match and
    have no date. `source_x` is the place of the day of the source.
    """

    documents: EvidenceQuerySet
    total: int
    undated: int
    axis: Axis
    lanes: tuple[Lane, ...]
    source_x: float

    @property
    def most_in_a_month(self) -> int:
        """The number that the tallest bar stands for; 0 where each document has its mark."""
        return max((bar.number for lane in self.lanes for bar in lane.bars), default=0)

    @property
    def by_month(self) -> bool:
        """Whether the picture counts by month."""
        return self.most_in_a_month > 0


def timeline(source: Source, day: date, known: datetime | None = None, **wanted: Any) -> Timeline:
    """What had been issued by `day`, as known at `known`, and matches `CitationQuerySet.matching`.

    The number of queries does not grow with the documents.
    """
    there = Citation.objects.of(source, day, known)
    found = there.matching(**wanted)
    dated = found.dated()
    undated = found.filter(evidence__issued_on=None)
    axis = _axis(source, there.dated(), day)
    return Timeline(
        Evidence.objects.cited_by(dated.by_measure()).newest_first(),
        _documents(there.dated()),
        _documents(undated),
        axis,
        _lanes(source, dated, axis, known, wanted.get("theme")),
        axis.at(source.delivered_on),
    )


def _documents(citations: CitationQuerySet) -> int:
    return citations.order_by().values("evidence").distinct().count()


def _axis(source: Source, dated: CitationQuerySet, day: date) -> Axis:
    """From the year of the oldest document to the day shown, whatever is filtered."""
    oldest = dated.order_by("evidence__issued_on").values_list("evidence__issued_on", flat=True)
    bend = date(source.delivered_on.year - YEARS_BEFORE, 1, 1)
    first = min(oldest.first() or bend, bend)
    return Axis(first.replace(month=1, day=1), bend, day)


def _lanes(
    source: Source,
    dated: CitationQuerySet,
    axis: Axis,
    known: datetime | None,
    theme: Theme | None,
) -> tuple[Lane, ...]:
    months = list(dated.months())
    themes = record.rewound([theme] if theme else source.themes.order_by("number"), known)
    for each in themes:
        each.source = source
    if sum(number for _, _, number in months) > MOST_MARKS:
        most = max(number for _, _, number in months)
        return tuple(_counted(each, months, most, axis) for each in themes)
    cited = list(dated.select_related("evidence", "measure").order_by("evidence__issued_on", "pk"))
    record.rewound(cited, known)
    return tuple(
        _marked(each, [c for c in cited if c.measure.theme_id == each.pk], axis) for each in themes
    )


def _counted(theme: Theme, months: Iterable[tuple[int, date, int]], most: int, axis: Axis) -> Lane:
    """The lane in which each month has a bar."""
    mine = [(month, number) for of, month, number in months if of == theme.pk]
    bars = tuple(
        Bar(month, number, x, width, lanes.TALLEST_BAR - height, height)
        for month, number in mine
        for x, height in [(axis.at(month), lanes.bar(number, most))]
        for width in [max(round(axis.at(month + timedelta(days=30)) - x, 2), lanes.THINNEST_BAR)]
    )
    return Lane(theme, sum(number for _, number in mine), lanes.TALLEST_BAR, bars=bars)


def _marked(theme: Theme, cited: Sequence[Citation], axis: Axis) -> Lane:
    """The lane in which each document has a mark."""
    by_document: dict[int, list[Citation]] = {}
    for citation in cited:
        if citation.evidence.issued_on:
            by_document.setdefault(citation.evidence_id, []).append(citation)
    documents = sorted(
        by_document.values(), key=lambda each: (each[0].evidence.issued_on, each[0].evidence.key)
    )
    places = [axis.at(each[0].evidence.issued_on) for each in documents]  # type: ignore[arg-type]
    rows = lanes.rows(places)
    marks = tuple(
        _mark(each, x, lanes.middle(row))
        for each, x, row in zip(documents, places, rows, strict=True)
    )
    return Lane(theme, len(marks), lanes.depth(max(rows, default=0) + 1), marks)


def _mark(citations: Sequence[Citation], x: float, y: int) -> Mark:
    ladder = list(method.STAGES)
    furthest = max((citation.stage for citation in citations), key=ladder.index)
    evidence = citations[0].evidence
    against = any(citation.bearing == "contradicts" for citation in citations)
    assert evidence.issued_on is not None  # noqa: S101 - those without a day were left out
    return Mark(evidence, evidence.issued_on, method.STAGES[furthest], against, x, y)
