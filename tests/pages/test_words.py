"""Help where a word appears: opened by a button, without JavaScript, once a page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from measures import method
from measures.models import User
from tests.pages.reader import Node
from tests.world import World

Get = Callable[..., Node]
PAGES = {
    "/": {"as-of", "ladder", "review", "finding", "schedule"},
    "/measures/1.1/": {"as-of", "finding", "effective-day", "confidence", "evidence", "tier"},
    "/evidence/outline/": {"as-of", "bearing", "tier", "finding"},
    "/compare/": {"ladder", "reasons"},
}


@pytest.fixture
def moved(world: World) -> World:
    world.find(world.plan, "partial", world.speech.delivered_on, [world.outline_on_plan])
    return world


def words(page: Node) -> dict[str, Node]:
    return {each["id"].removeprefix("about-"): each for each in _helps(page)}


def _helps(page: Node) -> list[Node]:
    return [node for node in page.everything() if "popover" in node.attributes]


def opens(button: Node, card: Node) -> bool:
    return button.attributes.get("popovertarget") == card["id"]


@pytest.mark.parametrize("path", PAGES)
def test_a_word_is_explained_where_it_appears(path: str, moved: World, page: Get) -> None:
    shown = page(path)
    assert set(words(shown)) >= PAGES[path]
    for slug, card in words(shown).items():
        assert method.WORDS[slug].means in card.text
        (opener,) = (n for n in shown.everything() if opens(n, card))
        assert opener.tag == "button"
        assert opener["type"] == "button"
        assert f"What “{method.WORDS[slug].en}” means" in opener.text


def test_a_word_is_explained_once(moved: World, page: Get) -> None:
    ids = [each["id"] for each in _helps(page("/measures/1.1/"))]
    assert len(ids) == len(set(ids))


def test_the_method_holds_every_word_at_the_dates_of_the_page(moved: World, page: Get) -> None:
    terms = page("/method/").section("words")
    for path in PAGES:
        for slug, card in words(page(path, as_of="2023-01-01")).items():
            (link,) = card.all("a")
            assert link["href"] == f"/method/?as_of=2023-01-01#word-{slug}"
            assert method.WORDS[slug].zh in terms.one(id=f"word-{slug}").text


def test_a_draft_explains_what_its_fields_ask_for(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    draft = world.draft(world.rulings)
    page = Node.of(signed_in(world.rui).get(f"/desk/drafts/{draft.uid}/review/"))
    assert {"four-eyes", "rules", "effective-day", "confidence"} <= set(words(page))


def test_a_reader_of_chinese_is_told_in_chinese(moved: World, settings: Any, page: Get) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    assert "“截至”指所问的现实日期" in words(page("/"))["as-of"].text
