"""What an import would do is told cell by cell, and done all at once or not at all."""

from datetime import date
from typing import Any

import pytest

from measures import record, sheets, workflow
from measures.models import Citation, Draft, Evidence, Finding, Measure, RecordEntry, User
from tests.sheets.sent import as_csv, as_excel, as_json, exported, planned
from tests.world import PROPOSAL, World

LAW = {"key": "law", "title": "A law", "kind": "law", "tier": "1", "issued_on": "2021-06-01"}
MAKERS = {"csv": as_csv, "xlsx": as_excel, "json": as_json}


def told(plan: sheets.Plan) -> list[str]:
    return [str(problem) for problem in plan.problems]


@pytest.mark.parametrize("kind", MAKERS)
def test_new_documents_come_in_with_their_entries(kind: str, world: World) -> None:
    rows = [LAW | {"bodies": "patent-office; supreme-court"}, LAW | {"key": "other", "bodies": ""}]
    found = planned(MAKERS[kind](rows), f"x.{kind}", world.ana)
    assert (told(found), found.numbers) == ([], {sheets.NEW: 2})
    before = RecordEntry.objects.count()
    assert sheets.bring(found, by=world.ana, why="Imported.") == 2
    law = Evidence.objects.get(key="law")
    assert (law.title, law.tier, law.issued_on) == ("A law", 1, date(2021, 6, 1))
    assert {body.slug for body in law.bodies.all()} == {"patent-office", "supreme-court"}
    entries = RecordEntry.objects.newest_first()[: RecordEntry.objects.count() - before]
    assert {(e.noun, e.action, e.actor, e.why) for e in entries} == {
        ("evidence", "added", world.ana.opaque_id, "Imported.")
    }
    assert entries[1].after["bodies"] == ["patent-office", "supreme-court"]
    assert record.verify().broken is None
    again = planned(MAKERS[kind](rows), f"x.{kind}", world.ana)
    assert (again.numbers, again.possible) == ({sheets.SAME: 2}, False)


def test_a_change_is_told_field_by_field_and_made(world: World) -> None:
    rows = [{"key": "outline", "title": "The great outline", "tier": "2", "version": "1"}]
    found = planned(as_csv(rows), "x.csv", world.ana)
    (row,) = found.of_kind(sheets.CHANGED)
    assert row.before == {"title": "The outline", "tier": "1"}
    assert row.after == {"title": "The great outline", "tier": "2"}
    assert [each.label for each in row.differences] == ["title", "source tier"]
    sheets.bring(found, by=world.ana)
    world.outline.refresh_from_db()
    assert (world.outline.title, world.outline.tier, world.outline.version) == (
        "The great outline",
        2,
        2,
    )
    assert world.outline.url == "https://example.org/outline"


def test_a_newer_edit_is_a_conflict_that_shows_both(world: World) -> None:
    content = exported("evidence", world.speech, "csv").replace(b"The outline", b"Mine")
    world.outline.title = "Theirs"
    record.save(world.outline, by=world.rui)
    found = planned(content, "x.csv", world.ana)
    (row,) = found.of_kind(sheets.CONFLICT)
    assert (row.before["title"], row.after["title"]) == ("Theirs", "Mine")
    assert (row.seen, row.version) == (1, 2)
    assert not found.possible
    with pytest.raises(ValueError, match="not done"):
        sheets.bring(found, by=world.ana)


def test_every_problem_is_told_with_its_cell(world: World) -> None:
    rows = [
        LAW | {"kind": "lawe"},
        LAW | {"key": "B a d", "tier": "9"},
        LAW | {"key": "c", "issued_on": "30/06/2021"},
        LAW | {"key": "c"},
        LAW | {"key": "d", "title": "a\u202eb"},
        LAW | {"key": "", "title": "x"},
        LAW | {"key": "e", "tier": "one"},
        LAW | {"key": "f", "title": ""},
    ]
    found = planned(as_csv(rows), "x.csv", world.ana)
    sentences = told(found)
    begins = ["A7 · key: This is empty", "C2 · kind: “lawe” is not known here. Is “law” meant?"]
    for begin in (
        *begins,
        "A3 · key: Use lower-case letters",
        "D3 · tier: ",
        "E4 · issued_on: “30/06/2021” is no day. Write it as 2021-06-30.",
        "A5 · key: The same stands in row 4 already.",
        "B6 · title: Character 2 is U+202E",
        "D8 · tier: “one” is no whole number.",
        "B9 · title: This field cannot be blank.",
    ):
        assert any(each.startswith(begin) for each in sentences), (begin, sentences)
    assert not found.possible


