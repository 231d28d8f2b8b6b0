"""Several values of a filter, and how many rows each choice would show."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from django.test import Client

from measures import method, record
from measures.forms import MeasureFilter
from measures.models import Measure
from measures.progress import evidence_facets, library, listing, measure_facets
from tests.pages.reader import Node, parse
from tests.world import LATER, SOON_AFTER, World

Get = Callable[..., Node]
HTMX = {"HX-Request": "true", "HX-Target": "results"}
DAYS = [(date(2021, 1, 1), SOON_AFTER), (date(2023, 1, 1), LATER), (date(2023, 1, 1), None)]


def codes(shown: Node) -> list[str]:
    return [cell.text for cell in shown.all("td", cls="code")]


def number(shown: Node, choice: str) -> int:
    return int(shown.one("span", id=f"n-{choice}").text)


def without(wanted: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in wanted.items() if each != name}


@pytest.fixture
def mixed(world: World, crowd: Callable[[int], list[Measure]]) -> World:
    """A register of which some was changed only lately."""
    chance = Random(7)
    for measure in crowd(12):
        measure.refresh_from_db()
        measure.kind = chance.choice(list(method.KINDS))
        measure.nature = chance.choice(list(method.NATURES))
        measure.baseline = chance.choice(["", *method.BASELINES])
        measure.review_on = chance.choice([None, date(2020, 12, 24), date(2030, 1, 1)])
        bodies = chance.sample([world.patent_office, world.supreme_court], chance.randint(0, 2))
        record.save(measure, by=world.ana, bodies=bodies)
    return world


@pytest.mark.parametrize(("day", "known"), DAYS)
def test_a_choice_of_measures_says_what_choosing_it_would_show(
    day: date, known: Any, mixed: World
) -> None:
    chance = Random(day.year)
    form = MeasureFilter({}, mixed.speech)
    fields: Any = {name: field for name, field in form.fields.items() if name != "order"}
    for _ in range(3):
        wanted = {}
        for name in chance.sample(list(fields), 2):
            keys = [key for key, _label in fields[name].choices]
            picked = chance.sample(keys, min(len(keys), 3))
            wanted[name] = [fields[name].meant(key) for key in picked]
        tally = measure_facets(mixed.speech, day, known, **wanted)
        for name in ("theme", "body", "status", "kind", "baseline", "review"):
            for key, _label in fields[name].choices:
                meant = fields[name].meant(key)
                asked = {**without(wanted, name), name: [meant]}
                rows = listing(mixed.speech, day, known, **asked).count()
                assert tally[name][getattr(meant, "pk", meant)] == rows, (name, key, wanted)


@pytest.mark.parametrize(("day", "known"), DAYS)
@pytest.mark.parametrize(
    "wanted", [{}, {"kind": ["news"]}, {"bearing": ["supports"], "tier": [1, 3], "year": [2021]}]
)
def test_a_choice_of_documents_says_what_choosing_it_would_show(
    wanted: dict[str, Any], day: date, known: Any, mixed: World
) -> None:
    mixed.outline.tier, mixed.outline.kind = 4, "law"
    record.save(mixed.outline, by=mixed.ana)
    mixed.statement_on_training.bearing = "contradicts"
    record.save(mixed.statement_on_training, by=mixed.ana)
    wanted = {**wanted, "body": [mixed.patent_office, mixed.supreme_court]}
    tally = evidence_facets(day, known, **wanted)
    choices: dict[str, list[Any]] = {
        "kind": list(method.EVIDENCE_KINDS),
        "tier": list(method.TIERS),
        "year": [0, 2020, 2021, 2022],
        "bearing": list(method.BEARINGS),
        "body": [mixed.patent_office, mixed.supreme_court],
        "link": ["unchecked", "gone"],
    }
    for name, values in choices.items():
        for value in values:
            rows = library(day, known, **{**without(wanted, name), name: [value]}).count()
            assert tally[name][getattr(value, "pk", value)] == rows, (name, value)


def test_several_values_mean_either_and_several_filters_mean_all(world: World, page: Get) -> None:
    shown = page("/measures/?status=sustained&status=implemented")
    assert codes(shown) == ["1.1", "1.2"]
    shown = page("/measures/?status=sustained&status=implemented&nature=continuing")
    assert codes(shown) == ["1.2"]
    assert number(shown, "status-implemented") == 0
    assert number(shown, "status-not-assessed") == 1
    assert number(shown, "nature-deliverable") == 1
    assert "none" in shown.one("span", id="n-status-implemented").classes


def test_the_words_of_the_past_are_filtered_by_in_the_past(world: World, page: Get) -> None:
    world.plan.kind = "judicial"
    record.save(world.plan, by=world.ana)
    assert codes(page("/measures/?kind=judicial")) == ["1.1"]
    then = page("/measures/?kind=judicial&known=2023-07-01")
    assert codes(then) == []
    assert number(then, "kind-plan") == 2


def test_an_address_is_the_same_however_it_was_asked_for(world: World, visitor: Client) -> None:
    asked = "/measures/?nature=continuing&status=limited&status=sustained&status=limited&x=1"
    response = visitor.get(asked, headers=HTMX)
    expected = "/measures/?status=sustained&status=limited&nature=continuing"
    assert response["HX-Push-Url"] == expected
    files = parse(response.content.decode()).all("ul", cls="files")[0].links()
    assert files["CSV"] == expected.replace("/measures/", "/measures.csv")


def test_the_counts_come_with_the_part_each_in_its_place(world: World, visitor: Client) -> None:
    whole = Node.of(visitor.get("/measures/"))
    places = {each["id"] for each in whole.all("span", cls="number")}
    part = parse(visitor.get("/measures/?theme=design", headers=HTMX).content.decode())
    swapped = part.all("span", cls="number", hx_swap_oob="true")
    assert {each["id"] for each in swapped} == places
    assert number(part, "status-not-assessed") == 0


def test_what_is_asked_for_can_be_taken_away_piece_by_piece(world: World, page: Get) -> None:
    dates = "as_of=2023-01-01"
    shown = page(f"/measures/?status=sustained&status=limited&theme=design&{dates}")
    chips = shown.one("ul", cls="asked").links()
    assert chips == {
        "remove Theme: 1. Design": f"/measures/?status=sustained&status=limited&{dates}",
        "remove Status: Limited": f"/measures/?theme=design&status=sustained&{dates}",
        "remove Status: Sustained": f"/measures/?theme=design&status=limited&{dates}",
        "Clear all": f"/measures/?{dates}",
    }
    assert page("/measures/").all("ul", cls="asked") == []


def test_what_cannot_be_read_is_said_and_the_rest_is_kept(world: World, page: Get) -> None:
    shown = page("/measures/?status=sustained&status=nonsense")
    assert codes(shown) == ["1.2"]
    assert "nonsense" in shown.one(cls="errorlist").text
    many = "&".join(f"kind={place}" for place in range(201))
    assert "at most 200" in page(f"/measures/?{many}").one(cls="errorlist").text


def test_the_record_is_read_by_kind_of_change_and_by_day(world: World, page: Get) -> None:
    world.find(
        world.plan,
        "partial",
        date(2021, 9, 22),
        [world.outline_on_plan],
        supersedes=world.plan.findings.get(number=2),
        correction_reason="Misread.",
    )
    world.outline.title = "Renamed"
    record.save(world.outline, by=world.ana)
    shown = page("/changes/?change=correction&change=changed")
    assert number(shown, "change-correction") == 1
    assert number(shown, "change-finding") == 4
    rows = shown.section("found").all("tr", cls="entry")
    assert len(rows) == number(shown, "change-correction") + number(shown, "change-changed")
    assert "correction" in page("/changes/?change=correction").section("found").text
    none = page("/changes/?until=2000-01-01")
    assert none.section("found").all("tr", cls="entry") == []
    assert number(none, "noun-measure") == 0
    assert "remove Until: 2000-01-01" in none.one("ul", cls="asked").links()


def test_files_and_answers_take_the_same_filters(world: World, visitor: Client) -> None:
    query = "status=sustained&status=implemented"
    lines = visitor.get(f"/measures.jsonl?{query}")
    assert len(b"".join(lines.streaming_content).splitlines()) == 2  # type: ignore[arg-type]
    told = visitor.get(f"/api/v1/measures?{query}&limit=1").json()
    assert (told["total"], len(told["items"])) == (2, 1)
    assert query in told["next"]
    again = visitor.get(told["next"]).json()
    assert again["items"][0]["code"] == "1.2"
    assert visitor.get("/api/v1/evidence?tier=1&tier=2").json()["total"] == 2
    assert visitor.get("/api/v1/changes?change=finding&since=2000-01-01").json()["total"] == 4
    assert visitor.get("/api/v1/measures?status=nonsense&status=limited").status_code == 422
    assert visitor.get("/api/v1/measures?limit=1&limit=2").status_code == 422
