"""What takes a person long: one thing of theirs at a time, and how far it is.

Told in a file of theirs, outside of every transaction, so that another worker can read it. The
file is locked by whoever works and the lock dies with them: after a crash nothing is under way.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "underway"
LENGTH = 64
OFTEN = 0.2  # Seconds between two writes.
TRIES = 20

# Stage, how many are done, of how many; 0 of 0 where they cannot be counted.
Tell = Callable[[str, int, int], None]


class Busy(Exception):
    """The person has something under way already; nothing was begun."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: the stage, and how many are done of how many."""

    stage: str
    done: int
    in_all: int

    @property
    def quarter(self) -> int:
        """How many quarters of it are done."""
        return self.done * 4 // self.in_all if self.in_all else 0


def silent(stage: str, done: int = 0, in_all: int = 0) -> None:
    """Where nobody looks on."""


@contextmanager
def working(owner: UUID) -> Iterator[Tell]:
    """Say for the length of a block how far it is; raises `Busy`, and nothing is left behind."""
    place = _place(owner)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = _taken(place)
    try:
        yield _teller(number)
    finally:
        place.unlink(missing_ok=True)  # Before the lock is off, so that it is ours.
        os.close(number)


def step(owner: UUID) -> Step | None:
    """How far the person's work is; None where nothing is under way."""
    place = _place(owner)
    try:
        number = os.open(place, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(number)
    else:
        # Nobody works on it: whoever did was killed.
        if _is_at(place, number):
            place.unlink(missing_ok=True)
        return None
    finally:
        os.close(number)


def everybodys() -> int:
    """How many people have something under way."""
    folder = Path(settings.FILES_DIR) / FOLDER
    owners = (each.name for each in folder.glob("*-*")) if folder.is_dir() else ()
    return sum(step(UUID(owner)) is not None for owner in owners)


def _taken(place: Path) -> int:
    """The file, opened and locked; again where it went between the two, or somebody looked."""
    for _attempt in range(TRIES):
        number = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            time.sleep(0.01)
            continue
        if _is_at(place, number):
            return number
        os.close(number)
    raise Busy


def _is_at(place: Path, number: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(place.stat(), os.fstat(number))
    return False


def _teller(number: int) -> Tell:
    last, when = "", 0.0

    def tell(stage: str, done: int = 0, in_all: int = 0) -> None:
        nonlocal last, when
        now = time.monotonic()
        if stage == last and done < in_all and now < when + OFTEN:
            return
        last, when = stage, now
        # Always as long, and in one piece: a reader meets no half of it.
        os.pwrite(number, f"{stage} {done} {in_all}".ljust(LENGTH).encode(), 0)

    tell("begun")
    return tell


def _read(number: int) -> Step:
    stage, *numbers = os.pread(number, LENGTH, 0).decode().split() or ["begun"]
    done, in_all = (int(each) for each in numbers) if len(numbers) == 2 else (0, 0)
    return Step(stage, done, in_all)


def _place(owner: UUID) -> Path:
    return Path(settings.FILES_DIR) / FOLDER / str(owner)
