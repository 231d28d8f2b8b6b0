"""The sixteen figures: `make bench`, or `python -m tests.bench [--quick]`.

On SQLite, or where DATABASE_URL names a PostgreSQL server on databases of its own there. Registers
are kept in BENCH_DATA, if that is set, and used again.
"""

import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from . import crowding, reading, taking, writing
from .figures import Figure, table
from .served import Served, serving, told_by, tree

KEY = "only-for-measuring-" * 3
DRAFTS = "60"
BEFORE = "0018"  # the last migration of the version before this one


@contextmanager
def register(size: str, folder: Path) -> Iterator[dict[str, str]]:
    """A register of that size, and the environment in which it is opened."""
    given = os.environ.get("DATABASE_URL", "")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    place = folder / size
    place.mkdir(parents=True, exist_ok=True)
    environment = kept | {"SECRET_KEY": KEY, "DATA_DIR": str(place)}
    if not given.startswith("postgres"):
        if size == "A":  # Where every measure may have been decided on in an earlier run.
            for old in place.glob("tracker.sqlite3*"):
                old.unlink()
        if not (place / "tracker.sqlite3").exists():
            made(environment, size)
        yield environment
        return
    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            url = urlsplit(given)._replace(path=f"/{name}", query="pool=true").geturl()
            environment["DATABASE_URL"] = url
            made(environment, size)
            yield environment
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def made(environment: dict[str, str], size: str) -> None:
    print(told_by(environment, "-m", "tests.bench.data", size).splitlines()[0], flush=True)


def beside() -> tuple[int, ...]:
    """PostgreSQL's first process, where it runs on this machine for us."""
    host = unquote(urlsplit(os.environ.get("DATABASE_URL", "")).hostname or "")
    pid_file = Path(host) / "postmaster.pid"
    return (int(pid_file.read_text().split()[0]),) if host and pid_file.exists() else ()


def opened(stack: ExitStack, environment: dict[str, str]) -> Served:
    """The register behind gunicorn, with cookies of people who have signed in."""
    cookies = json.loads(told_by(environment, "-m", "tests.bench.inside", "sessions"))
    served = stack.enter_context(serving("ipr_tracker.wsgi", environment, beside()))
    served.cookies = cookies
    return served


def asked(environment: dict[str, str], *command: str) -> Any:
    return json.loads(told_by(environment, "-m", "tests.bench.inside", *command))


def measured(quick: bool, folder: Path) -> list[Figure]:
    large_size, rounds = ("B", 2) if quick else ("C", 5)
    with ExitStack() as stack:
        small_at = stack.enter_context(register("A", folder))
        large_at = stack.enter_context(register(large_size, folder))
        counted = {"A": asked(small_at, "queries"), "large": asked(large_at, "queries")}
        drafts = {
            "A": asked(small_at, "drafts", DRAFTS),
            "large": asked(large_at, "drafts", DRAFTS),
        }
        floor = stack.enter_context(serving("tests.bench.floor", large_at))
        small, large = opened(stack, small_at), opened(stack, large_at)
        fresh = opened(stack, large_at)
        last = {"B": "8.870", "C": "8.8700"}[large_size]
        found = reading.figures(floor, small, large, counted, last, rounds)
        found += writing.figures(small, large, drafts, rounds)
        # Each of its own server: how much one held at most is known only once.
        found += taking.files(opened(stack, large_at), fresh, large_at)
        found += writing.importing(large_at, 2_000 if quick else 10_000)
        found += taking.memory(large, floor)
        found += crowding.figures(large, 10 if quick else 60)
        found += taking.weight(large)
        ceiling = writing.writers(large, 3 if quick else 10)
        told = ", ".join(f"{number}: {each:.0f}" for number, each in ceiling.items())
        print(f"Notes a second by writers at once: {told}")
        assert all(tree(each.pid) for each in (floor, small, large, fresh))
    return found


def migrations(size: str, folder: Path) -> str:
    """What an upgrade from the version before costs: on a register of its own, for it goes back."""
    with register(size, folder / "upgrades") as environment:
        return told_by(environment, "-m", "tests.upgrade.timing", BEFORE)


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    engine = "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("post") else "SQLite"
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        kept = os.environ.get("BENCH_DATA", "")
        found = measured(quick, Path(kept or temporary))
        print(migrations("A" if quick else "C", Path(temporary)))
    size = "B" if quick else "C"
    print(table(f"{engine}, A and {size}, {time.monotonic() - began:.0f} s", found))


if __name__ == "__main__":
    main()
