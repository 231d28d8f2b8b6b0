"""kill -9, again and again, while people write: as many cycles as CHAOS says; a database away.

What was acknowledged is there and whole; anything else is wholly there or wholly not. Meanwhile
the site admits that it cannot reach its data, and comes back by itself.
"""

import json
import os
import random
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings

from measures.faults import RETRY_AFTER
from tests import postgres
from tests.chaos.site import Site, children, until, written_to

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="wants Linux")
CYCLES = int(os.environ.get("CHAOS", "20"))
# In earnest: what is acknowledged is on disk. After a crash the whole of it is told to the disk at
# once, not file by file, which takes a second or two.
IN_EARNEST = (
    "-c listen_addresses= -c fsync=on -c synchronous_commit=on -c recovery_init_sync_method=syncfs"
    " -c max_connections=20"
)
ROUNDS = 50
PATHS = ("/", "/measures/1.1/", "/api/v1/sources")

no_server = pytest.mark.skipif(
    not settings.ON_POSTGRESQL, reason="SQLite has no server of its own to kill"
)


@pytest.fixture(scope="module", autouse=True)
def _end_everything() -> Iterator[None]:
    """Whoever ends the tests ends the servers as well; by default SIGTERM leaves them running."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
def own_server() -> Iterator[postgres.Cluster | None]:
    """A PostgreSQL of its own where that is the engine; nobody else's is killed."""
    if not settings.ON_POSTGRESQL:
        yield None
        return
    if not postgres.programs():
        pytest.skip("PostgreSQL's programs are not here.")
    with postgres.cluster(IN_EARNEST) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def site(
    own_server: postgres.Cluster | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    here = f"sqlite:///{quote(str(folder))}/tracker.sqlite3"
    with written_to(folder, own_server.url if own_server else here) as site:
        yield site


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def gone(*pids: int) -> bool:
    """Whether they hold nothing any more, though nobody may have asked yet how they ended."""
    return all(state(pid) in ("", "Z", "X") for pid in pids)


def state(pid: int) -> str:
    """The letter of the kernel; empty for a process that is not there."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def holds(site: Site) -> None:
    found = site.check()
    assert found["missing"] == []
    assert found["broken"] is None
    assert found["dangling"] == []


def goes_on(site: Site) -> None:
    """Somebody is told that something was written since."""
    before = len(site.acknowledged)
    until(lambda: len(site.acknowledged) > before)


def told(site: Site, what: str) -> None:
    print(f"{CYCLES} kills of {what}: {len(site.acknowledged)} writes acknowledged, none missing")
    print(f"{site.refused} not acknowledged, {site.check()['there']} there, each of them whole")


def test_workers_killed_while_they_write(site: Site) -> None:
    for cycle in range(CYCLES):
        goes_on(site)
        until(lambda: len(site.workers) == 2)
        kill(*random.sample(site.workers, 1 + cycle % 2))
        holds(site)
    goes_on(site)
    told(site, "workers")


@no_server
def test_the_database_killed_while_it_writes(site: Site, own_server: postgres.Cluster) -> None:
    for cycle in range(CYCLES):
        goes_on(site)
        postmaster = own_server.postmaster
        backends = children(postmaster)
        if cycle % 2:
            kill(random.choice(backends))  # The others are ended by the server, which recovers.
        else:
            kill(postmaster, *backends)
            until(partial(gone, *backends))
            own_server.start()
        goes_on(site)
        holds(site)
    told(site, "PostgreSQL")


def asked(site: Site) -> list[tuple[int, dict[str, str], str]]:
    """What people and programs are answered, all at once."""
    with ThreadPoolExecutor() as together:
        return list(together.map(site.get, PATHS))


def is_admitted(site: Site) -> bool:
    """That the data cannot be reached: to people and to programs, and when to ask again."""
    answers = asked(site)
    if {status for status, _, _ in answers} != {HTTPStatus.SERVICE_UNAVAILABLE}:
        return False
    for _, headers, told in answers[:-1]:
        assert headers["Retry-After"] == str(RETRY_AFTER)
        assert "<h1>The tracker cannot reach its data</h1>" in told
    _, headers, told = answers[-1]
    assert headers["Retry-After"] == str(RETRY_AFTER)
    assert json.loads(told)["error"]["code"] == "away"
    return True


def is_back(site: Site) -> bool:
    return {status for status, _, _ in asked(site)} == {HTTPStatus.OK}


@no_server
def test_a_database_that_is_away_is_admitted_until_it_is_back(
    site: Site, own_server: postgres.Cluster
) -> None:
    until(lambda: len(site.workers) == 2)
    workers = site.workers
    assert not is_admitted(site)
    own_server.stop()
    until(partial(is_admitted, site))
    assert not is_back(site)
    own_server.start()
    until(partial(is_back, site))
    goes_on(site)
    holds(site)
    assert site.workers == workers, "Nobody had to start the tracker again."


@no_server
def test_a_database_without_a_free_connection_is_admitted_until_there_is_one(
    site: Site, own_server: postgres.Cluster
) -> None:
    held: list[psycopg.Connection] = []
    try:
        for _ in range(ROUNDS):
            take_all(own_server.url, held)
            if is_admitted(site):
                break
        else:
            pytest.fail("The tracker always found a connection.")
    finally:
        for each in held:
            each.close()
    until(partial(is_back, site))
    goes_on(site)
    holds(site)


def take_all(url: str, held: list[psycopg.Connection]) -> None:
    """End the connections of everybody else, and take as many as there are."""
    if held:
        held[0].execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND NOT pid = ANY(%s)",
            [[each.info.backend_pid for each in held]],
        )
    with suppress(psycopg.OperationalError):
        while True:
            held.append(psycopg.connect(url, autocommit=True))


def test_an_acknowledged_write_that_is_missing_is_noticed(site: Site) -> None:
    """The control: the same check, told of a write that never was."""
    never = ("note", "00000000-0000-0000-0000-000000000000")
    assert site.check(never)["missing"] == [list(never)]
