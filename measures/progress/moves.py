"""What moved between two states of the register, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Min

from .. import method, record
from ..models import Body, Finding, FrozenCitation, Measure, Source, Theme
from .states import Standing, State, state
from .when import end_of

WORLD_CHANGED, LEARNT_MORE, CORRECTED = "world-changed", "learnt-more", "corrected"
UP, DOWN, NEW, ASIDE = "up", "down", "new", "aside"
KINDS = (UP, DOWN, NEW, CORRECTED, ASIDE)
# How many findings `latest_moves` looks at in one go, and how often at most.
AT_ONCE, MOST_ROUNDS = 20, 10


@dataclass(frozen=True, slots=True)
class Move:
    """A measure whose status differs between two states, and why it does.

    `evidence` is what moved it: the frozen evidence of the later finding that the earlier one did
    not rest on, or all of it where nothing is new.
    """

    measure: Measure
    before: Standing
    after: Standing
    reason: str
    evidence: tuple[FrozenCitation, ...] = ()

    @property
    def direction(self) -> int:
        """1 up, -1 down, 0 where the ladder does not say."""
        return method.direction(self.before.slug, self.after.slug)

    @property
    def kind(self) -> str:
        """Corrected, new, up, down, or aside where the ladder does not say."""
        return CORRECTED if self.reason == CORRECTED else kind_of(self.before.slug, self.after.slug)


@dataclass(frozen=True, slots=True)
class Flow:
    """How many measures went from one status to another; the same one for those that stayed."""

    before: method.Status
    after: method.Status
    number: int


def kind_of(before: str, after: str) -> str:
    """New, up, down, or aside where the ladder does not say; of statuses by their slugs."""
    if before == method.NOT_ASSESSED:
        return NEW
    return {1: UP, -1: DOWN, 0: ASIDE}[method.direction(before, after)]


def flows_of(pairs: Counter[tuple[str, str]]) -> tuple[Flow, ...]:
    """The numbers of measures by the statuses of both days, furthest first."""
    shown = method.SHOWN_STATUSES
    return tuple(
        Flow(shown[before], shown[after], pairs[before, after])
        for before in shown
        for after in shown
        if pairs[before, after]
    )


@dataclass(frozen=True)
class Comparison:
    """Two states of the same measures beside each other, with everything that moved."""

    earlier: State
    later: State
    moves: tuple[Move, ...]

    @cached_property
    def number_of(self) -> Counter[str]:
        """How many moved, by kind and by reason."""
        return Counter(told for move in self.moves for told in {move.kind, move.reason})

    @property
    def moved(self) -> int:
        """How many moved."""
        return len(self.moves)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Who went from where to where, furthest first; those that stayed included."""
        pairs = Counter(
            (before.slug if before else method.NOT_ASSESSED, after.slug)
            for after in self.later.standings
            for before in [self.earlier.standing_of(after.measure.pk)]
        )
        return flows_of(pairs)

    def of_theme(self, theme: Theme) -> "Comparison":
        """The part that belongs to one theme."""
        earlier, later = self.earlier.of_theme(theme), self.later.of_theme(theme)
        return self._part(earlier, later)

    def of_measures(self, ids: Iterable[int]) -> "Comparison":
        """The part that is made of these measures."""
        wanted = set(ids)
        return self._part(self.earlier.of_measures(wanted), self.later.of_measures(wanted))

    @property
    def same_knowledge(self) -> bool:
        """Whether both days were read as known at the same moment."""
        return self.earlier.known == self.later.known

    @cached_property
    def by_kind(self) -> dict[str, tuple[Move, ...]]:
        """The moves under up, down, new, corrected and aside; without those that are empty."""
        found = {kind: tuple(m for m in self.moves if m.kind == kind) for kind in KINDS}
        return {kind: moved for kind, moved in found.items() if moved}

    def _part(self, earlier: State, later: State) -> "Comparison":
        moved = (m for m in self.moves if later.standing_of(m.measure.pk))
        return Comparison(earlier, later, tuple(moved))


def compare(
    source: Source,
    first: date,
    last: date,
    known: datetime | None = None,
    *,
    hindsight: bool = False,
    theme: Theme | None = None,
    body: Body | None = None,
) -> Comparison:
    """What the register said of `first` beside what it says of `last`.

    Each day is read as it was known at its end, so that a fact learnt of since is told from one
    that happened since; `known` caps both. With `hindsight`, or where the register of the source
    began only after `first`, both are read as known for the second.
    """
    until = known_for(source, first, last, known, hindsight=hindsight)
    earlier = state(source, first, until[0], theme=theme, body=body)
    later = state(source, last, until[1], theme=theme, body=body)
    return Comparison(earlier, later, moves(earlier, later))


