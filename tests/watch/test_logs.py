"""What a request leaves in the log: enough to find it again, and nothing of people."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from measures import logs, workflow
from measures.models import User
from tests.pages.reader import parse
from tests.world import World

NAME = "0af7651916cd43dd8448eb211c80319c"

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Any:
    """Everything that is written, as JSON, while the test runs."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logs.Json().format(record))

    handler, asked = Kept(), logging.getLogger("measures.requests")
    before = asked.level
    asked.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in lines]
    logging.getLogger().removeHandler(handler)
    asked.setLevel(before)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, world: World) -> Client:
    """A browser before which the progress page fails, with words that hold a name."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("Ana Canary, ana@example.org")

    monkeypatch.setattr("measures.pages.progress.trend", fail)
    return Client(raise_request_exception=False)


def test_each_answer_has_a_name_of_its_own(visitor: Client) -> None:
    names = {visitor.get(path)["X-Request-ID"] for path in ("/about/", "/about/", "/nowhere/")}
    assert len(names) == 3
    assert all(logs.WELL_FORMED.fullmatch(name) for name in names)


def test_only_a_trusted_proxy_names_a_request(visitor: Client, settings: Any) -> None:
    asked = {"X-Request-ID": NAME}
    assert visitor.get("/about/", headers=asked)["X-Request-ID"] != NAME
    settings.TRUST_PROXY = True
    assert visitor.get("/about/", headers=asked)["X-Request-ID"] == NAME


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "two words", 'x","level":"x', "名字名字名字名字", "-a-b-c-d-e"]
)
def test_a_name_that_is_none_is_not_repeated(given: str, visitor: Client, settings: Any) -> None:
    settings.TRUST_PROXY = True
    name = visitor.get("/about/", headers={"X-Request-ID": given})["X-Request-ID"]
    assert name != given
    assert logs.WELL_FORMED.fullmatch(name)


def test_a_request_is_told_in_one_object(told: Any, visitor: Client, world: World) -> None:
    response = visitor.get("/measures/?q=a+secret+question&status=partial")
    (line,) = [each for each in told() if each["logger"] == "measures.requests"]
    assert line["request"] == response["X-Request-ID"]
    assert (line["method"], line["path"], line["route"]) == ("GET", "/measures/", "measure-list")
    assert (line["status"], line["level"]) == (200, "info")
    assert line["ms"] > 0
    assert "secret" not in json.dumps(line)


def test_a_fault_is_found_by_the_name_on_its_page(told: Any, failing: Client) -> None:
    response = failing.get("/")
    name = response["X-Request-ID"]
    assert name in parse(response.content.decode()).one("main").text
    (fault,) = [each for each in told() if "error" in each]
    assert (fault["request"], fault["error"]) == (name, "RuntimeError")
    assert fault["places"][-1].endswith(" fail")
    # The words of a fault repeat what was sent, so they stay out.
    assert "Ana" not in json.dumps(told())


def test_nothing_of_people_is_in_the_log(
    told: Any, ada: User, signed_in: Callable[[User], Client], world: World
) -> None:
    client = signed_in(ada)
    client.defaults["REMOTE_ADDR"] = "198.51.100.23"
    client.defaults["HTTP_USER_AGENT"] = "agent-canary"
    link = workflow.link_of(
        workflow.invite(by=ada, uid=world.ana.opaque_id, email="new@example.org", roles=[])
    )
    assert client.get("/account/").status_code == 200
    Client().get(f"/account/invited/{link}/")
    Client().get(f"/zh/account/invited/{link}/x/")
    Client().post("/accounts/login/", {"login": "ada", "password": "wrong-password"})
    Client().get("/measures/?q=ada@example.org")
    Client().get("/somebody@example.org/")
    written = json.dumps(told())
    for word in ("ada", "Ada", "example.org", "198.51.100.23", "canary", link, "wrong-password"):
        # As a word: the names of requests are hexadecimal, and so might be hers.
        assert not re.search(rf"\b{re.escape(word)}\b", written), word
    assert "/account/invited/…" in json.dumps(told(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("/account/invited/abc:def/", "/account/invited/…"),
        ("/zh/accounts/password/reset/key/1-set/", "/zh/accounts/password/reset/key/…"),
        ("mail to a.b@example.org failed", "mail to … failed"),
        ("from 192.0.2.7, port 80", "from …, port 80"),
        ("/measures/1.1/", "/measures/1.1/"),
    ],
)
def test_what_lets_in_and_what_names_is_masked(words: str, shown: str) -> None:
    assert logs.masked(words) == shown


@pytest.mark.parametrize(("form", "first"), [("json", "{"), ("line", "2")])
def test_the_environment_chooses_the_form(form: str, first: str) -> None:
    started = in_a_shell("logging.getLogger('x').warning('Said.')", LOG_FORMAT=form)
    line = started.stderr.strip()
    assert line.startswith(first)
    assert form == "line" or json.loads(line)["message"] == "Said."


def test_a_form_that_is_none_stops_the_start() -> None:
    started = in_a_shell("pass", LOG_FORMAT="xml")
    assert started.returncode != 0
    assert "LOG_FORMAT is 'xml'; write line or json." in started.stderr


def in_a_shell(code: str, **environment: str) -> Any:
    return subprocess.run(
        [sys.executable, "-c", f"import django, logging; django.setup(); {code}"],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ipr_tracker.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
