"""What a page weighs on the way to somebody who comes for the first time."""

import pytest
from playwright.sync_api import Browser

from tests.bench.pages import LANGUAGES, PAGES, cost
from tests.e2e.conftest import Site

pytestmark = pytest.mark.e2e

MOST = 60_000  # bytes, with style, script, icon and headers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_stands_still(
    name: str, language: str, site: Site, chromium: Browser
) -> None:
    told = cost(chromium, f"{site.address}{LANGUAGES[language]}{PAGES[name]}")
    assert 0 < told.size <= MOST
    assert told.requests <= 12
    assert told.shift == 0
