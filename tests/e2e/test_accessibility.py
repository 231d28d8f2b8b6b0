"""Every page, in both schemes and every width: for each eye and each helper of eyes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import MISSING
from tests.e2e.eyes import SCHEMES, expect_nobody_left_out, sideways, violations

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
NARROWEST = (320, 640)
ZOOMED = (640, 400)  # A laptop at 200 per cent.


@pytest.fixture
def visit(request: pytest.FixtureRequest, opened: Open) -> Callable[..., Page]:
    """A page by its name, in a window with such options."""

    def go(name: str, **options: Any) -> Page:
        fixture, path = PAGES[name]
        page = opened(request.getfixturevalue(fixture), **options)
        page.goto(path)
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
    for width, height in (*SCREENS, NARROWEST, ZOOMED):
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) == 0, f"{width} pixels are not enough"


def test_the_check_would_notice(visit: Callable[..., Page]) -> None:
    page = visit("progress")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(each.startswith("button-name") for each in violations(page))
    page.evaluate("document.querySelector('main').style.minInlineSize = '3000px'")
    assert sideways(page) > 0


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
