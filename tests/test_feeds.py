"""Feeds and calendars, as the programs of readers understand them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from measures import record
from measures.models import RecordEntry, Source
from tests.world import World, tamper

FEEDS = (
    "/changes.atom",
    "/source.atom",
    "/themes/design/changes.atom",
    "/bodies/patent-office/changes.atom",
    "/measures/1.1/changes.atom",
)
Read = Callable[..., Any]


@pytest.fixture
def feed(visitor: Client) -> Read:
    """A feed as a reader takes it in; one that is not well formed is refused."""

    def get(path: str, **asked: str) -> Any:
        response = visitor.get(path, asked)
        assert response.status_code == 200, response.content
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        found = feedparser.parse(response.content)
        assert not found.bozo, found.bozo_exception
        assert found.version == "atom10"
        return found

    return get


@pytest.fixture
def calendar(visitor: Client) -> Read:
    """The events of a calendar, by their names."""

    def get(path: str = "/calendar.ics", **asked: str) -> Any:
        response = visitor.get(path, asked)
        assert response.status_code == 200, response.content
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        found = Calendar.from_ical(response.content)
        return {str(event["summary"]): event for event in found.walk("VEVENT")}

    return get


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_says_what_it_is_and_where_the_record_stands(
    path: str, world: World, feed: Read
) -> None:
    found = feed(path)
    head = record.head()
    assert head
    assert found.feed.subtitle == f"Record {head.sequence}, head {head.hash}."
    assert found.feed.language == "en"
    assert found.feed.id == f"tag:testserver,2020-11-30:feed{path}"
    assert found.entries
    for entry in found.entries:
        assert entry.id.startswith("tag:testserver,2020-11-30:record/")
        assert entry.link.startswith("http://testserver/")
        assert entry.author in ("Ana", "Rui")
    assert len({entry.id for entry in found.entries}) == len(found.entries)


def test_a_feed_tells_the_newest_first_in_words(world: World, feed: Read) -> None:
    entries = feed("/changes.atom").entries
    newest = next(each for each in entries if each.tags[0].term == "finding")
    assert newest.title == "1.2 The training: Sustained"
    assert "In effect since 1 June 2022" in newest.summary
    assert newest.link == "http://testserver/measures/1.2/#finding-2"
    world.plan.short = "Plans & <more>"
    record.save(world.plan, by=world.ana, why="Shorter.")
    newest = feed("/measures/1.1/changes.atom").entries[0]
    assert newest.title == "Measure changed: 1.1 The plan"
    assert newest.summary == "Shorter. · short name: Plan → Plans &amp; &lt;more&gt;"
    assert entries[-1].title == "Source added: A speech on intellectual property"


def test_what_a_feed_called_an_entry_stays_its_name(world: World, feed: Read) -> None:
    before = {entry.id for entry in feed("/changes.atom").entries}
    world.plan.short = "Plans"
    record.save(world.plan, by=world.ana)
    after = {entry.id for entry in feed("/changes.atom").entries}
    assert before < after


@pytest.mark.parametrize(
    ("path", "there", "elsewhere"),
    [
        ("/themes/design/changes.atom", "The plan", "The rulings"),
        ("/themes/courts/changes.atom", "The rulings", "The plan"),
        ("/bodies/supreme-court/changes.atom", "The rulings", "The training"),
        ("/measures/1.2/changes.atom", "The training", "The plan"),
    ],
)
def test_a_feed_keeps_to_its_part(
    path: str, there: str, elsewhere: str, world: World, feed: Read
) -> None:
    titles = " ".join(entry.title for entry in feed(path).entries)
    assert there in titles
    assert elsewhere not in titles


@pytest.mark.usefixtures("other_source")
def test_each_source_has_its_own_feed(world: World, feed: Read) -> None:
    titles = [entry.title for entry in feed("/s/plan-2021/source.atom").entries]
    assert titles == ["Source added: A plan"]
    assert all("A plan" not in entry.title for entry in feed("/source.atom").entries)


@pytest.fixture
def other_source(world: World) -> None:
    source = Source(slug="plan-2021", title="A plan", delivered_on=date(2021, 6, 1))
    record.save(source, by=world.ana)


def test_drafts_and_accounts_are_in_no_feed(world: World, feed: Read) -> None:
    world.draft(world.rulings, rationale="A canary.")
    for path in FEEDS:
        found = feed(path)
        assert "canary" not in str(found)
        assert "Draft" not in str(found)


def test_a_feed_as_known_earlier_leaves_out_what_came_later(world: World, feed: Read) -> None:
    moment = timezone.now().isoformat()
    world.plan.title = "Another title"
    record.save(world.plan, by=world.ana)
    found = feed("/measures/1.1/changes.atom", known=moment)
    assert "Another" not in str(found)
    assert "known=" in found.entries[0].link


def test_characters_that_no_xml_may_hold_are_left_out(world: World, feed: Read) -> None:
    table = RecordEntry._meta.db_table
    tamper(f"UPDATE {table} SET why = %s WHERE noun = 'finding'", "Seen\x0b in \x01print.")  # noqa: S608
    told = [entry.summary for entry in feed("/changes.atom").entries]
    assert sum("Seen in print." in summary for summary in told) == 4


@pytest.mark.parametrize("path", [*FEEDS, "/calendar.ics"])
def test_who_asks_again_is_told_that_nothing_is_new(
    path: str, world: World, visitor: Client
) -> None:
    tag = visitor.get(path)["ETag"]
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 304
    world.plan.short = "Plans"
    record.save(world.plan, by=world.ana)
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", [*FEEDS, "/calendar.ics"])
@pytest.mark.parametrize("asked", [{"known": "2031-01-01"}, {"as_of": "soon"}])
def test_a_date_that_cannot_be_meant_is_refused(
    path: str, asked: dict[str, str], world: World, visitor: Client
) -> None:
    response = visitor.get(path, asked)
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/s/nothing/source.atom",
        "/themes/nothing/changes.atom",
        "/bodies/nothing/changes.atom",
        "/measures/9.9/changes.atom",
        "/s/nothing/calendar.ics",
    ],
)
def test_what_is_not_there_has_no_feed(path: str, world: World, visitor: Client) -> None:
    assert visitor.get(path).status_code == 404


def test_the_calendar_has_reviews_and_deadlines(world: World, calendar: Read) -> None:
    world.rulings.due_on = date(2025, 12, 31)
    record.save(world.rulings, by=world.ana)
    events = calendar()
    assert set(events) == {
        "Review: 1.1 The plan",
        "Review: 1.2 The training",
        "Deadline: 2.1 The rulings",
    }
    deadline = events["Deadline: 2.1 The rulings"]
    assert deadline["dtstart"].dt == date(2025, 12, 31)
    assert str(deadline["uid"]) == "deadline-speech-2020-2.1@testserver"
    assert str(deadline["url"]) == "http://testserver/measures/2.1/"
    assert events["Review: 1.1 The plan"]["dtstart"].dt == world.plan.review_on


def test_the_calendar_is_that_of_the_day_asked_for(world: World, calendar: Read) -> None:
    moment = timezone.now().isoformat()
    world.plan.review_on, world.plan.title = date(2031, 1, 1), "Another title"
    record.save(world.plan, by=world.ana)
    assert calendar()["Review: 1.1 Another title"]["dtstart"].dt == date(2031, 1, 1)
    assert calendar(known=moment)["Review: 1.1 The plan"]["dtstart"].dt < date(2031, 1, 1)


def test_nobody_is_named_in_a_calendar(world: World, visitor: Client) -> None:
    world.plan.analyst = world.ana
    record.save(world.plan, by=world.ana)
    assert b"Ana" not in visitor.get("/calendar.ics").content
