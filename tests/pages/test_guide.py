"""First steps: about, the guide in two languages, the accessibility statement."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from measures import guide
from measures.guide import APART, CHAPTERS, FOLDER, LANGUAGES
from tests.pages.reader import Node, unmarked_chinese
from tests.world import World

Get = Callable[..., Node]

pytestmark = pytest.mark.django_db
PLACES = {name: f"/help/{name}/" for name in CHAPTERS} | {name: f"/{name}/" for name in APART}


def written(language: str, name: str) -> str:
    return (FOLDER / language / f"{name}.md").read_text()


def test_both_languages_have_the_same_files() -> None:
    for language in LANGUAGES:
        assert {path.stem for path in (FOLDER / language).glob("*.md")} == {*CHAPTERS, *APART}


@pytest.mark.parametrize("name", PLACES)
def test_both_languages_tell_the_same_in_the_same_order(name: str) -> None:
    """Headings by their depth, links, pictures, steps of a list and rows of a table."""

    def outline(language: str) -> list[str]:
        text = written(language, name).replace(f"guide/{language}/", "guide/")
        marks = r"^#+|^\||^\d\.|^- |\]\([^)]+\)|`status:[a-z-]+`"
        return sorted(re.findall(marks, text, re.MULTILINE))

    assert outline("en") == outline("zh")


@pytest.mark.parametrize("name", PLACES)
def test_a_chapter_is_a_page(name: str, world: World, page: Get) -> None:
    shown = page(PLACES[name])
    assert shown.one("h1").text == written("en", name).split("\n")[0].removeprefix("# ")
    article = shown.one("article")
    headings = [each.text for each in article.all("h2")]
    assert headings == re.findall(r"^## (.+)$", written("en", name), re.MULTILINE)
    assert article.all("table") == article.all("table", cls="list")
    for picture in article.all("img"):
        assert picture["alt"]
        assert int(picture["width"]) > 0 < int(picture["height"])


@pytest.mark.parametrize("name", PLACES)
def test_every_link_of_a_chapter_leads_somewhere(
    name: str, world: World, page: Get, visitor: Client
) -> None:
    for address in page(PLACES[name]).one("article").links().values():
        assert visitor.get(address).status_code in (200, 302), address


def test_the_contents_and_the_neighbours_lead_through_all_chapters(world: World, page: Get) -> None:
    assert [link["href"] for link in page("/help/").one("ol").all("a")] == [
        PLACES[name] for name in CHAPTERS
    ]
    walked = [PLACES["reading"]]
    while ahead := page(walked[-1]).one("main").all("a", rel="next"):
        walked.append(ahead[0]["href"])
    assert walked == [PLACES[name] for name in CHAPTERS]
    while back := page(walked[-1]).one("main").all("a", rel="prev"):
        assert back[0]["href"] == walked[-2]
        walked.pop()


def test_a_reader_of_chinese_reads_chinese(world: World, settings: Any, page: Get) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    assert page("/help/time/").one("h1").text == "两个日期：截至与以……所知为准"
    shown = page("/about/")
    assert shown.one("h1").text == "这是什么"
    assert [each.text for each in shown.one("table").all(cls="status")] == [
        "未启动",
        "初步",
        "部分落实",
        "基本落实",
        "已落实",
    ]


def test_english_pages_hold_no_chinese(world: World, page: Get) -> None:
    for place in PLACES.values():
        assert unmarked_chinese(page(place)) == [], place


def test_the_dates_are_carried_through_the_guide(world: World, page: Get) -> None:
    dates = {"as_of": "2023-01-01", "known": "2023-07-01"}
    for place in (*PLACES.values(), "/help/"):
        for text, address in page(place, **dates).one("main").links().items():
            if not address.startswith(("/admin/", "https:")):
                assert "as_of=2023-01-01" in address, (place, text)
                assert "known=2023-07-01" in address, (place, text)


def test_there_is_no_other_chapter(world: World, visitor: Client) -> None:
    assert visitor.get("/help/about/").status_code == 404
    assert visitor.get("/help/nothing/").status_code == 404


def test_every_page_leads_to_the_first_steps(world: World, page: Get) -> None:
    links = page("/measures/1.1/").one("footer").links()
    assert links["About"] == "/about/"
    assert links["Guide"] == "/help/"
    assert links["Accessibility"] == "/accessibility/"


def test_a_picture_in_the_guide_is_there_and_small() -> None:
    files = FOLDER.parents[1] / "measures" / "static" / guide.PICTURES
    for place in guide.pictures():
        size = (files / f"{place}.webp").stat().st_size
        assert size <= 60_000, (place, size)
    assert {f"{p.parent.name}/{p.stem}" for p in files.rglob("*.webp")} == set(guide.pictures())


def test_html_in_the_guide_is_shown_as_written() -> None:
    shown = guide.shown("<b>x</b> `status:none`", "en", str, str)
    assert shown.strip() == "<p>&lt;b&gt;x&lt;/b&gt; <code>status:none</code></p>"
