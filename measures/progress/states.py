"""Where measures stand on a day, counted with their denominator."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from .. import method, record
from ..models import Body, Finding, Measure, Source, Theme
from ..models.measure import MeasureQuerySet
from .schedule import with_schedule


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure with the finding that holds on the day asked for; None: not yet assessed."""

    measure: Measure
    finding: Finding | None

    @property
    def term(self) -> method.Status:
        """The status, or the absence of one."""
        return self.finding.term if self.finding else method.UNASSESSED

    @property
    def slug(self) -> str:
        """The slug of the status, `not-assessed` without one."""
        return self.term.slug

    @property
    def schedule(self) -> method.Term | None:
        """How it keeps its stated day; None where the rows did not come from `listing`."""
        return method.SCHEDULES.get(getattr(self.measure, "schedule", ""))


@dataclass(frozen=True, slots=True)
class Count:
    """How many of `total` measures have a status; `before` is the first measure's place, from 0."""

    term: method.Status
    number: int
    total: int
    before: int = 0


def counted(tally: Counter[str]) -> tuple[Count, ...]:
    """Every status in the order of display, given the numbers by slug."""
    found, before, total = [], 0, tally.total()
    for slug, term in method.SHOWN_STATUSES.items():
        found.append(Count(term, tally[slug], total, before))
        before += tally[slug]
    return tuple(found)


class Tallied:
    """How many measures stood where on `day`, known at `known`: a `State`, or the sums of one."""

    day: date
    known: datetime | None

    if TYPE_CHECKING:

        @property
        def tally(self) -> Counter[str]:
            """Number of measures by the slug of their status."""

    def __len__(self) -> int:
        return self.tally.total()

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """Every status in the order of display, the absent ones with 0: nothing is hidden."""
        return counted(self.tally)

    def number_of(self, *slugs: str) -> int:
        """How many measures have one of these statuses."""
        return sum(self.tally[slug] for slug in slugs)

    @property
    def achieved(self) -> int:
        """Implemented or sustained."""
        return self.number_of(*method.ACHIEVED)

    @property
    def substantial(self) -> int:
        """Substantially in place."""
        return self.number_of(method.SUBSTANTIAL)

    @property
    def under_way(self) -> int:
        """Partial or limited."""
        return self.number_of(*method.UNDER_WAY)

    @property
    def elsewhere(self) -> tuple[Count, ...]:
        """What the sentence must name as well: neither achieved, substantial nor under way."""
        named = {*method.ACHIEVED, method.SUBSTANTIAL, *method.UNDER_WAY}
        return tuple(c for c in self.counts if c.number and c.term.slug not in named)


@dataclass(frozen=True)
class State(Tallied):
    """The measures of a source, a theme or a body as they stood on `day`, known at `known`."""

    day: date
    known: datetime | None
    standings: Sequence[Standing] = field(repr=False)

    def __len__(self) -> int:
        return len(self.standings)

    @cached_property
    def tally(self) -> Counter[str]:
        """Number of measures by the slug of their status."""
        return Counter(standing.slug for standing in self.standings)

    def of_theme(self, theme: Theme) -> "State":
        """The part of this state that belongs to one theme."""
        part = [s for s in self.standings if s.measure.theme_id == theme.pk]
        return State(self.day, self.known, part)

    def of_measures(self, ids: set[int]) -> "State":
        """The part of this state that is made of these measures."""
        part = [s for s in self.standings if s.measure.pk in ids]
        return State(self.day, self.known, part)

    def standing_of(self, measure_id: int) -> Standing | None:
        """Where one measure stands, None if it is not part of this state."""
        return self._by_measure.get(measure_id)

    @cached_property
    def _by_measure(self) -> dict[int, Standing]:
        return {s.measure.pk: s for s in self.standings}


def state(
    source: Source,
    day: date,
    known: datetime | None = None,
    *,
    theme: Theme | None = None,
    body: Body | None = None,
) -> State:
    """Where the measures of `source` stood on `day`; only those of a theme or a body if given.

    Two queries, however many measures there are; a third where `known` is given.
    """
    measures = (
        Measure.objects.of(source, day, known)
        .matching(theme=theme, body=body)
        .select_related("source", "theme")
    )
    return State(day, known, standings(measures.standing_on(day, known), known))


def states(
    source: Source, first: date, last: date, known: datetime | None = None, **part: Any
) -> tuple[State, State]:
    """Where the measures stood on two days, the earlier one first; `part` as of `state`.

    As known now in two queries, as `state` asks for one day: the measures are the same rows.
    """
    if known is not None:
        return state(source, first, known, **part), state(source, last, known, **part)
    rows = Measure.objects.of(source, first).matching(**part).select_related("source", "theme")
    held = Finding.objects.filter(measure=models.OuterRef("pk")).standing(first).values("pk")[:1]
    measures = list(rows.standing_on(last).annotate(first_id=models.Subquery(held)))
    ids = {
        pk
        for each in measures
        for pk in (each.first_id, each.standing_id)  # type: ignore[attr-defined]
        if pk
    }
    findings = Finding.objects.in_bulk(ids)
    earlier = [Standing(m, findings.get(m.first_id)) for m in measures]
    later = [
        Standing(m, findings.get(m.standing_id))  # type: ignore[attr-defined]
        for m in measures
        if m.retired_on is None or m.retired_on > last
    ]
    return State(first, None, earlier), State(last, None, later)


def standings(rows: Iterable[Measure], known: datetime | None = None) -> tuple[Standing, ...]:
    """Each measure with its finding, in the words it had at `known`.

    `rows` come from `standing_on`. One query beyond theirs, two where `known` is given.
    """
    measures = record.rewound(rows, known)
    ids = [m.standing_id for m in measures if m.standing_id]  # type: ignore[attr-defined]
    findings = Finding.objects.in_bulk(ids)
    return tuple(
        Standing(m, findings.get(m.standing_id))  # type: ignore[attr-defined]
        for m in measures
    )


def first_of(
    source: Source, day: date, known: datetime | None, most: int, *, theme: Theme
) -> tuple[Standing, ...]:
    """The first measures of a theme in the order of the source. Two queries."""
    first = Measure.objects.of(source, day, known).matching(theme=theme)[:most]
    # Chosen first: else SQLite looks up the finding of every measure before it puts them in order.
    rows = Measure.objects.filter(pk__in=first.values("pk")).in_order()
    return standings(rows.select_related("source", "theme").standing_on(day, known), known)


def listing(
    source: Source, day: date, known: datetime | None = None, *, order: str = "", **wanted: Any
) -> MeasureQuerySet:
    """The measures of `source` that match, in order: see `MeasureQuerySet.matching`."""
    found = selectable(source, day, known)
    return found.matching(**wanted).sorted_by(order).select_related("source", "theme")


def selectable(source: Source, day: date, known: datetime | None = None) -> MeasureQuerySet:
    """The measures of `source` with everything that a list of them is selected by."""
    rows = Measure.objects.of(source, day, known).standing_on(day, known).with_standing()
    return with_schedule(rows, day, known).with_words(day, known)
