"""Who went from which status to which: two columns, and strands between them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .. import method
from ..progress import Comparison, Crossing, Flow
from .words import told

# Of the height, between two nodes of a column.
GAP = 1.5
# A node lower than this has no room for its number.
ROOM_FOR_A_NUMBER = 4.5
# Names nearer to each other than this would stand on each other.
ROOM_FOR_A_NAME = 3.6


@dataclass(frozen=True, slots=True)
class Node:
    """The measures of one status on one of the two days: from `y` down, in per cent.

    `named` tells whether there is room for the name beside it.
    """

    term: method.Status
    number: int
    y: float
    height: float
    named: bool

    @property
    def middle(self) -> float:
        """Where its words stand, in per cent."""
        return round(self.y + self.height / 2, 3)

    @property
    def shows_number(self) -> bool:
        """Whether the number fits."""
        return self.height >= ROOM_FOR_A_NUMBER


@dataclass(frozen=True, slots=True)
class Strand:
    """The measures that went from one status to another, as a path in a square of 100 by 100."""

    flow: Flow
    path: str

    @property
    def moved(self) -> bool:
        """Whether the two differ."""
        return self.flow.before != self.flow.after


@dataclass(frozen=True, slots=True)
class Flows:
    """A comparison drawn: the furthest status at the top of both columns."""

    comparison: Comparison | Crossing
    before: tuple[Node, ...]
    after: tuple[Node, ...]
    strands: tuple[Strand, ...]

    @property
    def told(self) -> str:
        """The same in a sentence."""
        return told(self.comparison)

    @property
    def moved(self) -> int:
        """How many measures went somewhere else."""
        return sum(strand.flow.number for strand in self.strands if strand.moved)


def flow(comparison: Comparison | Crossing) -> Flows:
    """The flows of a comparison; a status that nobody had on either day takes no room."""
    flows = comparison.flows
    left, right = Counter[str](), Counter[str]()
    for each in flows:
        left[each.before.slug] += each.number
        right[each.after.slug] += each.number
    # Both columns in one scale, however many gaps each of them has.
    gaps = GAP * (max(len(left), len(right), 1) - 1)
    scale = (100 - gaps) / (left.total() or 1)
    before, after = _column(left, scale), _column(right, scale)
    return Flows(comparison, before, after, _strands(flows, before, after, scale))


def _column(numbers: Mapping[str, int], scale: float) -> tuple[Node, ...]:
    nodes, y, last_name = [], 0.0, -ROOM_FOR_A_NAME
    for slug, term in method.SHOWN_STATUSES.items():
        if number := numbers.get(slug, 0):
            height = number * scale
            named = y + height / 2 - last_name >= ROOM_FOR_A_NAME
            nodes.append(Node(term, number, round(y, 3), round(height, 3), named))
            last_name = y + height / 2 if named else last_name
            y += height + GAP
    return tuple(nodes)


def _strands(
    flows: tuple[Flow, ...], before: tuple[Node, ...], after: tuple[Node, ...], scale: float
) -> tuple[Strand, ...]:
    """Each leaves and arrives below the one before it; what moved is drawn over what stayed."""
    left = {node.term.slug: node.y for node in before}
    right = {node.term.slug: node.y for node in after}
    found = []
    for each in flows:
        begin, end, thick = left[each.before.slug], right[each.after.slug], each.number * scale
        left[each.before.slug] += thick
        right[each.after.slug] += thick
        found.append(Strand(each, _path(begin, end, thick)))
    return tuple(sorted(found, key=lambda strand: strand.moved))


def _path(begin: float, end: float, thick: float) -> str:
    a, b, c, d = (round(y, 2) for y in (begin, end, end + thick, begin + thick))
    return f"M0,{a} C50,{a} 50,{b} 100,{b} V{c} C50,{c} 50,{d} 0,{d} Z"
