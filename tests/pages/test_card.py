"""What other sites show of a page that is linked there."""

import struct
from collections.abc import Callable

import pytest
from django.test import Client

from tests.pages.reader import Node
from tests.world import World


def told(shown: Node) -> dict[str, str]:
    metas = shown.one("head").all("meta")
    return {each["property"]: each["content"] for each in metas if "property" in each.attributes}


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "A speech on intellectual property"),
        ("/measures/1.1/", "1.1 The plan"),
        ("/?as_of=2021-12-31&known=2023-06-02", "A speech on intellectual property"),
        ("/measures/1.1/?as_of=2021-12-31", "1.1 The plan"),
    ],
)
def test_a_page_names_a_picture_of_itself_at_its_dates(
    path: str, title: str, world: World, page: Callable[..., Node], visitor: Client
) -> None:
    tags = told(page(path))
    assert tags["og:title"] == title
    assert tags["og:url"] == f"http://testserver{path}"
    place = tags["og:image"].removeprefix("http://testserver")
    assert place.partition("?")[2] == path.partition("?")[2]
    answer = visitor.get(place)
    assert answer["Content-Type"] == "image/png"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    fixed = "known=" in path
    assert answer["Cache-Control"] == f"public, max-age={2592000 if fixed else 3600}"
    assert visitor.get(place, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_picture_changes_with_the_day(world: World, visitor: Client) -> None:
    for path in ("/card.png", "/measures/1.1/card.png"):
        early, late = (
            visitor.get(path, {"as_of": day}).content for day in ("2020-12-31", "2023-12-31")
        )
        assert early != late


def test_the_picture_of_a_measure_is_in_the_language_of_the_page(
    world: World, visitor: Client
) -> None:
    assert visitor.get("/measures/1.1/card.png").content != (
        visitor.get("/zh/measures/1.1/card.png").content
    )
