"""A sheet brought in with the keyboard: shown, mended, imported; and a long one, seen to go on."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.eyes import expect_nobody_left_out, sideways
from tests.e2e.keyboard import Keyboard

pytestmark = pytest.mark.e2e

ROW = {"title": "A law", "kind": "law", "tier": "1", "title_zh": "法律"}
MANY = 12_000
# Every value that the bar has, from the moment that it is there.
WATCHED = """() => {
    new MutationObserver(() => {
        const bar = document.querySelector("#underway progress[value]");
        if (bar) sessionStorage.told = (sessionStorage.told || "") + " " + bar.value;
    }).observe(document.querySelector("main"), {childList: true, subtree: true});
}"""


def written(place: Path, rows: list[dict[str, Any]]) -> Path:
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return place


def test_a_sheet_is_mended_and_imported_with_the_keyboard(
    person: Callable[..., Page], tmp_path: Path
) -> None:
    page = person("analyst")
    keyboard = Keyboard(page)
    keyboard.press("Import a sheet")
    expect(page.locator("h1")).to_have_text("Import a sheet")
    broken = written(tmp_path / "laws.csv", [ROW | {"key": "e2e-law", "kind": "lawe"}])
    page.locator("#id_file").set_input_files(broken)
    keyboard.press("Show what it would do")
    problem = page.locator("section[aria-labelledby=problems] tbody tr")
    expect(problem).to_contain_text("kind")
    expect(problem.locator("td").first).to_have_text("B2")
    expect(page.get_by_role("button", name="Import 1 row")).to_have_count(0)
    expect_nobody_left_out(page)

    mended = written(tmp_path / "laws.csv", [ROW | {"key": "e2e-law"}])
    page.locator("#id_file").set_input_files(mended)
    keyboard.press("Show what it would do")
    expect(page.locator("section[aria-labelledby=new]")).to_contain_text("e2e-law")
    expect_nobody_left_out(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert sideways(page) == 0
    keyboard.press("Import 1 row")
    expect(page.locator("p.note[role=status]").first).to_have_text("1 row was imported.")

    page.goto("/desk/import/")
    page.locator("#id_file").set_input_files(mended)
    keyboard.press("Show what it would do")
    expect(page.get_by_text("there is nothing to do")).to_be_visible()
    expect(page.get_by_role("button", name="Import 1 row")).to_have_count(0)
    expect_nobody_left_out(page)


def test_a_long_file_is_seen_to_go_on(person: Callable[..., Page], tmp_path: Path) -> None:
    page = person("analyst")
    page.goto("/desk/import/")
    rows = [ROW | {"key": f"e2e-many-{n}", "title": f"A law {n}"} for n in range(MANY)]
    page.locator("#id_file").set_input_files(written(tmp_path / "many.csv", rows))
    page.evaluate(WATCHED)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("button", name=f"Import {MANY} rows")).to_be_visible()
    told = [int(each) for each in page.evaluate("sessionStorage.told").split()]
    assert any(0 < each < MANY for each in told)
    assert max(told) <= MANY
    # Left again, so that the other walks meet the register that they know.
    page.get_by_role("button", name="Leave it").click()
    expect(page.locator("p.note[role=status]").first).to_have_text("Nothing was imported.")
    page.goto("/desk/underway/")
    expect(page.get_by_text("Nothing of yours is under way.")).to_be_visible()
    expect_nobody_left_out(page)
