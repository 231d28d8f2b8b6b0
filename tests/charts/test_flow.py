"""The flow between two dates: as many leave as arrive."""

from datetime import date
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from measures import charts
from measures.charts.flow import ROOM_FOR_A_NAME, _column
from measures.progress import compare
from tests.pages.reader import inline_code, parse
from tests.world import SPEECH_DAY, World

pytestmark = pytest.mark.django_db
TODAY = date(2024, 1, 1)


@pytest.fixture
def drawn(world: World) -> charts.Flows:
    return charts.flow(compare(world.speech, SPEECH_DAY, TODAY))


def test_each_column_counts_every_commitment_once(drawn: charts.Flows) -> None:
    def numbers(nodes: tuple[charts.Node, ...]) -> dict[str, int]:
        return {node.term.slug: node.number for node in nodes}

    assert numbers(drawn.before) == {"limited": 1, "not-started": 1, "not-assessed": 1}
    assert numbers(drawn.after) == {"implemented": 1, "sustained": 1, "not-assessed": 1}
    assert drawn.moved == 2


def test_the_nodes_stand_apart_and_within_the_picture(drawn: charts.Flows) -> None:
    for column in (drawn.before, drawn.after):
        place = 0.0
        for node in column:
            assert node.y >= place
            place = node.y + node.height
        assert place <= 100.01


def test_a_strand_leaves_one_node_and_arrives_at_another(drawn: charts.Flows) -> None:
    before = {node.term.slug: node for node in drawn.before}
    after = {node.term.slug: node for node in drawn.after}
    for strand in drawn.strands:
        begin = before[strand.flow.before.slug].y
        end = after[strand.flow.after.slug].y
        assert strand.path.startswith(f"M0,{round(begin, 2)} C50,{round(begin, 2)} ")
        assert f"100,{round(end, 2)} V" in strand.path
    # What moved lies above what stayed.
    assert [strand.moved for strand in drawn.strands] == [False, True, True]


def test_it_is_told_in_words_and_as_a_table(drawn: charts.Flows) -> None:
    assert drawn.told == (
        "Of 3 commitments 2 moved from 30 November 2020 to 1 January 2024: "
        "Limited to Sustained 1, Not started to Implemented 1."
    )
    shown = parse(render_to_string("measures/_flow.html", {"flow": drawn}))
    assert inline_code(shown) == []
    assert shown.one("svg", cls="flow").one("desc").text == drawn.told
    rows = [row.text for row in shown.one("tbody").all("tr")]
    assert rows == [
        "Limited Sustained 1",
        "Not started Implemented 1",
        "Not yet assessed Not yet assessed 1",
    ]
    assert [cell.text for cell in shown.one("tfoot").all("td")] == ["3"]


def test_where_nothing_moved_that_is_said(world: World) -> None:
    still = charts.flow(compare(world.speech, date(2023, 1, 1), TODAY, hindsight=True))
    assert still.moved == 0
    assert still.told.endswith("2024: none.")


def test_names_of_thin_nodes_do_not_stand_on_each_other() -> None:
    slugs = ("implemented", "sustained", "substantial", "partial")
    nodes = _column(dict.fromkeys(slugs, 1), 0.05)
    named = [node.middle for node in nodes if node.named]
    assert len(named) < len(nodes)
    assert all(b - a >= ROOM_FOR_A_NAME - 0.01 for a, b in pairwise(named))
