"""The tracker as it runs in earnest, for this machine only, and people who write through it."""

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings

CSRF = "a" * 32
PATIENCE = 60.0  # Seconds; a machine may be busy, and no test waits for less than what happens.
MOMENT = 0.01


def until(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    never = threading.Event()
    for _ in range(int(PATIENCE / MOMENT)):
        if holds():
            return
        never.wait(MOMENT)
    raise AssertionError("It did not happen in a minute.")


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


class Site:
    """A gunicorn with two workers, and what was acknowledged through it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": url,
            "SECRET_KEY": "only-for-tests-" * 4,
        }
        self.session = self._python("-m", "tests.chaos.checker", "fill").communicate()[0].strip()
        self.checker = self._python("-m", "tests.chaos.checker")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.gunicorn = self._python(
            *("-m", "gunicorn", "ipr_tracker.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--worker-class", "gthread", "-w", "2", "--threads", "4", "--preload"),
            *("--no-control-socket", "--log-level", "critical"),
        )
        self.acknowledged: list[tuple[str, str]] = []
        self.refused = 0
        self.enough = threading.Event()

    def _python(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words],
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    @property
    def workers(self) -> list[int]:
        return children(self.gunicorn.pid)

    def check(self, *invented: tuple[str, str]) -> dict[str, Any]:
        """What is wrong with what is there; see `checker`. `invented` were never written."""
        assert self.checker.stdin
        assert self.checker.stdout
        self.checker.stdin.write(json.dumps([*self.acknowledged, *invented]) + "\n")
        self.checker.stdin.flush()
        line = self.checker.stdout.readline()
        assert line, "The checker died."
        found: dict[str, Any] = json.loads(line)
        return found

    def write(self, made: Callable[[], tuple[tuple[str, str], str, bytes, str]]) -> None:
        """Write again and again, and keep what was acknowledged."""
        while not self.enough.is_set():
            name, path, body, kind = made()
            try:
                answered = self._post(path, body, kind)
            except (OSError, http.client.HTTPException):
                answered = 0
            if answered == HTTPStatus.FOUND:
                self.acknowledged.append(name)
            else:
                self.refused += 1
                self.enough.wait(MOMENT)

    def end(self) -> None:
        """Leave no process behind."""
        self.checker.kill()
        self.checker.communicate()
        self.gunicorn.terminate()
        try:
            self.gunicorn.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in (self.gunicorn.pid, *self.workers):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.gunicorn.communicate()

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of a page, as a visitor gets it; 0 where nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, dict(answer.headers), answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, {}, ""
        finally:
            line.close()

    def _post(self, path: str, body: bytes, kind: str) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(
                "POST",
                path,
                body,
                {
                    "Content-Type": kind,
                    "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
                    "X-CSRFToken": CSRF,
                },
            )
            return line.getresponse().status
        finally:
            line.close()


def a_note() -> tuple[tuple[str, str], str, bytes, str]:
    uid = str(uuid4())
    body = urlencode({"uid": uid, "text": f"Note {uid}"}).encode()
    return ("note", uid), "/measures/1.1/notes/", body, "application/x-www-form-urlencoded"


def a_copy() -> tuple[tuple[str, str], str, bytes, str]:
    content = f"Copy {uuid4()}".encode() * 100
    part = b'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    body = b"--edge\r\n" + part + content + b"\r\n--edge--\r\n"
    name = ("copy", hashlib.sha256(content).hexdigest())
    return name, "/desk/evidence/outline/files/", body, "multipart/form-data; boundary=edge"


@contextmanager
def written_to(folder: Path, url: str) -> Iterator[Site]:
    """The site with three people who write to it all the time."""
    site = Site(folder, url)
    threads = [
        threading.Thread(target=site.write, args=(made,), daemon=True)
        for made in (a_note, a_note, a_copy)
    ]
    try:
        for thread in threads:
            thread.start()
        until(lambda: len(site.acknowledged) > 0)
        site.refused = 0  # Until now the door was not open yet.
        yield site
    finally:
        site.enough.set()
        site.end()
        for thread in threads:
            thread.join(PATIENCE)
