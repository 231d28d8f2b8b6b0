"""Pictures for other people's pages: sound, self-contained, of the day that was asked for."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from measures import charts, record
from tests.world import World

SPACE = "{http://www.w3.org/2000/svg}"
PICTURES = ("/embed/ladder.svg", "/embed/measures/1.1.svg", "/embed/measures/2.1.svg")
Picture = Callable[..., ElementTree.Element]


@pytest.fixture
def picture(visitor: Client) -> Picture:
    """The root of a picture that was answered with 200."""

    def get(path: str, **asked: str) -> ElementTree.Element:
        response = visitor.get(path, asked)
        assert response.status_code == 200, response.content
        assert response["Content-Type"] == "image/svg+xml"
        return ElementTree.fromstring(response.content)

    return get


def words(root: ElementTree.Element, tag: str) -> str:
    return " ".join("".join(each.itertext()) for each in root.iter(f"{SPACE}{tag}"))


@pytest.mark.parametrize("path", PICTURES)
@pytest.mark.parametrize("scheme", charts.SCHEMES)
def test_a_picture_needs_nothing_beside_itself(
    path: str, scheme: str, world: World, picture: Picture
) -> None:
    root = picture(path, scheme=scheme)
    tags = {each.tag.removeprefix(SPACE) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "circle", "text", "g"}
    for each in root.iter():
        assert not {"style", "class", "href", "{http://www.w3.org/1999/xlink}href"} & set(
            each.attrib
        )
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title told"
    assert words(root, "title")
    assert words(root, "desc")


def test_the_ladder_tells_its_numbers_dates_and_record(world: World, picture: Picture) -> None:
    root = picture("/embed/ladder.svg", as_of="2021-12-31")
    head = record.head()
    assert head
    shown = words(root, "text")
    assert "1 of 3 implemented or sustained" in shown
    for sign in ("Implemented 1", "Limited 1", "Not yet assessed 1", "Sustained 0"):
        assert sign in shown
    assert "As of 31 December 2021" in shown
    assert f"record {head.sequence}, head {head.hash[:12]}" in shown
    assert "Implemented 1, Limited 1, Not yet assessed 1; 3 in all." in words(root, "desc")


def test_the_ladder_of_a_part_says_which(world: World, picture: Picture) -> None:
    shown = words(picture("/embed/ladder.svg", theme="courts"), "text")
    assert "Courts" in shown
    assert "0 of 1 implemented" in shown
    shown = words(picture("/embed/ladder.svg", body="patent-office"), "text")
    assert "Patent Office" in shown
    assert "2 of 2 implemented" in shown


@pytest.mark.parametrize(
    ("code", "asked", "status"),
    [
        ("1.1", {}, "Implemented"),
        ("1.1", {"as_of": "2021-01-01"}, "Not started"),
        ("1.1", {"known": "2023-01-31"}, "Not started"),
        ("2.1", {}, "Not yet assessed"),
    ],
)
def test_a_badge_tells_the_status_of_the_day(
    code: str, asked: dict[str, str], status: str, world: World, picture: Picture
) -> None:
    root = picture(f"/embed/measures/{code}.svg", **asked)
    assert status in words(root, "text")
    assert words(root, "title").endswith(f": {status}")


def test_a_name_that_is_no_xml_does_no_harm(world: World, picture: Picture) -> None:
    world.plan.short = "<b>&専利 \"plan'"
    record.save(world.plan, by=world.ana)
    assert "<b>&専利" in words(picture("/embed/measures/1.1.svg"), "text")


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_may_be_kept_and_is_asked_for_again(
    path: str, world: World, visitor: Client
) -> None:
    def kept(**asked: str) -> Any:
        return visitor.get(path, asked)["Cache-Control"]

    assert kept() == "public, max-age=3600"
    assert kept(as_of="2023-06-30") == "public, max-age=3600"
    assert kept(as_of="2023-06-30", known="2023-07-01") == "public, max-age=2592000"
    response = visitor.get(path)
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    held = {"If-None-Match": response["ETag"]}
    assert visitor.get(path, headers=held).status_code == 304
    world.plan.title = "Another title"
    record.save(world.plan, by=world.ana)
    assert visitor.get(path, headers=held).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"as_of": "soon"}, {"known": "2031-01-01"}, {"scheme": "pink"}, {"theme": "none"}]
)
def test_what_cannot_be_drawn_is_not_drawn(
    asked: dict[str, str], world: World, visitor: Client
) -> None:
    for path in PICTURES:
        assert visitor.get(path, asked).status_code == 400
    assert visitor.get("/embed/measures/9.9.svg").status_code == 404


def test_with_both_dates_a_picture_stays_the_same(world: World, visitor: Client) -> None:
    head = record.head()
    assert head
    dates = {"as_of": "2023-12-31", "known": head.at.isoformat()}
    before = [visitor.get(path, dates).content for path in PICTURES]
    for row in (world.plan, world.rulings):
        row.short = "Otherwise"
        record.save(row, by=world.ana)
    assert [visitor.get(path, dates).content for path in PICTURES] == before
