"""What somebody follows: from a button on a page, and looked after in one place."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import NoticeChoice, Subscription, User
from tests.pages.reader import Node
from tests.world import World

Signed = Callable[[User], Client]
CHOSEN = {"rhythm": "daily", "hour": "9", "language": "zh", "by": ""}


@pytest.mark.parametrize(
    ("path", "followed"),
    [
        ("/", "A speech on intellectual property"),
        ("/themes/design/", "1. Design"),
        ("/bodies/patent-office/", "Patent Office"),
        ("/measures/1.1/", "1.1 The plan"),
    ],
)
def test_from_the_button_on_a_page_it_is_two_clicks(
    path: str, followed: str, world: World, mei: User, signed_in: Signed
) -> None:
    browser = signed_in(mei)
    (button,) = [
        form
        for form in Node.of(browser.get(path)).all("form")
        if form.attributes.get("action") == "/account/subscriptions/"
    ]
    asked = {each["name"]: each["value"] for each in button.all("input")}
    shown = Node.of(browser.get("/account/subscriptions/", asked))
    form = shown.section("new")
    assert followed in form.text
    hidden = {
        each["name"]: each.attributes.get("value", "")
        for each in form.all("input")
        if each.attributes.get("type") == "hidden"
    }
    answer = browser.post("/account/subscriptions/", {**hidden, **CHOSEN}, follow=True)
    assert answer.status_code == 200
    held = Subscription.objects.get()
    head = record.head()
    assert head
    assert str(held.followed) == followed
    assert (held.person, held.rhythm, held.hour, held.language) == (mei, "daily", 9, "zh")
    assert held.told_to == head.sequence
    assert held.get_absolute_url() == path
    assert browser.get(held.feed_url).status_code == 200
    # The same form sent twice is one subscription, and the page does not offer it again.
    browser.post("/account/subscriptions/", {**hidden, **CHOSEN})
    assert Subscription.objects.count() == 1
    again = Node.of(browser.get("/account/subscriptions/", asked))
    assert again.all("section", aria_labelledby="new") == []


def test_a_visitor_and_the_past_are_offered_no_button(
    world: World, mei: User, visitor: Client, signed_in: Signed
) -> None:
    offered = 'action="/account/subscriptions/"'
    assert offered in signed_in(mei).get("/themes/design/").content.decode()
    assert offered not in visitor.get("/themes/design/").content.decode()
    past = signed_in(mei).get("/themes/design/?as_of=2022-01-01")
    assert offered not in past.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "theme", "name": "nowhere"},
        {"subject": "measure", "name": "9.9"},
        {"subject": "all"},
        {"source": "nowhere"},
        {"rhythm": "hourly"},
        {"hour": "24"},
        {"uid": "x"},
    ],
)
def test_what_cannot_be_followed_is_refused(
    wrong: dict[str, str], world: World, mei: User, signed_in: Signed
) -> None:
    form = {"uid": str(uuid4()), "subject": "register", "source": "", "name": "", **CHOSEN, **wrong}
    assert signed_in(mei).post("/account/subscriptions/", form).status_code == 422
    assert not Subscription.objects.exists()


@pytest.fixture
def held(world: World, mei: User) -> Subscription:
    made = workflow.follow(
        by=mei, uid=uuid4(), subject="theme", source=world.speech, theme=world.design
    )
    assert made
    return made


def test_it_is_changed_paused_and_deleted(held: Subscription, mei: User, signed_in: Signed) -> None:
    browser, page = signed_in(mei), f"/account/subscriptions/{held.uid}/"
    assert browser.get(page).status_code == 200
    browser.post(page, CHOSEN)
    held.refresh_from_db()
    assert (held.rhythm, held.hour, held.language) == ("daily", 9, "zh")
    for is_paused in (True, False):
        browser.post(f"{page}pause/")
        held.refresh_from_db()
        assert bool(held.paused_at) == is_paused
        assert ("paused" in Node.of(browser.get("/account/subscriptions/")).text) == is_paused
    browser.post(f"{page}delete/")
    assert not Subscription.objects.exists()


def test_nobody_touches_what_another_one_follows(
    held: Subscription, world: World, signed_in: Signed
) -> None:
    browser, page = signed_in(world.ana), f"/account/subscriptions/{held.uid}/"
    assert browser.get(page).status_code == 404
    for path in (page, f"{page}pause/", f"{page}delete/"):
        assert browser.post(path, CHOSEN).status_code == 404
    assert Subscription.objects.get() == held
    assert "Design" not in Node.of(browser.get("/account/subscriptions/")).section("yours").text


def test_each_role_is_offered_the_notices_that_it_can_get(
    world: World, mei: User, signed_in: Signed
) -> None:
    def offered(person: User) -> set[str]:
        shown = Node.of(signed_in(person).get("/account/subscriptions/"))
        found = [
            each["name"] for each in shown.all("input") if each.attributes.get("type") == "checkbox"
        ]
        return set(found)

    reader = User.objects.create_user("reader", "reader@example.org")
    assert offered(reader) == set()
    assert offered(mei) == {"mention"}
    assert offered(world.ana) == {"mention", "returned", "review"}
    assert offered(world.rui) == {"mention", "returned", "review", "submitted"}


def test_notices_are_switched_and_none_that_was_not_offered(
    world: World, mei: User, signed_in: Signed
) -> None:
    signed_in(mei).post("/account/notices/", {"submitted": "on"})
    wanted = NoticeChoice.objects.wanted_by(mei)
    assert not wanted["mention"]
    assert not wanted["submitted"]
    assert wanted["returned"]
    signed_in(world.rui).post("/account/notices/", {"submitted": "on", "mention": "on"})
    told = NoticeChoice.objects.wanted_by(world.rui)
    assert told == {"mention": True, "returned": False, "review": False, "submitted": True}


def test_the_number_of_questions_does_not_grow_with_what_is_followed(
    held: Subscription, world: World, mei: User, signed_in: Signed
) -> None:
    browser = signed_in(mei)

    def asked() -> int:
        browser.get("/account/subscriptions/")
        with CaptureQueriesContext(connection) as questions:
            browser.get("/account/subscriptions/")
        return len(questions)

    few = asked()
    scopes: list[dict[str, Any]] = [
        {"subject": "measure", "measure": world.plan},
        {"subject": "body", "body": world.patent_office},
        {"subject": "register"},
        {"subject": "theme", "theme": world.courts},
    ]
    for scope in scopes * 3:
        workflow.follow(by=mei, uid=uuid4(), source=world.speech, **scope)
    assert asked() <= few


def test_the_way_out_works_in_both_languages_without_an_account(
    held: Subscription, mei: User, visitor: Client, settings: Any
) -> None:
    settings.PUBLIC_PAGES = False
    out = workflow.way_out(mei, "digest", held)
    shown = Node.of(visitor.get(f"/zh/unsubscribe/{out}/"))
    assert shown.one("main").one("form").one("button").text == "停收"
    assert "Design" not in shown.text
    assert "no-store" in visitor.get(f"/unsubscribe/{out}/")["Cache-Control"]
    assert Subscription.objects.exists()
    Client(enforce_csrf_checks=True).post(f"/zh/unsubscribe/{out}/")
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("signed", ["x", "s.1", "s.3f2b:x", "n.a.b:c"])
def test_a_way_out_that_nobody_signed_leads_nowhere(
    signed: str, held: Subscription, visitor: Client
) -> None:
    assert visitor.get(f"/unsubscribe/{signed}/").status_code == 404
    assert visitor.post(f"/unsubscribe/{signed}/").status_code == 404
    assert Subscription.objects.exists()
