"""What the register itself still lacks: each kind of gap with its measures or documents."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from . import method
from .models import Citation, Evidence, Finding, FrozenCitation, Measure
from .progress import Broken, Standing, all_broken, all_moved, standings


@dataclass(frozen=True, slots=True)
class Fall:
    """A measure that stands lower than before; `before` is the last other status it had."""

    standing: Standing
    before: method.Status


@dataclass(frozen=True, slots=True)
class Quality:
    """Every gap on one day. Measures come in the order of their source, retired ones left out."""

    unassessed: tuple[Standing, ...]
    stale: tuple[Standing, ...]
    without_criteria: tuple[Standing, ...]
    weak: tuple[Standing, ...]
    contradicted: tuple[Standing, ...]
    fallen: tuple[Fall, ...]
    uncited: tuple[Evidence, ...]
    broken: tuple[Broken, ...]
    moved: tuple[Broken, ...]

    @property
    def gaps(self) -> int:
        """How many rows there are in all; a measure may be in several."""
        return sum(len(getattr(self, each.name)) for each in fields(self))


def quality(day: date) -> Quality:
    """The gaps of the whole register, all sources together. Thirteen queries, whatever its size."""
    rows = Measure.objects.in_use().standing_on(day).select_related("source", "theme")
    every = standings(rows)
    weak, against = _support(every)
    return Quality(
        unassessed=tuple(s for s in every if s.finding is None),
        stale=tuple(s for s in every if s.measure.is_stale(day)),
        without_criteria=tuple(s for s in every if not s.measure.has_criteria),
        weak=tuple(s for s in every if s.finding and s.finding.pk in weak),
        contradicted=tuple(
            s
            for s in every
            if s.finding and (s.finding.pk in against.findings or s.measure.pk in against.measures)
        ),
        fallen=tuple(_falls(every, day)),
        uncited=tuple(Evidence.objects.uncited().newest_first()),
        broken=all_broken(),
        moved=all_moved(),
    )


@dataclass(frozen=True, slots=True)
class _Against:
    """Where evidence contradicts: findings that cite it, and measures it came to since theirs."""

    findings: frozenset[int]
    measures: frozenset[int]


def _support(every: Iterable[Standing]) -> tuple[frozenset[int], _Against]:
    """The findings that rest on no better than the issuer's own word, and what is contradicted."""
    tiers: dict[int, set[int]] = defaultdict(set)
    against: set[int] = set()
    cited = FrozenCitation.objects.filter(finding__in=[s.finding.pk for s in every if s.finding])
    for finding, tier, bearing in cited.values_list("finding", "tier", "bearing"):
        if bearing == "contradicts":
            against.add(finding)
        else:
            tiers[finding].add(tier)
    since = Citation.objects.since_last_finding().filter(bearing="contradicts")
    return (
        frozenset(finding for finding, found in tiers.items() if found == {method.OWN_WORD_TIER}),
        _Against(frozenset(against), frozenset(since.values_list("measure", flat=True))),
    )


def _falls(every: Iterable[Standing], day: date) -> Iterable[Fall]:
    """Those whose last other status was further; one that was merely corrected did not fall."""
    told: dict[int, list[str]] = defaultdict(list)
    for measure, status in Finding.objects.standing(day).values_list("measure", "status"):
        told[measure].append(status)
    for standing in every:
        other = (status for status in told[standing.measure.pk] if status != standing.slug)
        before = next(other, None)
        if before and method.direction(before, standing.slug) < 0:
            yield Fall(standing, method.STATUSES[before])
