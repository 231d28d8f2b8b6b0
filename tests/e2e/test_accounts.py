"""Signing in with more than a password, in a real browser and under the real policy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.conftest import code_of
from tests.e2e.conftest import Site, tracker
from tests.e2e.eyes import expect_nobody_left_out

pytestmark = pytest.mark.e2e

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def browser(
    tmp_path: Path, loaded: Site, static_files: Path, opened: Callable[..., Page]
) -> Iterator[Any]:
    """A browser at a tracker of its own, by a name: passkeys are for no bare number."""
    with tracker(tmp_path, loaded, static_files) as site:
        site.address = site.address.replace("127.0.0.1", "localhost")
        yield site, opened(site)


def with_password(page: Page, site: Any) -> None:
    page.goto("/accounts/login/")
    expect_nobody_left_out(page)
    page.locator("#id_login").fill("reviewer")
    page.locator("#id_password").fill(site.passwords["reviewer"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def once_more(page: Page, site: Any) -> None:
    expect(page.locator("h1")).to_have_text("Confirm Access")
    expect_nobody_left_out(page)
    page.locator("#id_password").fill(site.passwords["reviewer"])
    page.get_by_role("button", name="Confirm").click()


def out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_passkey_is_made_and_signs_in(browser: Any) -> None:
    site, page = browser
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    with_password(page, site)
    page.goto("/accounts/2fa/webauthn/add/")
    once_more(page, site)
    expect_nobody_left_out(page)
    page.locator("#id_name").fill("My phone")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page.locator("h1")).to_have_text("Recovery Codes")
    expect_nobody_left_out(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("tbody")).to_contain_text("My phone")
    expect_nobody_left_out(page)
    page.goto("/")
    out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_an_app_and_then_a_recovery_code_sign_in(browser: Any) -> None:
    site, page = browser
    with_password(page, site)
    page.goto("/accounts/2fa/totp/activate/")
    once_more(page, site)
    expect_nobody_left_out(page)
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    codes = page.locator("#recovery_codes").input_value().split()
    page.goto("/")
    out(page)
    with_password(page, site)
    expect_nobody_left_out(page)
    page.locator("#id_code").fill(codes[0])
    page.get_by_role("button", name="Sign In").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
