"""The source passage by passage, with what the register makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .. import record
from ..models import Passage, Source
from .states import Standing, State


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
    passages = record.rewound(source.passages.order_by("number"), now.known)
    return tuple(
        Covered(passage, tuple(found), _pieces(passage.text, found))
        for passage in passages
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
