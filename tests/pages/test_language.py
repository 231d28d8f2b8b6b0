"""In which language a page is read, and how a reader chooses."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.pages.reader import Node
from tests.world import World

CHINESE = {"accept": "text/html", "accept-language": "zh-CN,zh;q=0.9,en;q=0.5"}
ENGLISH = {"accept": "text/html", "accept-language": "en-GB"}
PAGES = ["/", "/measures/", "/measures/1.1/?as_of=2023-01-01", "/evidence/", "/method/"]

Page = Callable[..., Node]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_read_in_two_languages(world: World, visitor: Client, path: str) -> None:
    for prefix, language in (("", "en"), ("/zh", "zh-hans")):
        response = visitor.get(prefix + path)
        assert response["Content-Language"] == language
        assert Node.of(response).one("html")["lang"] == language


def test_a_page_in_chinese_leads_to_pages_in_chinese(world: World, page: Page) -> None:
    links = [each["href"] for each in page("/zh/measures/1.1/").all("a")]
    within = [each for each in links if each.startswith("/") and "/language/" not in each]
    assert within
    assert not [each for each in within if not each.startswith("/zh/")]


@pytest.mark.parametrize("path", PAGES)
def test_the_first_visit_is_answered_in_the_readers_language(
    world: World, visitor: Client, path: str
) -> None:
    response = visitor.get(path, headers=CHINESE)
    assert response.status_code == 302
    assert response["Location"] == f"/zh{path}"
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))
    assert visitor.get(path, headers=ENGLISH).status_code == 200


@pytest.mark.parametrize("path", ["/measures.csv", "/changes.atom", "/api/v1/sources"])
def test_what_programs_read_is_never_sent_elsewhere(
    world: World, visitor: Client, path: str
) -> None:
    headers = CHINESE | {"accept": "*/*"}
    assert visitor.get(path, headers=headers).status_code == 200


def test_a_part_of_a_page_stays_in_the_language_of_the_page(world: World, visitor: Client) -> None:
    headers = CHINESE | {"hx-request": "true"}
    assert visitor.get("/measures/", headers=headers).status_code == 200


def test_the_switch_keeps_the_page_its_dates_and_filters(world: World, visitor: Client) -> None:
    path = "/measures/?status=partial&as_of=2023-01-01"
    switch = Node.of(visitor.get(path)).one("a", hreflang="zh-Hans")
    assert (switch.text, switch["lang"]) == ("简体中文", "zh-Hans")
    chosen = visitor.get(switch["href"])
    assert chosen["Location"] == f"/zh{path}"
    back = Node.of(visitor.get(chosen["Location"])).one("a", hreflang="en")
    assert visitor.get(back["href"])["Location"] == path


def test_a_choice_outlasts_what_the_browser_prefers(world: World, visitor: Client) -> None:
    visitor.get("/language/en/?page=/zh/")
    assert visitor.get("/", headers=CHINESE).status_code == 200
    visitor.get("/language/zh/?page=/")
    assert visitor.get("/", headers=ENGLISH)["Location"] == "/zh/"


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example/", "\\\\e/"])
def test_the_switch_leads_nowhere_else(world: World, visitor: Client, page: str) -> None:
    assert visitor.get("/language/zh/", {"page": page})["Location"] == "/zh/"


def test_a_language_that_is_not_offered_is_not_found(world: World, visitor: Client) -> None:
    assert visitor.get("/language/fr/?page=/").status_code == 404


def test_the_other_language_is_told_to_search_engines(world: World, page: Page) -> None:
    found = {
        each["hreflang"]: each["href"]
        for each in page("/method/").all("link", rel="alternate")
        if "hreflang" in each.attributes
    }
    assert found == {
        "en": "http://testserver/method/",
        "zh-Hans": "http://testserver/zh/method/",
    }


def test_the_api_answers_in_the_language_that_a_program_asks_for(
    world: World, visitor: Client
) -> None:
    response = visitor.get("/api/v1/sources", headers={"accept-language": "zh"})
    assert response["Content-Language"] == "zh-hans"
    assert "Accept-Language" in response["Vary"]


def test_days_are_written_as_each_language_writes_them(world: World, page: Page) -> None:
    assert "1 January 2023" in page("/?as_of=2023-01-01").one("footer").text
    assert "2023年1月1日" in page("/zh/?as_of=2023-01-01").one("footer").text


def test_a_page_under_a_language_can_be_cited(world: World, visitor: Client) -> None:
    for form in ("/cite.txt", "/zh/cite.txt"):
        response = visitor.get(form, {"page": "/zh/measures/1.1/?as_of=2023-01-01"})
        assert response.status_code == 200
        assert "/zh/measures/1.1/" in response.content.decode()
