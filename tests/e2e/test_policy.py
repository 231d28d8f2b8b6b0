"""Every page obeys its own policy and asks nobody but the tracker; see `Watch`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from tests.e2e.conftest import MISSING, Site, Watch
from tests.e2e.test_accessibility import PAGES
from tests.e2e.test_desk_accessibility import OF_ADMINISTRATORS
from tests.e2e.test_desk_accessibility import PAGES as OF_STAFF
from tests.pages.test_every_page import DESK
from tests.pages.test_every_page import PAGES as FOR_READERS

pytestmark = pytest.mark.e2e

ADMINISTRATION = (
    "/admin/",
    "/admin/measures/measure/",
    "/admin/measures/measure/add/",
    "/admin/measures/evidence/?q=law",
    "/admin/measures/recordentry/",
    "/admin/measures/user/add/",
    "/admin/measures/finding/add/",
    "/admin/axes/accessattempt/",
)

# Opened by the walks over the desk, of an import, and of what is followed.
WALKED = {
    "draft-detail",
    "draft-review",
    "draft-evidence",
    "citation-edit",
    "view-edit",
    "subscription-edit",
    "webhook-detail",
    "underway",
}


def names(paths: Iterable[str]) -> set[str]:
    """Of the pages at these addresses."""
    return {str(resolve(path.partition("?")[0]).url_name) for path in paths}


def test_every_page_is_opened_in_a_browser() -> None:
    ids = ("view", "written", "handed_in", "subscription", "webhook")
    told = defaultdict(lambda: "1", dict.fromkeys(ids, UUID(int=1)))
    every = names([*FOR_READERS, *(path.format_map(told) for path in DESK)])
    own = (path for _site, path in PAGES.values() if path != MISSING)
    opened = names([*own, *OF_STAFF, *OF_ADMINISTRATORS])
    assert every - opened - WALKED == set()


def test_the_administration_obeys_its_policy(person: Callable[..., Page], watch: Watch) -> None:
    page = person("administrator")
    for path in ADMINISTRATION:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert watch.problems == [], path
    page.goto("/admin/measures/measure/")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("#measure_form").is_visible()


def test_what_the_policy_refuses_would_be_noticed(
    site: Site, opened: Callable[..., Page], watch: Watch
) -> None:
    """The control."""
    page = opened(site)
    page.goto("/method/")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://a.example/'}))")
    page.wait_for_event("console", lambda said: said.text.startswith("policy: img-src"))
    assert any("a.example" in each for each in watch.problems)
    watch.problems.clear()
