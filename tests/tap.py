"""The tap: no code of ours writes a tracked table without an entry in the same transaction.

It listens to every statement of every test. A write belongs to whoever of ours stands nearest to
it: what a test itself writes past the record, on purpose, is the test's own affair and is let
through; what the application writes on its behalf is not.
"""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.transaction import Atomic

from measures.models import FrozenCitation, RecordEntry
from measures.record import entries
from measures.record.chain import tracked_models

ROOT = Path(settings.BASE_DIR)
OURS = str(ROOT / "measures")
# A row is saved through its model, and a data migration is older than the record.
PASSED_OVER = (str(ROOT / "measures" / "models"), str(ROOT / "measures" / "migrations"))
TESTS = str(ROOT / "tests")
WRITING = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Unit:
    """What was written and what was told since a block of `atomic` began, by noun."""

    written: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


def _nouns() -> dict[str, str]:
    """The noun that each table of the register tells of."""
    found = {FrozenCitation._meta.db_table: "finding"}
    for model in tracked_models():
        noun = str(model._meta.model_name)
        found[model._meta.db_table] = noun
        for many in model._meta.many_to_many:
            found[getattr(model, many.name).through._meta.db_table] = noun
    return found


class Tap:
    """`silent` are the writes that nothing tells of, each with the line that made it."""

    def __init__(self) -> None:
        self.nouns = _nouns()
        self.record = RecordEntry._meta.db_table
        self.silent: list[str] = []

    def units(self, connection: Any) -> list[Unit]:
        """The blocks that are open on this connection, the outermost first."""
        found: list[Unit] = connection.__dict__.setdefault("_tap", [])
        return found

    def heard(self, cursor: Any, sql: Any, params: Any) -> None:
        """One statement that wrote."""
        table = str(sql).split('"', 2)[1] if '"' in str(sql) else ""
        units = self.units(cursor.db)
        if table == self.record and units:
            # PostgreSQL is sent many rows as one list for each column.
            each_one = chain.from_iterable(p if isinstance(p, list) else [p] for p in params or ())
            told = {each for each in each_one if isinstance(each, str)}
            units[-1].told |= told & set(self.nouns.values())
        # How many rows an INSERT ... RETURNING brought is known only once they are fetched.
        elif table in self.nouns and (cursor.rowcount or sql[:6] == "INSERT") and (line := _line()):
            if units:
                units[-1].written[self.nouns[table]] = line
            else:
                self.silent.append(f"{self.nouns[table]} outside of a transaction, at {line}")

    def ended(self, connection: Any, failed: bool) -> None:
        """One block: undone with all that it wrote, or part of the one around it."""
        units = self.units(connection)
        unit = units.pop()
        if failed or connection.needs_rollback:
            return
        if units:
            units[-1].written |= unit.written
            units[-1].told |= unit.told
            return
        self.silent += [
            f"{noun} at {line}" for noun, line in unit.written.items() if noun not in unit.told
        ]

    def taken_back(self, connection: Any, noun: str) -> None:
        """A row that was claimed and found to be as it was: saving the same leaves no entry."""
        for unit in self.units(connection):
            unit.written.pop(noun, None)


def _line() -> str:
    """The line of the application that wrote; empty where a test did so itself."""
    frame = sys._getframe(2)
    while frame := frame.f_back:  # type: ignore[assignment]
        name = frame.f_code.co_filename
        if name.startswith(TESTS) and not name.endswith("tap.py"):
            return ""
        if name.startswith(OURS) and not name.startswith(PASSED_OVER):
            return f"{name[len(str(ROOT)) + 1 :]}:{frame.f_lineno}"
    return ""


@contextmanager
def opened() -> Iterator[Tap]:
    """The tap, listening."""
    tap = Tap()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "executemany"):
            patch.setattr(CursorWrapper, name, _heard(tap, getattr(CursorWrapper, name)))
        enter, leave, unclaim = Atomic.__enter__, Atomic.__exit__, entries.unclaim

        def entered(block: Any) -> None:
            enter(block)
            if not block._from_testcase:
                tap.units(connections[block.using or "default"]).append(Unit())

        def left(block: Any, kind: Any, *rest: Any) -> None:
            connection = connections[block.using or "default"]
            if not block._from_testcase and tap.units(connection):
                tap.ended(connection, kind is not None)
            leave(block, kind, *rest)

        def unclaimed(obj: Any) -> None:
            unclaim(obj)
            tap.taken_back(connections["default"], str(obj._meta.model_name))

        patch.setattr(Atomic, "__enter__", entered)
        patch.setattr(Atomic, "__exit__", left)
        patch.setattr(entries, "unclaim", unclaimed)
        yield tap


def _heard(tap: Tap, execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def executed(cursor: Any, sql: Any, params: Any = None) -> Any:
        result = execute(cursor, sql, params)
        if isinstance(sql, str) and sql.startswith(WRITING):
            tap.heard(cursor, sql, params)
        return result

    return executed
