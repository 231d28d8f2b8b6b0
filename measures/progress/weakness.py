"""Which findings rest on the least."""

from collections.abc import Iterable
from dataclasses import dataclass

from .. import method
from ..models import FrozenCitation
from .concerns import UNSURE
from .states import Standing, State

OWN_WORD, SINGLE = "own-word", "single"


@dataclass(frozen=True, slots=True)
class Weak:
    """A standing finding that rests on little: why, and what it rests on."""

    standing: Standing
    reasons: tuple[str, ...]
    citations: tuple[FrozenCitation, ...]


def weakest(now: State) -> tuple[Weak, ...]:
    """The findings that hold with low confidence, on statements alone or on a single document.

    Those with most reasons first, then in the order of the source. One query.
    """
    cited: dict[int, list[FrozenCitation]] = {}
    ids = [s.finding.pk for s in now.standings if s.finding]
    for citation in FrozenCitation.objects.of_findings(ids):
        if citation.bearing == "supports":
            cited.setdefault(citation.finding_id, []).append(citation)
    found = (
        _weak(standing, cited.get(standing.finding.pk, []))
        for standing in now.standings
        if standing.finding
    )
    return tuple(sorted((w for w in found if w.reasons), key=lambda w: -len(w.reasons)))


def _weak(standing: Standing, cited: Iterable[FrozenCitation]) -> Weak:
    documents = tuple(cited)
    tests = (
        (UNSURE, standing.finding is not None and standing.finding.confidence == "low"),
        (OWN_WORD, documents and min(d.tier for d in documents) >= method.OWN_WORD_TIER),
        (SINGLE, len(documents) == 1),
    )
    return Weak(standing, tuple(slug for slug, true in tests if true), documents)