def test_a_missing_column_is_told_once_however_many_rows(world: World) -> None:
    rows = [{"key": f"k{n}", "title": "T", "kind": "law"} for n in range(20)]
    found = planned(as_csv(rows), "x.csv", world.ana)
    assert told(found) == ["tier: There are new rows, and the column “tier” is missing. Add it."]


def test_columns_are_found_by_their_names_and_near_ones_suggested(world: World) -> None:
    rows = [{"Key": "outline", "Title (zh)": "纲要", "titel": "New", "Source tier": "1", "x": "y"}]
    found = planned(as_csv(rows), "x.csv", world.ana)
    assert found.columns.by_field == {"key": "Key", "title_zh": "Title (zh)", "tier": "Source tier"}
    assert [(each.column, each.near) for each in found.columns.unmatched] == [
        ("titel", "title"),
        ("x", ""),
    ]
    chosen = planned(as_csv(rows), "x.csv", world.ana, chosen={"titel": "title"})
    assert chosen.rows[0].after == {"title_zh": "纲要", "title": "New"}


def test_a_file_that_tells_nothing_or_the_record_is_refused(world: World) -> None:
    with pytest.raises(sheets.Unreadable, match="do not tell what the rows are"):
        planned(b"a,b\n1,2\n", "x.csv", world.ana)
    with pytest.raises(sheets.Unreadable, match="“kee” may be meant"):
        planned(b"kee,title\n1,2\n", "x.csv", world.ana, noun="evidence")
    told = sheets.changes(None, ("measure",))
    with pytest.raises(sheets.Unreadable, match="keeps itself"):
        planned(b"".join(sheets.written(told, {}, "csv")), "x.csv", world.ana)


def test_citations_are_added_and_changed(world: World) -> None:
    rows = [
        {"measure": "1.1", "evidence": "yearbook", "stage": "applied", "bearing": "context"},
        {"measure": "speech-2020/1.1", "evidence": "outline", "stage": "adopted", "bearing": ""},
    ]
    found = planned(as_csv(rows), "x.csv", world.ana)
    assert told(found) == ["D3 · bearing: This field cannot be blank."]
    rows[1]["bearing"] = "supports"
    found = planned(as_csv(rows), "x.csv", world.ana)
    assert found.numbers == {sheets.NEW: 1, sheets.CHANGED: 1}
    sheets.bring(found, by=world.ana)
    assert world.plan.citations.get(evidence=world.outline).stage == "adopted"
    wrong = [{"measure": "9.9", "evidence": "none", "stage": "applied", "bearing": "context"}]
    sentences = told(planned(as_csv(wrong), "x.csv", world.ana))
    assert [each.split(":")[0] for each in sentences] == ["A2 · measure", "B2 · evidence"]
    assert "no measure 9.9" in sentences[0]
    assert "no document named “none”" in sentences[1]


def test_measures_are_added_and_changed(world: World) -> None:
    new = {
        "code": "2.2",
        "slug": "judges",
        "theme": "courts",
        "position": "2",
        "passage": "2",
        "short": "Judges",
        "title": "The judges",
        "quotation": "judges will be trained",
        "kind": "plan",
        "nature": "continuing",
        "bodies": "supreme-court",
    }
    found = planned(as_csv([new]), "x.csv", world.ana)
    assert told(found) == []
    sheets.bring(found, by=world.ana)
    judges = Measure.objects.get(code="2.2")
    assert (judges.theme, judges.passage, judges.source) == (
        world.courts,
        world.pledges,
        world.speech,
    )
    assert planned(as_csv([new]), "x.csv", world.ana).numbers == {sheets.SAME: 1}
    clash = new | {"code": "2.3", "theme": "court", "passage": "9"}
    sentences = told(planned(as_csv([clash]), "x.csv", world.ana))
    assert any("Is “courts” meant?" in each for each in sentences)
    assert any("no passage 9" in each for each in sentences)
    same_slug = told(planned(as_csv([new | {"code": "2.3"}]), "x.csv", world.ana))
    assert any("Measure 2.2 has this slug already" in each for each in same_slug)
    renamed = told(planned(as_csv([{"code": "1.1", "slug": "judges"}]), "x.csv", world.ana))
    assert renamed == ["B2 · slug: Measure 2.2 has this slug already. Choose another one."]


def test_a_quotation_stands_in_its_passage(world: World) -> None:
    world.pledges.text = "Here we will issue a plan, and more."
    record.save(world.pledges, by=world.ana)
    row = {"code": "1.1", "quotation": "we will issue nothing"}
    (sentence,) = told(planned(as_csv([row]), "x.csv", world.ana))
    assert sentence.startswith("B2 · quotation: These words do not stand in")
    row["quotation"] = "issue a plan, and more"
    assert told(planned(as_csv([row]), "x.csv", world.ana)) == []


