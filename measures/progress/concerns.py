"""Which measures somebody should look at, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ..models import FrozenCitation, Measure, Source
from .broken import Broken, silent
from .states import Standing, State, standings

CONTRADICTED, UNSURE, LINK_SILENT = "contradicted", "unsure", "link-silent"
UNASSESSED, STALE, NO_CRITERIA = "unassessed", "stale", "no-criteria"


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a measure needs attention: the slugs of its reasons, the gravest first.

    `silent` is how many of the pages that its finding cites no longer answer, `held` of how many
    of those a copy is held.
    """

    standing: Standing
    reasons: tuple[str, ...]
    days_overdue: int = 0
    silent: int = 0
    held: int = 0


def concerns(now: State) -> tuple[Concern, ...]:
    """The measures that somebody should look at, in the order of the source. Few queries."""
    ids = [s.finding.pk for s in now.standings if s.finding]
    cited = FrozenCitation.objects.filter(finding__in=ids)
    against: set[int] = set()
    rests_on: dict[int, list[int]] = {}
    for finding, evidence, bearing in cited.values_list("finding", "evidence", "bearing"):
        rests_on.setdefault(finding, []).append(evidence)
        if bearing == "contradicts":
            against.add(finding)
    failing = _failing(rests_on, now.known)
    found = (_concern(standing, now.day, against, failing) for standing in now.standings)
    return tuple(concern for concern in found if concern.reasons)


def overdue(
    source: Source, day: date, *, most: int, counted: int
) -> tuple[tuple[Concern, ...], int]:
    """The `most` measures whose review is longest overdue, and how many are, up to `counted`.

    As known now, from the review dates alone: for registers too large to look at every finding.
    """
    rows = Measure.objects.overdue(source, day)
    number = rows[:counted].count()
    found = standings(rows.select_related("source", "theme").standing_on(day)[:most])
    return tuple(
        Concern(each, (STALE,), (day - each.measure.review_on).days)
        for each in found
        if each.measure.review_on
    ), number


def _failing(
    rests_on: Mapping[int, Iterable[int]], known: datetime | None
) -> dict[int, list[Broken]]:
    """By finding, those of its documents whose pages no longer answer."""
    documents = {evidence for cited in rests_on.values() for evidence in cited}
    pages = silent(documents, known)
    return {
        finding: [pages[evidence] for evidence in cited if evidence in pages]
        for finding, cited in rests_on.items()
    }


def _concern(
    standing: Standing, day: date, against: set[int], failing: Mapping[int, list[Broken]]
) -> Concern:
    measure, finding = standing.measure, standing.finding
    pages = failing.get(finding.pk, []) if finding else []
    tests = (
        (UNASSESSED, finding is None),
        (STALE, measure.is_stale(day)),
        (CONTRADICTED, finding is not None and finding.pk in against),
        (UNSURE, finding is not None and finding.confidence == "low"),
        (LINK_SILENT, bool(pages)),
        (NO_CRITERIA, not measure.has_criteria),
    )
    overdue = (day - measure.review_on).days if measure.review_on else 0
    return Concern(
        standing,
        tuple(slug for slug, true in tests if true),
        max(overdue, 0),
        silent=len(pages),
        held=sum(page.is_held for page in pages),
    )
