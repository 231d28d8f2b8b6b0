"""Whether a page can be used by each eye, and by each helper of eyes."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def expect_nobody_left_out(page: Page) -> None:
    """In both schemes, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
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
