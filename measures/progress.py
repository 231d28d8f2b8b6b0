"""The state of the register on a day: what holds, counted with its denominator, and what moved.

Every figure on every page comes from here. Days are calendar days in the reader's time zone;
`known` is the moment up to which the record is read, None meaning now.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from . import method
from .models import Body, Finding, FrozenCitation, Measure, Passage, Source, Theme
from .models.measure import MeasureQuerySet

CONTRADICTED, UNSURE = "contradicted", "unsure"
WORLD_CHANGED, LEARNT_MORE, CORRECTED = "world-changed", "learnt-more", "corrected"
UNASSESSED, STALE, NO_CRITERIA = "unassessed", "stale", "no-criteria"


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


@dataclass(frozen=True, slots=True)
class Count:
    """How many of `total` measures have a status; `before` is the first measure's place, from 0."""

    term: method.Status
    number: int
    total: int
    before: int = 0


@dataclass(frozen=True)
class State:
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

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """Every status in the order of display, the absent ones with 0: nothing is hidden."""
        found, before = [], 0
        for slug, term in method.SHOWN_STATUSES.items():
            found.append(Count(term, self.tally[slug], len(self), before))
            before += self.tally[slug]
        return tuple(found)

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

    def of_theme(self, theme: Theme) -> "State":
        """The part of this state that belongs to one theme."""
        part = [s for s in self.standings if s.measure.theme_id == theme.pk]
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

    Two queries, however many measures there are.
    """
    measures = (
        Measure.objects.of(source)
        .matching(theme=theme, body=body)
        .select_related("source", "theme")
    )
    return State(day, known, standings(measures.standing_on(day, known)))


def standings(rows: Iterable[Measure]) -> tuple[Standing, ...]:
    """Each measure with its finding; `rows` come from `standing_on`. One query beyond theirs."""
    measures = list(rows)
    ids = [m.standing_id for m in measures if m.standing_id]  # type: ignore[attr-defined]
    findings = Finding.objects.in_bulk(ids)
    return tuple(
        Standing(m, findings.get(m.standing_id))  # type: ignore[attr-defined]
        for m in measures
    )


def listing(
    source: Source, day: date, known: datetime | None = None, *, order: str = "", **wanted: Any
) -> MeasureQuerySet:
    """The measures of `source` that match, in order: see `MeasureQuerySet.matching`."""
    found = Measure.objects.of(source).standing_on(day, known).with_standing()
    return found.matching(**wanted).sorted_by(order).select_related("source", "theme")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A finding in the story of its measure: what it brought, seen from the one before it.

    `turn` is first, up, down, aside (the ladder does not say), confirmed or corrected;
    `holds` marks the one that stands, `undone` those that were corrected since.
    """

    finding: Finding
    turn: str
    holds: bool
    undone: bool


def story(measure: Measure, day: date) -> tuple[Chapter, ...]:
    """Every finding on the measure, the latest in the world first. Two queries."""
    findings = list(measure.findings.in_full().latest_first())
    undone = {f.supersedes_id for f in findings if f.supersedes_id}
    standing = [f for f in findings if f.pk not in undone]
    holds = next((f for f in standing if f.effective_on <= day), None)
    before = dict(pairwise(standing))
    return tuple(Chapter(f, _turn(f, before.get(f)), f == holds, f.pk in undone) for f in findings)


def _turn(finding: Finding, before: Finding | None) -> str:
    if finding.supersedes_id:
        return CORRECTED
    if before is None:
        return "first"
    if before.status == finding.status:
        return "confirmed"
    return {1: "up", -1: "down", 0: "aside"}[method.direction(before.status, finding.status)]


@dataclass(frozen=True, slots=True)
class Move:
    """A measure whose status differs between two days, and why it does."""

    measure: Measure
    before: Standing
    after: Standing
    reason: str

    @property
    def direction(self) -> int:
        """1 up, -1 down, 0 where the ladder does not say."""
        return method.direction(self.before.slug, self.after.slug)


def moves(earlier: State, later: State) -> tuple[Move, ...]:
    """The measures whose status differs between two states, the latest fact first."""
    found = []
    for after in later.standings:
        before = earlier.standing_of(after.measure.pk)
        if before is None or before.slug == after.slug:
            continue
        found.append(Move(after.measure, before, after, _reason(after.finding, earlier.day)))
    found.sort(key=lambda m: m.after.finding.effective_on if m.after.finding else date.min)
    return tuple(reversed(found))


def _reason(finding: Finding | None, since: date) -> str:
    if finding is None or finding.supersedes_id:
        return CORRECTED
    return WORLD_CHANGED if finding.effective_on > since else LEARNT_MORE


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a measure needs attention: the slugs of its reasons, the gravest first."""

    standing: Standing
    reasons: tuple[str, ...]
    days_overdue: int = 0


def concerns(now: State) -> tuple[Concern, ...]:
    """The measures that somebody should look at, in the order of the source. One query."""
    ids = [s.finding.pk for s in now.standings if s.finding]
    against = set(
        FrozenCitation.objects.filter(finding__in=ids, bearing="contradicts").values_list(
            "finding_id", flat=True
        )
    )
    found = (_concern(standing, now.day, against) for standing in now.standings)
    return tuple(concern for concern in found if concern.reasons)


def _concern(standing: Standing, day: date, against: set[int]) -> Concern:
    measure, finding = standing.measure, standing.finding
    tests = (
        (UNASSESSED, finding is None),
        (STALE, measure.is_stale(day)),
        (CONTRADICTED, finding is not None and finding.pk in against),
        (UNSURE, finding is not None and finding.confidence == "low"),
        (NO_CRITERIA, not (measure.done_when or measure.done_when_zh)),
    )
    overdue = (day - measure.review_on).days if measure.review_on else 0
    return Concern(standing, tuple(slug for slug, true in tests if true), max(overdue, 0))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a passage's text and the measures whose quotations it belongs to, if any."""

    text: str
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """A passage with the measures that quote it; `pieces` is its text, empty if not loaded."""

    passage: Passage
    standings: tuple[Standing, ...]
    pieces: tuple[Piece, ...]


def coverage(source: Source, now: State) -> tuple[Covered, ...]:
    """Every passage of the source with what the register makes of it. One query."""
    by_passage: dict[int, list[Standing]] = {}
    for standing in now.standings:
        by_passage.setdefault(standing.measure.passage_id, []).append(standing)
    return tuple(
        Covered(passage, tuple(found), _pieces(passage.text, found))
        for passage in source.passages.order_by("number")
        for found in [by_passage.get(passage.pk, [])]
    )


def _pieces(text: str, standings: Sequence[Standing]) -> tuple[Piece, ...]:
    """Cut the text where a quotation begins or ends, so that overlapping ones are both shown."""
    spans = []
    for standing in standings:
        begin = text.find(standing.measure.quotation)
        if begin >= 0:
            spans.append((begin, begin + len(standing.measure.quotation), standing))
    cuts = sorted({0, len(text), *(cut for begin, end, _ in spans for cut in (begin, end))})
    return tuple(
        Piece(text[left:right], tuple(s for begin, end, s in spans if begin <= left < end))
        for left, right in pairwise(cuts)
    )
