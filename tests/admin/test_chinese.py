"""The administration in Chinese, and its first page: what needs an administrator."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import workflow
from measures.models import Draft, Invitation, User
from tests.pages.reader import Node, parse
from tests.world import World, person

SignedIn = Callable[[User], Client]
HEADINGS = {
    "": ["People", "Work on the register", "Cited pages", "The record and this installation"],
    "/zh": ["人员", "登记册工作", "引证网页", "记录簿与本系统"],
}
PLACES = ("care-people", "care-work", "care-pages", "care-machine")


@pytest.fixture
def first_page(ada: User, signed_in: SignedIn) -> Callable[..., Node]:
    """What an administrator sees first."""

    def get(language: str = "") -> Node:
        return Node.of(signed_in(ada).get(f"{language}/admin/"))

    return get


def row(page: Node, words: str) -> Node:
    """The line of the page that begins with these words after its number."""
    return next(each for each in page.all("li") if words in each.text)


def test_the_first_page_has_the_four_parts_in_both_languages(
    world: World, first_page: Callable[..., Node]
) -> None:
    for language in ("", "/zh"):
        page = first_page(language)
        assert [page.section(each).one("h2").text for each in PLACES] == HEADINGS[language]


def test_whoever_decides_without_a_second_factor_is_named(
    world: World, first_page: Callable[..., Node]
) -> None:
    told = row(first_page(), "without a second factor")
    # Rui reviews, Ada administers; Ana, who writes, decides nothing.
    assert {each.text for each in told.all("a")[1:]} == {"Ada", "Rui"}
    assert told.text.startswith("2 ")
    assert "is-open" in told.classes


def test_a_name_that_is_locked_out_is_counted_until_the_lock_opens(
    world: World, first_page: Callable[..., Node], settings: Any
) -> None:
    assert row(first_page(), "locked out").text.startswith("0 ")
    AccessAttempt.objects.create(
        username="rui", failures_since_start=settings.AXES_FAILURE_LIMIT, ip_address="192.0.2.1"
    )
    told = row(first_page(), "locked out")
    assert told.text.startswith("1 ")
    assert told.one("a")["href"] == "/admin/axes/accessattempt/?locked_out=yes"
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)
    assert row(first_page(), "locked out").text.startswith("0 ")


def test_an_invitation_is_open_until_it_expires(
    world: World, ada: User, first_page: Callable[..., Node]
) -> None:
    workflow.invite(by=ada, uid=uuid4(), email="new@example.org", roles=[])
    assert row(first_page(), "not yet used").text.startswith("1 ")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    page = first_page()
    assert row(page, "not yet used").text.startswith("0 ")
    assert row(page, "expired unused").text.startswith("1 ")


def test_a_draft_that_waits_long_is_told_from_one_that_waits(
    world: World, first_page: Callable[..., Node]
) -> None:
    draft = world.draft(world.rulings)
    assert row(first_page(), "more than 7 days").text.startswith("0 of 1 ")
    Draft.objects.filter(pk=draft.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    assert row(first_page(), "more than 7 days").text.startswith("1 of 1 ")


def test_the_gaps_of_the_register_lead_to_where_they_are_mended(
    world: World, first_page: Callable[..., Node]
) -> None:
    page = first_page()
    assert row(page, "without a finding").text.startswith("1 of 3 ")
    assert row(page, "without a finding").one("a")["href"] == "/desk/quality/#unassessed"
    assert row(page, "nobody's care").text.startswith("3 of 3 ")


def test_what_weakens_the_installation_is_said(
    world: World, ada: User, first_page: Callable[..., Node], settings: Any
) -> None:
    assert "FOUR_EYES is off" not in first_page().section("care-machine").text
    settings.FOUR_EYES = False
    assert "FOUR_EYES is off" in first_page().section("care-machine").text
    totp = Authenticator.Type.TOTP
    Authenticator.objects.create(user=ada, type=totp, data={})
    settings.FOUR_EYES = settings.HTTPS = settings.REQUIRE_MFA = True
    settings.DEBUG, settings.EMAIL_BACKEND = False, "django.core.mail.backends.smtp.EmailBackend"
    assert "No setting weakens" in first_page().section("care-machine").text


def test_the_first_page_asks_no_more_of_the_database_when_the_register_grows(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)

    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert browser.get("/admin/").status_code == 200
        return len(told)

    queries()
    few = queries()
    for number in range(20):
        person(f"p{number}", f"P {number}", "Reviewers")
        workflow.invite(by=ada, uid=uuid4(), email=f"i{number}@example.org", roles=[])
    world.draft(world.rulings)
    world.draft(world.plan)
    assert queries() == few


def test_an_analyst_on_the_staff_is_not_shown_what_is_for_administrators(
    world: World, signed_in: SignedIn
) -> None:
    world.ana.is_staff = True
    world.ana.save()
    page = Node.of(signed_in(world.ana).get("/admin/"))
    assert not page.all(cls="care")


def test_the_header_leads_to_the_same_page_in_the_other_language(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser, address = signed_in(ada), "/admin/measures/measure/?nature__exact=continuing"
    switch = Node.of(browser.get(address)).one("a", hreflang="zh-Hans")
    assert browser.get(switch["href"])["Location"] == f"/zh{address}"


def test_taking_away_a_factor_that_nobody_has_is_said_in_one_sentence(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    chosen = {"action": "reset_factors", "_selected_action": [world.ana.pk]}
    response = signed_in(ada).post("/zh/admin/measures/user/", chosen, follow=True)
    assert "所选人员均未设置第二验证因素。" in parse(response.content.decode()).text
