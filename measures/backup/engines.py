"""What each engine does to be copied while others write, and to be filled from the copy.

SQLite by its backup API, which reads one moment of the database, the part that still lies in the
write-ahead log included. PostgreSQL by pg_dump on an exported snapshot, so that manifest and dump
tell of the same moment.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db import connection

from ..models import Attachment, FrozenCitation, RecordEntry
from ..record import triggers
from .archive import Refusal, pieces

Execute = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a database: what it says of itself, and the way to read all of it."""

    migrations: list[str]
    entries: int
    head: str
    attached: frozenset[str]
    copies: list[str]
    content: IO[bytes]


def _told(execute: Execute, content: IO[bytes]) -> Moment:
    record = RecordEntry._meta.db_table
    last = execute(f"SELECT hash FROM {record} ORDER BY sequence DESC LIMIT 1")
    rows = execute("SELECT app, name FROM django_migrations ORDER BY id")
    copies = execute(f"SELECT sha256 FROM {Attachment._meta.db_table}")
    frozen = execute(f"SELECT copy_sha256 FROM {FrozenCitation._meta.db_table}")
    return Moment(
        migrations=[f"{app}.{name}" for app, name in rows],
        entries=execute(f"SELECT COUNT(*) FROM {record}")[0][0],
        head=last[0][0] if last else "",
        attached=frozenset(row[0] for row in copies),
        copies=sorted({row[0] for row in (*copies, *frozen) if row[0]}),
        content=content,
    )


@contextmanager
def moment(folder: Path) -> Iterator[Moment]:
    """The database as it is now, while others go on writing; `folder` takes what must lie by."""
    reading = {"sqlite": _sqlite_moment, "postgresql": _postgresql_moment}[connection.vendor]
    with reading(folder) as found:
        yield found


@contextmanager
def _sqlite_moment(folder: Path) -> Iterator[Moment]:
    connection.ensure_connection()
    with (
        tempfile.NamedTemporaryFile(dir=folder, prefix=".database-") as copy,
        closing(sqlite3.connect(copy.name)) as fresh,
    ):
        connection.connection.backup(fresh)
        fresh.execute("PRAGMA journal_mode=DELETE")
        with Path(copy.name).open("rb") as content:
            yield _told(lambda sql: fresh.execute(sql).fetchall(), content)


@contextmanager
def _postgresql_moment(folder: Path) -> Iterator[Moment]:
    program = _program("pg_dump", _server())
    with connection.cursor() as cursor, tempfile.TemporaryFile() as said:

        def execute(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return cursor.fetchall()

        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            snapshot = execute("SELECT pg_export_snapshot()")[0][0]
            options = ["-Fc", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
            command, environment = _command(program, *options)
            with subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=said
            ) as dump:
                assert dump.stdout is not None  # noqa: S101 - asked for above
                try:
                    yield _told(execute, dump.stdout)
                except BaseException:
                    dump.kill()
                    raise
                if dump.wait():
                    raise Refusal(f"pg_dump failed: {_last_words(said)}")
        finally:
            cursor.execute("ROLLBACK")


def fill(content: IO[bytes], folder: Path) -> None:
    """Put the copy in place of this installation's database, all of it or nothing."""
    {"sqlite": _fill_sqlite, "postgresql": _fill_postgresql}[connection.vendor](content, folder)


def _fill_sqlite(content: IO[bytes], folder: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".database-") as copy:
        for piece in pieces(content):
            copy.write(piece)
        copy.flush()
        try:
            with closing(sqlite3.connect(copy.name)) as source:
                (state,) = source.execute("PRAGMA quick_check(1)").fetchone()
                if state != "ok":
                    raise Refusal(f"The database in the backup is damaged: {state}.")
                connection.ensure_connection()
                source.backup(connection.connection)
        except sqlite3.Error as error:
            raise Refusal(f"SQLite could not restore it: {error}. Nothing was changed.") from None
    connection.close()


def _fill_postgresql(content: IO[bytes], folder: Path) -> None:
    # The one that reads the archive must be as new as the one that wrote it; the newest will do.
    program = _program("pg_restore", _server())
    options = ["--no-owner", "--no-acl", "--single-transaction", "--exit-on-error", "-d"]
    command, environment = _command(program, *options)
    connection.ensure_connection()
    _drop_empty_tables()
    connection.close()
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=said, stderr=said
        ) as taking:
            assert taking.stdin is not None  # noqa: S101 - asked for above
            try:
                for piece in pieces(content):
                    taking.stdin.write(piece)
                taking.stdin.close()
            except BrokenPipeError:
                pass  # What it has to say is in its last words.
        if taking.returncode:
            raise Refusal(
                f"pg_restore failed: {_last_words(said)} The database is empty; mend the cause "
                "and restore again."
            )


def _drop_empty_tables() -> None:
    """What `migrate` made here before, which holds nothing: the dump brings its own."""
    with connection.cursor() as cursor:
        here = set(connection.introspection.table_names(cursor))
        ours = set(connection.introspection.django_table_names(only_existing=True))
        for name in sorted((ours | {"django_migrations"}) & here):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")
        for suffix in ("append_only", "admission"):
            cursor.execute(f"DROP FUNCTION IF EXISTS {triggers.PREFIX}_{suffix}() CASCADE")


def _server() -> int:
    here: Any = connection
    version: int = here.pg_version
    return version // 10000


def _command(program: str, *options: str) -> tuple[list[str], dict[str, str]]:
    """The command with its options and the address of the database; the environment beside it.

    The database comes last, so that an option may name it. The password never stands in the
    command, where every user of the machine could read it.
    """
    client: Any = connection.client
    arguments, given = client.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, database = arguments[1:]
    environment = {**os.environ, **(given or {})}
    return [program, *where, *options, database], environment


def _program(name: str, least: int) -> str:
    """The newest such program on this machine, at least of that version; `Refusal` otherwise."""
    found = {path: _version(path) for path in _places(name)}
    best = max(found, key=lambda path: found[path], default="")
    if not best:
        raise Refusal(
            f"{name} is not on this machine. Install the client programs of PostgreSQL {least} "
            f"(Debian: apt install postgresql-client-{least})."
        )
    if found[best] < least:
        raise Refusal(
            f"{name} here is of version {found[best]}, the server of {least}. Install the newer "
            f"client programs (Debian: apt install postgresql-client-{least})."
        )
    return best


def _places(name: str) -> list[str]:
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob(f"[0-9]*/bin/{name}")))
    on_path = shutil.which(name)
    return [*debian, *([on_path] if on_path else [])]


def _version(program: str) -> int:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r"\) (\d+)", done.stdout)
    return int(match[1]) if match else 0


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(64 * 1024).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it gave no reason."
