"""Who keeps a measure up to date, and when it is looked at next."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from measures import bundle, record, workflow
from measures.models import Measure, User
from tests.admin.browser import filled
from tests.pages.reader import Node, parse
from tests.world import World, person

SignedIn = Callable[[User], Client]


def shown(client: Client, path: str = "/measures/1.1/") -> Node:
    return Node.of(client.get(path))


def set_care(client: Client, measure: Measure, **told: Any) -> Any:
    sent = {"analyst": "", "review_on": "", "seen_version": measure.version, **told}
    return client.post("/measures/1.1/care/", sent)


def test_analyst_and_review_date_are_set(world: World, signed_in: SignedIn) -> None:
    response = set_care(
        signed_in(world.rui), world.plan, analyst=world.ana.pk, review_on="2025-01-31"
    )
    assert response["Location"] == "/measures/1.1/"
    world.plan.refresh_from_db()
    assert (world.plan.analyst, world.plan.review_on) == (world.ana, date(2025, 1, 31))
    entry = record.head()
    assert entry is not None
    assert (entry.noun, entry.actor) == ("measure", world.rui.opaque_id)
    assert entry.after == {"analyst": str(world.ana.opaque_id), "review_on": "2025-01-31"}
    assert record.verify().broken is None
    facts = shown(signed_in(world.ana)).section("facts")
    assert "Analyst Ana" in facts.text
    assert facts.one("option", selected="").text == "Ana"
    assert facts.one("input", name="review_on")["value"] == "2025-01-31"


def test_both_can_be_taken_away_again(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.ana)
    set_care(client, world.plan, analyst=world.ana.pk, review_on="2025-01-31")
    world.plan.refresh_from_db()
    set_care(client, world.plan)
    world.plan.refresh_from_db()
    assert (world.plan.analyst, world.plan.review_on) == (None, None)


def test_saving_what_is_there_leaves_no_entry(world: World, signed_in: SignedIn) -> None:
    before = record.head()
    review = world.plan.review_on.isoformat()
    page = signed_in(world.ana).post(
        "/measures/1.1/care/",
        {"analyst": "", "review_on": review, "seen_version": world.plan.version},
        follow=True,
    )
    assert "Nothing was changed." in Node.of(page).one("main").text
    assert record.head() == before


def test_a_save_over_a_newer_one_is_refused_with_both(world: World, signed_in: SignedIn) -> None:
    client, seen = signed_in(world.rui), Measure.objects.get(pk=world.plan.pk)
    set_care(client, world.plan, analyst=world.ana.pk, review_on="2025-01-31")
    response = set_care(client, seen, analyst=world.rui.pk, review_on="2026-06-30")
    assert response.status_code == 409
    facts = parse(response.content.decode()).section("facts")
    said = facts.one(cls="errorlist").text
    assert "changed by somebody else" in said
    assert "analyst Ana, review by 31 Jan 2025" in said
    assert "analyst Rui, review by 30 Jun 2026" in said
    assert "Analyst Ana" in facts.text
    assert facts.one("option", selected="").text == "Rui"
    world.plan.refresh_from_db()
    assert world.plan.analyst == world.ana
    version = facts.one("input", name="seen_version")["value"]
    set_care(client, seen, analyst=world.rui.pk, review_on="2026-06-30", seen_version=version)
    world.plan.refresh_from_db()
    assert world.plan.analyst == world.rui  # Saved again: now it is a choice.


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"review_on": "tomorrow"}, "Enter a valid date."),
        ({"analyst": "mei"}, "Select a valid choice."),
        ({"analyst": "left"}, "Select a valid choice."),
        ({"analyst": "0"}, "Select a valid choice."),
        ({"seen_version": ""}, "The form came without the version that you had opened"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    told: dict[str, str], sentence: str, world: World, mei: User, signed_in: SignedIn
) -> None:
    left = person("left", "Left", "Analysts", is_active=False)
    people = {"mei": mei.pk, "left": left.pk}
    sent = {name: people.get(value, value) for name, value in told.items()}
    response = set_care(signed_in(world.ana), world.plan, **sent)
    assert response.status_code == 422
    section = parse(response.content.decode()).section("facts")
    assert sentence in " ".join(each.text for each in section.all(cls="errorlist"))
    assert Measure.objects.get(pk=world.plan.pk).version == world.plan.version


def test_an_analyst_who_left_is_not_lost_by_a_new_date(world: World, signed_in: SignedIn) -> None:
    left = person("left", "Left", "Analysts")
    client = signed_in(world.ana)
    set_care(client, world.plan, analyst=left.pk)
    left.is_active = False
    left.save()
    assert shown(client).section("facts").one("option", selected="").text == "Left"
    assert not shown(client, "/measures/1.2/").section("facts").all("option", value=str(left.pk))
    world.plan.refresh_from_db()
    set_care(client, world.plan, analyst=left.pk, review_on="2025-01-31")
    world.plan.refresh_from_db()
    assert (world.plan.analyst, world.plan.review_on) == (left, date(2025, 1, 31))


def test_words_that_left_the_passage_do_not_stand_in_the_way(
    world: World, signed_in: SignedIn
) -> None:
    world.pledges.text = "Quite other words."
    record.save(world.pledges, by=world.ana)
    assert set_care(signed_in(world.ana), world.plan, review_on="2025-01-31").status_code == 302


def test_who_may_not_is_told_so(
    world: World, mei: User, visitor: Client, signed_in: SignedIn
) -> None:
    assert set_care(signed_in(mei), world.plan).status_code == 403
    assert set_care(visitor, world.plan)["Location"].startswith("/accounts/login/")
    assert signed_in(world.ana).get("/measures/1.1/care/").status_code == 405
    assert not shown(signed_in(mei)).section("facts").all("form")
    assert "Analyst nobody" in shown(signed_in(mei)).section("facts").text


def test_readers_see_no_analyst(world: World, visitor: Client, signed_in: SignedIn) -> None:
    zoe = person("zoe", "Zoe the analyst", "Analysts")
    for analyst in (zoe.pk, world.ana.pk):
        world.plan.refresh_from_db()
        set_care(signed_in(world.ana), world.plan, analyst=analyst)
    for path in ("/measures/1.1/", "/measures/1.1/history/", "/changes/"):
        text = visitor.get(path).content.decode()
        assert "Zoe" not in text, path
        assert str(zoe.opaque_id) not in text, path
        assert "a colleague" in text, path
    assert not shown(visitor).section("facts").all("form")
    assert "Analyst" not in shown(visitor).section("facts").text
    told = shown(signed_in(world.rui)).section("history").all("dd")
    assert {"Zoe the analyst Ana", "Zoe the analyst"} < {each.text for each in told}


def test_a_bundle_neither_tells_the_analyst_nor_takes_them_away(
    world: World, tmp_path: Path, signed_in: SignedIn
) -> None:
    zoe = person("zoe", "Zoe the analyst", "Analysts")
    set_care(signed_in(world.ana), world.plan, analyst=zoe.pk)
    workflow.note(world.plan, "Between us.", by=zoe)
    bundle.dump(tmp_path / "register")
    written = "".join(path.read_text() for path in (tmp_path / "register").iterdir())
    assert "The plan" in written
    for private in ("Zoe", str(zoe.opaque_id), "Between us."):
        assert private not in written
    measures = tmp_path / "register" / "measures.yaml"
    measures.write_text(measures.read_text().replace("The plan", "The whole plan"))
    bundle.load(tmp_path / "register", by=record.system_account(), update=True)
    world.plan.refresh_from_db()
    assert (world.plan.title, world.plan.analyst) == ("The whole plan", zoe)


def test_the_administration_sets_the_analyst_too(
    world: World, ada: User, mei: User, signed_in: SignedIn
) -> None:
    client = signed_in(ada)
    address = f"/admin/measures/measure/{world.plan.pk}/change/"
    form = client.get(address)
    offered = set(form.context["adminform"].form.fields["analyst"].queryset)
    assert world.ana in offered
    assert mei not in offered
    assert client.post(address, filled(form, analyst=world.ana.pk)).status_code == 302
    world.plan.refresh_from_db()
    assert world.plan.analyst == world.ana
