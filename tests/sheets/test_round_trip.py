"""What leaves comes home: an export read back in changes nothing, whatever the texts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import record, sheets
from measures.models import Evidence, RecordEntry
from measures.text import REFUSED, cleaned
from tests.sheets.sent import KINDS, TABLES, exported, planned
from tests.world import World

BEGINNINGS = ("", "=", "+", "-", "@", "\t", "'", "''=", "'@", "# ", "<r>", "[", "_x0041_", "{")
LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40
)
WORDS = st.builds(
    lambda mark, text, end: cleaned(REFUSED.sub("", mark + text + end)),
    st.sampled_from(BEGINNINGS),
    LINES,
    st.sampled_from(("", "</r>", "; x", ",", '"', " ")),
)
PROSE = st.builds("{}{}{}".format, WORDS, st.sampled_from(("", "\n", "\r\n", "\r", "\n\n")), WORDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TABLES)
def test_an_export_read_back_in_changes_nothing(
    name: str, kind: str, world: World, second_source: Any
) -> None:
    found = planned(exported(name, world.speech, kind), f"x.{kind}", world.ana)
    assert found.problems == []
    assert found.numbers == {sheets.SAME: len(found.rows)}
    assert len(found.rows) == {"measures": 3, "evidence": 3}.get(name, 4)
    assert not found.possible
    assert found.columns.unmatched == ()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=WORDS, prose=PROSE, note=PROSE, pages=st.lists(WORDS, max_size=3), day=st.dates())
def test_odd_texts_come_home_as_they_left(
    world: World, title: str, prose: str, note: str, pages: list[str], day: date
) -> None:
    Evidence.objects.filter(pk=world.outline.pk).update(
        title=title, checked_how=prose, seen_at=pages, issued_on=day
    )
    type(world.outline_on_plan).objects.filter(pk=world.outline_on_plan.pk).update(note=note)
    type(world.plan).objects.filter(pk=world.plan.pk).update(quotation=prose, title=title)
    for name in ("evidence", "citations", "measures"):
        for kind in KINDS:
            found = planned(exported(name, world.speech, kind), f"x.{kind}", world.ana)
            assert found.problems == [], (kind, title, prose)
            assert found.of_kind(sheets.CHANGED) == [], kind
            assert found.numbers == {sheets.SAME: len(found.rows)}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=WORDS)
def test_a_mark_in_front_of_a_formula_is_undone_exactly(words: str) -> None:
    from measures.sheets.cells import safe, unmarked

    assert unmarked(safe(words)) == words
    assert not safe(words).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_another_register_exported_builds_the_same_here(
    kind: str, world: World, second_source: Any
) -> None:
    """The documents and citations of one measure are taken out, and come back from the file."""
    files = {name: exported(name, world.speech, kind) for name in ("evidence", "citations")}
    record.delete(world.yearbook_on_rulings, by=world.ana)
    found = planned(files["citations"], f"x.{kind}", world.ana)
    assert found.numbers == {sheets.SAME: 3, sheets.NEW: 1}
    assert sheets.bring(found, by=world.ana) == 1
    again = planned(files["citations"], f"x.{kind}", world.ana)
    assert (again.numbers, again.possible) == ({sheets.SAME: 4}, False)
    back = world.rulings.citations.get()
    assert (back.stage, back.note, back.evidence) == (
        "applied",
        "Shows what was done.",
        world.yearbook,
    )
    assert RecordEntry.objects.newest_first()[0].key == back.record_key


def test_a_text_longer_than_a_cell_comes_home_uncut_and_changes_nothing(world: World) -> None:
    world.outline.checked_how = "条" * 40_000
    record.save(world.outline, by=world.ana)
    for kind in KINDS:
        found = planned(exported("evidence", world.speech, kind), f"x.{kind}", world.ana)
        assert (found.problems, found.numbers) == ([], {sheets.SAME: 3})


def test_a_file_of_the_past_changes_nothing_that_reads_otherwise_today(world: World) -> None:
    moment = record.head().at  # type: ignore[union-attr]
    world.outline.title = "Renamed"
    record.save(world.outline, by=world.ana)
    then = sheets.evidence(date(2024, 1, 1), moment)
    found = planned(b"".join(sheets.written(then, {}, "csv")), "x.csv", world.ana)
    assert found.numbers == {sheets.SAME: 2, sheets.CONFLICT: 1}
    assert not found.possible


def test_the_lines_in_front_of_a_csv_are_passed_over(world: World) -> None:
    content = exported("evidence", world.speech, "csv", told=True, bom=True)
    assert content.startswith(b"\xef\xbb\xbf# list: evidence")
    assert planned(content, "x.csv", world.ana).numbers == {sheets.SAME: 3}
