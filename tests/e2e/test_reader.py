"""What a screen reader is told: the tree of a page, and what a renewal of a part of it says."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.keyboard import Keyboard

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
Person = Callable[..., Page]

# Around every page, and then of each main page what leads through it, in the order of reading.
FRAME = """
- link "Skip to the content"
- banner:
  - link "IPR Tracker"
  - navigation "Main":
    - list:
      - listitem:
        - link "Progress"
      - listitem:
        - link "Compare"
      - listitem:
        - link "Measures"
  - search "The whole register":
    - searchbox "Search the register"
    - button "Search"
  - link "简体中文"
  - link "Sign in"
- main
- contentinfo:
  - paragraph:
    - link "Accessibility"
"""
FRAME_ZH = """
- link "跳至正文"
- banner:
  - link "IPR Tracker"
  - navigation "主导航":
    - list:
      - listitem:
        - link "进展"
      - listitem:
        - link "比较"
      - listitem:
        - link "措施"
  - search "整个登记册":
    - searchbox "检索登记册"
    - button "检索"
  - link "English"
  - link "登录"
- main
- contentinfo
"""
TREES = {
    "/": """
- heading "Where 47 commitments stand" [level=1]
- definition:
  - img /Measures by status on .+ Implemented \\d+, Sustained \\d+/
- region "By theme":
  - heading "By theme" [level=2]
  - list:
    - listitem:
      - link /^1\\.1 .+ Implemented/
- region "Over time":
  - heading "Over time" [level=2]
""",
    "/zh/": """
- heading /47/ [level=1]
- definition:
  - img /已落实\\s?\\d+/
""",
    "/measures/": """
- heading "Measures" [level=1]
- search "Filters":
  - combobox
  - button "Show"
- status
- region "47 of 47 measures":
  - heading "47 of 47 measures" [level=2]
  - table:
    - rowgroup:
      - row:
        - columnheader
    - rowgroup:
      - row /^1\\.1 /:
        - rowheader:
          - link
""",
    "/zh/measures/": """
- heading "措施" [level=1]
- search "筛选条件":
  - combobox "排序"
  - button "显示"
- status
- region "47项措施（共47项）":
  - heading "47项措施（共47项）" [level=2]
  - table:
    - rowgroup:
      - row /编号 承诺 状态/:
        - columnheader "编号"
""",
    "/measures/4.7/": """
- heading /^4\\.7 / [level=1]
- text: Implemented
- blockquote
- region "Findings":
  - heading "Findings" [level=2]
  - button "What “Finding” means"
  - list:
    - listitem:
      - group: The same in Chinese
- region "Evidence":
  - heading "Evidence" [level=2]
""",
    "/zh/measures/4.7/": """
- heading /^4\\.7 / [level=1]
- text: 已落实
- blockquote
""",
    "/compare/?from=2020-11-30": """
- heading /^What moved from 30 November 2020/ [level=1]
- search "Two days":
  - textbox "From": 2020-11-30
  - textbox "To"
  - textbox "As known on"
  - checkbox "Read the first day with what is known of it now"
  - button "Compare"
- paragraph: /\\d+ of 47 commitments moved/
- definition:
  - img /Measures by status on \\d+/
- definition:
  - img /Measures by status on 30 November 2020/
