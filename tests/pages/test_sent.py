"""A form that comes without what its page sends along changes nothing, and is told so in words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from measures import workflow
from measures.models import Draft, User
from measures.models.tracked import Tracked
from tests.pages.desk import HTMX, address, filled, review
from tests.pages.reader import Node, parse
from tests.world import World

WITHOUT_VERSION = "The form came without the version that you had opened, so nothing was changed."
WITHOUT_ACT = "The form came without one of its buttons, so nothing was changed."

pytestmark = pytest.mark.django_db

# How a version may fail to come: left out, emptied, as a word, beyond any number.
NO_VERSION: list[dict[str, str]] = [{}, {"seen_version": ""}, {"seen_version": "None"}]


@pytest.fixture
def browser(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


@pytest.fixture
def draft(world: World) -> Draft:
    return world.draft(world.rulings)


@pytest.fixture
def written(world: World, draft: Draft) -> Draft:
    """The same, returned to its author."""
    return workflow.send_back(draft, by=world.rui, note="Which year?")


def refusal(response: Any, sentence: str) -> Node:
    """The page, which says the sentence once and to everybody."""
    assert response.status_code == 422
    page = parse(response.content.decode())
    said = [node for node in page.all("p") if node.text.startswith(sentence)]
    assert len(said) == 1
    assert {"errorlist", "is-error"} & said[0].classes
    return page


def unchanged(row: Tracked) -> bool:
    return type(row)._default_manager.get(pk=row.pk).version == row.version


def without_version(told: dict[str, Any], sent: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "seen_version"} | sent


@pytest.mark.parametrize("sent", NO_VERSION)
def test_a_draft_is_not_saved(sent: dict[str, str], written: Draft, browser: Client) -> None:
    told = without_version(filled(browser, written, rationale="New."), sent)
    page = refusal(browser.post(address(written), told), WITHOUT_VERSION)
    assert page.one("textarea", name="rationale").text == "New."
    assert unchanged(written)


def test_a_draft_sent_by_htmx_is_not_saved_either(written: Draft, browser: Client) -> None:
    told = without_version(filled(browser, written, rationale="New."), {})
    part = parse(browser.post(address(written), told, headers=HTMX).content.decode())
    assert WITHOUT_VERSION in part.section("rules").one(role="alert").text
    assert "not saved" in part.section("rules").text
    assert unchanged(written)


def test_a_draft_knows_three_buttons_and_saves_without_one(written: Draft, browser: Client) -> None:
    told = filled(browser, written, rationale="New.")
    refusal(browser.post(address(written), told | {"act": "erase"}), WITHOUT_ACT)
    assert unchanged(written)
    assert browser.post(address(written), told).status_code == 302  # as htmx sends it, while typing
    assert Draft.objects.get().rationale == "New."


@pytest.mark.parametrize(
    ("sent", "sentences"),
    [
        ({}, [WITHOUT_VERSION, WITHOUT_ACT]),
        ({"act": "approve"}, [WITHOUT_VERSION]),
        ({"act": "approve", "seen_version": "x"}, [WITHOUT_VERSION]),
        ({"seen_version": "2"}, [WITHOUT_ACT]),
        ({"seen_version": "2", "act": "erase"}, [WITHOUT_ACT]),
    ],
)
def test_nothing_is_decided(
    sent: dict[str, str],
    sentences: list[str],
    draft: Draft,
    world: World,
    signed_in: Callable[[User], Client],
) -> None:
    response = signed_in(world.rui).post(review(draft), sent)
    for sentence in sentences:
        refusal(response, sentence)
    assert unchanged(draft)


@pytest.mark.parametrize("sent", NO_VERSION)
@pytest.mark.parametrize("what", ["evidence", "citation", "care"])
def test_nothing_of_the_register_is_saved(
    what: str, sent: dict[str, str], world: World, browser: Client
) -> None:
    row, path = {
        "evidence": (world.outline, "/desk/evidence/outline/"),
        "citation": (world.outline_on_plan, f"/desk/citations/{world.outline_on_plan.pk}/"),
        "care": (world.plan, "/measures/1.1/care/"),
    }[what]
    told: dict[str, Any] = {"analyst": "", "review_on": "2030-01-01"}
    if what != "care":
        form = browser.get(path).context["form"]
        told = {b.html_name: b.value() for b in form if b.value() not in (None, False)}
    refusal(browser.post(path, without_version(told, sent)), WITHOUT_VERSION)
    assert unchanged(row)


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30])
def test_a_version_that_never_was_is_a_newer_one_elsewhere(
    number: str, written: Draft, browser: Client
) -> None:
    told = filled(browser, written, rationale="New.", seen_version=number)
    assert browser.post(address(written), told).status_code == 409
    assert unchanged(written)
