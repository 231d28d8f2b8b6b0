"""A draft is begun from the page of its measure, once however often the form is sent."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from measures import record
from measures.models import Draft, Measure, User
from tests.pages.reader import Node
from tests.world import World, person

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
UID = "6a1b5c3e-8a74-4d6e-9a39-1f1b2c3d4e5f"
HERE = "/measures/1.1/drafts/"


def forms(browser: Client, path: str = "/measures/1.1/") -> list[dict[str, str]]:
    """What each form on the page of the measure that begins a draft would post."""
    found = Node.of(browser.get(path)).all("form", action=f"{path}drafts/")
    return [
        {each["name"]: each["value"] for each in form.all("input") if "name" in each.attributes}
        for form in found
    ]


def test_from_the_page_of_a_measure_to_its_draft(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.ana)
    response = browser.post(HERE, forms(browser)[0])
    draft = Draft.objects.get()
    assert response["Location"] == f"/desk/drafts/{draft.uid}/"
    assert (draft.measure, draft.author, draft.status) == (world.plan, world.ana, "implemented")
    assert record.verify().broken is None


def test_a_correction_begins_beside_the_finding_that_was_wrong(
    world: World, signed_in: SignedIn
) -> None:
    browser = signed_in(world.ana)
    (form,) = [f for f in forms(browser) if f.get("corrects") == str(wrong_one(world).pk)]
    browser.post(HERE, form)
    draft = Draft.objects.get()
    assert (draft.supersedes, draft.status) == (wrong_one(world), "not-started")
    page = Node.of(browser.get(f"/desk/drafts/{draft.uid}/"))
    assert page.all("textarea", name="correction_reason")
    assert "finding no. 1" in page.links()


def wrong_one(world: World) -> Any:
    return world.plan.findings.get(number=1)


def test_a_form_that_is_sent_twice_begins_one_draft(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.ana)
    form = forms(browser)[0]
    once, twice = (browser.post(HERE, form) for _ in range(2))
    assert once["Location"] == twice["Location"]
    assert Draft.objects.count() == 1


def test_the_page_opened_anew_begins_another(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.ana)
    for _ in range(2):
        browser.post(HERE, forms(browser)[0])
    assert Draft.objects.count() == 2


def test_the_draft_of_another_is_not_taken_up(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.ana)
    form = forms(browser)[0]
    browser.post(HERE, form)
    other = signed_in(person("ben", "Ben", "Analysts"))
    assert other.post(HERE, form).status_code == 403
    assert Draft.objects.get().author == world.ana


def test_in_another_source_it_is_about_the_measure_of_that_source(
    world: World, second_source: Any, signed_in: SignedIn
) -> None:
    browser = signed_in(world.ana)
    browser.post("/s/plan-2021/measures/1.1/drafts/", {"uid": str(uuid4())})
    assert Draft.objects.get().measure == second_source.measures.get(code="1.1")


@pytest.mark.parametrize(
    "told",
    [{}, {"uid": "x"}, {"uid": UID, "corrects": "0"}, {"uid": UID, "corrects": "x"}],
    ids=["nothing", "no id", "no finding", "no number"],
)
def test_a_form_that_no_page_holds_begins_nothing(
    told: dict[str, str], world: World, signed_in: SignedIn
) -> None:
    assert signed_in(world.ana).post(HERE, told).status_code == 404
    assert not Draft.objects.exists()


def test_a_finding_of_another_measure_is_not_corrected_here(
    world: World, signed_in: SignedIn
) -> None:
    theirs = world.training.findings.get(number=1)
    told = {"uid": str(uuid4()), "corrects": theirs.pk}
    assert signed_in(world.ana).post(HERE, told).status_code == 404
    assert not Draft.objects.exists()


def test_a_measure_that_is_not_there_has_no_drafts(world: World, signed_in: SignedIn) -> None:
    response = signed_in(world.ana).post("/measures/9.9/drafts/", {"uid": str(uuid4())})
    assert response.status_code == 404


def test_who_does_not_write_is_offered_nothing_and_may_not(
    world: World, mei: User, visitor: Client, signed_in: SignedIn
) -> None:
    manager = signed_in(mei)
    assert forms(visitor) == forms(manager) == []
    assert manager.post(HERE, {"uid": str(uuid4())}).status_code == 403
    response = visitor.post(HERE, {"uid": str(uuid4())})
    assert response["Location"].startswith("/accounts/login/?next=")
    assert not Draft.objects.exists()


def test_who_comes_back_from_the_sign_in_lands_on_the_measure(
    world: World, signed_in: SignedIn
) -> None:
    response = signed_in(world.ana).get(HERE)
    assert response["Location"] == HERE.removesuffix("drafts/")
    assert not Draft.objects.exists()


def test_no_draft_begins_on_a_retired_measure(world: World, signed_in: SignedIn) -> None:
    measure = Measure.objects.get(code=HERE.split("/")[2])
    measure.retired_on = date(2026, 1, 1)
    record.save(measure, by=world.ana)
    page = signed_in(world.ana).post(HERE, {"uid": str(uuid4())}, follow=True)
    assert "This measure is retired: it is no longer judged." in page.content.decode()
    assert not Draft.objects.exists()
