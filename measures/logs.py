"""What goes to the log, and the name by which one request is found in it.

As JSON nothing of people is written: no names, no addresses, no secrets that stand in a link, and
of a fault its kind and its place, because the words of a fault repeat what was sent.
"""

import json
import logging
import re
import secrets
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# As proxies make them: UUIDs, hexadecimal numbers, ULIDs. What is not so is not repeated.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
# Behind these stands what lets somebody in.
SECRETS = re.compile(
    r"((?:/[a-z]{2})?/(?:account/invited|accounts/password/reset/key|accounts/confirm-email)/)"
    r"[^\s\"']+"
)
ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|\b\d{1,3}(?:\.\d{1,3}){3}\b")
MOST = 1000  # Characters of a message.
DEEPEST = 20  # Places of a fault, the innermost last.

_current: ContextVar[str] = ContextVar("request_id", default="")


def begin(given: str = "") -> str:
    """Name the request that this thread answers from now on: as given if well formed, else anew.

    Not undone at the end: files are still being written while they are sent.
    """
    name = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(16)
    _current.set(name)
    return name


def request_id() -> str:
    """The name of the request that is being answered; empty outside of any."""
    return _current.get()


def masked(words: str) -> str:
    """The words without e-mail and network addresses, and without what lets somebody in."""
    return ADDRESS.sub("…", SECRETS.sub(r"\1…", words))[:MOST]


class Line(logging.Formatter):
    """One line for people, with the name of its request at the end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        name = request_id()
        return super().formatMessage(record) + (f" (request {name})" if name else "")


class Json(logging.Formatter):
    """One object a line, in UTC; `extra={"told": {...}}` adds fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as JSON."""
        event: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if name := request_id():
            event["request"] = name
        event |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0]:
            event["error"] = record.exc_info[0].__name__
            event["places"] = _places(record.exc_info[2])
        return json.dumps(event, ensure_ascii=False, default=str)


def _places(trace: TracebackType | None) -> list[str]:
    found = traceback.extract_tb(trace)[-DEEPEST:]
    return [f"{each.filename}:{each.lineno} {each.name}" for each in found]
