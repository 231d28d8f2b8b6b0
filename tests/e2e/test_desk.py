"""The way of a finding over the desk, by two people, and what is kept on the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Site, Watch
from tests.e2e.desk import begin, complete, expect_saved, hand_in, rationale

pytestmark = pytest.mark.e2e

Person = Callable[..., Page]
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
LONG = "\n\n".join(
    f"Paragraph {number}: the law was adopted, published and is in force.\n"
    f"第{number}段：该法已经通过、公布并施行，“知识产权”四字见于第{number}条。"
    for number in range(1, 61)
)


@WITH_AND_WITHOUT
def test_written_handed_in_returned_mended_and_approved(
    javascript: bool, person: Person, desk_site: Site, watch: Watch
) -> None:
    code = "4.7" if javascript else "4.6"
    analyst = person("analyst", java_script_enabled=javascript)
    reviewer = person("reviewer", java_script_enabled=javascript)
    begin(analyst, code)
    analyst.get_by_role("button", name="Hand in").click()
    expect(analyst.locator("#checks")).to_contain_text("Not handed in")
    expect(analyst.locator(".verdicts .is-open")).to_have_count(2)
    complete(analyst, "The law is in force.")
    hand_in(analyst, code)

    reviewer.goto("/desk/")
    reviewer.locator("section[aria-labelledby=queue] a", has_text=code).click()
    expect(reviewer.locator("section[aria-labelledby=proposal]")).to_contain_text("in force.")
    reviewer.get_by_role("button", name="Return with the note").click()
    expect(reviewer.get_by_role("alert").filter(has_text="Say what")).to_be_visible()
    reviewer.get_by_label("Note to the author").fill("Since when?")
    reviewer.get_by_role("button", name="Return with the note").click()
    expect(reviewer.locator("h1")).to_have_text("Desk")

    analyst.goto("/desk/")
    returned = analyst.locator("section[aria-labelledby=returned]")
    expect(returned).to_contain_text("Since when?")
    returned.locator("a", has_text=code).click()
    rationale(analyst).fill("The law is in force since June.")
    hand_in(analyst, code)

    reviewer.goto("/desk/")
    reviewer.locator("section[aria-labelledby=queue] a", has_text=code).click()
    reviewer.get_by_role("button", name="Approve", exact=True).click()
    expect(reviewer.locator("h1")).to_contain_text(code)
    expect(reviewer.locator("main")).to_contain_text("in force since June.")
    assert "holds" in desk_site.manage("verify_record")
    watch.forgive(422)


def test_a_long_text_in_two_languages_is_kept_without_a_button(person: Person) -> None:
    page = person("analyst")
    address = begin(page, "1.2")
    rationale(page).fill(LONG)
    page.locator("#id_rationale_zh").fill(LONG[::-1])
    expect_saved(page)
    page.goto("/desk/")
    page.go_back()
    expect(rationale(page)).to_have_value(LONG)
    expect(page.locator("#id_rationale_zh")).to_have_value(LONG[::-1])
    elsewhere = page.context.new_page()
    elsewhere.goto(address)
    expect(rationale(elsewhere)).to_have_value(LONG)


def test_typing_alone_is_kept_in_every_field(person: Person) -> None:
    page = person("analyst")
    address = begin(page, "1.3")
    for field in ("#id_rationale", "#id_confidence_reason"):
        page.locator(field).focus()
        page.keyboard.type("Nothing is pressed after this.")
        expect_saved(page)
    other = page.context.new_page()
    other.goto(address)
    for field in ("#id_rationale", "#id_confidence_reason"):
        expect(other.locator(field)).to_have_value("Nothing is pressed after this.")


def test_a_link_that_is_followed_at_once_loses_nothing(person: Person) -> None:
    page = person("analyst")
    address = begin(page, "2.5")
    rationale(page).fill(LONG)
    rationale(page).press("End")
    page.keyboard.type(" The last word.")
    page.get_by_role("banner").get_by_role("link", name="Desk").click()
    expect(page.locator("h1")).to_have_text("Desk")
    page.goto(address)
    expect(rationale(page)).to_have_value(re.compile(r" The last word\."))


def test_a_window_that_closes_too_early_asks_first(person: Person) -> None:
    page = person("analyst")
    begin(page, "2.6")
    page.route("**/desk/drafts/**", lambda route: route.abort())
    rationale(page).focus()
    page.keyboard.type("Not yet kept.")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(rationale(page)).to_have_value("Not yet kept.")


@pytest.mark.parametrize(
    ("field", "code"), [("#id_confidence_reason", "2.1"), ("#id_effective_on", "2.7")]
)
def test_enter_in_a_field_saves_and_hands_nothing_in(field: str, code: str, person: Person) -> None:
    page = person("analyst")
    address = begin(page, code)
    complete(page, "Complete, but not said to be.")
    page.locator(field).press("Enter")
    expect_saved(page)
    expect(page).to_have_url(address)
    page.goto("/desk/")
    expect(page.locator("section[aria-labelledby=writing]")).to_contain_text(f"{code} ")
    page.goto(address)
    expect(rationale(page)).to_have_value("Complete, but not said to be.")
    expect(page.locator("#id_confidence_reason")).to_have_value("The text itself was read.")


def test_enter_in_a_field_saves_without_javascript_as_well(person: Person) -> None:
    page = person("analyst", java_script_enabled=False)
    address = begin(page, "2.2")
    complete(page, "Complete, but not said to be.")
    page.locator("#id_confidence_reason").press("Enter")
    expect(page.locator("main > [role=status]")).to_have_text("Saved.")
    expect(page).to_have_url(address)
    expect(rationale(page)).to_have_value("Complete, but not said to be.")


def test_enter_while_searching_leaves_the_draft_as_it_is(person: Person) -> None:
    page = person("analyst")
    address = begin(page, "2.3")
    complete(page, "Written before the search.")
    page.locator("#id_q").fill("Blue Sky")
    page.locator("#id_q").press("Enter")
    expect(page.locator("#found .head").first).to_contain_text("Blue Sky")
    expect(page).to_have_url(address)
    expect(rationale(page)).to_have_value("Written before the search.")


def test_a_search_that_is_answered_late_takes_no_row_from_under_the_hand(person: Person) -> None:
    page = person("analyst")
    begin(page, "5.4")
    find = page.locator("#id_q")
    find.fill("Online Litigat")
    expect(page.locator("#found .head")).to_have_count(1)
    late: list[Route] = []
    page.route(re.compile("q=Online(%20|[+])Litigation"), lambda route: late.append(route))
    with page.expect_request(re.compile("q=Online(%20|[+])Litigation")):
        find.fill("Online Litigation")

    def choose(route: Route) -> None:
        """The search is answered when the choice has been made, and before its own answer."""
        late[0].fulfill(response=late[0].fetch())
        route.continue_()

    page.route(
        "**/evidence/",
        lambda route: choose(route) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_role("button", name="Cite and choose for the draft").click()
    expect(page.locator("#found .chip")).to_have_text("in the draft")


def test_enter_never_picks_another_document_than_the_one_that_is_written(
    person: Person, watch: Watch
) -> None:
    page = person("analyst", java_script_enabled=False)
    page.goto("/desk/evidence/?measure=2.4")
    title = page.locator("#id_new_title")
    title.fill("Anti-Monopoly Law (2008)")
    page.locator("#id_new_kind").select_option("law")
    page.locator("#id_new_tier").select_option("1")
    page.locator("#id_new_stage").select_option("in-force")
    title.press("Enter")
    expect(page.get_by_role("button", name="Cite this one instead").first).to_be_visible()
    title.press("Enter")
    expect(page.get_by_role("button", name="Cite this one instead").first).to_be_visible()
    expect(title).to_have_value("Anti-Monopoly Law (2008)")
    watch.forgive(422)
