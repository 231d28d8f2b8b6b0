"""The method as the tracker prints it: from the definitions by which it judges."""

from collections.abc import Callable
from typing import Any

import pytest

from measures import method
from tests.pages.reader import Node
from tests.world import World

Get = Callable[..., Node]

pytestmark = pytest.mark.django_db


def in_both_languages(section: Node, en: str, zh: str) -> bool:
    chinese = " ".join(node.text for node in section.all(lang="zh"))
    return en in section.text and zh in chinese


@pytest.mark.parametrize("slug", method.STATUSES)
def test_every_status_is_defined(slug: str, page: Get) -> None:
    status = method.STATUSES[slug]
    statuses = page("/method/").section("statuses")
    (row,) = [
        each
        for each in statuses.one("dl").all("div")
        if each.one("span", cls="status").text == status.en
    ]
    assert f"is-{slug}" in row.one("span", cls="status").classes
    assert row.one("dt").one("span", lang="zh").text == status.zh
    assert row.one("dd", lang="en").text == status.means
    assert row.one("dd", lang="zh").text == status.means_zh


def test_not_yet_assessed_is_an_absence(page: Get) -> None:
    statuses = page("/method/").section("statuses")
    assert statuses.all(cls="is-not-assessed")
    assert "an absence, not a status" in statuses.text


def test_every_rule_is_printed_in_its_order(page: Get) -> None:
    printed = page("/method/").section("rules").one("ol").all("li")
    assert [row.one("span", lang="en").text for row in printed] == [r.en for r in method.RULES]
    assert [row.one("span", lang="zh").text for row in printed] == [r.zh for r in method.RULES]


def test_every_tier_is_printed_with_its_number(page: Get) -> None:
    printed = page("/method/").section("tiers").one("dl").all("div")
    assert [
        (row.one("dt").text, row.one("dd", lang="en").text, row.one("dd", lang="zh").text)
        for row in printed
    ] == [(str(tier.number), tier.en, tier.zh) for tier in method.TIERS.values()]


@pytest.mark.parametrize(
    ("heading", "terms"),
    [
        ("confidence", method.CONFIDENCES),
        ("stages", method.STAGES),
        ("bearings", method.BEARINGS),
        ("natures", method.NATURES),
        ("baseline", method.BASELINES),
    ],
)
def test_every_term_is_printed(heading: str, terms: dict[str, method.Term], page: Get) -> None:
    section = page("/method/").section(heading)
    for term in terms.values():
        assert in_both_languages(section, term.en, term.zh)
        assert in_both_languages(section, term.means, term.means_zh)


def test_the_version_and_its_history_are_stated(page: Get) -> None:
    shown = page("/method/")
    assert f"version {method.METHOD_VERSION}." in shown.one(cls="lede").text
    printed = shown.section("versions").one("dl").all("div")
    assert len(printed) == len(method.METHOD_HISTORY)
    assert method.METHOD_VERSION in shown.section("versions").text


def test_a_desk_of_one_is_stated(world: World, settings: Any, page: Get) -> None:
    sentence = "This desk is run by one person"
    assert sentence not in page("/method/").text
    settings.FOUR_EYES = False
    assert sentence in page("/method/").text


def test_the_check_of_languages_would_notice(page: Get) -> None:
    section = page("/method/").section("tiers")
    assert not in_both_languages(section, "No such term", "没有")
    assert not in_both_languages(section, method.TIERS[1].en, method.TIERS[1].en)


def test_the_cadence_of_reviews_in_force_is_stated(page: Get, settings: Any) -> None:
    review = page("/method/").section("review")
    assert in_both_languages(review, "at the latest 180 days after", "至迟 180 天复核")
    assert in_both_languages(review, "at the latest 365 days after", "至迟 365 天复核")
    settings.REVIEW_DAYS = {"deliverable": 1, "continuing": 90}
    review = page("/method/").section("review")
    assert in_both_languages(review, "at the latest 1 day after", "至迟 1 天复核")
    assert in_both_languages(review, "at the latest 90 days after", "至迟 90 天复核")
