"""Rows into tables by the way that each engine has for many of them, and the record's chain.

What slows the pouring stands aside meanwhile (triggers, indexes, foreign keys) and is made again at
the end; what the rows then have to hold to is for `verify_record` and the tests to say.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from measures.models import RecordEntry
from measures.models.tracked import Tracked, as_json
from measures.record import triggers
from measures.search import engine

Row = tuple[Any, ...]


def compact(value: Any) -> str:
    """JSON as the chain hashes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Table:
    """A model as a table: a row from some of its values, and what the record tells of that row."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        self.noun = str(model._meta.model_name)
        fields = model._meta.concrete_fields
        self.columns = [field.column for field in fields]
        kept: list[tuple[str, Any]] = []
        self.told: dict[str, Any] = {}
        hidden = model.not_recorded if issubclass(model, Tracked) else frozenset()
        for field in fields:
            default = field.get_default()
            is_json = isinstance(field, models.JSONField)
            kept.append((field.name, compact(default) if is_json else default))
            if not field.primary_key and field.name not in hidden:
                self.told[field.name] = as_json(default)
        self.kept = tuple(kept)

    def row(self, values: Mapping[str, Any]) -> Row:
        """The columns in their order; what is not given is as in a new object."""
        return tuple([values.get(name, default) for name, default in self.kept])

    def snapshot(self, values: Mapping[str, Any], **instead: Any) -> dict[str, Any]:
        """What the record keeps of the row; `instead` names what it tells otherwise than kept."""
        told = {name: values.get(name, default) for name, default in self.told.items()}
        told.update(instead)
        return told


class Chain:
    """The record's rows, each carrying the hash of the one before."""

    def __init__(self) -> None:
        self.sequence, self.previous = 0, ""

    def entry(
        self,
        at: str,
        actor: str,
        action: str,
        noun: str,
        number: int,
        key: str,
        after: Any,
        before: Any = None,
        why: str = "",
    ) -> Row:
        """The next row; `at` as "2020-11-30 08:00:00" in UTC, `actor` an opaque id with dashes."""
        self.sequence += 1
        was, now = compact(before or {}), compact(after)
        text = (
            f'{{"action":"{action}","actor":"{actor}","after":{now},'
            f'"at":"{at.replace(" ", "T")}.000000+00:00","before":{was},"key":{compact(key)},'
            f'"noun":"{noun}","object_id":{number},"previous":"{self.previous}",'
            f'"sequence":{self.sequence},"why":{compact(why)}}}'
        )
        previous, self.previous = self.previous, hashlib.sha256(text.encode()).hexdigest()
        kept = actor.replace("-", "")
        return (
            self.sequence, at, kept, action, noun, number, key, was, now, why, previous,
            self.previous,
        )  # fmt: skip


ENTRIES = [field.column for field in RecordEntry._meta.concrete_fields]


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """All rows at once."""
    named = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join("?" * len(columns))
            sql = f"INSERT INTO {table} ({named}) VALUES ({places})"  # noqa: S608
            with transaction.atomic():
                connection.connection.executemany(sql, rows)
            return
        with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def poured(tables: Sequence[str]) -> Iterator[None]:
    """Fill these tables inside; what stood aside is back at the end, and the numbers go on."""
    with connection.cursor() as cursor:
        was = _as_ever(cursor)
        for statement in _quickly():
            cursor.execute(statement)
        again = _stand_aside(cursor, tables)
        yield
        for statement in again:
            cursor.execute(statement)
        triggers.install()
        engine.renew(connection)
        for statement in (*was, *_numbers(tables)):
            cursor.execute(statement)


def _quickly() -> list[str]:
    if connection.vendor == "sqlite":
        return [
            "PRAGMA foreign_keys=OFF",
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-600000",
        ]
    # Foreign keys are triggers, too; only an owner of the server may leave them out.
    return ["SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'"]


INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
    "AND tbl_name IN ({})",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = "
    "current_schema() AND tablename IN ({}) AND NOT EXISTS (SELECT 1 FROM pg_constraint c "
    "WHERE c.conname = i.indexname)",
}
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def _stand_aside(cursor: Any, tables: Sequence[str]) -> list[str]:
    """Take the indexes and SQLite's triggers away; returns what makes the indexes again."""
    cursor.execute(INDEXES[connection.vendor].format(", ".join(["%s"] * len(tables))), tables)
    found = cursor.fetchall()
    for name, _made in found:
        cursor.execute(f'DROP INDEX "{name}"')
    if connection.vendor == "sqlite":
        cursor.execute(TRIGGERS)
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    return [made for _name, made in found]


def _as_ever(cursor: Any) -> list[str]:
    """What puts the settings of the connection back."""
    if connection.vendor == "postgresql":
        return ["SET session_replication_role = DEFAULT", "RESET maintenance_work_mem"]
    again = []
    for name in ("cache_size", "synchronous", "journal_mode", "foreign_keys"):
        cursor.execute(f"PRAGMA {name}")
        again.append(f"PRAGMA {name}={cursor.fetchone()[0]}")
    return again


def _numbers(tables: Sequence[str]) -> list[str]:
    """The numbers go on after the last one; PostgreSQL looks at what it has got, as it would."""
    if connection.vendor == "sqlite":
        return []
    kept = [m for m in _models() if m._meta.db_table in tables]
    return [*connection.ops.sequence_reset_sql(no_style(), kept), "VACUUM ANALYZE"]


def _models() -> list[type[models.Model]]:
    from django.apps import apps  # after the settings are there

    return list(apps.get_app_config("measures").get_models(include_auto_created=True))
