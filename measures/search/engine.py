"""What each engine does for search: SQLite by FTS5, PostgreSQL by a GIN index, to the same end.

FTS5 keeps no text of its own but reads it from the table, and triggers tell it of every change.
They are made anew after every migration, because SQLite drops a table's triggers in silence when
a migration rebuilds it.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections, models

from ..models import SearchDoc
from .query import Query, Term

TABLE = SearchDoc._meta.db_table
WORDS = f"{TABLE}_words"
VECTOR = "to_tsvector('simple'::regconfig, {column})"


class Meets(models.Func):
    """Whether the tokens of a row meet the query; a condition to filter by."""

    output_field = models.BooleanField()

    def __init__(self, query: Query) -> None:
        super().__init__(models.F("id"), models.F("tokens"))
        self.query = query

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        row, _params = compiler.compile(self.source_expressions[0])
        sql = f"{row} IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)"  # noqa: S608
        return sql, [" AND ".join(map(_for_fts5, self.query.terms))]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        column, _params = compiler.compile(self.source_expressions[1])
        sql = f"{VECTOR.format(column=column)} @@ %s::tsquery"
        return sql, [" & ".join(map(_for_postgresql, self.query.terms))]


# Tokens are letters and digits, so nothing in them can be mistaken for syntax.
def _for_fts5(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}'


def _for_postgresql(term: Term) -> str:
    last = len(term.tokens) - 1
    told = (
        f"'{token}'{':*' if term.is_open and place == last else ''}"
        for place, token in enumerate(term.tokens)
    )
    return f"({' <-> '.join(told)})"


def install(using: str = "default", **kwargs: Any) -> None:
    """Make or renew what the engine needs; called after each migration."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        create(connection)


def create(connection: Any) -> None:
    """Make what the engine needs beside the table."""
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def renew(connection: Any) -> None:
    """Let the engine read the whole table anew."""
    create(connection)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {WORDS} ({WORDS}) VALUES ('rebuild')")  # noqa: S608


def remove(connection: Any) -> None:
    """Take away what `create` made, before the table goes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, _event, _told in _followers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"DROP TABLE IF EXISTS {WORDS}")
        else:
            cursor.execute(f"DROP INDEX IF EXISTS {WORDS}")


def missing(using: str = "default") -> list[str]:
    """Names of what should be there and is not; empty before the first migration."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return []
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master",
        "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return sorted(set(names(connection.vendor)) - there)


def names(vendor: str) -> list[str]:
    """The names of everything that is made on this engine."""
    triggers = [name for name, _event, _told in _followers()]
    return [WORDS, *triggers] if vendor == "sqlite" else [WORDS]


def statements(vendor: str) -> Iterator[str]:
    """The SQL that makes everything on this engine; it may be there already."""
    if vendor == "postgresql":
        vector = VECTOR.format(column="tokens")
        yield f"CREATE INDEX IF NOT EXISTS {WORDS} ON {TABLE} USING gin ({vector})"
        return
    # The tokens are ours, so FTS5 has nothing to do but to part them at the spaces.
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} "
        f"USING fts5(tokens, content='{TABLE}', content_rowid='id', tokenize='ascii')"
    )
    for name, event, told in _followers():
        yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {TABLE} BEGIN {told} END"


def _followers() -> Iterator[tuple[str, str, str]]:
    """The triggers by which FTS5 follows the table: name, event and body."""
    new = f"INSERT INTO {WORDS} (rowid, tokens) VALUES (NEW.id, NEW.tokens);"  # noqa: S608
    old = (
        f"INSERT INTO {WORDS} ({WORDS}, rowid, tokens) "  # noqa: S608
        "VALUES ('delete', OLD.id, OLD.tokens);"
    )
    yield f"{WORDS}_insert", "INSERT", new
    yield f"{WORDS}_update", "UPDATE", f"{old} {new}"
    yield f"{WORDS}_delete", "DELETE", old
