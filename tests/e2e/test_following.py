"""Following a measure, and the webhook of an administrator, walked through with every eye."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.eyes import expect_nobody_left_out

pytestmark = pytest.mark.e2e

Person = Callable[..., Page]


def test_what_is_followed_is_chosen_changed_and_left(person: Person) -> None:
    page = person("manager")
    page.goto("/measures/4.7/")
    page.get_by_role("button", name="Follow").click()
    expect_nobody_left_out(page)
    page.get_by_role("button", name="Follow it").click()
    row = page.get_by_role("row", name="4.7")
    expect(row).to_be_visible()
    expect_nobody_left_out(page)
    row.get_by_role("link", name="Change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change a subscription")
    expect_nobody_left_out(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("row", name="4.7").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("row", name="4.7")).to_have_count(0)


def test_a_webhook_shows_its_secret_once_and_keeps_a_log(person: Person) -> None:
    page = person("administrator")
    page.goto("/account/webhooks/")
    page.get_by_label("What it is for").fill("The archive")
    page.get_by_label("Address").fill("https://archive.example.org/tracker")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="The secret of your new webhook")).to_be_visible()
    expect_nobody_left_out(page)
    page.get_by_role("link", name="The archive").click()
    expect_nobody_left_out(page)
    page.goto("/account/webhooks/")
    expect(page.get_by_role("heading", name="The secret of your new webhook")).to_have_count(0)
