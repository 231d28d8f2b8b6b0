"""Looking for words, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.eyes import expect_nobody_left_out, sideways
from tests.e2e.keyboard import Keyboard

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_from_any_page_to_what_was_looked_for(javascript: bool, site: Site, opened: Open) -> None:
    page = opened(site, java_script_enabled=javascript)
    page.goto("/method/")
    box = page.get_by_role("searchbox", name="Search the register")
    box.fill("Guofa 2021 20")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=Guofa"))
    hit = page.locator(".hits a").first
    expect(hit).to_contain_text("National Plan for the Protection and Utilisation")
    page.get_by_role("link", name=re.compile("^Findings")).click()
    expect(page).to_have_url(re.compile("kind=finding"))
    expect(page.get_by_role("heading", level=3)).to_have_text("Findings")


def test_hits_come_as_you_type_and_back_goes_back(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/search/")
    box = page.locator("#id_q")
    box.press_sequentially("惩罚性赔偿")
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d+ hits$"))
    expect(page.locator("#announce")).to_have_text(re.compile(r"^\d+ hits$"))
    expect(box).to_be_focused()
    expect(page.locator(".hits mark").first).to_have_text("惩罚性赔偿")
    expect(page).to_have_url(re.compile("q=%E6%83%A9%E7%BD%9A%E6%80%A7%E8%B5%94%E5%81%BF$"))
    page.go_back()
    expect(page.locator("#found")).to_have_text("What can be found")


def test_it_is_found_with_the_keyboard_and_nobody_is_left_out(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/search/")
    expect_nobody_left_out(page)
    keyboard = Keyboard(page)
    keyboard.fill(
        "Search commitments, evidence, findings and the source, in English or Chinese", "4.7"
    )
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d+ hits?$"))
    expect_nobody_left_out(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert sideways(page) == 0
    first = " ".join(page.locator(".hits a").first.inner_text().split())
    keyboard.press(first)
    expect(page.locator("h1")).to_contain_text("4.7 ")
    page.goto("/search/?q=zzzz")
    expect(page.get_by_text("Nothing has all of these words.")).to_be_visible()
    expect_nobody_left_out(page)
