"""Two windows on one record: both versions are shown, and nothing is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.desk import begin, complete, expect_saved, hand_in, rationale

pytestmark = pytest.mark.e2e

Person = Callable[..., Page]
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


@WITH_AND_WITHOUT
def test_a_document_that_two_people_edit(javascript: bool, person: Person, watch: Watch) -> None:
    key = "mps-ip-bureau-2024" if javascript else "overseas-ip-centre-2019"
    first = person("analyst", java_script_enabled=javascript)
    second = person("reviewer", java_script_enabled=javascript)
    for page in (first, second):
        page.goto(f"/desk/evidence/{key}/")
    title = first.locator("#id_title").input_value()
    first.locator("#id_title").fill(f"{title}, first reading")
    save(first)
    expect(first.locator("h1")).to_have_text(f"{title}, first reading")

    second.locator("#id_title").fill(f"{title}, second reading")
    second.locator("#id_issuer").fill("An issuer written by the second")
    with second.expect_navigation() as answer:
        save(second)
    assert answer.value is not None
    assert answer.value.status == 409
    conflict = second.locator("section[aria-labelledby=conflict]")
    expect(conflict.locator("del").filter(has_text="first")).to_have_count(1)
    expect(conflict.locator("ins").filter(has_text="An issuer")).to_have_count(1)
    expect(second.locator("#id_title")).to_have_value(f"{title}, second reading")

    first.reload()
    expect(first.locator("h1")).to_have_text(f"{title}, first reading")
    second.locator("#id_title").fill(f"{title}, both readings")
    save(second)
    expect(second.locator("h1")).to_have_text(f"{title}, both readings")
    second.goto(f"/evidence/{key}/history/")
    history = second.locator("main")
    for kept in ("first reading", "both readings", "An issuer written by the second"):
        expect(history.get_by_text(kept).first).to_be_attached()
    watch.forgive(409)


@WITH_AND_WITHOUT
def test_a_draft_in_two_windows(javascript: bool, person: Person, watch: Watch) -> None:
    first = person("analyst", java_script_enabled=javascript)
    second = person("analyst", java_script_enabled=javascript)
    address = begin(first, "4.2" if javascript else "4.3")
    second.goto(address)
    complete(first, "Adopted in May.")
    save(first)
    if javascript:
        expect_saved(first)
    else:
        expect(first.locator("main > [role=status]")).to_have_text("Saved.")

    complete(second, "Adopted on page 7.")
    if javascript:
        save(second)
    else:
        with second.expect_navigation() as answer:
            save(second)
        assert answer.value is not None
        assert answer.value.status == 409
    conflict = second.locator("section[aria-labelledby=conflict]")
    expect(conflict.locator("del").filter(has_text="in May")).to_have_count(1)
    expect(conflict.locator("ins").filter(has_text="on page 7")).to_have_count(1)
    expect(rationale(second)).to_have_value("Adopted on page 7.")
    first.goto(address)
    expect(rationale(first)).to_have_value("Adopted in May.")

    rationale(second).fill("Adopted in May, on page 7.")
    second.get_by_role("button", name="Save mine").click()
    expect(conflict).to_have_count(0)
    first.goto(address)
    expect(rationale(first)).to_have_value("Adopted in May, on page 7.")
    watch.forgive(409)


def test_what_is_written_into_a_draft_that_was_handed_in_elsewhere_can_be_read(
    person: Person, watch: Watch
) -> None:
    first = person("analyst")
    second = person("analyst")
    address = begin(first, "4.4")
    second.goto(address)
    complete(first, "Adopted in May.")
    hand_in(first, "4.4")
    rationale(second).fill("Adopted on page 7.")
    save(second)
    conflict = second.locator("section[aria-labelledby=conflict]")
    expect(conflict).to_contain_text("on page 7")
    expect(rationale(second)).to_have_count(0)
    second.get_by_role("banner").get_by_role("link", name="Desk").click()
    expect(second.locator("h1")).to_have_text("Desk")
