"""How far the law has come for a measure: each legal stage with the document that reached it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from .. import method
from ..models import Citation, Measure

IN_FORCE, ADOPTED = "in-force", "adopted"
PLANNED, RULES_IN_FORCE = "planned", "rules-in-force"


@dataclass(frozen=True, slots=True)
class Rung:
    """A legal stage: the day it was first reached, and by which document.

    Without a day it was not reached; `passed` then says that a later stage was all the same, so
    that only the document is missing. `expected` is the day on which a text says it takes effect.
    """

    stage: method.Term
    on: date | None = None
    citation: Citation | None = None
    passed: bool = False
    expected: date | None = None


def stages(measure: Measure, citations: Iterable[Citation], day: date) -> tuple[Rung, ...]:
    """Every stage in its order, as far as it was reached by `day`. No query.

    The ladder of a law for a measure that is one (`method.LAW_STAGES`), else the stages of the
    method. `citations` come with their evidence; only those that support the measure and have a
    date count. Empty where the measure is no law and none of them tells of making one.
    """
    is_law = measure.kind == method.LAW
    supporting = [c for c in citations if c.bearing == "supports" and c.evidence.issued_on]
    if not is_law and not any(c.stage in method.LEGISLATIVE_STAGES for c in supporting):
        return ()
    ladder = method.LAW_STAGES if is_law else method.STAGES
    reached = _reached_by_a_law if is_law else _reached
    told = sorted(
        ((on, c.evidence.key, stage, c) for c in supporting for stage, on in reached(c)),
        key=itemgetter(0, 1),
    )
    first: dict[str, tuple[date, Citation]] = {}
    for on, _, stage, citation in told:
        if on <= day:
            first.setdefault(stage, (on, citation))
    # Rules may be in force where no law was made: they tell nothing of the stages before.
    furthest = max((list(ladder).index(s) for s in first if s != RULES_IN_FORCE), default=-1)
    ahead = [since for c in supporting if (since := c.evidence.effective_on) and since > day]
    return tuple(
        Rung(term, *first[slug])
        if slug in first
        else Rung(
            term,
            passed=place < furthest,
            expected=min(ahead, default=None) if slug == IN_FORCE else None,
        )
        for place, (slug, term) in enumerate(ladder.items())
    )


def _reached_by_a_law(citation: Citation) -> Iterator[tuple[str, date]]:
    """The same on the ladder of a law, where plans and the rules that carry it out are its ends."""
    kind = citation.evidence.kind
    for stage, on in _reached(citation):
        if kind == "plan":
            yield PLANNED, on
        elif kind in method.IMPLEMENTING_KINDS and stage in (ADOPTED, IN_FORCE):
            if stage == IN_FORCE:
                yield RULES_IN_FORCE, on
        elif stage in method.LAW_STAGES:
            yield stage, on


def _reached(citation: Citation) -> Iterator[tuple[str, date]]:
    """The stages that a document shows, each with its day.

    What is in force was adopted on the day it was issued: until it takes effect, where it says
    since when, it is adopted and no more.
    """
    issued, since = citation.evidence.issued_on, citation.evidence.effective_on
    if issued is None:
        return
    if citation.stage == IN_FORCE:
        yield ADOPTED, issued
        yield IN_FORCE, since or issued
    else:
        yield citation.stage, issued
