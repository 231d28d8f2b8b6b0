"""kill -9, again and again, while people write: as many cycles as CHAOS says.

What was acknowledged is there and whole; anything else is wholly there or wholly not.
"""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from tests import postgres
from tests.chaos.site import Site, children, until, written_to

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="wants Linux")
CYCLES = int(os.environ.get("CHAOS", "20"))
# In earnest: what is acknowledged is on disk. After a crash the whole of it is told to the disk at
# once, not file by file, which takes a second or two.
IN_EARNEST = (
    "-c listen_addresses= -c fsync=on -c synchronous_commit=on -c recovery_init_sync_method=syncfs"
)

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
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


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
            until(partial(gone, postmaster, *backends))
            own_server.start()
        goes_on(site)
        holds(site)
    told(site, "PostgreSQL")


def test_an_acknowledged_write_that_is_missing_is_noticed(site: Site) -> None:
    """The control: the same check, told of a write that never was."""
    never = ("note", "00000000-0000-0000-0000-000000000000")
    assert site.check(never)["missing"] == [list(never)]
