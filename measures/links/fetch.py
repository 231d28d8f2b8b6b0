"""One page from one address, within limits of time and size, wherever redirects lead."""

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urldefrag, urljoin

from .guard import KEPT, Guard, Target

REDIRECTS = frozenset({301, 302, 303, 307, 308})
ZIPPED = frozenset({"gzip", "x-gzip", "deflate"})
CHUNK = 64 * 1024


class Failed(Exception):
    """No answer, or none that can be read, in a sentence."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much: seconds for all of a page with its redirects, and bytes."""

    seconds: float = 60
    silence: float = 20
    body: int = 20 * 1024 * 1024
    head: int = 64 * 1024
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: `body` is unpacked; not `is_whole` where a limit cut it off, or it broke off.

    `charset` is what the site says of it, empty where it says nothing.
    """

    status: int
    address: str
    kind: str
    body: bytes = field(repr=False)
    is_whole: bool = True
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request says beside its address; `headers` come on top of those of every request."""

    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Goes out, by the rules of the guard and within the limits. `clock` counts seconds.

    `before` is asked before each request, with its target and its address: it may wait, or raise
    Refused.
    """

    agent: str
    guard: Guard = field(default_factory=Guard)
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.monotonic

    def get(self, address: str, before: Callable[[Target, str], None] | None = None) -> Answer:
        """The page at this address; raises Refused or Failed."""
        deadline = Deadline(self.limits.seconds, self.clock)
        for _ in range(self.limits.redirects + 1):
            target = self._judged(address)
            if before:
                with deadline.stopped():
                    before(target, address)
            answer, leads_to = self._asked(target, address, deadline, Asking())
            if leads_to is None:
                return answer
            address = urldefrag(urljoin(address, leads_to)).url
        raise Failed(f"More than {self.limits.redirects} redirects follow each other.")

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What comes of handing this over; a redirect is an answer and is not followed.

        Raises Refused or Failed.
        """
        target = self._judged(address)
        deadline = Deadline(self.limits.seconds, self.clock)
        answer, _ = self._asked(target, address, deadline, Asking("POST", body, headers))
        return answer

    def _judged(self, address: str) -> Target:
        try:
            return self.guard.judged(address)
        except OSError as error:
            raise Failed("The name of the site is not known.") from error

    def _asked(
        self, target: Target, address: str, deadline: "Deadline", asking: Asking
    ) -> tuple[Answer, str | None]:
        """One request: its answer, and where it redirects to."""
        try:
            with self._connected(target, deadline) as line:
                response = self._response(line, target, asking)
                kind = response.headers.get_content_type()
                leads_to = response.headers.get("Location", "").strip()
                if response.status in REDIRECTS and leads_to:
                    return Answer(response.status, address, kind, b""), _readable(leads_to)
                body, is_whole = self._read(response)
                charset = response.headers.get_content_charset("")
                return Answer(response.status, address, kind, body, is_whole, charset), None
        except TimeoutError as error:
            raise Failed("The site did not answer in time.") from error
        except ssl.SSLError as error:
            raise Failed(f"No safe connection: {error.reason or 'it broke off'}.") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            # What the site itself wrote is not repeated.
            told = (isinstance(error, OSError) and error.strerror) or type(error).__name__
            raise Failed(f"The connection failed: {told}.") from error

    def _connected(self, target: Target, deadline: "Deadline") -> "Line":
        """A line to the first of the judged addresses that takes one. Nothing is resolved here."""
        refusal: OSError = OSError("no address")
        for address in target.addresses:
            try:
                sock = socket.create_connection((address, target.port), self._patience(deadline))
            except OSError as error:
                refusal = error
                continue
            try:
                if target.scheme == "https":
                    sock.settimeout(self._patience(deadline))
                    context = ssl.create_default_context()
                    sock = context.wrap_socket(sock, server_hostname=target.host)
            except BaseException:
                sock.close()
                raise
            return Line(sock, lambda: self._patience(deadline), self.limits.head)
        raise refusal

    def _patience(self, deadline: "Deadline") -> float:
        """How long the next step may take; raises TimeoutError where no time is left."""
        return min(self.limits.silence, deadline.left())

    def _response(self, line: "Line", target: Target, asking: Asking) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(target.site.partition("//")[2])
        connection.sock = line  # It does what is asked of a socket here.
        connection.request(
            asking.method,
            target.path,
            asking.body,
            headers={
                "User-Agent": self.agent,
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                "Accept-Language": "zh, en",
                "Connection": "close",
                **asking.headers,
            },
        )
        response = connection.getresponse()
        line.left = self.limits.body + CHUNK
        return response

    def _read(self, response: http.client.HTTPResponse) -> tuple[bytes, bool]:
        """The body, unpacked, and whether it is all of it."""
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        unpack = zlib.decompressobj(47 if "gzip" in coding else 15) if coding in ZIPPED else None
        body = bytearray()
        try:
            while chunk := response.read1(CHUNK):
                room = self.limits.body + 1 - len(body)
                # The unpacker stops at the room that is left: a bomb does not go off.
                body += unpack.decompress(chunk, room) if unpack else chunk
                if len(body) > self.limits.body:
                    return bytes(body[: self.limits.body]), False
        except (OSError, http.client.HTTPException, zlib.error):
            return bytes(body), False
        is_whole = not response.length and (unpack is None or unpack.eof)
        return bytes(body), is_whole and coding in ZIPPED | {"identity", ""}


class Deadline:
    """A moment after which there is no more time, put off while it is stopped."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.clock, self.end = clock, clock() + seconds

    def left(self) -> float:
        """The seconds that are left; raises TimeoutError where there are none."""
        left = self.end - self.clock()
        if left <= 0:
            raise TimeoutError
        return left

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time that does not count: that in which we ourselves wait."""
        begun = self.clock()
        try:
            yield
        finally:
            self.end += self.clock() - begun


class Line:
    """A socket that counts what comes in, and before each step asks how long it may take.

    A site that sends a byte now and then would otherwise never run out of time. It is as much of
    a socket as http.client needs; `left` is how many bytes it may still bring.
    """

    def __init__(self, sock: socket.socket, patience: Callable[[], float], left: int) -> None:
        self.sock, self.patience, self.left = sock, patience, left

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self.sock.settimeout(self.patience())
        self.sock.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        """What the answer is read from."""
        return io.BufferedReader(_Incoming(self), CHUNK)

    def close(self) -> None:
        """Nothing: http.client closes its side before the body is read."""


class _Incoming(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        line = self.line
        line.sock.settimeout(line.patience())
        if line.left <= 0:
            raise OSError("it sent more than is read")
        number = line.sock.recv_into(buffer, min(len(buffer), line.left))
        line.left -= number
        return number


def _readable(leads_to: str) -> str:
    """The address of a redirect, which http.client takes for Latin-1 and some sites write bare."""
    return quote(leads_to.encode("latin-1", "replace"), safe=f"{KEPT}#\\")
