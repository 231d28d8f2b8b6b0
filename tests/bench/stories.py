"""How the findings of one made-up measure follow each other: seeded, and by the method's rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from measures import method

CLIMB = ("not-started", "limited", "partial", "substantial", "implemented")
BESIDE = ("no-evidence", "dropped", "not-assessable", "reversed")
# In a hundred findings so many correct the one before, and so many tell late of an earlier day.
CORRECTIONS, LATE = 4, 6
MOST = 20


class Told(NamedTuple):
    """One finding: `at` in seconds and `effective` in days since the calendar's first day.

    `corrects` is the number of the finding it supersedes, 0 for none. In the order of the record.
    """

    at: int
    measure: int
    number: int
    effective: int
    status: str
    confidence: str
    corrects: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the calendar: of the source, of the first entry in the record, and of the last."""

    source: int
    begin: int
    end: int


def counts(rng: Random, measures: int, findings: int) -> list[int]:
    """How many findings each measure has: `findings` in all, none for some, `MOST` for the first.

    Two in a hundred are not yet assessed.
    """
    mean = round(findings / measures)
    told = [
        0 if rng.random() < 0.02 else rng.randint(max(1, mean - 6), min(MOST - 1, mean + 6))
        for _ in range(measures)
    ]
    told[0] = MOST
    left = findings - sum(told)
    while left:
        place = rng.randrange(1, measures)
        step = 1 if left > 0 else -1
        if told[place] and 1 <= told[place] + step < MOST:
            told[place] += step
            left -= step
    return told


def story(rng: Random, measure: int, count: int, nature: str, span: Span) -> Iterator[Told]:
    """The findings of one measure: a baseline, then what the years brought."""
    days = sorted(rng.sample(range(span.begin + 60, span.end), count - 1)) if count else []
    status, effective, corrected = rng.choice(CLIMB[:3]), span.source - rng.randrange(300), 0
    for number, day in enumerate([span.begin + rng.randrange(10, 55), *days][:count], start=1):
        corrects, chance = 0, rng.randrange(100)
        if number > 1 and chance < CORRECTIONS and corrected != number - 1:
            corrects = corrected = number - 1
            effective = max(effective - rng.randrange(40), span.source - 300)
            status = moved(rng, status, nature)
            corrected = number
            yield _told(rng, day, measure, number, effective, status, corrects)
            continue
        if number > 1:
            status = moved(rng, status, nature)
        if number > 1 and chance < CORRECTIONS + LATE:
            early = rng.randrange(span.source - 100, max(effective, span.source - 99))
            yield _told(rng, day, measure, number, early, status, 0)
            continue
        if number > 1:
            effective = max(effective, day - rng.randrange(1, 90))
        yield _told(rng, day, measure, number, effective, status, 0)


def moved(rng: Random, status: str, nature: str) -> str:
    """The status of the next finding: mostly on or up, now and then down or beside the ladder."""
    chance = rng.randrange(100)
    if chance < 35:
        return status
    if chance >= 97:
        return rng.choice(BESIDE)
    place = CLIMB.index(status) if status in CLIMB else 4 if status == method.SUSTAINED else 1
    place = min(place + 1, 4) if chance < 85 else max(place - 1, 0)
    ongoing = nature == "continuing" and place == 4
    return method.SUSTAINED if ongoing else CLIMB[place]


def _told(
    rng: Random, day: int, measure: int, number: int, effective: int, status: str, corrects: int
) -> Told:
    at = day * 86400 + rng.randrange(8 * 3600, 18 * 3600)
    confidence = rng.choice(("high", "moderate", "moderate", "low"))
    return Told(at, measure, number, effective, status, confidence, corrects)
