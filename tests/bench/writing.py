"""Figures 10 and 13: approving, importing; and how many writers the record takes."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from .figures import Figure, Subject, costs
from .served import Line, Served, told_by

FORM = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": "a" * 32}


class Fields(HTMLParser):
    """What a browser would send of the forms of a page, untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []
        self.area, self.choice = "", ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "textarea":
            self.area = name
            self.told.append((name, ""))
        elif tag == "select":
            self.choice = name
        elif tag == "option" and "selected" in told:
            self.told.append((self.choice, told.get("value") or ""))
        elif tag == "input" and name and _is_sent(told):
            self.told.append((name, told.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            name, text = self.told[-1]
            self.told[-1] = (name, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def _is_sent(told: Mapping[str, str | None]) -> bool:
    kind = told.get("type")
    if kind in ("checkbox", "radio"):
        return "checked" in told
    return kind not in ("submit", "search", "file")


def approving(served: Served, drafts: Sequence[Sequence[Any]]) -> Subject:
    """A decision on one of the drafts after another."""
    waiting = list(drafts)

    def approve(line: Line) -> None:
        uid, version = waiting.pop()
        body = urlencode({"act": "approve", "seen_version": version, "note": ""}).encode()
        answer = line.send("POST", f"/desk/drafts/{uid}/review/", body, "reviewer", FORM)
        if answer.status != 302:
            raise RuntimeError(f"It was not approved: {answer.status}")

    return Subject(served, approve, 5)


def changing(served: Served) -> Subject:
    """A change of a measure in the administration, the form read once."""
    path = "/admin/measures/measure/7/change/"
    fields = Fields()
    fields.feed(served.line().get(path, "administrator").body.decode())
    told: dict[str, list[str]] = {}
    for name, value in fields.told:
        if name not in ("csrfmiddlewaretoken", "language") and not name.startswith("_"):
            told.setdefault(name, []).append(value)
    names = iter(range(10**6))

    def change(line: Line) -> None:
        number = next(names)
        # Each save adds one to it, and to read the form again would be measured as well.
        version = {"seen_version": int(told["seen_version"][0]) + number}
        body = urlencode(told | {"short": f"Short {number} of many"} | version, doseq=True).encode()
        answer = line.send("POST", path, body, "administrator", FORM)
        if answer.status != 302:
            raise RuntimeError("The administration did not take the change.")

    return Subject(served, change, 5)


def figures(small: Served, large: Served, drafts: Mapping[str, Any], rounds: int) -> list[Figure]:
    rounds = min(rounds, 4)
    cost = costs(
        {
            "approve": approving(large, drafts["large"]),
            "approve A": approving(small, drafts["A"]),
        },
        rounds,
    )
    try:
        change: float | None = costs({"change": changing(large)}, rounds)["change"]
    except (RuntimeError, KeyError) as error:
        print(f"The administration was not measured: {error}")
        change = None
    grown = cost["approve"] / cost["approve A"]
    against = cost["approve"] / change if change else None
    return [
        Figure("10", "approve vs an admin change, CPU", against, 1.2, 0.8),
        Figure("10", "approve, large vs A, CPU", grown, 1.5, 1.2),
    ]


def importing(environment: Mapping[str, str], rows: int) -> list[Figure]:
    told = json.loads(told_by(environment, "-m", "tests.bench.inside", "imports", str(rows)))
    ratio = told["ours"]["a_second"] / told["theirs"]["a_second"]
    return [
        Figure("13", f"import, dry run of {rows:,} rows vs import-export", ratio, 20, 60,
               is_least=True)
    ]  # fmt: skip


def writers(served: Served, seconds: float) -> dict[int, float]:
    """Notes a second that were acknowledged, by 1, 4 and 16 writers at once."""
    found = {}
    line = served.line()
    for _ in range(8):  # Both workers have come up.
        a_note(line)
    for number in (1, 4, 16):
        done: list[int] = []
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=_write, args=(served, until, done)) for _ in range(number)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found[number] = len(done) / seconds
    return found


def a_note(line: Line) -> None:
    uid = uuid4()
    body = urlencode({"uid": uid, "text": f"Note {uid}"}).encode()
    line.send("POST", "/measures/1.1/notes/", body, "analyst", FORM)


def _write(served: Served, until: float, done: list[int]) -> None:
    line = served.line()
    while time.monotonic() < until:
        a_note(line)
        done.append(1)
