"""The pages of the register that comes with the tracker: real words, real lengths."""

from pathlib import Path

import pytest
from django.test import Client

from measures import bundle
from measures.models import Body, Evidence, Measure, Source, Theme, User
from tests.pages.reader import Node, inline_code, unmarked_chinese

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def shipped(ana: User) -> None:
    bundle.load(SEEDS, by=ana)


def test_every_page_is_sound_and_no_link_inside_leads_nowhere(
    shipped: None, visitor: Client
) -> None:
    addresses = [
        "/",
        "/compare/",
        "/trend/",
        "/measures/",
        "/evidence/",
        "/timeline/",
        "/changes/",
        "/changes/?page=2",
        "/method/",
    ]
    for model in (Measure, Evidence, Source, Theme, Body):
        addresses += [each.get_absolute_url() for each in model._default_manager.all()]
    places: dict[str, set[str]] = {}
    wanted = set()
    for address in addresses:
        shown = Node.of(visitor.get(address))
        assert len(shown.all("h1")) == 1, address
        assert inline_code(shown) == [], address
        assert unmarked_chinese(shown) == [], address
        places[address] = {node.attributes.get("id", "") for node in shown.everything()}
        wanted |= {link["href"] for link in shown.all("a") if link["href"].startswith("/")}
    for link in sorted(wanted):
        address, _, place = link.partition("#")
        if address not in places:
            assert visitor.get(address).status_code in (200, 302), link
        elif place:
            assert place in places[address], link
