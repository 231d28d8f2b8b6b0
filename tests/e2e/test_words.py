"""The help at a word: for the hand, the keyboard and the eye, with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.eyes import SCHEMES, expect_measured, sideways, violations

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
PAGE = "/measures/4.7/"
BUTTONS = "main .word > button, .when .word > button"


def test_a_word_is_explained_without_javascript(site: Site, opened: Open) -> None:
    page = opened(site, java_script_enabled=False)
    page.goto(PAGE)
    card = page.locator("#about-finding")
    expect(card).to_be_hidden()
    page.get_by_role("button", name="What “Finding” means").click()
    expect(card).to_be_visible()
    expect(card).to_contain_text("One immutable record")
    page.get_by_role("button", name="What “Criteria” means").click()
    expect(card).to_be_hidden()


def test_a_word_is_explained_by_the_keyboard(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto(PAGE)
    before = page.evaluate("document.body.getBoundingClientRect().height")
    button = page.get_by_role("button", name="What “Evidence” means")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#about-evidence")).to_be_visible()
    assert page.evaluate("document.body.getBoundingClientRect().height") == before
    page.keyboard.press("Tab")
    expect(page.locator("#about-evidence a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#about-evidence")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("prefix", ["", "/zh"], ids=["en", "zh"])
def test_the_help_is_easy_to_hit_and_leaves_nobody_out(
    prefix: str, site: Site, opened: Open
) -> None:
    page = opened(site, reduced_motion="reduce")
    page.goto(f"{prefix}{PAGE}")
    for place in page.locator(BUTTONS).all():
        box = place.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 24
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator("[popovertarget=about-confidence]").click()
        card = page.locator("#about-confidence").bounding_box()
        assert card is not None
        assert card["x"] >= 0
        assert card["x"] + card["width"] <= width
        assert sideways(page) == 0
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, forced_colors="none")
            assert violations(page) == []
            page.emulate_media(color_scheme=scheme, forced_colors="active")
            expect_measured(page, "faint", "small", "clipped")
        page.emulate_media(forced_colors="none")
        page.keyboard.press("Escape")


def test_paper_shows_no_help(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto(PAGE)
    page.emulate_media(media="print")
    assert not any(each.is_visible() for each in page.locator(BUTTONS).all())