""",
}


def test_the_tree_of_the_main_pages_leads_through_them(site: Site, opened: Open) -> None:
    page = opened(site)
    for path, tree in TREES.items():
        page.goto(path)
        frame = FRAME_ZH if path.startswith("/zh") else FRAME
        expect(page.locator("body")).to_match_aria_snapshot(frame)
        expect(page.locator("main")).to_match_aria_snapshot(tree)
        assert page.locator("main, header.masthead, footer").count() == 3


SAID = {
    "filter": {"en": r"^\d+ of 47 measures$", "zh": r"^\d+项措施（共47项）$"},
    "page": {"en": r"^\d+ entries · 51–100 of \d+$", "zh": r"^\d+条.+第51–100条"},
    "search": {"en": r"^\d+ hits$", "zh": r"\d+"},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_renewed_is_said_and_the_focus_stays(
    language: str, site: Site, opened: Open
) -> None:
    page = opened(site)
    prefix = "/zh" if language == "zh" else ""
    said = page.locator("#announce[role=status]")

    page.goto(f"{prefix}/measures/")
    expect(said).to_be_empty()
    page.locator(".facets summary").press("Enter")
    page.locator("#id_status-partial").press("Space")
    expect(said).to_have_text(re.compile(SAID["filter"][language]))
    expect(page.locator("#id_status-partial")).to_be_focused()

    page.goto(f"{prefix}/changes/?noun=evidence")
    page.locator("#next-page").press("Enter")
    expect(said).to_have_text(re.compile(SAID["page"][language]))
    expect(page.locator("#next-page")).to_be_focused()

    page.goto(f"{prefix}/evidence/?page=5")
    page.locator("#next-page").press("Enter")
    expect(said).not_to_be_empty()
    expect(page.locator("#next-page")).to_have_count(0)
    expect(page.locator("#results")).to_be_focused()

    page.goto(f"{prefix}/search/")
    page.locator("#id_q").press_sequentially("patent")
    expect(said).to_have_text(re.compile(SAID["search"][language]))
    expect(page.locator("#id_q")).to_be_focused()
    assert page.locator("#announce").count() == 1


@pytest.mark.parametrize(("language", "saved"), [("en", "saved"), ("zh", "已保存")])
def test_that_a_draft_is_kept_is_said(language: str, saved: str, person: Person) -> None:
    """In a place that was there before: one that comes with its words is not listened to."""
    page = person("analyst")
    prefix = "/zh" if language == "zh" else ""
    page.goto(f"{prefix}/measures/{'7.1' if prefix else '7.2'}/")
    page.locator("main form button", has_text=re.compile("Write a finding|撰写判定")).click()
    expect(page.locator("#id_rationale")).to_be_visible()
    page.evaluate("document.getElementById('announce').dataset.stays = 'yes'")
    page.locator("#id_rationale").press_sequentially("In force.")
    expect(page.locator("#announce[data-stays=yes]")).to_have_text(saved)
    expect(page.locator("#id_rationale")).to_be_focused()


def test_a_measure_is_found_by_keyboard_alone(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/")
    keys = Keyboard(page)
    keys.fill("Search the register", "4.7")
    page.keyboard.press("Enter")
    expect(page.locator("#id_q")).to_have_value("4.7")
    page.goto("/measures/")
    keys.press("Filter")
    keys.to(re.compile(r"Partial ?\d+"))
    page.keyboard.press("Space")
    expect(page.locator("#announce")).not_to_be_empty()
    first = page.locator("tbody tr a").first.inner_text()
    keys.press(first)
    expect(page.locator("h1")).to_contain_text(first)


def test_two_days_are_compared_and_taken_away_by_keyboard_alone(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/")
    keys = Keyboard(page)
    keys.press("Compare")
    expect(page.locator("h1")).to_contain_text("What moved")
    keys.to("From")
    page.keyboard.type("01012021")
    keys.to("To")
    page.keyboard.type("12312021")
    keys.press("Compare")
    expect(page.locator("h1")).to_have_text("What moved from 1 January 2021 to 31 December 2021")
    page.goto("/measures/")
    with page.expect_download() as waiting:
        keys.press("Excel")
    assert waiting.value.suggested_filename.endswith(".xlsx")


def test_the_focus_goes_in_the_order_of_reading(site: Site, opened: Open) -> None:
    """From top to bottom of the document; no stop jumps back, and none is left out."""
    page = opened(site)
    for path in ("/", "/measures/4.7/", "/compare/", "/zh/measures/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert page.evaluate(
            "document.querySelectorAll('[tabindex]').values().every(e => e.tabIndex < 1)"
        )
        before = -1
        for _ in range(40):
            page.keyboard.press("Tab")
            place = page.evaluate(
                "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
            )
            assert place >= before
            before = place