def test_a_code_that_became_a_number_is_refused(world: World) -> None:
    found = planned(as_excel([{"code": 1.1, "title": "X"}]), "x.xlsx", world.ana)
    assert "a code such as 4.10 would have become 4.1" in told(found)[0]


def test_findings_come_in_as_drafts_and_only_once(world: World) -> None:
    proposal = {
        "measure": "2.1",
        "status": "limited",
        "effective_on": "2022-06-01",
        "evidence": "yearbook",
        **PROPOSAL,
    }
    for kind, make in MAKERS.items():
        found = planned(make([proposal]), f"x.{kind}", world.ana)
        assert told(found) == []
        if found.possible:
            sheets.bring(found, by=world.ana)
    draft = Draft.objects.get()
    assert (draft.author, draft.state, draft.status) == (world.ana, "writing", "limited")
    assert [each.evidence for each in draft.citations.all()] == [world.yearbook]
    assert world.rulings.findings.count() == 0
    workflow.submit(draft, by=world.ana)
    assert planned(as_csv([proposal]), "x.csv", world.ana).numbers == {sheets.SAME: 1}


def test_a_finding_of_the_record_is_never_edited_by_a_sheet(world: World) -> None:
    content = exported("findings", world.speech, "csv").replace(b"The document says so.", b"No.")
    found = planned(content, "x.csv", world.ana)
    assert "A finding is never edited." in told(found)[0]
    correction = {
        "measure": "1.1",
        "status": "limited",
        "effective_on": "2021-09-22",
        "evidence": "outline",
        "supersedes": "2",
        "correction_reason": "It was a draft.",
        **PROPOSAL,
    }
    before = Finding.objects.count()
    sheets.bring(planned(as_csv([correction]), "x.csv", world.ana), by=world.ana)
    assert Draft.objects.get().supersedes == world.plan.findings.get(number=2)
    assert Finding.objects.count() == before


def test_a_draft_rests_on_what_is_cited_under_its_measure(world: World) -> None:
    row = {"measure": "2.1", "status": "limited", "effective_on": "2022-06-01", **PROPOSAL}
    found = planned(as_csv([row | {"evidence": "outline; none"}]), "x.csv", world.ana)
    assert len([each for each in told(found) if "is not cited under this measure" in each]) == 2


def test_who_may_not_write_may_not_import(world: World, mei: User) -> None:
    for rows in (
        [LAW],
        [{"key": "outline", "title": "Mine"}],
        [{"measure": "1.1", "evidence": "outline", "stage": "adopted"}],
        [{"measure": "2.1", "status": "not-started", "effective_on": "2022-06-01", **PROPOSAL}],
    ):
        found = planned(as_csv(rows), "x.csv", mei)
        assert told(found)[0].startswith("Your account may not"), rows
        assert not found.possible


def test_somebody_who_was_quicker_undoes_the_whole_import(world: World) -> None:
    rows = [LAW, {"key": "outline", "title": "Mine", "kind": "plan", "tier": "1", "issued_on": ""}]
    found = planned(as_csv(rows), "x.csv", world.ana)
    world.outline.title = "Theirs"
    record.save(world.outline, by=world.rui)
    with pytest.raises(sheets.Moved):
        sheets.bring(found, by=world.ana)
    assert not Evidence.objects.filter(key="law").exists()
    twice = planned(as_csv([LAW]), "x.csv", world.ana)
    sheets.bring(planned(as_csv([LAW]), "x.csv", world.ana), by=world.ana)
    with pytest.raises(sheets.Moved):
        sheets.bring(twice, by=world.ana)


def test_questions_do_not_grow_with_the_rows(
    world: World, django_assert_max_num_queries: Any
) -> None:
    rows = [LAW | {"key": f"law-{n}", "bodies": "patent-office"} for n in range(900)]
    with django_assert_max_num_queries(8):
        found = planned(as_csv(rows), "x.csv", world.ana)
    with django_assert_max_num_queries(60):
        sheets.bring(found, by=world.ana)
    cited = [
        {"measure": "1.1", "evidence": f"law-{n}", "stage": "in-force", "bearing": "supports"}
        for n in range(900)
    ]
    with django_assert_max_num_queries(10):
        found = planned(as_csv(cited), "x.csv", world.ana)
    with django_assert_max_num_queries(60):
        sheets.bring(found, by=world.ana)
    assert Citation.objects.filter(measure=world.plan).count() == 901
