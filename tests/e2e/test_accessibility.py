"""Every page, in both schemes and every width: for each eye and each helper of eyes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import MISSING
from tests.e2e.eyes import (
    SCHEMES,
    WITHOUT_COLOURS,
    expect_measured,
    expect_nobody_left_out,
    expect_room_for_all,
    sideways,
    violations,
)

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
SOURCE = "/source/politburo-25th-group-study-2020/"

# The name of each page, the tracker that serves it, and its address.
PAGES = {
    "progress": ("site", "/"),
    "progress-past": ("site", "/?as_of=2022-06-30&known=once"),
    "compare": ("site", "/compare/"),
    "compare-still": ("site", "/compare/?from=2026-01-01&to=2019-01-01"),
    "measures": ("site", "/measures/"),
    "measures-none": ("site", "/measures/?status=dropped&kind=security"),
    "measures-misread": ("site", "/measures/?status=nonsense"),
    "measure": ("site", "/measures/4.7/"),
    "measure-long": ("site", "/measures/2.3/"),
    "theme": ("site", "/themes/law-based-protection/"),
    "body": ("site", "/bodies/cnipa/"),
    "trend": ("site", "/trend/"),
    "trend-part": ("site", "/trend/?theme=law-based-protection"),
    "evidence": ("site", "/evidence/"),
    "document": ("site", "/evidence/outline-2021-2035/"),
    "source": ("site", SOURCE),
    "source-text": ("site_with_text", SOURCE),
    "brief": ("site", "/brief/?from=2020-11-30"),
    "changes": ("site", "/changes/"),
    "timeline": ("site", "/timeline/"),
    "search": ("site", "/search/?q=%E6%83%A9%E7%BD%9A%E6%80%A7%E8%B5%94%E5%81%BF"),
    "search-none": ("site", "/search/?q=zebra"),
    "method": ("site", "/method/"),
    "history": ("site", "/measures/4.7/history/"),
    "sources": ("site", "/source/"),
    "about": ("site", "/about/"),
    "accessibility": ("site", "/accessibility/"),
    "guide": ("site", "/help/"),
    "guide-chapter": ("site", "/help/measure/"),
    "data": ("site", "/data/"),
    "api": ("site", "/data/api/"),
    "sign-in": ("site", "/accounts/login/"),
    "sign-up": ("site", "/accounts/signup/"),
    "password-reset": ("site", "/accounts/password/reset/"),
    "password-sent": ("site", "/accounts/password/reset/done/"),
    "missing": ("site", MISSING),
    "empty": ("empty_site", "/"),
    "empty-evidence": ("empty_site", "/evidence/"),
}
EVERY_PAGE = pytest.mark.parametrize("name", PAGES)
SCREENS = ((390, 844), (1280, 800), (1920, 1080))
# Of the first heading, and what is found then.
SPOILT = {
    "overlapping": "{marginBlockEnd: '-3rem'}",
    "clipped": "{overflow: 'hidden', blockSize: '1rem'}",
    "faint": "{color: '#aaa', opacity: 1}",
    "moving": "{transitionDuration: '1s'}",
}
ZOOMED = (640, 400)  # A laptop at 200 per cent.


@pytest.fixture
def visit(request: pytest.FixtureRequest, opened: Open) -> Callable[..., Page]:
    """A page by its name, in a window with such options."""

    def go(name: str, *, in_chinese: bool = False, **options: Any) -> Page:
        fixture, path = PAGES[name]
        page = opened(request.getfixturevalue(fixture), **options)
        page.goto(f"/zh{path}" if in_chinese else path)
        return page

    return go


def draw(page: Page, name: str) -> None:
    """Keep how the page looks on each screen, for whoever wants to look (make screenshots)."""
    if not SCREENSHOTS:
        return
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{width}.png", full_page=True)


@EVERY_PAGE
def test_a_page_leaves_nobody_out(name: str, visit: Callable[..., Page]) -> None:
    """In both schemes and every width, in one window: each opening of a page takes its time."""
    page = visit(name, reduced_motion="reduce")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        draw(page, f"{name}-{scheme}")
    expect_nobody_left_out(page)
    expect_measured(page, "moving")
    for width, height in (*SCREENS, ZOOMED):
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) == 0, f"{width} pixels are not enough"
    expect_room_for_all(page)


@EVERY_PAGE
def test_a_page_leaves_nobody_out_in_chinese(name: str, visit: Callable[..., Page]) -> None:
    page = visit(name, in_chinese=True, reduced_motion="reduce")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    expect_nobody_left_out(page, WITHOUT_COLOURS)
    expect_room_for_all(page)


def test_the_check_would_notice(visit: Callable[..., Page]) -> None:
    page = visit("progress")
    expect_measured(page, "small", "overlapping", "clipped", "faint")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(each.startswith("button-name") for each in violations(page))
    for what, spoilt in SPOILT.items():
        page.reload()
        page.evaluate(f"Object.assign(document.querySelector('h1').style, {spoilt})")
        with pytest.raises(AssertionError, match=what):
            expect_measured(page, what)
    page.evaluate("document.querySelector('main').style.minInlineSize = '3000px'")
    assert sideways(page) > 0


def test_a_status_keeps_its_shape_where_colours_are_forced(visit: Callable[..., Page]) -> None:
    """By the pixels: a computed style does not say what is painted."""
    page = visit("method", forced_colors="active")
    drawn = {}
    for status in ("limited", "partial", "substantial", "implemented", "sustained", "reversed"):
        place = page.locator(f"main .status.is-{status}").first
        page.evaluate("(element) => element.replaceChildren()", place.element_handle())
        drawn[status] = place.screenshot()
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize("name", ["progress", "measure", "measures"])
def test_a_page_prints_as_a_report(name: str, visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(name, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="light")
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert not page.locator("header .end").is_visible()
    assert page.locator("h1").is_visible()
    page.pdf(
        path=Path(SCREENSHOTS or tmp_path) / f"{name}-print.pdf",
        format="A4",
        print_background=False,
    )
