"""The way through time: the date control, two days side by side, what is taken away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])


@WITH_AND_WITHOUT
def test_to_an_earlier_day_from_page_to_page_and_back_to_today(
    javascript: bool, site: Site, opened: Open
) -> None:
    page = opened(site, java_script_enabled=javascript)
    page.goto("/measures/?theme=law-based-protection")
    control = page.get_by_role("region", name="Dates")
    control.locator("summary").click()
    control.get_by_label("As of").fill("2022-06-30")
    control.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("theme=law-based-protection.*as_of=2022-06-30"))
    expect(control.locator("summary")).to_have_text("As of 30 June 2022, as known today")
    expect(page).to_have_title(re.compile("as of 30 June 2022, as known today"))
    page.locator("tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/measures/2\.\d+/\?as_of=2022-06-30$"))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Progress").click()
    expect(page).to_have_url(f"{site.address}/?as_of=2022-06-30")
    expect(page.locator(".ladders")).to_contain_text("30 Jun 2022")
    page.get_by_role("link", name="Back to today").click()
    expect(page.get_by_role("region", name="Dates").locator("summary")).to_contain_text(
        "as known today"
    )
    assert "as_of" not in page.url


def test_the_day_of_the_speech_by_keyboard_alone(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/")
    page.get_by_role("region", name="Dates").locator("summary").focus()
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if "Day of the source" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/?as_of=2020-11-30")
    expect(page.locator(".headline")).to_contain_text("0 of 47")


def test_a_filter_keeps_the_day(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/measures/?as_of=2022-06-30")
    page.locator(".facets summary").click()
    page.locator("#id_status-implemented").check()
    expect(page).to_have_url(re.compile(r"status=implemented.*as_of=2022-06-30"))
    expect(page.locator("#found")).to_have_text(re.compile("^4 of 47"))


@WITH_AND_WITHOUT
def test_two_days_are_compared_and_a_move_leads_to_its_finding(
    javascript: bool, site: Site, opened: Open
) -> None:
    page = opened(site, java_script_enabled=javascript)
    page.goto("/")
    page.get_by_role("link", name="compare two days").click()
    expect(page.locator("h1")).to_contain_text("30 November 2020")
    page.get_by_label("From", exact=True).fill("2021-01-01")
    page.get_by_label("To", exact=True).fill("2021-12-31")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("h1")).to_have_text("What moved from 1 January 2021 to 31 December 2021")
    finding = page.get_by_role("link", name=re.compile("^Finding 2, in effect")).first
    finding.click()
    expect(page).to_have_url(re.compile(r"as_of=2021-12-31#finding-2$"))
    expect(page.locator("#finding-2")).to_be_in_viewport()


def test_nothing_moved_is_said_too(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/compare/?from=2020-11-30&to=2020-11-30")
    expect(page.locator(".headline")).to_contain_text("Nothing moved")


@pytest.mark.parametrize("name", ["Word", "Excel"])
def test_the_brief_is_taken_away(name: str, site: Site, opened: Open, tmp_path: Path) -> None:
    page = opened(site)
    page.goto("/brief/?from=2023-01-01&to=2024-01-01")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name.startswith("ipr-brief-2023-01-01-2024-01-01.")
    assert file.read_bytes()[:2] == b"PK"


def test_the_trend_is_taken_away_as_a_picture(site: Site, opened: Open, tmp_path: Path) -> None:
    page = opened(site)
    page.goto("/?as_of=2022-06-30")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PNG").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "ipr-trend-2022-06-30.png"
    assert file.read_bytes()[:4] == b"\x89PNG"
