"""An archived copy of a page: written down on the desk, and offered where the page is gone."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from measures import record
from measures.models import Evidence, User
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.pages.test_evidence_edit import EVIDENCE, filled
from tests.sheets.sent import KINDS, exported, planned
from tests.test_broken import checked
from tests.world import World

ARCHIVE = "https://web.archive.org/web/20240503000000/https://example.org/outline"
OFFER = {"an archived copy of 3 May 2024": ARCHIVE}


@pytest.fixture
def desk(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.ana)


def archive(world: World, url: str = ARCHIVE, day: date | None = date(2024, 5, 3)) -> Evidence:
    world.outline.archive_url, world.outline.archived_on = url, day
    record.save(world.outline, by=world.ana)
    return world.outline


def test_it_is_written_on_the_desk_and_shown(desk: Client, world: World) -> None:
    told = filled(desk, EVIDENCE, archive_url=ARCHIVE, archived_on="2024-05-03")
    assert desk.post(EVIDENCE, told)["Location"] == "/evidence/outline/"
    entry = record.head()
    assert entry is not None
    assert entry.after == {"archive_url": ARCHIVE, "archived_on": "2024-05-03"}
    facts = Node.of(desk.get("/evidence/outline/")).section("facts")
    assert "3 May 2024" in facts.text
    assert ARCHIVE in facts.links().values()


@pytest.mark.parametrize(
    ("url", "day", "sentence"),
    [
        ("http://web.archive.org/web/2024/x", "", "begins with https://"),
        ("ftp://archive.example/x", "", "begins with https://"),
        ("", "2024-05-03", "Say where the copy is"),
    ],
)
def test_what_is_no_archived_copy_is_refused_in_words(
    url: str, day: str, sentence: str, desk: Client, world: World
) -> None:
    told = filled(desk, EVIDENCE, archive_url=url, archived_on=day)
    response = desk.post(EVIDENCE, told)
    assert response.status_code == 422
    assert sentence in parse(response.content.decode()).one(id="id_archive_url_error").text
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=world.outline.pk).update(
            archive_url=url, archived_on=day or None
        )


@pytest.mark.parametrize("outcome", ["gone", "unreachable"])
def test_it_is_offered_where_the_page_no_longer_answers(
    outcome: str, world: World, page: Any, today: date
) -> None:
    archive(world)
    checked(world.outline, outcome, outcome)
    for path in ("/evidence/outline/", "/measures/1.1/"):
        shown = page(path)
        assert OFFER.items() <= shown.one("main").links().items(), path
        assert inline_code(shown) == []
        assert unmarked_chinese(shown) == []
    measure = page("/measures/1.1/")
    assert OFFER.items() <= measure.section("evidence").links().items()
    assert OFFER.items() <= measure.section("findings").links().items()


def test_it_is_not_pressed_on_readers_of_a_page_that_is_there(
    world: World, page: Any, today: date
) -> None:
    archive(world)
    checked(world.outline, "answers", "moved", "changed")
    assert ARCHIVE not in page("/measures/1.1/").links().values()
    assert not OFFER.items() <= page("/evidence/outline/").links().items()


def test_without_one_only_the_silence_is_told(world: World, page: Any, today: date) -> None:
    checked(world.outline, "gone")
    assert "The page is gone" in page("/measures/1.1/").section("evidence").text
    assert "archived" not in page("/measures/1.1/").text


def test_the_past_is_offered_what_was_known(world: World, page: Any) -> None:
    checked(world.outline, "gone")
    before = record.head().at.isoformat()  # type: ignore[union-attr]
    archive(world)
    assert ARCHIVE in page("/evidence/outline/").links().values()
    assert ARCHIVE not in page("/evidence/outline/", known=before).links().values()


@pytest.mark.parametrize("kind", KINDS)
def test_it_leaves_and_comes_home(kind: str, world: World) -> None:
    archive(world)
    file = exported("evidence", world.speech, kind)
    assert planned(file, f"x.{kind}", world.ana).problems == []
    archive(world, "", None)
    found = planned(file, f"x.{kind}", world.ana)
    assert not found.problems
    assert len(found.rows) == 3


def test_a_sheet_with_half_of_it_is_refused_by_its_cell(world: World) -> None:
    sheet = b"key,archive_url,archived_on\noutline,,2024-05-03\nyearbook,ftp://x.example/,\n"
    told = [each.sentence for each in planned(sheet, "x.csv", world.ana).problems]
    assert any("Say where the copy is" in each for each in told)
    assert any("begins with https://" in each for each in told)


def test_the_api_tells_it(world: World, visitor: Client) -> None:
    archive(world)
    told = json.loads(visitor.get("/api/v1/evidence/outline").content)
    assert (told["archive_url"], told["archived_on"]) == (ARCHIVE, "2024-05-03")
