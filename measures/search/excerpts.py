"""Hits in their context: texts in pieces, some of which are what was looked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from .query import Query

AROUND = 70
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; `is_hit` says that it is what was looked for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text or a part of it, in pieces."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def __iter__(self) -> Iterator[Piece]:
        return iter(self.pieces)


def marked(text: str, query: Query) -> Excerpt:
    """The whole text in pieces."""
    return Excerpt(tuple(_pieces(text, query.spans(text), 0, len(text))))


def excerpt(text: str, query: Query) -> Excerpt | None:
    """The text around the first hit in it, in pieces; None where there is none."""
    spans = query.spans(text)
    if not spans:
        return None
    start = _at_a_space(text, max(0, spans[0][0] - AROUND), spans[0][0])
    end = min(len(text), max(spans[0][1] + AROUND, start + LONGEST))
    if end < len(text) and (space := text.rfind(" ", spans[0][1], end)) > 0:
        end = space
    cut = [(first, last) for first, last in spans if last <= end]
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    pieces = _pieces(text, cut, start, end)
    told = (Piece(before), *pieces, Piece(after))
    return Excerpt(tuple(piece for piece in told if piece.text))


def _at_a_space(text: str, place: int, before: int) -> int:
    """The beginning of a word near the place, where words are told apart by spaces."""
    space = text.find(" ", place, before) if place else -1
    return place if space < 0 else space + 1


def _pieces(text: str, spans: list[tuple[int, int]], place: int, end: int) -> Iterator[Piece]:
    for first, last in spans:
        if place < first:
            yield Piece(text[place:first])
        yield Piece(text[first:last], is_hit=True)
        place = last
    if place < end:
        yield Piece(text[place:end])
