"""The pages that people take to a meeting, on paper."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.conftest import Site

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
# The address, and how many sheets of A4 it takes at most with the shipped register.
REPORTS = {
    "progress": ("/", 6),
    "measure": ("/measures/4.7/", 6),
    "compare": ("/compare/?from=2021-12-31&to=2026-11-01", 12),
    "brief": ("/brief/?from=2020-11-30&to=2026-11-01", 10),
}
ONLY_ON_SCREENS = "nav, form, button, summary, .masthead .side, .word, .files, .cite"


@pytest.fixture
def printed(site: Site, opened: Open) -> Callable[..., Page]:
    """A page as wide as the paper, and as it is printed from a dark screen."""

    def get(path: str) -> Page:
        page = opened(site, viewport={"width": 680, "height": 1000}, color_scheme="dark")
        page.goto(path)
        page.emulate_media(media="print", color_scheme="light")
        return page

    return get


def colours(each: Locator) -> Any:
    return each.evaluate(
        "(node) => [getComputedStyle(node).color, getComputedStyle(node).background]"
    )


@pytest.mark.parametrize("prefix", ["", "/zh"], ids=["en", "zh"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_paper_only(name: str, prefix: str, printed: Callable[..., Page]) -> None:
    path, most = REPORTS[name]
    page = printed(prefix + path)
    seen = [each for each in page.locator(ONLY_ON_SCREENS).all() if each.is_visible()]
    left = [
        each.inner_text() for each in seen if not each.locator("xpath=..").get_attribute("open")
    ]
    # The line with the dates, and what moved a finding, say something on paper, too.
    told = page.locator(".when summary, .moved-by > summary").all_inner_texts()
    assert set(left) <= set(told)
    assert page.locator("footer .hash").is_visible()
    sheets = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
    assert 0 < sheets <= most


def test_no_row_stands_over_another(printed: Callable[..., Page]) -> None:
    page = printed(REPORTS["compare"][0])
    main, foot = page.locator("main").bounding_box(), page.locator("footer").bounding_box()
    assert main is not None
    assert foot is not None
    assert main["y"] + main["height"] <= foot["y"]


def test_a_square_can_be_read_on_paper(printed: Callable[..., Page]) -> None:
    page = printed("/")
    text, ground = colours(page.locator(".tiles a.is-implemented").first)
    assert text == "rgb(255, 255, 255)"
    assert "rgb(11, 79, 138)" in ground


def test_what_moved_a_finding_is_printed_and_what_is_folded_is_not(
    printed: Callable[..., Page],
) -> None:
    page = printed(REPORTS["compare"][0])
    assert page.locator(".moved-by li").first.is_visible()
    assert not page.locator("figure details").first.is_visible()
