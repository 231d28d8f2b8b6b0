"""Which database a page is read from, where there is a replica (`DATABASE_REPLICA_URL`).

Pages for reading may come from the replica, all of a page from one database: what it says, and the
tag that it is known by. Whatever writes, signs in or runs in a transaction uses the primary.

The databases are compared by how far their log of writes has come, in bytes: a replica is read
from only where it holds what the reader wrote, and what the primary held a few seconds ago.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, connections

logger = logging.getLogger(__name__)

ALIAS = "replica"
# All in seconds.
LOOKED_EVERY = 1.0  # how long one look at the primary serves
OLDEST = 5.0  # by how much a page from the replica may at most be behind
AWAY_FOR = 10.0  # until a replica that failed is asked again

WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
# Nothing where the server is a primary itself: it has no place in the log of ours.
REPLAYED = (
    "SELECT CASE WHEN pg_is_in_recovery()"
    " THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END"
)

View = TypeVar("View", bound=Callable[..., Any])

# While a page is read from the replica, the transactions of the primary that were open before.
_READING: ContextVar[int | None] = ContextVar("reading", default=None)


def is_there() -> bool:
    """Whether this installation has a replica."""
    return ALIAS in connections


def readable(view: View) -> View:
    """Mark a view that only reads the register: its answer may come from the replica."""
    view.from_replica = True  # type: ignore[attr-defined]
    return view


@contextmanager
def reading(*, really: bool = True) -> Iterator[None]:
    """Read from the replica inside; from the primary again where not `really`."""
    open_before = len(connections[DEFAULT_DB_ALIAS].atomic_blocks) if really else None
    token = _READING.set(open_before)
    try:
        yield
    finally:
        _READING.reset(token)


def is_read() -> bool:
    """Whether what is read now comes from the replica."""
    open_before = _READING.get()
    if open_before is None:
        return False
    return len(connections[DEFAULT_DB_ALIAS].atomic_blocks) <= open_before


def read_on(pieces: Iterator[Any]) -> Iterator[Any]:
    """The pieces of an answer that is made as it leaves, each read from the replica."""
    while True:
        with reading():
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece


class Router:
    """The register from the replica while a page is read from it; all else from the primary.

    Accounts and sessions are of other apps. Who asks was looked up before the page was read.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        ours = model._meta.app_label == "measures"
        return ALIAS if ours and is_read() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True  # Both databases hold the same rows.

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == ALIAS else None


class NoReplica(Exception):
    """The server that should be the replica is none."""

    def __init__(self) -> None:
        super().__init__("the server of DATABASE_REPLICA_URL is not a replica")


def position(alias: str = DEFAULT_DB_ALIAS) -> int:
    """How far the log of writes has come there, in bytes.

    Raises `django.db.Error` where the server is away, `NoReplica` where it is not one.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(REPLAYED if alias == ALIAS else WRITTEN)
        (far,) = cursor.fetchone()
    if far is None:
        raise NoReplica
    return int(far)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the primary was at a moment."""

    at: float
    far: int


class Watch:
    """What one process knows of the two: asked at most once a second, and when it has to be."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._marks: tuple[Mark, ...] = ()
        self._replayed = 0
        self._away_until = float("-inf")

    def holds(self, written: int = 0) -> bool:
        """Whether the replica can be read from by somebody who wrote up to there.

        Raises `django.db.Error` where the primary is away: nobody knows then what is true.
        """
        now = monotonic()
        if now < self._away_until:
            return False
        if self._is_known_to_hold(now, written):
            return True
        if not self._asking.acquire(blocking=False):
            return False  # Somebody asks already; the primary serves meanwhile.
        try:
            self._ask(now)
        finally:
            self._asking.release()
        return self._is_known_to_hold(now, written)

    def lost(self, why: object) -> None:
        """Read from the primary for a while."""
        logger.warning("The replica is not read from for %d seconds: %s", AWAY_FOR, why)
        self._away_until = monotonic() + AWAY_FOR
        self._replayed = 0  # What comes back may be another one.

    def _is_known_to_hold(self, now: float, written: int) -> bool:
        marks = self._recent(now)
        if not marks or now - marks[-1].at > LOOKED_EVERY:
            return False
        return self._replayed >= max(written, marks[0].far)

    def _recent(self, now: float) -> tuple[Mark, ...]:
        """The oldest of them is what a page has to hold."""
        return tuple(mark for mark in self._marks if now - mark.at <= OLDEST)

    def _ask(self, now: float) -> None:
        marks = self._recent(now)
        if not marks or now - marks[-1].at > LOOKED_EVERY:
            marks += (Mark(now, position()),)
        self._marks = marks
        try:
            self._replayed = position(ALIAS)
        except (Error, NoReplica) as fault:
            self.lost(fault)


watch = Watch()
