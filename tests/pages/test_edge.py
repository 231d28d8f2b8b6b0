"""What cannot be meant is refused at the edge: by a page of ours, alike on both engines."""

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from measures import record
from measures.models import User
from measures.pages import edge
from tests.pages.reader import parse
from tests.world import World

pytestmark = pytest.mark.usefixtures("world", "quiet")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """The log of what these tests provoke is kept out of the report."""
    caplog.set_level(logging.CRITICAL, logger="django")


@pytest.fixture
def asker() -> Client:
    return Client(raise_request_exception=False)


def refused(response: Any, status: int) -> str:
    """The sentence of our own page, after what holds for each of them."""
    assert response.status_code == status, response.content[:300]
    shown = parse(response.content.decode())
    assert shown.one("h1").text == "This request cannot be read"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    return shown.one("main").text


def raw(client: Client, path: str = "/", query: str = "", **environ: Any) -> Any:
    """A request as it comes over the wire: nothing is quoted or mended on the way."""
    told = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET", **environ}
    return client.generic("GET", "/", **told)


@pytest.mark.parametrize("query", ["as_of=%00", "q=%ff%fe", "q=%ed%a0%80", "%c0%80=1", "q=%zz"])
def test_a_query_that_is_no_text_is_refused(query: str, asker: Client) -> None:
    for path in ("/", "/search/", "/admin/login/", "/accounts/login/"):
        assert "The query holds" in refused(raw(asker, path, query), 400)
    response = raw(asker, "/api/v1/measures", query)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "unreadable")


@pytest.mark.parametrize("path", ["/measures/\0/", "/evidence/\xff/", "/source/\xed\xa0\x80/"])
def test_a_path_that_is_no_text_is_refused(path: str, asker: Client) -> None:
    assert "The address holds" in refused(raw(asker, path), 400)


def test_an_endless_address_is_refused(asker: Client) -> None:
    for path, query in (("/" + "x" * 3000, ""), ("/", "a=" + "b" * 3000)):
        assert "longer than any page" in refused(raw(asker, path, query), 414)
        response = raw(asker, "/api/v1" + path, query)
        assert (response.status_code, response.json()["error"]["code"]) == (414, "too-long")


def test_a_long_question_is_refused_with_a_sentence(
    asker: Client, ada: User, signed_in: Callable[[User], Client]
) -> None:
    assert (
        "at most 100 characters"
        in parse(asker.get("/search/", {"q": "x" * 101}).content.decode()).one("main").text
    )
    client = signed_in(ada)
    assert client.get("/admin/measures/evidence/", {"q": "x" * 100}).status_code == 200
    response = client.get("/admin/measures/evidence/", {"q": "x" * 101})
    assert "these are 101" in refused(response, 400)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO", "get "])
def test_an_odd_method_is_refused(method: str, asker: Client) -> None:
    response = asker.generic(method, "/")
    assert "This method" in refused(response, 405)
    assert "GET" in response["Allow"]


def test_a_cookie_may_not_spell_a_nul(asker: Client) -> None:
    response = asker.get("/desk/", headers={"Cookie": r'sessionid="a\000b"'})
    assert "A cookie holds" in refused(response, 400)


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/", "/desk/evidence/"])
def test_a_form_with_a_nul_is_refused_whatever_part_it_is_in(
    path: str, ada: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(ada)
    before = record.head()
    for sent in ({"login": "a\0b"}, {"f": SimpleUploadedFile("f", b"x"), "a": "\0"}):
        assert "(NUL or a lone" in refused(client.post(path, sent), 400)
        body = "login=a%00b"
        assert "(NUL or a lone" in refused(client.post(path, body, content_type=FORM), 400)
    assert record.head() == before


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (f"{FORM}; charset=raw_unicode_escape", rb"login=\ud800", 415),
        (f"{FORM}; charset=utf-7", b"login=+AAA-", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Dis", 0),
        (FORM, b"a=1&" * 1001, 400),
        (FORM, b"a=" + b"b" * (2 * 2**20 + 1), 413),
        ("application/json", b"{", 0),
        ("\xff/\xff; ;;=", b"x", 0),
    ],
    ids=["escape", "utf-7", "no boundary", "cut", "fields", "large", "json", "strange"],
)
def test_a_body_is_read_or_refused(kind: str, body: bytes, status: int, asker: Client) -> None:
    response = asker.post("/accounts/login/", body, content_type=kind)
    if status:
        refused(response, status)
    assert response.status_code < 500


def test_a_body_larger_than_anything_is_refused_unread(asker: Client) -> None:
    response = asker.generic(
        "POST", "/desk/import/", BytesIO(b"x"), CONTENT_LENGTH=str(edge.LARGEST + 1)
    )
    assert "more than the tracker reads" in refused(response, 413)


DATES = ["0000-00-00", "0001-01-01", "9999-12-31", "2020-13-01", "+2020-01-01", "２０２０-01-01",
         "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2022-01-01T24:00:00Z",
         "2016-12-31T23:59:60Z", "2022-01-01T00:00:00+25:00", "1" * 400, "NaN", "-1"]  # fmt: skip


PERIODS = ("/compare/", "/brief/")
DATED = ("/", "/measures/", "/trend/", "/timeline/", *PERIODS)


@pytest.mark.parametrize(
    ("name", "paths"), [("as_of", DATED), ("known", DATED), ("from", PERIODS), ("to", PERIODS)]
)
def test_no_date_is_a_fault(name: str, paths: tuple[str, ...], asker: Client) -> None:
    for date in DATES:
        for path in paths:
            assert asker.get(path, {name: date}).status_code == 200, (path, date)
        response = asker.get("/api/v1/compare", {name: date})
        assert response.status_code in (200, 422), date


@pytest.mark.parametrize(
    "number", ["9" * 30, "-1", "0", "1e9", "٣", "３", "0x1", "NaN", "18446744073709551616", ""]
)
def test_no_number_is_a_fault(
    number: str, asker: Client, ada: User, signed_in: Callable[[User], Client]
) -> None:
    for name in ("page", "tier", "year"):
        for path in ("/evidence/", "/changes/", "/search/", "/timeline/"):
            assert asker.get(path, {name: number}).status_code == 200
    for name in ("limit", "tier", "year", "cursor"):
        assert asker.get("/api/v1/evidence", {name: number}).status_code in (200, 422)
    client = signed_in(ada)
    client.raise_request_exception = False
    for path in (
        f"/desk/citations/{number}/",
        f"/admin/measures/measure/{number}/change/",
        f"/admin/measures/recordentry/?object_id__exact={number}",
        f"/admin/measures/evidence/?p={number}",
        f"/admin/measures/evidence/?tier__exact={number}",
    ):
        assert client.get(path, follow=True).status_code < 500, path


def test_without_the_edge_a_nul_reaches_the_database(
    monkeypatch: pytest.MonkeyPatch, asker: Client, world: World
) -> None:
    """The control: one engine finds nothing, the other fails."""
    monkeypatch.setattr(edge, "_check_address", lambda request: None)
    found = asker.get("/evidence/%00/").status_code
    assert found == (404 if connection.vendor == "sqlite" else 500)