def known_for(
    source: Source, first: date, last: date, known: datetime | None, *, hindsight: bool
) -> tuple[datetime | None, datetime | None]:
    """As known at which moment each of two days is read; see `compare`."""
    from_end = end_of(first) if known is None else min(end_of(first), known)
    began = Finding.objects.filter(measure__source=source).aggregate(at=Min("recorded_at"))["at"]
    if hindsight or began is None or began > end_of(first):
        return known, known
    return from_end, known


def moves(earlier: State, later: State, *, with_evidence: bool = True) -> tuple[Move, ...]:
    """The measures whose status differs between two states, the latest fact first.

    Two queries at most: one where both were read as known at one moment, and one for the evidence.
    """
    pairs = [
        (before, after)
        for after in later.standings
        for before in [
            earlier.standing_of(after.measure.pk) or Standing(measure=after.measure, finding=None)
        ]
        if before.slug != after.slug
    ]
    corrected = set[int]()
    if earlier.known != later.known:  # At one moment, no finding that holds is superseded.
        corrected = _corrected((before for before, _ in pairs), later.known)
    cited = _cited(pairs) if with_evidence else {}
    found = [
        Move(
            after.measure,
            before,
            after,
            _reason(before.finding, after.finding, earlier.day, corrected),
            _new_evidence(before, after, cited),
        )
        for before, after in pairs
    ]
    found.sort(key=lambda m: m.after.finding.effective_on if m.after.finding else date.min)
    return tuple(reversed(found))


def latest_moves(
    source: Source, since: date, day: date, known: datetime | None = None, *, most: int
) -> tuple[Move, ...]:
    """The `most` of `moves` between two days that are first in order, their evidence left out.

    From the latest findings backwards, so that it costs the same in a register of any size: two
    queries, two more for every `AT_ONCE` findings that moved nothing, `MOST_ROUNDS` times at most.
    """
    found: list[Move] = []
    seen: set[int] = set()
    told = Finding.objects.lately(Measure.objects.of(source, day, known), since, day, known)
    for start in range(0, AT_ONCE * MOST_ROUNDS, AT_ONCE):
        findings = list(Finding.objects.with_measures(told[start : start + AT_ONCE]))
        # The first that is met of a measure is the one that holds: the others came before it.
        holding = {f.measure_id: f for f in reversed(findings) if f.measure_id not in seen}
        before = _held(holding, since, known)
        for finding in findings:
            if holding.get(finding.measure_id) == finding:
                earlier = Standing(finding.measure, before.get(finding.measure_id))
                later = Standing(finding.measure, finding)
                if earlier.slug != later.slug:
                    reason = _reason(earlier.finding, finding, since, set())
                    found.append(Move(finding.measure, earlier, later, reason))
        seen |= holding.keys()
        if len(found) >= most or len(findings) < AT_ONCE:
            break
    record.rewound([move.measure for move in found[:most]], known)
    return tuple(found[:most])


def _held(measures: Iterable[int], day: date, known: datetime | None) -> dict[int, Finding]:
    """The finding that held on the day for each of these measures, where there was one."""
    standing = Measure.objects.filter(pk__in=list(measures)).standing_on(day, known)
    found = Finding.objects.filter(pk__in=standing.values("standing_id"))  # type: ignore[misc]
    return {finding.measure_id: finding for finding in found}


def _reason(before: Finding | None, after: Finding | None, since: date, corrected: set[int]) -> str:
    """Corrected where the earlier finding no longer counts, else by when the fact took effect."""
    if after is None or (before is not None and before.pk in corrected):
        return CORRECTED
    if after.effective_on > since:
        return WORLD_CHANGED
    return CORRECTED if after.supersedes_id else LEARNT_MORE


def _corrected(standings: Iterable[Standing], known: datetime | None) -> set[int]:
    """The ids of the findings that were superseded by the later moment."""
    ids = [s.finding.pk for s in standings if s.finding]
    return Finding.objects.superseded_by_then(ids, known) if ids else set()


def _cited(pairs: Iterable[tuple[Standing, Standing]]) -> dict[int, list[FrozenCitation]]:
    ids = [s.finding.pk for pair in pairs for s in pair if s.finding]
    cited: dict[int, list[FrozenCitation]] = {}
    for citation in FrozenCitation.objects.of_findings(ids) if ids else ():
        cited.setdefault(citation.finding_id, []).append(citation)
    return cited


def _new_evidence(
    before: Standing, after: Standing, cited: dict[int, list[FrozenCitation]]
) -> tuple[FrozenCitation, ...]:
    theirs = cited.get(after.finding.pk, []) if after.finding else []
    old = cited.get(before.finding.pk, []) if before.finding else []
    known = {citation.evidence_id for citation in old}
    return tuple(c for c in theirs if c.evidence_id not in known) or tuple(theirs)
