"""The pages of the register that comes with the tracker: real words, real lengths."""

from pathlib import Path

import pytest
from django.test import Client

from measures import bundle
from measures.models import Body, Evidence, Measure, Source, Theme, User
from tests.pages.reader import Node, inline_code, unmarked_chinese
from tests.world import counted

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def shipped(ana: User) -> None:
    bundle.load(SEEDS, by=ana)
    counted()


def test_every_page_is_sound_and_no_link_inside_leads_nowhere(
    shipped: None, visitor: Client
) -> None:
    addresses = [
        "/",
        "/compare/",
        "/trend/",
        "/brief/",
        "/brief/?from=2020-11-30",
        "/measures/",
        "/evidence/",
        "/timeline/",
        "/changes/",
        "/changes/?page=2",
        "/method/",
    ]
    for model in (Measure, Source, Theme, Body):
        addresses += [each.get_absolute_url() for each in model._default_manager.all()]
    # The pages of documents are many and all made alike: one in eight is read, each is opened.
    addresses += [each.get_absolute_url() for each in Evidence.objects.order_by("key")[::8]]
    places: dict[str, set[str]] = {}
    wanted = set()
    for address in addresses:
        shown = Node.of(visitor.get(address))
        assert len(shown.all("h1")) == 1, address
        assert inline_code(shown) == [], address
        assert unmarked_chinese(shown) == [], address
        places[address] = {node.attributes.get("id", "") for node in shown.everything()}
        wanted |= {link["href"] for link in shown.all("a") if link["href"].startswith("/")}
    # Every page and finding brings citations, all made alike: one in fifty is followed.
    cited = sorted(link for link in wanted if link.startswith("/cite.") or "&known=" in link)
    for link in sorted(wanted.difference(cited)) + cited[::50]:
        path, _, place = link.partition("#")
        if path not in places:
            response = visitor.get(path)
            assert response.status_code in (200, 302), link
            if place:
                found = Node.of(response)
                places[path] = {node.attributes.get("id", "") for node in found.everything()}
        assert not place or place in places[path], link
