"""The pages that nobody asks for: refusals, faults, and doors that are shut."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, Watch
from tests.e2e.eyes import WITHOUT_COLOURS, expect_nobody_left_out, expect_room_for_all

pytestmark = pytest.mark.e2e

Open = Callable[..., Page]
Person = Callable[..., Page]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_a_refusal_leaves_nobody_out(name: str, site: Site, opened: Open, watch: Watch) -> None:
    """As the tracker words it; a fault is nothing to be had by asking."""
    page = opened(site)
    for language, address in (("en", "/method/"), ("zh-hans", "/zh/method/")):
        with translation.override(language):
            told = render_to_string(f"{name}.html")
        page.route(
            site.address + address, lambda route, _asked, told=told: route.fulfill(body=told)
        )
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        expect(page.get_by_role("link").last).to_have_class("button")
        expect_nobody_left_out(page, WITHOUT_COLOURS)
        expect_room_for_all(page)


def test_who_is_locked_out_is_told_so_that_all_can_read_it(
    desk_site: Site, opened: Open, watch: Watch
) -> None:
    page = opened(desk_site)
    page.goto("/accounts/login/")
    for _ in range(5):
        page.locator("#id_login").fill("somebody-unknown")
        page.locator("#id_password").fill("wrong")
        with page.expect_navigation():
            page.locator("form.account button, main form button").first.click()
        if page.locator("#id_login").count():
            expect_nobody_left_out(page, WITHOUT_COLOURS)
    expect(page.locator("h1")).to_have_text("Too many tries")
    expect_nobody_left_out(page)
    expect_room_for_all(page)
    watch.forgive(429)


def test_an_invitation_leaves_nobody_out(
    person: Person, desk_site: Site, opened: Open, watch: Watch
) -> None:
    page = person("administrator")
    page.goto("/account/invitations/")
    page.locator("main form input[type=email]").fill("somebody@example.org")
    page.locator("main form button").first.click()
    link = page.locator("section[aria-labelledby=link] code")
    expect(link).to_be_visible()
    expect_nobody_left_out(page)
    address = link.inner_text()
    guest = opened(desk_site)
    for prefix in ("", "/zh"):
        guest.goto(address.replace(desk_site.address, desk_site.address + prefix))
        expect(guest.locator("h1")).to_be_visible()
        expect_nobody_left_out(guest)
        guest.locator("main form button").first.click()
        expect_nobody_left_out(guest)
