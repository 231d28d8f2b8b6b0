"""A figure: what was measured, and what is to be reached."""

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .served import Line, Served


@dataclass(frozen=True, slots=True)
class Figure:
    """`measured` against `reach` and `beyond`; more is better where `is_least`."""

    number: str
    name: str
    measured: float | None
    reach: float
    beyond: float
    unit: str = "x"
    is_least: bool = False

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "NOT MEASURED"
        sign = -1 if self.is_least else 1
        if self.measured * sign <= self.beyond * sign:
            return "beyond"
        return "met" if self.measured * sign <= self.reach * sign else "NOT MET"

    def line(self) -> str:
        way = ">=" if self.is_least else "<="
        told = "-" if self.measured is None else f"{self.measured:,.2f}{self.unit}"
        return (
            f"{self.number:>4}  {self.name:<58} {told:>12}  {way} {self.reach:g}{self.unit:<3} "
            f"{way} {self.beyond:g}{self.unit:<3}  {self.verdict}"
        )


def table(title: str, figures: Iterable[Figure]) -> str:
    head = f"{'#':>4}  {'figure':<58} {'measured':>12}  {'reach':<8} {'beyond':<8}"
    return "\n".join([f"\n== {title}", head, *(figure.line() for figure in figures)])


Act = Callable[[Line], object]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is asked of a server again and again."""

    served: Served
    act: Act
    times: int


def page(served: Served, path: str, times: int, **headers: str) -> Subject:
    return Subject(served, lambda line: line.get(path, **headers), times)


def costs(subjects: Mapping[str, Subject], rounds: int = 5) -> dict[str, float]:
    """Milliseconds of processor for each request: the middle one of several interleaved rounds."""
    lines = {name: each.served.line() for name, each in subjects.items()}
    for name, each in subjects.items():
        for _ in range(min(6, each.times + 1)):  # What is looked up once is remembered by then.
            each.act(lines[name])
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, each in subjects.items():
            before = each.served.cpu()
            for _ in range(each.times):
                each.act(lines[name])
            found[name].append((each.served.cpu() - before) / each.times)
    return {name: statistics.median(all_of_them) for name, all_of_them in found.items()}


def walls(subjects: Mapping[str, Subject], rounds: int = 5) -> dict[str, float]:
    """Milliseconds until the answer, the middle one, in interleaved rounds."""
    lines = {name: each.served.line() for name, each in subjects.items()}
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, each in subjects.items():
            for _ in range(each.times):
                answer = each.act(lines[name])
                found[name].append(answer.took)  # type: ignore[attr-defined]
    return {name: statistics.median(all_of_them) for name, all_of_them in found.items()}
