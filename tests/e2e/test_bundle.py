"""A bundle taken away and brought back by an administrator."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import sideways, violations

pytestmark = pytest.mark.e2e

NEW = "- slug: e2e-library\n  title: The library of this walk\n"


def choose(page: Page, archive: Path) -> None:
    page.locator("#id_file").set_input_files(archive)
    page.get_by_role("button", name="Show what it would do").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_a_bundle_goes_out_and_comes_in(
    javascript: bool, person: Callable[..., Page], tmp_path: Path
) -> None:
    page = person("administrator", java_script_enabled=javascript)
    page.get_by_role("link", name="Bundles").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="The whole register").click()
    download.value.save_as(tmp_path / "register.zip")
    with zipfile.ZipFile(tmp_path / "register.zip") as archive:
        assert "measures.yaml" in archive.namelist()
    slug = f"e2e-{'js' if javascript else 'plain'}"
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("bodies.yaml", NEW.replace("e2e-library", slug))
    choose(page, tmp_path / "one.zip")
    expect(page.locator("section[aria-labelledby=new]")).to_contain_text("bodies: 1")
    if javascript:
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert sideways(page) == 0
    page.get_by_role("button", name="Load it").click()
    expect(page.locator("p.note[role=status]").first).to_have_text("The bundle was loaded.")
    page.goto("/desk/bundle/")
    choose(page, tmp_path / "one.zip")
    expect(page.locator("p.note[role=status]")).to_contain_text("there is nothing to do")
