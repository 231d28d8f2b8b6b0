"""The ways people go through the tracker, with and without JavaScript, by mouse and by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, Watch

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
FOCUSED = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
        tag: element.tagName,
        text: element.textContent.trim().slice(0, 40),
        style: style.outlineStyle,
        width: parseFloat(style.outlineWidth),
        area: box.width * box.height,
    };
}"""
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])


@WITH_AND_WITHOUT
def test_from_progress_to_the_reason_and_back_to_the_words(
    javascript: bool, site: Site, opened: Open
) -> None:
    page = opened(site, java_script_enabled=javascript)
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Where 47 commitments stand")
    tile = page.locator(".tiles a", has_text="4.7")
    tile.click()
    expect(page).to_have_url(f"{site.address}/measures/4.7/")
    expect(page.locator("h1")).to_contain_text("4.7 ")
    evidence = page.locator("section[aria-labelledby=evidence] li a").first
    title = evidence.inner_text()
    evidence.click()
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(page).to_have_url(f"{site.address}/measures/4.7/")
    page.get_by_role("link", name="Paragraph 7 of the source").click()
    expect(page).to_have_url(re.compile("/source/politburo-25th-group-study-2020/#passage-7$"))
    passage = page.locator("#passage-7")
    expect(passage).to_be_in_viewport()
    passage.locator(".quotes a", has_text="4.7").click()
    expect(page).to_have_url(f"{site.address}/measures/4.7/")


@WITH_AND_WITHOUT
def test_measures_are_filtered_by_status(javascript: bool, site: Site, opened: Open) -> None:
    page = opened(site, java_script_enabled=javascript)
    page.goto("/measures/")
    expect(page.locator("#found")).to_have_text("47 of 47 measures")
    page.locator(".facets summary").click()
    page.locator("#id_status-partial").check()
    if not javascript:
        page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"/measures/\?.*status=partial"))
    expect(page.locator("#found")).not_to_have_text("47 of 47 measures")
    shown = page.locator("tbody tr .status")
    assert set(shown.all_inner_texts()) == {"Partial"}
    page.locator("tbody tr a").first.click()
    expect(page.locator(".lede .status")).to_have_text("Partial")
    page.go_back()
    expect(page).to_have_url(re.compile("status=partial"))
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.locator("#id_status-partial")).to_be_checked()
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(f"{site.address}/measures/")
    expect(page.locator("#found")).to_have_text("47 of 47 measures")


def test_a_filter_renews_only_the_list_and_says_so(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/measures/")
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    page.locator(".facets summary").click()
    page.locator("#id_status-partial").check()
    expect(page).to_have_url(f"{site.address}/measures/?status=partial")
    expect(page.locator("#announce")).to_have_text(re.compile(r"^\d+ of 47 measures$"))
    expect(page.locator("#announce")).to_have_attribute("role", "status")
    expect(page.locator("h1[data-kept=yes]")).to_have_count(1)
    expect(page.locator("#id_status-partial")).to_be_focused()
    expect(page.locator("#announce")).to_have_count(1)


def test_back_and_forward_restore_whole_pages_that_agree_with_the_address(
    site: Site, opened: Open
) -> None:
    page = opened(site)
    page.goto("/measures/")
    page.locator(".facets summary").click()
    page.locator("#id_status-partial").check()
    expect(page).to_have_url(f"{site.address}/measures/?status=partial")
    page.locator("#id_status-partial").uncheck()
    expect(page).to_have_url(f"{site.address}/measures/")
    page.locator("#id_status-limited").check()
    expect(page).to_have_url(f"{site.address}/measures/?status=limited")
    for go, asked in (
        (page.go_back, ""),
        (page.go_back, "partial"),
        (page.go_forward, ""),
        (page.go_forward, "limited"),
    ):
        go()
        expect(page).to_have_url(re.compile(f"status={asked}$" if asked else "/measures/$"))
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        ticked = page.locator(".facets input:checked")
        expect(ticked).to_have_count(1 if asked else 0)
        if asked:
            expect(ticked).to_have_value(asked)
        word = asked.capitalize()
        every = page.locator("tbody tr")
        of_status = page.locator("tbody tr .status", has_text=re.compile(f"^{word}$"))
        if asked:
            expect(every).to_have_count(of_status.count())
        else:
            expect(every).to_have_count(47)


def test_the_record_is_paged_in_place(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/changes/?noun=evidence")
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(f"{site.address}/changes/?noun=evidence&page=2")
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("51–100 of")
    expect(page.locator("h1[data-kept=yes]")).to_have_count(1)


def test_an_answer_that_fails_is_told_and_the_list_stays(
    site: Site, opened: Open, watch: Watch
) -> None:
    page = opened(site)
    page.goto("/measures/")
    page.route("**/measures/?*", lambda route: route.fulfill(status=500, body="<p>fault</p>"))
    expect(page.locator("#failure")).to_be_hidden()
    page.locator(".facets summary").click()
    page.locator("#id_status-partial").check()
    expect(page.locator("#failure")).to_contain_text("could not be renewed")
    expect(page.locator("tbody tr")).to_have_count(47)
    page.unroute("**/measures/?*")
    page.locator("#id_status-limited").check()
    expect(page.locator("#failure")).to_be_hidden()
    assert any("500" in problem for problem in watch.problems)
    watch.problems.clear()


def test_an_administrator_signs_in_and_reaches_the_administration(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/measures/1.1/")
    page.get_by_role("link", name="Sign in").click()
    page.locator("#id_login").fill("administrator")
    page.locator("#id_password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("main")).to_contain_text("not correct")
    page.locator("#id_password").fill(site.passwords["administrator"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("banner")).to_contain_text("Demonstration administrator")
    page.get_by_role("link", name="Administration").click()
    expect(page).to_have_url(f"{site.address}/admin/")
    expect(page.get_by_role("link", name="Measures", exact=True)).to_be_visible()
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_keyboard_meets_the_skip_link_first(site: Site, opened: Open) -> None:
    page = opened(site)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside


@pytest.mark.parametrize("path", ["/", "/measures/", "/measures/4.7/", "/accounts/login/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_can_be_seen_wherever_it_goes(
    path: str, scheme: str, site: Site, opened: Open
) -> None:
    page = opened(site, color_scheme=scheme)
    page.goto(path)
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["tag"] == "BODY":
            break
        seen.add(focused["text"])
        assert focused["style"] == "solid", focused
        assert focused["width"] >= 2, focused
        assert focused["area"] > 0, focused
    assert len(seen) > 3


def test_the_watch_would_notice(site: Site, opened: Open, watch: Watch) -> None:
    page = opened(site)
    page.goto("/")
    assert watch.problems == []
    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 0)")
    page.evaluate("document.querySelector('h1').setAttribute('style', 'color: red')")
    page.wait_for_function("true")
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()
