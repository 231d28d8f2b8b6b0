"""Applications as they run in earnest, and what their processes cost: read from /proc."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).parents[2]
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # Milliseconds.
# As `make run` starts it.
SERVER = (
    "--worker-class=gthread", "-w", "2", "--threads=4", "--no-control-socket",
    "--forwarded-allow-ips=", "--log-level=critical",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its size as it travelled, and the milliseconds to its first byte and last."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    first: float
    took: float


@dataclass
class Served:
    """One application behind gunicorn; `beside` are processes that work for it, as PostgreSQL's."""

    pid: int
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    beside: tuple[int, ...] = ()

    def cpu(self) -> float:
        """Milliseconds of processor that all of its processes have used so far."""
        return sum(_cpu(pid) for top in (self.pid, *self.beside) for pid in tree(top))

    def memory(self) -> float:
        """Megabytes that the largest worker holds."""
        return max(_megabytes(pid, "VmRSS") for pid in tree(self.pid)[1:])

    def highest(self) -> float:
        """Megabytes that the largest worker ever held."""
        return max(_megabytes(pid, "VmHWM") for pid in tree(self.pid)[1:])

    def line(self) -> "Line":
        return Line(self)


class Line:
    """A connection that stays open, as a browser's."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.http = http.client.HTTPConnection("127.0.0.1", served.port, timeout=600)

    def get(self, path: str, who: str = "analyst", **headers: str) -> Answer:
        return self.send("GET", path, None, who, headers)

    def send(
        self, how: str, path: str, body: bytes | None, who: str, headers: Mapping[str, str]
    ) -> Answer:
        told = dict(headers)
        if cookie := self.served.cookies.get(who):  # "nobody" has none
            told["Cookie"] = cookie
        began = time.perf_counter()
        try:
            self.http.request(how, path, body, told)
            answer = self.http.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes what was silent for two seconds, before it has read anything more.
            self.http.close()
            self.http.request(how, path, body, told)
            answer = self.http.getresponse()
        piece = answer.read(1)
        first = (time.perf_counter() - began) * 1000
        content = piece + answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{how} {path}: {answer.status} {content[:300]!r}")
        if "/accounts/login/" in answer.headers.get("Location", ""):
            raise RuntimeError(f"{how} {path}: {who} is not signed in")
        return Answer(answer.status, dict(answer.headers), content, first, took)


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [pid, *(each for child in told.split() for each in tree(int(child)))]


def _cpu(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    # Of itself, and of children that have ended.
    return sum(int(each) for each in told[11:15]) * TICK


def _megabytes(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


@contextmanager
def serving(
    application: str, environment: Mapping[str, str], beside: tuple[int, ...] = ()
) -> Iterator[Served]:
    """The application, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        command = [sys.executable, "-m", "gunicorn", application, f"--bind=fd://{door.fileno()}"]
        with subprocess.Popen(
            [*command, *SERVER], cwd=ROOT, env=environment, pass_fds=[door.fileno()]
        ) as process:
            try:
                yield Served(process.pid, door.getsockname()[1], beside=beside)
            finally:
                process.terminate()


def told_by(environment: Mapping[str, str], *command: str) -> str:
    """What a program says that runs beside the server, on the same register."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    return done.stdout
