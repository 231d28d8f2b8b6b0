"""Every page, in both schemes and every width: for each eye and each helper of eyes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import MISSING

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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
    "sign-in": ("site", "/accounts/login/"),
    "sign-up": ("site", "/accounts/signup/"),
    "password-reset": ("site", "/accounts/password/reset/"),
    "missing": ("site", MISSING),
    "empty": ("empty_site", "/"),
    "empty-evidence": ("empty_site", "/evidence/"),
}
EVERY_PAGE = pytest.mark.parametrize("name", PAGES)
EACH_SCHEME = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture
def visit(request: pytest.FixtureRequest, opened: Open) -> Callable[..., Page]:
    """A page by its name, in a window with such options."""

    def go(name: str, **options: Any) -> Page:
        fixture, path = PAGES[name]
        page = opened(request.getfixturevalue(fixture), **options)
        page.goto(path)
        return page

    return go


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


@EACH_SCHEME
@EVERY_PAGE
def test_a_page_leaves_nobody_out(name: str, scheme: str, visit: Callable[..., Page]) -> None:
    page = visit(name, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert violations(page) == []


def test_the_check_would_notice(visit: Callable[..., Page]) -> None:
    page = visit("progress")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(each.startswith("button-name") for each in violations(page))


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    measured = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(measured)


@EVERY_PAGE
def test_a_narrow_page_does_not_scroll_sideways(name: str, visit: Callable[..., Page]) -> None:
    page = visit(name, viewport={"width": 320, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert sideways(page) == 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert sideways(page) == 0
    page.set_viewport_size({"width": 640, "height": 400})  # A laptop at 200 per cent.
    assert sideways(page) == 0


@EACH_SCHEME
@EVERY_PAGE
def test_a_page_is_drawn_at_every_width(name: str, scheme: str, visit: Callable[..., Page]) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page = visit(name, color_scheme=scheme, reduced_motion="reduce")
    for width, height in ((390, 844), (1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) == 0
        picture = SCREENSHOTS / f"{name}-{width}-{scheme}.png"
        page.screenshot(path=picture, full_page=True)
        assert picture.stat().st_size > 0


@pytest.mark.parametrize("name", ["progress", "measure", "measures"])
def test_a_page_prints_as_a_report(name: str, visit: Callable[..., Page]) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page = visit(name, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="light")
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert not page.locator("header .end").is_visible()
    assert page.locator("h1").is_visible()
    page.pdf(path=SCREENSHOTS / f"{name}-print.pdf", format="A4", print_background=False)
