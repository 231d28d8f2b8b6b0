"""The page that says how to take the data away, and that what it says is there."""

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.test import Client

from measures import record
from tests.pages.reader import Node, parse, unmarked_chinese
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")


def test_every_way_that_it_names_leads_somewhere(
    second_source: object, page: Callable[..., Node], visitor: Client
) -> None:
    links = [link["href"] for link in page("/data/").one("main").all("a")]
    inside = [address for address in links if address.startswith("/")]
    assert "/changes.atom" in inside
    assert "/s/plan-2021/calendar.ics" in inside
    assert "/data/api/" in inside
    for address in inside:
        assert visitor.get(address, follow=True).status_code == 200, address


def test_its_examples_ask_this_very_tracker(page: Callable[..., Node], visitor: Client) -> None:
    pandas = page("/data/").one("pre", aria_labelledby="pandas")
    excel = page("/data/").one("pre", aria_labelledby="excel")
    (address,) = re.findall(r'urlopen\("http://testserver(.*?)"\)', pandas.text)
    told = visitor.get(address).json()
    assert [each["code"] for each in told["items"]] == ["1.1", "1.2", "2.1"]
    assert 'Origin = "http://testserver"' in excel.text
    (address,) = re.findall(r'Read\("(.*?)"\)', excel.text)
    row = visitor.get(address).json()["items"][0]
    for name in ("bodies", "standing"):
        assert f'"{name}"' in excel.text
        assert name in row
    expanded = re.findall(r'"(\w+)"', excel.text.rpartition("{")[2])
    assert expanded == list(row["standing"])


def test_the_foot_of_every_page_leads_to_it(page: Callable[..., Node]) -> None:
    for path in ("/", "/measures/1.1/", "/method/", "/accounts/login/"):
        assert page(path).one("footer").links()["Take the data away"] == "/data/"


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "/source.atom"),
        ("/source/speech-2020/", "/source.atom"),
        ("/themes/design/", "/themes/design/changes.atom"),
        ("/bodies/patent-office/", "/bodies/patent-office/changes.atom"),
        ("/measures/1.1/", "/measures/1.1/changes.atom"),
    ],
)
def test_a_page_names_its_feed(path: str, feed: str, page: Callable[..., Node]) -> None:
    named = page(path).one("head").all("link", rel="alternate", type="application/atom+xml")
    assert [each["href"] for each in named] == ["/changes.atom", feed]


def test_the_progress_page_names_its_calendar(page: Callable[..., Node]) -> None:
    assert page("/").one("head").one("link", type="text/calendar")["href"] == "/calendar.ics"


def test_the_page_of_the_api_names_every_address_and_field(page: Callable[..., Node]) -> None:
    shown = page("/data/api/").one("main")
    titles = [each.text for each in shown.all("h3")]
    assert "GET /api/v1/measures" in titles
    assert "GET /api/v1/measures/{code}" in titles
    assert len(titles) == 22
    measures = shown.all("article")[titles.index("GET /api/v1/measures")]
    for name in ("as_of", "cursor", "schedule", "standing", "due_as_said_zh"):
        assert name in {each.text for each in measures.all("code")}


def test_the_page_of_the_api_shows_what_is_sent(page: Callable[..., Node]) -> None:
    shown = page("/data/api/").one("main")
    titles = [each.text for each in shown.all("h3")]
    added = shown.all("article")[titles.index("POST /api/v1/evidence")]
    assert {"Idempotency-Key", "title_zh", "another"} <= {each.text for each in added.all("code")}
    assert json.loads(added.one("pre").text)["kind"] == "law"


def test_the_code_to_embed_shows_what_it_says(page: Callable[..., Node], visitor: Client) -> None:
    shown = page("/data/").one("main")
    for name in ("embed-ladder", "embed-badge"):
        code = shown.one("pre", aria_labelledby=name).text
        copied = parse(code)
        assert unmarked_chinese(copied) == []
        for address in (copied.one("a")["href"], copied.one("img")["src"]):
            assert address.startswith("http://testserver/")
            assert visitor.get(address.removeprefix("http://testserver")).status_code == 200
        assert copied.one("img")["alt"]


def test_search_engines_are_told_what_the_data_are(world: World, visitor: Client) -> None:
    world.speech.title = "A speech </script> & more"
    record.save(world.speech, by=world.ana)
    text = visitor.get("/data/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    told = json.loads(block)
    assert told["@type"] == "Dataset"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["isBasedOn"][0]["name"] == "A speech </script> & more"
    assert told["temporalCoverage"].startswith("2020-11-30/")
    for each in told["distribution"]:
        address = each["contentUrl"].removeprefix("http://testserver")
        assert visitor.get(address)["Content-Type"].startswith(each["encodingFormat"])


@pytest.mark.usefixtures("second_source")
def test_every_address_of_the_sitemap_is_there(visitor: Client) -> None:
    response = visitor.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = [
        each.text or "" for each in ElementTree.fromstring(response.content).iter(f"{space}loc")
    ]
    assert len(places) == len(set(places))
    assert "http://testserver/measures/2.1/" in places
    assert "http://testserver/s/plan-2021/measures/1.1/" in places
    for place in places:
        assert visitor.get(place.removeprefix("http://testserver")).status_code == 200, place
