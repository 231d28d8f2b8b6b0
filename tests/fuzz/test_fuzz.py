"""Generated requests, as many as FUZZ says: none is a fault of the server's.

The seed is printed with each failure; FUZZ_SEED makes the same requests again, FUZZ_ONLY one of
them. Each is undone before the next, so that one alone does what it did among the others.
"""

import logging
import os
import secrets
from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from measures import workflow
from measures.models import Source, User
from tests.api.program import Program
from tests.fuzz.requests import Maker, Request
from tests.pages.conftest import second_source
from tests.world import World

__all__ = ["second_source"]

NUMBER = int(os.environ.get("FUZZ", "1000"))
SEED = os.environ.get("FUZZ_SEED") or secrets.token_hex(4)
ONLY = os.environ.get("FUZZ_ONLY")
SHOWN = 20  # Faults, of however many.
FAULT = HTTPStatus.INTERNAL_SERVER_ERROR


class Log(logging.Handler):
    """What the server itself calls an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.security"):  # A refusal, such as of a host.
            self.lines.append(self.format(record)[-3000:])


@pytest.fixture
def log() -> Iterator[Log]:
    handler, loggers = Log(), [logging.getLogger(name) for name in ("django", "measures")]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.ERROR)
        each.propagate = False
    yield handler
    for each, level in zip(loggers, levels, strict=True):
        each.removeHandler(handler)
        each.setLevel(level)
        each.propagate = True


class Posted(HTMLParser):
    """What the forms of a page would post."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str, bool]] = []
        self.select = self.area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in told:
            self.fields.append((self.select, value, False))
        elif tag == "textarea" and name:
            self.area = name
        elif tag in ("input", "button") and name:
            unticked = told.get("type") in ("checkbox", "radio") and "checked" not in told
            if not unticked:
                self.fields.append((name, value, told.get("type") == "file"))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields.append((self.area, data, False))
            self.area = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.fields.append((self.area, "", False))
            self.area = ""


class Tracker:
    """The tracker, and who asks it; every request is undone."""

    def __init__(self, people: dict[str, User], programs: dict[str, Program]) -> None:
        self.cookies = {name: self._session(person) for name, person in people.items()}
        self.secrets = {name: program.secret for name, program in programs.items()}
        self.roles = ["visitor", *self.cookies, *self.secrets]
        self.known: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}

    @staticmethod
    def _session(person: User) -> str:
        client = Client()
        client.force_login(person)
        return client.cookies[django_settings.SESSION_COOKIE_NAME].value

    def answer(self, request: Request) -> Any:
        client = Client(raise_request_exception=False)
        headers = dict(request.headers)
        if request.role in self.cookies:
            own = f"{django_settings.SESSION_COOKIE_NAME}={self.cookies[request.role]}"
            headers["Cookie"] = "; ".join(filter(None, (own, headers.get("Cookie", ""))))
        elif request.role in self.secrets:
            headers.setdefault("Authorization", f"Bearer {self.secrets[request.role]}")
        environ = {f"HTTP_{name.upper().replace('-', '_')}": v for name, v in headers.items()}
        if length := environ.pop("HTTP_CONTENT_LENGTH", ""):
            environ["CONTENT_LENGTH"] = length
        environ["PATH_INFO"] = unquote_to_bytes(request.path).decode("latin-1")
        environ["QUERY_STRING"] = request.query
        with transaction.atomic():
            answer = client.generic(request.method, "/", request.body, request.kind, **environ)
            if answer.streaming:
                b"".join(answer.streaming_content)
            if answer.status_code < FAULT and request.method not in ("GET", "HEAD", "OPTIONS"):
                connection.check_constraints()
            transaction.set_rollback(True)
        return answer

    def form(self, role: str, path: str) -> list[tuple[str, str, bool]]:
        """What the page of that address would post."""
        if (role, path) not in self.known:
            answer = self.answer(Request(-1, role, "GET", path))
            html = "html" in answer.get("Content-Type", "") and not answer.streaming
            self.known[role, path] = Posted(answer.content.decode()).fields if html else []
        return self.known[role, path]


@pytest.fixture
def tracker(
    world: World, second_source: Source, mei: User, ada: User, settings: Any, tmp_path: Path
) -> Tracker:
    settings.FILES_DIR = tmp_path / "files"
    people = {"analyst": world.ana, "reviewer": world.rui, "manager": mei, "administrator": ada}
    keys = {"reads": (mei, "read"), "writes": (world.ana, "write"), "decides": (world.rui, "write")}
    programs = {name: Program(person, scope) for name, (person, scope) in keys.items()}
    return Tracker(people, programs)


@pytest.fixture
def rows(tracker: Tracker, world: World, ada: User) -> dict[str, list[str]]:
    """What there is, by the name under which an address asks for it."""
    begun = workflow.begin(world.plan, by=world.ana, uid=uuid4())
    world.draft(world.rulings)
    workflow.note(world.plan, by=world.rui, uid=uuid4(), text="@ana, look.")
    workflow.save_view(by=world.ana, name="Mine", place="measure-list", query="status=partial")
    invitation = workflow.invite(by=ada, uid=uuid4(), email="new@example.org", roles=[])
    assert invitation
    client = Client()
    client.force_login(world.ana)
    sent = SimpleUploadedFile("a.txt", b"A copy.")
    assert client.post("/desk/evidence/outline/files/", {"file": sent}).status_code == 302
    found: dict[str, list[str]] = {}
    # In the order in which they were made, so that a seed finds the same ones in every run.
    for model in apps.get_app_config("measures").get_models():
        for name in ("pk", "uid", "sha256", "slug", "key", "code"):
            if hasattr(model, name):
                values = model._base_manager.order_by("pk").values_list(name, flat=True)[:20]
                found.setdefault(name, []).extend(str(each) for each in values)
    found["id"] = found["object_id"] = found["content_type_id"] = found["pk"]
    found["source"] = list(found["slug"])
    found["kind"] = ["csv", "json", "xlsx", "svg", "png", "jsonl"]
    found["form"] = ["bib", "ris", "json", "csl"]
    found["slug"] += found["form"]
    found["link"] = [workflow.link_of(invitation)]
    found["app_label"] = ["measures", "auth", "axes"]
    found["name"] = ["base.css", "x"]
    found["any"] = ["x", str(begun.uid)]
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def test_no_request_is_a_fault_of_the_server(
    tracker: Tracker, rows: dict[str, list[str]], log: Log
) -> None:
    maker = Maker(SEED, tracker.roles, rows, tracker.form)
    answered: dict[int, int] = {}
    faults: list[str] = []
    for number in [int(ONLY)] if ONLY else range(NUMBER):
        request = maker.make(number)
        status = tracker.answer(request).status_code
        answered[status] = answered.get(status, 0) + 1
        if status >= FAULT or log.lines:
            said = "\n".join(log.lines)
            faults.append(f"FUZZ_SEED={SEED} FUZZ_ONLY={number}: {status} for {request}\n{said}")
            log.lines.clear()
    print(f"{NUMBER} requests, seed {SEED}: {dict(sorted(answered.items()))}")
    if faults:
        pytest.fail(f"{len(faults)} faults:\n" + "\n\n".join(faults[:SHOWN]), pytrace=False)
    assert ONLY or len(answered) > 5, "They all end alike: nothing got past the first door."


def test_a_fault_would_be_noticed(
    tracker: Tracker, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""

    def broken(*args: Any, **told: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("measures.models.Evidence.objects", broken)
    assert tracker.answer(Request(0, "visitor", "GET", "/evidence/")).status_code == FAULT
    assert "/evidence/" in "".join(log.lines)
