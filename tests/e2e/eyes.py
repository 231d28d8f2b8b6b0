"""Whether a page can be used by each eye, and by each helper of eyes."""

from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
}
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
# The colours are the same in each language; measuring them takes axe most of its time.
WITHOUT_COLOURS = RULES | {"rules": RULES["rules"] | {"color-contrast": {"enabled": False}}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MEASURED = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
NARROWEST = (320, 640)
WIDE = (1280, 800)


def expect_nobody_left_out(page: Page, rules: dict[str, Any] = RULES) -> None:
    """With everything unfolded: in the light, in the dark, and in the colours of the system."""
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    page.emulate_media(color_scheme="light", forced_colors="none")
    expect_nothing_of_axe(page, rules)
    expect_measured(page, "small", "overlapping", "clipped", "faint")
    page.emulate_media(color_scheme="dark")
    if rules is RULES:
        expect_nothing_of_axe(page, COLOURS)
    expect_measured(page, "faint")
    # Axe reads a colour here that is not the one painted.
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, forced_colors="active")
        expect_measured(page, "faint")
    page.emulate_media(color_scheme="light", forced_colors="none")


def expect_room_for_all(page: Page) -> None:
    """On the narrowest screen, and for a reader who has asked the browser for letters twice as
    large: nothing is cut off, lies over another or asks to be scrolled sideways."""
    page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    assert sideways(page) == 0, page.url
    expect_measured(page, "small", "overlapping", "clipped")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
    assert sideways(page) == 0, page.url
    expect_measured(page, "overlapping", "clipped")
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()


def expect_measured(page: Page, *names: str) -> None:
    """Nothing of these kinds is found: small, overlapping, clipped, faint, moving."""
    every = page.evaluate(MEASURED)
    found = {name: every[name] for name in names if every[name]}
    assert not found, f"{page.url}: {found}"


def expect_nothing_of_axe(page: Page, rules: dict[str, Any]) -> None:
    found = violations(page, rules)
    assert not found, f"{page.url}: {found}"


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds on the page as it stands."""
    found = Axe().run(page, options=rules | {"resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    measured = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(measured)
