"""When a page cannot be shown: a sentence of our own, nothing of the machine, nothing changed."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from measures import record
from measures.models import User
from tests.pages.reader import Node, inline_code, parse

READING = (
    "/",
    "/measures/",
    "/measures/1.1/",
    "/themes/design/",
    "/bodies/patent-office/",
    "/trend/",
    "/evidence/",
    "/evidence/outline/",
    "/source/",
    "/source/speech-2020/",
    "/changes/",
    "/method/",
)


def sorry(response: Any, status: int) -> Node:
    """The page of an error, after what must hold for each of them."""
    assert response.status_code == status
    shown = parse(response.content.decode())
    assert len(shown.all("h1")) == 1
    assert shown.one("title").text == f"{shown.one('h1').text} · IPR Tracker"
    assert inline_code(shown) == []
    for word in ("Traceback", "Exception", "DEBUG", "measures.", "/site-packages/", "urlconf"):
        assert word not in shown.text
    assert shown.one("main").links()["To the progress page"] == "/"
    return shown


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """The log of what these tests provoke is kept out of the report."""
    caplog.set_level(logging.CRITICAL, logger="django")


pytestmark = pytest.mark.usefixtures("world", "quiet")


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/measures/9.9/",
        "/evidence/x/",
        "/s/x/",
        "/%E8%A7%84%E5%88%92/",
        "/wp-login.php",
    ],
)
def test_what_is_not_there_is_said_in_words(path: str, visitor: Client) -> None:
    response = visitor.get(path)
    assert sorry(response, 404).one("h1").text == "There is no such page"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_missing_stroke_is_added(visitor: Client) -> None:
    response = visitor.get("/measures/1.1")
    assert (response.status_code, response["Location"]) == (301, "/measures/1.1/")


def test_what_is_not_allowed_is_said_in_words(
    mei: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(mei)
    mei.is_staff = True
    mei.save()
    response = client.get("/admin/measures/user/")
    assert sorry(response, 403).one("h1").text == "This is not open to you"


def test_a_form_without_its_token_is_refused_in_words(visitor: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "mei", "password": "mei"})
    assert sorry(response, 403).one("h1").text == "The form has expired"


@pytest.mark.parametrize("path", ["/", "/measures/1.1/", "/changes/"])
def test_a_fault_of_ours_is_admitted_without_its_details(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the secret of the machine")

    client = Client(raise_request_exception=False)
    assert client.get(path).status_code == 200
    for room in ("progress.trend", "measures.story", "changes.page_of"):
        monkeypatch.setattr(f"measures.pages.{room}", fail)
    response = client.get(path)
    assert sorry(response, 500).one("h1").text == "Something went wrong on our side"
    assert b"secret" not in response.content
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_request_for_another_host_is_refused_in_words(visitor: Client) -> None:
    response = visitor.get("/", headers={"Host": "evil.example.org"})
    assert sorry(response, 400).one("h1").text == "This request cannot be read"


@pytest.mark.parametrize(
    "path", ["/measures/1.1%00/", "/evidence/%00/", "/measures/?theme=%00", "/changes/?%00=1"]
)
def test_what_no_database_can_look_up_is_refused_in_words(path: str, visitor: Client) -> None:
    assert sorry(visitor.get(path), 400).one("h1").text == "This request cannot be read"


def test_a_reading_page_changes_nothing_however_it_is_asked(visitor: Client) -> None:
    before = record.head()
    told = {"title": "Mine", "status": "dropped", "version": "1", "_method": "DELETE"}
    for path in READING:
        for ask in (visitor.post, visitor.put, visitor.patch, visitor.delete):
            assert ask(path, told).status_code in (200, 302, 405), path
        assert Client(enforce_csrf_checks=True).post(path, told).status_code == 403, path
    assert record.head() == before
    assert record.verify().broken is None


def test_a_reading_page_answers_head_without_a_body(visitor: Client) -> None:
    for path in READING:
        response = visitor.head(path)
        assert response.status_code in (200, 302), path
        assert response.content == b"", path


@pytest.mark.parametrize("asked", ["?page[]=1&x=%7f", "?" + "a=1&" * 500, "?=&&=?"])
def test_no_address_is_too_strange(asked: str, visitor: Client) -> None:
    for path in READING:
        assert visitor.get(path + asked).status_code in (200, 302), path
