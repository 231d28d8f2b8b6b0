"""The desk by keyboard alone, with the focus in sight at every stop."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.keyboard import Keyboard

pytestmark = pytest.mark.e2e

Person = Callable[..., Page]
# From the open page of a measure to the draft handed in. A control pressed is one, a field filled
# is one; the steps of Tab from one to the next are told beside it.
MOST_INTERACTIONS = 12
FOUND = "Notice on Establishing an Online Litigation-Mediation Linkage Mechanism"


def heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_contain_text(words)


def test_an_ordinary_update_takes_few_steps(
    person: Person, record_property: Callable[[str, object], None]
) -> None:
    """One document of the library that was not cited here, and one that the library lacked."""
    page = person("analyst")
    page.goto("/measures/4.5/")
    began, keys = time.monotonic(), Keyboard(page)
    keys.press("Write a finding")
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    heading(page, "4.5")
    keys.fill("Rationale", "The mechanism works, and a new measure completes it.")
    keys.fill("Reason for the confidence", "Both texts were read.")
    with page.expect_response(re.compile("q=Online(%20|[+])Litigation")):
        keys.fill("Title in either language, or document number", "Online Litigation")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#found .head")).to_have_count(1)
    keys.press("Cite and choose for the draft")
    expect(page.locator("#found .chip")).to_have_text("in the draft")
    expect(page.locator("#found .head a")).to_be_focused()
    assert keys.focused().startswith(FOUND)
    keys.press("Add a new document")
    expect(page.locator("#id_new_url")).to_be_focused()
    keys.fill("Title", "Measures that nobody had put into the library before")
    keys.fill("Kind", "Dep")
    keys.fill("Source tier", "1")
    keys.fill("Stage reached", "In")
    keys.press("Add, cite and choose for the draft")
    expect(page.locator("#new .chip")).to_have_text("in the draft")
    expect(page.locator("#new .head a")).to_be_focused()
    assert keys.focused().startswith("Measures that nobody")
    expect(page.locator("#cited")).to_contain_text("Measures that nobody")
    expect(page.locator("#id_rationale")).to_have_value(
        "The mechanism works, and a new measure completes it."
    )
    keys.press("Hand in", back=True)
    expect(page.locator("section[aria-labelledby=handed-in]")).to_contain_text("4.5 ")
    seconds = time.monotonic() - began
    told = f"{keys.acts} interactions, {keys.moves} steps between them, {seconds:.1f} seconds"
    record_property("an ordinary update by keyboard", told)
    assert keys.acts <= MOST_INTERACTIONS
    page.locator("section[aria-labelledby=handed-in] a", has_text="4.5 ").click()
    cited = page.locator("section[aria-labelledby=cited]")
    expect(cited).to_contain_text(FOUND)
    expect(cited).to_contain_text("Measures that nobody")


def test_written_handed_in_returned_mended_and_approved_by_keyboard(
    person: Person, desk_site: Site
) -> None:
    analyst, reviewer = person("analyst"), person("reviewer")
    writing, deciding = Keyboard(analyst), Keyboard(reviewer)
    analyst.goto("/measures/5.1/")
    title = analyst.locator("h1").inner_text()
    writing.press("Write a finding")
    expect(analyst.get_by_role("button", name="Hand in")).to_be_visible()
    writing.fill("Rationale", "The law is in force.")
    writing.fill("Reason for the confidence", "The text itself was read.")
    writing.press("Hand in")
    heading(analyst, "Desk")

    reviewer.goto("/desk/")
    deciding.press(title)
    expect(reviewer.locator("section[aria-labelledby=proposal]")).to_contain_text("in force.")
    deciding.fill("Note to the author", "Since when?")
    deciding.press("Return with the note")
    heading(reviewer, "Desk")

    analyst.goto("/desk/")
    writing.press(title)
    expect(analyst.locator("section[aria-labelledby=note]")).to_contain_text("Since when?")
    writing.fill("Rationale", "The law is in force since June.")
    writing.press("Hand in")
    heading(analyst, "Desk")

    reviewer.goto("/desk/")
    deciding.press(title)
    expect(reviewer.locator("section[aria-labelledby=proposal]")).to_contain_text("since June.")
    deciding.press("Approve")
    heading(reviewer, title)
    expect(reviewer.locator("main")).to_contain_text("in force since June.")
    assert "holds" in desk_site.manage("verify_record")
