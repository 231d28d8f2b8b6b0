"""The page that says how to take the data away, and that what it says is there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.pages.reader import Node

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
        assert visitor.get(address).status_code == 200, address


def test_its_examples_ask_this_very_tracker(page: Callable[..., Node], visitor: Client) -> None:
    pandas, excel = page("/data/").all("code")
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
    assert len(titles) == 11
    measures = shown.all("article")[titles.index("GET /api/v1/measures")]
    for name in ("as_of", "cursor", "schedule", "standing", "due_as_said_zh"):
        assert name in {each.text for each in measures.all("code")}
