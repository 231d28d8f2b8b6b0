"""The ladder: how many measures have each status, one step beside the other."""

from dataclasses import dataclass

from .. import method
from ..progress import Tallied

# Below this share of the width the number would not fit into its step; the legend has it. A number
# of more than two digits needs so much for each of them.
ROOM_FOR_A_NUMBER = 2.0
ROOM_FOR_A_DIGIT = 2.2
# And below this one its name would not, on a slide.
ROOM_FOR_A_WORD = 12.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: where it begins and how wide it is, in per cent of the whole."""

    term: method.Status
    number: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where the number stands, in per cent."""
        return round(self.x + self.width / 2, 3)

    @property
    def shows_number(self) -> bool:
        """Whether the number fits."""
        digits = len(str(self.number))
        return self.width >= (ROOM_FOR_A_NUMBER if digits < 3 else ROOM_FOR_A_DIGIT * digits)

    @property
    def shows_word(self) -> bool:
        """Whether the name of the status fits beside it."""
        return self.width >= ROOM_FOR_A_WORD


def ladder(state: Tallied) -> tuple[Step, ...]:
    """The steps of a state, furthest first; statuses that nobody has take no room."""
    total = len(state) or 1
    return tuple(
        Step(
            count.term,
            count.number,
            round(100 * count.before / total, 3),
            round(100 * count.number / total, 3),
        )
        for count in state.counts
        if count.number
    )
