"""A site on this machine: it answers as it is told, byte by byte, and notes what was asked."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Talk = Callable[[socket.socket], None]


def said(body: bytes = b"Here.", status: str = "200 OK", **headers: str) -> bytes:
    """An answer as it goes over the line."""
    told = {"Content-Type": "text/plain", "Content-Length": str(len(body))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def led(to: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return said(b"", status, Location=to)


class Site:
    """`pages` by path: an answer, or something that talks to the line itself; else 404."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.pages: dict[str, bytes | Talk] = {}
        self.asked: list[str] = []
        self.heads: list[str] = []
        self.listening = socket.create_server((host, 0))
        self.port: int = self.listening.getsockname()[1]
        self.threads = [threading.Thread(target=self._serve)]

    def __enter__(self) -> Self:
        self.threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for thread in self.threads:
            thread.join(10)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listening.accept()
                thread = threading.Thread(target=self._answer, args=(line,))
                self.threads.append(thread)
                thread.start()

    def _answer(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            line.settimeout(10)
            head = b""
            while b"\r\n\r\n" not in head and (more := line.recv(4096)):
                head += more
                if head.startswith(b"\x16"):  # A greeting in TLS, which is not spoken here.
                    break
            if not head.endswith(b"\r\n\r\n"):
                return
            path = head.split(b" ")[1].decode()
            self.heads.append(head.decode())
            self.asked.append(path)
            answer = self.pages.get(path, said(b"", "404 Not Found"))
            if callable(answer):
                answer(line)
            else:
                line.sendall(answer)


def for_ever(*pieces: bytes) -> Talk:
    """First the pieces but the last, then the last again and again until the caller hangs up."""

    def talk(line: socket.socket) -> None:
        for piece in pieces[:-1]:
            line.sendall(piece)
        while True:
            line.sendall(pieces[-1])

    return talk


def nothing(line: socket.socket) -> None:
    """Not a word until the caller hangs up."""
    line.recv(1)
