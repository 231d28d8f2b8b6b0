"""Two web nodes and nginx on a PostgreSQL with a streaming replica, and what may befall them.

    python -m tests.nodes.walk        walks all of it on this machine; about a minute

Started are servers of its own, on loopback, as docs/operations/nodes.md sets them up. People read
and write all the time. Every line says what was seen; the exit code is 1 where one does not hold.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

from measures.faults import RETRY_AFTER
from tests import postgres
from tests.chaos.site import until
from tests.nodes import servers
from tests.nodes.people import Crowd, ask
from tests.nodes.servers import ROOT, Node


class Walk:
    """The servers, the people, and what did not hold."""

    def __init__(
        self, primary: postgres.Cluster, replica: postgres.Cluster, nodes: list[Node], crowd: Crowd
    ) -> None:
        self.primary, self.replica, self.nodes, self.crowd = primary, replica, nodes, crowd
        self.broken: list[str] = []

    def see(self, holds: object, sentence: str) -> None:
        print(f"{'holds ' if holds else 'BROKEN'}  {sentence}", flush=True)
        if not holds:
            self.broken.append(sentence)

    def comes(self, holds: Callable[[], bool], sentence: str) -> None:
        """Wait for it, and say how long it took."""
        began = time.monotonic()
        try:
            until(holds)
        except AssertionError:
            self.see(False, sentence)
        else:
            self.see(True, f"{sentence} ({time.monotonic() - began:.1f} s)")

    def goes_on(self) -> None:
        """Somebody reads and somebody is told that something was written since."""
        written, answered = len(self.crowd.acknowledged), self.crowd.answered[HTTPStatus.OK]
        until(lambda: len(self.crowd.acknowledged) > written + 2)
        until(lambda: self.crowd.answered[HTTPStatus.OK] > answered + 20)

    def replica_is_read(self) -> bool:
        return bool(servers.ask(self.replica, servers.ASKED))

    def shown(self) -> str:
        """The first page, which ends with the head of the record, as a visitor gets it."""
        return ask(self.crowd.port, "/").body

    def nobody_failed(self, what: str) -> None:
        told = f"{what}: no request failed, {self.crowd.told()}"
        self.see(not self.crowd.failed, told)
        self.see(not self.crowd.not_seen, f"{what}: whoever wrote read what they wrote")

    def all_is_there(self) -> None:
        found, number = self.crowd.check(), len(self.crowd.acknowledged)
        missing = found["missing"]
        self.see(not missing, f"{number} writes acknowledged, {len(missing)} of them missing")
        self.see(not found["broken"], f"the record is whole: {found['broken'] or 'every link'}")

    def quiet_day(self) -> None:
        print("-- A quiet day")
        self.comes(self.replica_is_read, "pages are read from the replica")
        self.goes_on()
        self.nobody_failed("a quiet day")

    def rolling_restart(self) -> None:
        print("-- One node after the other is started anew, while people read and write")
        self.crowd.begin()
        for number, node in enumerate(self.nodes, start=1):
            node.stop()
            node.start()
            answer = ask(node.port, "/about/")
            self.see(answer.status == HTTPStatus.OK, f"node {number} answers again")
            self.goes_on()
        self.nobody_failed("a rolling restart")
        self.all_is_there()

    def replica_stands_still(self) -> None:
        print("-- The replica stands still: it answers, and takes in nothing new")
        self.crowd.begin()
        servers.ask(self.replica, "SELECT pg_wal_replay_pause()")
        until(lambda: servers.ask(self.replica, servers.PAUSED))
        held = servers.ask(self.replica, servers.HEAD)
        self.goes_on()
        moved = held != servers.ask(self.primary, servers.HEAD)
        self.see(moved, f"it stands at the head {held}, the primary went on")
        self.comes(lambda: held not in self.shown(), "its old pages are shown to nobody any more")
        self.see(not any(held in self.shown() for _ in range(10)), "and stay away")
        self.nobody_failed("a replica behind")
        servers.ask(self.replica, "SELECT pg_wal_replay_resume()")
        self.comes(self.replica_is_read, "once it has caught up it is read from again")

    def replica_lost(self) -> None:
        print("-- The replica is lost, and comes back")
        self.crowd.begin()
        servers.kill(self.replica)
        self.goes_on()
        self.nobody_failed("a replica lost")
        self.replica.start()
        self.comes(self.replica_is_read, "it is read from again by itself")
        self.nobody_failed("a replica back")
        self.all_is_there()

    def primary_lost(self) -> None:
        print("-- The primary is lost, and comes back")
        servers.kill(self.primary)
        self.comes(self.is_admitted, "every page says 503, and when to come again")
        self.crowd.begin()
        until(lambda: self.crowd.answered.total() > 8)
        statuses = {status for status, number in self.crowd.answered.items() if number}
        self.see(
            statuses == {HTTPStatus.SERVICE_UNAVAILABLE},
            f"for as long as it is away nothing else is said: {self.crowd.told()}",
        )
        self.primary.start()
        self.comes(self.is_back, "everything answers again, and nobody was there to help")
        self.crowd.begin()
        self.goes_on()
        self.nobody_failed("a primary back")
        self.comes(self.replica_is_read, "the replica follows it, and is read from again")
        self.all_is_there()

    def _pages(self) -> list[tuple[int, str]]:
        answers = [ask(self.crowd.port, path) for path in ("/", "/measures/", "/api/v1/measures")]
        return [(each.status, each.headers.get("Retry-After", "")) for each in answers]

    def is_admitted(self) -> bool:
        away = (int(HTTPStatus.SERVICE_UNAVAILABLE), str(RETRY_AFTER))
        return all(each == away for each in self._pages())

    def is_back(self) -> bool:
        return all(status == HTTPStatus.OK for status, _ in self._pages())


def start(whole: ExitStack, folder: Path) -> Walk:
    """All servers and people; whatever happens, `whole` ends them."""
    primary = whole.enter_context(postgres.cluster(servers.PRIMARY))
    replica = whole.enter_context(servers.replica_of(primary))
    environment = os.environ | {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": f"{primary.url}?pool=true",
        "DATABASE_REPLICA_URL": f"{replica.url}?pool=true",
        "SECRET_KEY": "only-for-tests-" * 4,
        "TRUST_PROXY": "on",
    }
    session = subprocess.run(
        [sys.executable, "-m", "tests.chaos.checker", "fill"],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    nodes = []
    for number in (1, 2):
        node = Node(environment, folder / f"node{number}.log")
        whole.callback(node.stop)
        node.start()
        nodes.append(node)
    port = whole.enter_context(servers.proxy(nodes, folder))
    until(lambda: ask(port, "/about/").status == HTTPStatus.OK)
    crowd = Crowd(port, session, environment)
    whole.callback(crowd.end)
    return Walk(primary, replica, nodes, crowd)


def main() -> int:
    if not postgres.programs() or not servers.nginx():
        print("Not walked: this wants nginx and PostgreSQL (Debian: nginx-light, postgresql).")
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything is ended, too
    began = time.monotonic()
    with ExitStack() as whole:
        folder = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix="ipr-nodes-")))
        walk = start(whole, folder)
        ready = time.monotonic() - began
        print(f"   two web nodes, nginx, a primary and a replica stand ({ready:.0f} s)")
        try:
            walk.quiet_day()
            walk.rolling_restart()
            walk.replica_stands_still()
            walk.replica_lost()
            walk.primary_lost()
        except AssertionError as error:
            walk.see(False, f"the walk went on: {error}")
        if walk.broken:
            for node in folder.glob("*.log"):
                print(f"== {node.name}", *node.read_text().splitlines()[-20:], sep="\n")
    took = time.monotonic() - began
    if walk.broken:
        print(f"{len(walk.broken)} did not hold, in {took:.0f} s.")
        return 1
    print(f"All of it holds, in {took:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
