"""The pages of the desk, in both schemes: for each eye and each helper of eyes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.desk import begin, complete, expect_saved, hand_in, rationale
from tests.e2e.eyes import WITHOUT_COLOURS, expect_nobody_left_out, expect_room_for_all

pytestmark = pytest.mark.e2e

Person = Callable[..., Page]
PAGES = (
    "/desk/",
    "/desk/quality/",
    "/desk/evidence/",
    "/desk/evidence/?measure=4.1",
    "/desk/evidence/tcm-law-2016/",
    "/evidence/tcm-law-2016/history/",
    "/measures/4.1/history/",
    "/desk/import/",
    "/desk/views/",
    "/account/",
    "/account/tokens/",
    "/account/subscriptions/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/reauthenticate/",
)
OF_ADMINISTRATORS = ("/desk/bundle/", "/account/invitations/", "/account/webhooks/")


@pytest.mark.parametrize("path", [*PAGES, *OF_ADMINISTRATORS])
def test_a_page_for_staff_leaves_nobody_out(path: str, person: Person) -> None:
    page = person("administrator" if path in OF_ADMINISTRATORS else "analyst")
    page.goto(path)
    expect_nobody_left_out(page)
    expect_room_for_all(page)
    page.goto(f"/zh{path}")
    expect_nobody_left_out(page, WITHOUT_COLOURS)
    expect_room_for_all(page)


def test_a_draft_and_its_review_leave_nobody_out(person: Person) -> None:
    code = "6.1"
    analyst, reviewer = (person(name) for name in ("analyst", "reviewer"))
    begin(analyst, code)
    analyst.get_by_role("button", name="Hand in").click()
    expect(analyst.locator("#checks")).to_contain_text("Not handed in")
    analyst.locator("#id_q").fill("law")
    expect(analyst.locator("#found .head").nth(1)).to_be_visible()
    analyst.get_by_role("link", name="Add a new document").click()
    expect(analyst.locator("#id_new_url")).to_be_focused()
    expect_nobody_left_out(analyst)
    complete(analyst, "The law is in force.")
    hand_in(analyst, code)
    expect_nobody_left_out(analyst)

    reviewer.goto("/desk/")
    expect_nobody_left_out(reviewer)
    reviewer.locator("section[aria-labelledby=queue] a", has_text=f"{code} ").click()
    expect(reviewer.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    expect_nobody_left_out(reviewer)


def test_a_draft_in_conflict_leaves_nobody_out(person: Person, watch: Watch) -> None:
    first = person("analyst")
    address = begin(first, "6.3")
    second = first.context.new_page()
    second.goto(address)
    complete(first, "Adopted in May. 五月通过。")
    first.get_by_role("button", name="Save", exact=True).click()
    expect_saved(first)
    rationale(second).fill("Adopted on page 7. 见第七页。")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator("section[aria-labelledby=conflict]")).to_be_visible()
    expect_nobody_left_out(second)


def test_a_document_in_conflict_and_one_that_is_there_already_leave_nobody_out(
    person: Person, watch: Watch
) -> None:
    page = person("analyst")
    key = "ecommerce-law-2018"
    page.goto(f"/desk/evidence/{key}/")
    other = page.context.new_page()
    other.goto(f"/desk/evidence/{key}/")
    other.locator("#id_issuer").fill("Written by the first")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator("main > [role=status]")).to_have_text("Saved.")
    page.locator("#id_issuer").fill("Written by the second")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("section[aria-labelledby=conflict]")).to_be_visible()
    expect_nobody_left_out(page)
    watch.forgive(409)

    page.goto("/desk/evidence/?measure=4.1")
    page.locator("#id_new_title").fill("E-Commerce Law")
    page.get_by_role("button", name="Add and cite").click()
    expect(page.locator("section[aria-labelledby=alike]")).to_be_focused()
    expect_nobody_left_out(page)
    watch.forgive(422)
