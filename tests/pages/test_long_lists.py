"""A long list is read by the row beside it: every row once, whatever is added meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import progress, record
from measures.models import Evidence, Measure, Theme
from measures.progress import stretches
from tests.pages.reader import Node, parse
from tests.world import SPEECH_DAY, World

Get = Callable[..., Node]
HTMX = {"HX-Request": "true", "HX-Target": "results"}


def shown(page: Node) -> list[str]:
    """What stands in the first cells of the rows, or in the headings where those are dates."""
    cells = page.all("td", cls="code") or page.all("th", scope="row")
    return [cell.text for cell in cells]


def walked(page: Get, path: str, rel: str = "next") -> list[list[str]]:
    """The rows of each part of the list, from the address on."""
    found = [(now := page(path))]
    while links := [link for nav in now.all("nav", cls="pages") for link in nav.all("a", rel=rel)]:
        now = page(path.partition("?")[0] + links[0]["href"])
        found.append(now)
    return [shown(each) for each in found]


@pytest.fixture
def long(
    world: World, crowd: Callable[[int], list[Measure]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a hundred rows in every list, which count as long from sixty on."""
    crowd(110)
    monkeypatch.setattr(stretches, "LONG", 60)


PATHS = ("/measures/", "/measures/?theme=design", "/measures/?status=limited", "/evidence/")


@pytest.mark.parametrize("path", [*PATHS, "/changes/", "/changes/?noun=measure&noun=evidence"])
def test_a_long_list_has_the_same_rows_in_the_same_order(
    path: str, long: None, page: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = walked(page, path)
    monkeypatch.undo()
    assert parts == walked(page, path)
    assert len(parts) > 2


def test_the_way_back_shows_what_the_way_forth_did(long: None, page: Get) -> None:
    forth = walked(page, "/measures/")
    last = forth[-2][-1]
    back = walked(page, f"/measures/?after={last}", rel="prev")
    assert back == forth[::-1]


def test_a_long_list_is_not_counted_to_its_end(long: None, page: Get) -> None:
    all_of_them = page("/measures/").section("found")
    assert all_of_them.one("h2").text == "More than 60 measures"
    some = page("/measures/", status="limited").section("found")
    assert some.one("h2").text == "More than 50 measures"
    few = page("/measures/", theme="courts").section("found")
    assert few.one("h2").text == "1 measure"
    assert few.all("nav", cls="pages") == []


def test_choices_of_a_long_list_have_no_numbers(
    long: None, page: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page("/measures/").one("form", cls="facets").all("span", cls="number") == []
    monkeypatch.undo()
    assert page("/measures/").one("form", cls="facets").all("span", cls="number") != []


def test_a_theme_put_between_others_later_is_read_in_its_place(
    world: World, long: None, page: Get
) -> None:
    theme = Theme(source=world.speech, number=0, slug="preface", title="Preface")
    record.save(theme, by=world.ana)
    world.training.theme, world.training.code = theme, "0.1"
    record.save(world.training, by=world.ana)
    parts = walked(page, "/measures/")
    assert parts[0][0] == "0.1"
    assert sum(map(len, parts)) == Measure.objects.count()


def test_undated_documents_stand_last_in_a_long_list(world: World, long: None, page: Get) -> None:
    for n in range(3):
        undated = Evidence(key=f"undated-{n}", title=f"Undated {n}", kind="law", tier=1)
        record.save(undated, by=world.ana)
    parts = walked(page, "/evidence/")
    assert [title.split("undated")[0] for title in parts[-1][-3:]] == [
        "Undated 0",
        "Undated 1",
        "Undated 2",
    ]
    back = walked(page, "/evidence/?after=undated-1", rel="prev")
    assert sum(map(len, back)) == sum(map(len, parts))


@pytest.mark.parametrize("place", ["after=nonsense", "before=nonsense", "after=", "after=規劃"])
def test_a_row_that_is_not_there_leads_to_the_beginning(place: str, long: None, page: Get) -> None:
    for path in ("/measures/", "/evidence/", "/changes/"):
        assert shown(page(f"{path}?{place}")) == shown(page(path))


def test_a_deep_page_asks_no_more_than_one_question_more(long: None, visitor: Client) -> None:
    def questions(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get(path).status_code == 200
        return len(asked)

    questions("/measures/")
    assert questions("/measures/?after=1.180") <= questions("/measures/") + 1


def test_another_order_shows_the_first_of_a_long_list(
    long: None, page: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "LONG", 100)
    first, *rest = walked(page, "/measures/?order=title")
    assert [len(first), *map(len, rest)] == [50, 50]
    assert shown(page("/measures/", order="title", page="99999999")) == rest[0]


def test_htmx_pushes_the_place_in_a_long_list(long: None, visitor: Client) -> None:
    response = visitor.get("/measures/", {"after": "1.120", "theme": "design"}, headers=HTMX)
    assert response["HX-Push-Url"] == "/measures/?theme=design&after=1.120"
    assert parse(response.content.decode()).one("p", id="announce").text.startswith("More than 50")


def test_the_list_tells_the_schedule_as_the_filter_knows_it(
    world: World, crowd: Callable[[int], list[Measure]]
) -> None:
    days = [SPEECH_DAY + timedelta(days=n) for n in (-1, 0, 1, 200, 2000, 4000)]
    some = [world.plan, world.training, *crowd(len(days) * 2)]
    for n, measure in enumerate(some):
        measure.refresh_from_db()
        measure.due_on = days[n % len(days)]
        record.save(measure, by=world.ana)
    for day in (SPEECH_DAY, date(2021, 6, 1), date(2023, 1, 1), date(2031, 11, 1)):
        told: Any = progress.listing(world.speech, day)
        expected = dict(told.values_list("code", "schedule"))
        rows = progress.measures_listed(world.speech, day)
        listed = progress.listed(rows, world.speech, day)
        assert {
            each.measure.code: each.schedule.slug for each in listed if each.schedule
        } == expected
    assert len(set(expected.values())) > 2
