"""Today's figures of a register of any size: read from the turnover, never from each measure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from ..models import MONTH, Body, Source, Theme, Turnover
from ..models.turnover import TurnoverQuerySet
from .states import State, Tallied, state

# Of a month or a day: its first day, a status, how many came to it and how many went.
_Row = tuple[date, str, int, int]


@dataclass(frozen=True)
class Sum(Tallied):
    """How many measures stood where on `day`: the figures of a `State` without its measures."""

    day: date
    known: datetime | None
    tally: Counter[str]


@dataclass(frozen=True)
class Figures(Sum):
    """The same, and for each theme."""

    by_theme: dict[int, Sum]

    def of_theme(self, theme: Theme) -> Sum:
        """The part that belongs to one theme."""
        return self.by_theme.get(theme.pk) or Sum(self.day, self.known, Counter())


@dataclass(frozen=True)
class Ledger:
    """How many measures had which status on each of the `days`, as known now.

    Between the first day and the last there are ends of months only. What it costs to read grows
    with months and themes, not with measures or findings: one query for the whole, one more for
    all of its themes day by day, and one for where they stand on the last day.
    """

    source: Source
    days: tuple[date, ...]
    theme: Theme | None = None

    def __len__(self) -> int:
        """How many measures there were on the first day, those retired since among them."""
        return self.tallies[0].total()

    @cached_property
    def _rows(self) -> "_Rows":
        told = _Rows()
        for span, *row in self._turnover.told(self.days[0], self.days[-1]):
            told.add(span, *row)
        return told

    @cached_property
    def tallies(self) -> tuple[Counter[str], ...]:
        """The measures by status, for each of the days."""
        return tuple(self._rows.tallies(self.days))

    @cached_property
    def changes(self) -> int:
        """How often one came to another status after the first day and up to the last."""
        return self._rows.arrivals(self.days[-1]) - self._rows.arrivals(self.days[0])

    @cached_property
    def by_theme(self) -> dict[int, tuple[Counter[str], ...]]:
        """The measures of each theme by status, for each of the days."""
        told = defaultdict[int, _Rows](_Rows)
        for theme, span, *row in self._turnover.told(self.days[0], self.days[-1], "theme"):
            told[theme].add(span, *row)
        return {theme: tuple(rows.tallies(self.days)) for theme, rows in told.items()}

    @cached_property
    def lately(self) -> dict[int, Sum]:
        """Where the measures of each theme stood on the last day."""
        found = defaultdict[int, Counter[str]](Counter)
        for theme, status, number in self._turnover.standing(self.days[-1]):
            found[theme][status] = number
        return {theme: Sum(self.days[-1], None, tally) for theme, tally in found.items()}

    @property
    def _turnover(self) -> TurnoverQuerySet:
        return Turnover.objects.of(self.source, self.theme)


@dataclass(slots=True)
class _Rows:
    """What the turnover tells: of whole months, and of the single days of the first and last."""

    months: list[_Row] = field(default_factory=list)
    singles: list[_Row] = field(default_factory=list)

    def add(self, span: str, on: str, status: str, came: int, went: int) -> None:
        rows = self.months if span == MONTH else self.singles
        rows.append((date.fromisoformat(on), status, came, went))

    def tallies(self, days: Sequence[date]) -> Iterator[Counter[str]]:
        """What stood on each of the days, which are in their order."""
        standing, waiting = Counter[str](), sorted(self.months, reverse=True)
        for day in days:
            begins = day.replace(day=1)
            # At either end the month may go on: its days up to this one count, singly.
            is_end = day in (days[0], days[-1])
            while waiting and (
                waiting[-1][0] < begins or (waiting[-1][0] == begins and not is_end)
            ):
                _, status, came, went = waiting.pop()
                standing[status] += came - went
            tally = standing.copy()
            for on, status, came, went in self.singles if is_end else ():
                if begins <= on <= day:
                    tally[status] += came - went
            yield tally

    def arrivals(self, day: date) -> int:
        """How often one came to a status by the day, which is the first or the last."""
        begins = day.replace(day=1)
        whole = sum(came for on, _, came, _ in self.months if on < begins)
        return whole + sum(came for on, _, came, _ in self.singles if begins <= on <= day)


def figures(
    source: Source,
    day: date,
    known: datetime | None = None,
    *,
    theme: Theme | None = None,
    body: Body | None = None,
) -> Figures | State:
    """The figures of `state`: from one query as known now, but for a body."""
    if known is not None or body is not None:
        return state(source, day, known, theme=theme, body=body)
    by_theme = Ledger(source, (day,), theme).lately
    whole = Counter[str]()
    for part in by_theme.values():
        whole.update(part.tally)
    return Figures(day, None, whole, by_theme)


def size_of(source: Source, day: date) -> int:
    """How many measures a source has on the day, as known now. One query."""
    return sum(number for _, _, number in Turnover.objects.of(source).standing(day))
