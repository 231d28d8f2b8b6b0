"""What a visitor's browser keeps of a page, how it learns that it is still so, and of nobody else.

The pages are drawn by the tracker as it runs; see tests/api/test_etags.py for what programs ask.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import record, workflow
from measures.models import LinkCheck, User
from measures.pages import keeping
from measures.pages.staying import USED
from tests.permissions.cast import canary
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")

PAGES = (
    "/",
    "/measures/",
    "/measures/1.1/",
    "/measures/1.1/history/",
    "/compare/",
    "/timeline/",
    "/trend/",
    "/trend.svg",
    "/themes/design/",
    "/bodies/patent-office/",
    "/brief/",
    "/evidence/",
    "/evidence/outline/",
    "/evidence/outline/history/",
    "/search/?q=the",
    "/source/speech-2020/",
    "/changes/",
    "/method/",
    "/about/",
    "/help/",
    "/help/reading/",
    "/data/",
    "/data/api/",
    "/zh/measures/1.1/",
)
PAGE = "/measures/1.1/"


def again(client: Client, tag: str, page: str = PAGE, **headers: str) -> Any:
    return client.get(page, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_still_so_is_answered_before_any_work(page: str, visitor: Client) -> None:
    first = visitor.get(page)
    assert first.status_code == HTTPStatus.OK
    assert first["Cache-Control"] == "no-cache"
    assert {"Accept-Language", "Cookie", "HX-Request"} <= set(first["Vary"].split(", "))
    with CaptureQueriesContext(connection) as asked:
        second = again(visitor, first["ETag"], page)
    assert (second.status_code, second.content) == (HTTPStatus.NOT_MODIFIED, b"")
    for name in ("ETag", "Cache-Control"):
        assert second[name] == first[name]
    assert set(second["Vary"].split(", ")) >= set(first["Vary"].split(", "))
    (query,) = [each["sql"] for each in asked.captured_queries]
    assert "measures_recordentry" in query
    assert "measures_measure" not in query


def test_a_tag_that_a_compressing_proxy_made_weak_is_known(visitor: Client) -> None:
    tag = visitor.get(PAGE)["ETag"]
    assert tag.startswith('"')
    assert again(visitor, f'"other", W/{tag}').status_code == HTTPStatus.NOT_MODIFIED


def test_whatever_is_written_makes_another_page(world: World, visitor: Client) -> None:
    tag = visitor.get(PAGE)["ETag"]
    world.plan.short = "Plans"
    record.save(world.plan, by=world.ana)
    response = again(visitor, tag)
    assert response.status_code == HTTPStatus.OK
    assert b"Plans" in response.content
    assert response["ETag"] != tag


def test_another_name_of_a_person_makes_another_page(world: World, visitor: Client) -> None:
    tag = visitor.get(PAGE)["ETag"]
    world.ana.display_name = "Ana Anew"
    world.ana.save()
    assert again(visitor, tag).status_code == HTTPStatus.OK


def test_a_look_at_a_cited_page_makes_another_page(world: World, visitor: Client) -> None:
    tag = visitor.get("/evidence/outline/")["ETag"]
    LinkCheck.objects.create(evidence=world.outline, address=world.outline.url, outcome="gone")
    assert again(visitor, tag, "/evidence/outline/").status_code == HTTPStatus.OK


def test_the_next_day_is_another_page(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = visitor.get(PAGE)["ETag"]
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert again(visitor, tag).status_code == HTTPStatus.OK


@pytest.mark.parametrize("name", ["FOUR_EYES", "PUBLIC_PAGES", "VERSION", "TIME_ZONE"])
def test_another_setting_makes_another_page(name: str, visitor: Client, settings: Any) -> None:
    tag = visitor.get(PAGE)["ETag"]
    other = {"VERSION": "99.0", "TIME_ZONE": "Asia/Shanghai"}
    setattr(settings, name, other.get(name, not getattr(settings, name)))
    assert again(visitor, tag).status_code != HTTPStatus.NOT_MODIFIED


def test_each_address_language_date_and_part_is_a_page_of_its_own(visitor: Client) -> None:
    part = {"HX-Request": "true", "HX-Target": "results"}
    asked: list[tuple[str, dict[str, str]]] = [
        ("/measures/", {}),
        ("/zh/measures/", {}),
        ("/measures/?as_of=2023-01-01", {}),
        ("/measures/?known=2023-07-01", {}),
        ("/measures/", part),
        ("/measures/", part | {"HX-History-Restore-Request": "true"}),
    ]
    tags = [visitor.get(page, headers=headers)["ETag"] for page, headers in asked]
    assert len(set(tags)) == len(asked)
    for page, headers in asked:
        known = sum(
            again(visitor, tag, page, **headers).status_code == HTTPStatus.NOT_MODIFIED
            for tag in tags
        )
        assert known == 1, (page, headers)


def test_a_first_visit_goes_to_its_language_whatever_is_held(visitor: Client) -> None:
    tag = visitor.get(PAGE)["ETag"]
    response = again(visitor, tag, **{"Accept": "text/html", "Accept-Language": "zh-CN"})
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, f"/zh{PAGE}")
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_who_has_signed_in_holds_nothing(
    mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    tag = visitor.get(PAGE)["ETag"]
    for sent in ("*", tag, f"W/{tag}"):
        response = again(signed_in(mei), sent)
        assert response.status_code == HTTPStatus.OK
        assert response["Cache-Control"] == "no-store, private"
        assert "ETag" not in response


def seen_by_both(world: World, browser: Client, visitor: Client) -> tuple[Any, Any]:
    """A page with a note for staff alone as they see it, then as a visitor asks with its tag."""
    workflow.note(world.plan, canary("journalnote", "text"), by=world.ana)
    theirs = browser.get(PAGE)
    assert canary("journalnote", "text") in theirs.content.decode()
    return theirs, again(visitor, theirs.headers.get("ETag", "*"))


def test_what_a_person_saw_is_never_confirmed_to_a_visitor(
    world: World, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    _theirs, answer = seen_by_both(world, signed_in(world.ana), visitor)
    assert answer.status_code == HTTPStatus.OK
    assert canary("journalnote", "text") not in answer.content.decode()


def test_it_would_be_if_nobody_asked_who_reads(
    world: World,
    visitor: Client,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: without the guards the page of staff is taken for that of everybody."""
    monkeypatch.setattr(keeping, "_is_nobody_known", lambda request: True)
    monkeypatch.setattr(keeping, "_is_for_everybody", lambda request, response: True)
    _theirs, answer = seen_by_both(world, signed_in(world.ana), visitor)
    assert answer.status_code == HTTPStatus.NOT_MODIFIED


def test_whoever_is_told_something_is_told_it(
    mei: User, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    """A session that was left is ended, and the page says so."""
    tag = visitor.get(PAGE)["ETag"]
    browser = signed_in(mei)
    session = browser.session
    session[USED] = 1
    session.save()
    response = again(browser, tag)
    assert response.status_code == HTTPStatus.OK
    assert "You were signed out" in response.content.decode()
    assert "ETag" not in response
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("page", ["/accounts/login/", "/nowhere/", "/measures/9.9/"])
def test_forms_and_refusals_are_never_kept(page: str, visitor: Client) -> None:
    response = visitor.get(page, headers={"If-None-Match": "*"})
    assert response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND)
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_read_takes_nothing(page: str, method: str, visitor: Client) -> None:
    response = getattr(visitor, method)(page)
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert set(response["Allow"].split(", ")) >= {"GET", "HEAD"}
