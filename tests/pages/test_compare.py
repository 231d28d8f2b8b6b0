"""Two days side by side: what moved, why, and on what evidence."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from measures import record
from measures.models import Finding, Measure
from tests.kept import fresh
from tests.pages.reader import Node
from tests.world import LATER, SPEECH_DAY, World, cite

pytestmark = pytest.mark.usefixtures("today")

Page = Callable[..., Node]
AUTUMN, WINTER = "2023-10-01", "2024-02-01"


@pytest.fixture
def world(roles: None) -> World:
    """The small world, entered long ago: what is known on the first day holds it already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: LATER)
        return fresh()


@pytest.fixture
def mature(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A register that stood before the first day, and what was recorded between the two."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2024, 3, 1, 12, tzinfo=UTC))
    between: dict[str, Any] = {"recorded_at": LATER.replace(year=2023, month=12)}
    world.find(world.training, "dropped", date(2023, 11, 1), **between)
    world.find(world.rulings, "partial", date(2022, 1, 1), [world.yearbook_on_rulings], **between)
    world.find(
        world.plan,
        "partial",
        date(2021, 9, 22),
        [world.outline_on_plan, cite(world.plan, world.yearbook, by=world.ana)],
        supersedes=world.plan.findings.get(number=2),
        correction_reason="One element is missing.",
        **between,
    )
    return world


def moves(page: Node) -> dict[str, tuple[str, str, list[str]]]:
    """Under which heading each measure stands, from where to where, and its reason."""
    found = {}
    for section in page.one("main").all("section"):
        if not section["aria-labelledby"].startswith("kind-"):
            continue
        kind = section.one("h2").text
        for row in section.one("ul", cls="rows").inside:
            if isinstance(row, Node):
                statuses = [each.text for each in row.one(cls="change").all(cls="status")]
                code = row.all("a")[0].text.split()[0]
                found[code] = (kind.partition(":")[0], " → ".join(statuses), row.chips())
    return found


def test_since_the_speech_the_world_changed(world: World, page: Page) -> None:
    shown = page("/compare/")
    assert shown.one("h1").text == "What moved from 30 November 2020 to 1 March 2024"
    assert moves(shown) == {
        "1.2": ("Up", "Limited → Sustained", ["world changed"]),
        "1.1": ("Up", "Not started → Implemented", ["world changed"]),
    }
    main = shown.one("main").text
    assert "2 of 3 commitments moved. 2 moved up. In 2 the world changed." in main
    assert "The register of this source began after the first day" in main


def test_each_move_says_whether_the_world_changed_or_we_did(mature: World, page: Page) -> None:
    shown = page("/compare/", **{"from": AUTUMN, "to": WINTER})
    assert moves(shown) == {
        "1.2": ("Down", "Sustained → Dropped", ["world changed"]),
        "2.1": ("New", "Not yet assessed → Partial", ["learnt more"]),
        "1.1": ("Corrected", "Implemented → Partial", ["corrected"]),
    }
    main = shown.one("main").text
    assert "3 of 3 commitments moved. 1 moved down. 1 is new. In 1 the world changed." in main
    assert "Of 1 we learnt more. 1 was corrected." in main
    assert "Each day is read as it was known at its end" in main


def test_with_hindsight_only_the_world_moves(mature: World, page: Page) -> None:
    shown = page("/compare/", **{"from": AUTUMN, "to": WINTER, "hindsight": "on"})
    assert moves(shown) == {"1.2": ("Down", "Sustained → Dropped", ["world changed"])}
    assert "Both days are read with what is known of them now." in shown.one("main").text


def test_a_move_leads_to_its_finding_and_to_the_evidence_that_moved_it(
    mature: World, page: Page
) -> None:
    shown = page("/compare/", **{"from": AUTUMN, "to": WINTER})
    row = shown.one("main").row("1.1 The plan")
    dates = "?as_of=2024-02-01"
    assert row.links() == {
        "1.1 The plan": f"/measures/1.1/{dates}",
        "Finding 3, in effect 22 Sep 2021, recorded 1 Dec 2023": f"/measures/1.1/{dates}#finding-3",
        # The earlier finding rested on the outline already.
        "The yearbook": f"/evidence/yearbook/{dates}",
    }


def test_what_was_known_by_an_earlier_moment(mature: World, page: Page) -> None:
    shown = page("/compare/", **{"from": AUTUMN, "to": WINTER, "known": "2023-11-15"})
    assert moves(shown) == {}
    assert "Nothing moved: all 3 commitments stand where they stood." in shown.one("main").text
    assert "No commitment changed its status between these days." in shown.one(cls="empty").text


def test_by_theme_and_by_body(mature: World, page: Page) -> None:
    shown = page("/compare/", **{"from": AUTUMN, "to": WINTER})
    for section, rows in {
        "by-theme": [("1. Design", 2, 0, 2, 2), ("2. Courts", 0, 0, 1, 1)],
        "by-body": [("Patent Office", 2, 0, 2, 2), ("Supreme Court", 0, 0, 1, 1)],
    }.items():
        body = shown.section(section).one("tbody")
        assert [
            tuple(cell.text for cell in row.all() if cell.tag in ("th", "td"))
            for row in body.all("tr")
        ] == [tuple(map(str, row)) for row in rows]


def test_the_counts_of_both_days_and_the_flow_between_them(mature: World, page: Page) -> None:
    shown = page("/compare/", **{"from": AUTUMN, "to": WINTER})
    figures = shown.section("then-and-now")
    assert figures.row("Implemented").text == "Implemented 1 0 −1"
    assert figures.row("Partial").text == "Partial 0 2 +2"
    assert figures.row("Commitments").text.startswith("Commitments 3 3")
    flow = shown.section("flow").one("tbody")
    assert [row.text for row in flow.all("tr")] == [
        "Implemented Partial 1",
        "Sustained Dropped 1",
        "Not yet assessed Partial 1",
    ]


@pytest.mark.parametrize(
    ("asked", "sentences", "heading"),
    [
        ({"from": "x"}, ["“x” is no date. Write it as 2021-06-30."], "30 November 2020 to 1 March"),
        ({"to": "2024-03-02"}, ["2 March 2024 is in the future"], "2020 to 1 March 2024"),
        ({"from": "2019-01-01"}, ["1 January 2019 is before 30 November 2020"], "30 November 2020"),
        (
            {"from": "2023-01-01", "to": "2022-01-01"},
            ["The first day was after the second; they were exchanged."],
            "from 1 January 2022 to 1 January 2023",
        ),
        ({"known": "9999-01-01"}, ["is no date"], "30 November 2020 to 1 March 2024"),
    ],
)
def test_days_that_cannot_be_meant_are_said_and_a_page_shown(
    asked: dict[str, str], sentences: list[str], heading: str, world: World, page: Page
) -> None:
    shown = page("/compare/", **asked)
    notes = [note.text for note in shown.one("main").all("p", cls="is-error", role="status")]
    for sentence, note in zip(sentences, notes, strict=True):
        assert sentence in note
    assert heading in shown.one("h1").text


def test_as_of_is_the_second_day_unless_one_is_named(world: World, page: Page) -> None:
    assert "to 1 January 2022" in page("/compare/", as_of="2022-01-01").one("h1").text
    shown = page("/compare/", as_of="2022-01-01", to="2023-01-01")
    assert "to 1 January 2023" in shown.one("h1").text
    assert "as_of=2023-01-01" in shown.one("main").links()["1.1 The plan"]


def test_a_comparison_stays_as_it_was_when_its_dates_are_named(
    mature: World, visitor: Client
) -> None:
    def main() -> str:
        text = visitor.get(
            f"/compare/?from={AUTUMN}&to={WINTER}&known=2024-02-01T00:00:00Z"
        ).content.decode()
        return text[text.index("<main") : text.index("</main>")]

    before = main()
    mature.find(mature.rulings, "limited", SPEECH_DAY, [mature.yearbook_on_rulings])
    plan = Measure.objects.get(pk=mature.plan.pk)
    plan.title = "Renamed"
    record.save(plan, by=mature.ana)
    assert Finding.objects.filter(measure=mature.rulings).count() == 2
    assert main() == before


def test_each_source_is_compared_by_itself(mature: World, second_source: Any, page: Page) -> None:
    shown = page("/s/plan-2021/compare/")
    assert moves(shown) == {}
    assert "all 2 commitments" in shown.one("main").text
