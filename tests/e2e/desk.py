"""What every walk over the desk does again and again."""

from playwright.sync_api import Locator, Page, expect


def begin(page: Page, code: str) -> str:
    """Begin a draft on the measure; its address."""
    page.goto(f"/measures/{code}/")
    page.get_by_role("button", name="Write a finding").click()
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    return page.url


def rationale(page: Page) -> Locator:
    return page.locator("#id_rationale")


def complete(page: Page, words: str) -> None:
    """Write what a draft cannot be handed in without."""
    rationale(page).fill(words)
    page.locator("#id_confidence_reason").fill("The text itself was read.")


def hand_in(page: Page, code: str) -> None:
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("section[aria-labelledby=handed-in]")).to_contain_text(f"{code} ")


def expect_saved(page: Page) -> None:
    expect(page.locator("#checks header small")).to_have_text("saved")
