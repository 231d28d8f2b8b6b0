"""Which measures somebody should look at, and why."""

from dataclasses import dataclass
from datetime import date

from ..models import FrozenCitation
from .states import Standing, State

CONTRADICTED, UNSURE = "contradicted", "unsure"
UNASSESSED, STALE, NO_CRITERIA = "unassessed", "stale", "no-criteria"


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
