"""People at several web nodes: some read, one writes and looks for what they wrote."""

import http.client
import json
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.chaos.site import CSRF, MOMENT, PATIENCE
from tests.nodes.servers import ROOT

PATHS = (
    "/",
    "/measures/",
    "/measures/1.1/",
    "/changes/",
    "/zh/",
    "/api/v1/measures",
    "/embed/ladder.svg",
)
MEASURE = "/measures/1.1/"
NOBODY = 0  # in the place of a status: no answer came


@dataclass
class Answer:
    """What came back: a status, headers, a body and the cookies that it set."""

    status: int = NOBODY
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    cookies: str = ""


def ask(port: int, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request(method, path, body.encode() or None, headers)
        told = line.getresponse()
        set_by_it = [each.partition(";")[0] for each in told.headers.get_all("Set-Cookie", [])]
        text = told.read().decode()
        return Answer(told.status, dict(told.headers), text, "; ".join(set_by_it))
    except (OSError, http.client.HTTPException):
        return Answer()
    finally:
        line.close()


class Crowd:
    """Everybody at once, all the time, and what each of them was answered."""

    def __init__(self, port: int, session: str, environment: dict[str, str]) -> None:
        self.port, self.session = port, session
        self.answered: Counter[int] = Counter()
        self.acknowledged: list[tuple[str, str]] = []
        self.not_seen: list[str] = []
        self.enough = threading.Event()
        self.checker = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.checker"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        readers = [threading.Thread(target=self._read, args=(n,), daemon=True) for n in range(3)]
        self._threads = [*readers, threading.Thread(target=self._write, daemon=True)]
        for each in self._threads:
            each.start()

    def _read(self, first: int) -> None:
        while not self.enough.is_set():
            first += 1
            self.answered[ask(self.port, PATHS[first % len(PATHS)]).status] += 1

    def _write(self) -> None:
        """Write, then look: whoever was told that it is kept finds it on the page."""
        while not self.enough.is_set():
            uid = str(uuid4())
            told = self._note(uid)
            self.answered[told.status] += 1
            if told.status != HTTPStatus.FOUND:
                self.enough.wait(MOMENT)
                continue
            self.acknowledged.append(("note", uid))
            page = ask(self.port, MEASURE, Cookie=f"sessionid={self.session}; {told.cookies}")
            self.answered[page.status] += 1
            if page.status == HTTPStatus.OK and uid not in page.body:
                self.not_seen.append(uid)
            self.enough.wait(0.1)  # A page with thousands of notes would be all that is measured.

    def _note(self, uid: str) -> Answer:
        return ask(
            self.port,
            f"{MEASURE}notes/",
            "POST",
            urlencode({"uid": uid, "text": f"Note {uid}"}),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
                "X-CSRFToken": CSRF,
            },
        )

    def begin(self) -> None:
        """Count anew."""
        self.answered = Counter()
        self.not_seen = []

    @property
    def failed(self) -> int:
        """Requests that were answered by nobody, or with a fault."""
        too_bad = HTTPStatus.INTERNAL_SERVER_ERROR
        return sum(
            n for status, n in self.answered.items() if status == NOBODY or status >= too_bad
        )

    def told(self) -> str:
        """Every status with how often it came."""
        each = sorted(self.answered.items())
        return ", ".join(f"{number} x {status or 'nobody'}" for status, number in each)

    def check(self) -> dict[str, Any]:
        """Whether every acknowledged write is there and the record whole; see the checker."""
        assert self.checker.stdin
        assert self.checker.stdout
        self.checker.stdin.write(json.dumps(self.acknowledged) + "\n")
        self.checker.stdin.flush()
        found: dict[str, Any] = json.loads(self.checker.stdout.readline())
        return found

    def end(self) -> None:
        self.enough.set()
        for each in self._threads:
            each.join(PATIENCE)
        self.checker.kill()
        self.checker.communicate()
