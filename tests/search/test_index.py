"""The index that is kept with every change is the one that would be made anew."""

import random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures import bundle, record, search, workflow
from measures.models import Citation, Evidence, JournalNote, SearchDoc
from measures.search import Query, engine
from tests.conftest import SEEDS
from tests.world import SPEECH_DAY, World, cite

WORDS = ("专利", "商标法", "court", "courts", "plan 2021", "国发〔2021〕20号", "", "**bold** 秘密")


def kept() -> list[tuple[Any, ...]]:
    rows = SearchDoc.objects.values_list("noun", "object_id", "part", "tokens")
    return sorted(rows)


def agree() -> None:
    """The kept index is the rebuilt one, and the engine knows it."""
    before = kept()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # Fails where the two differ.
            words = engine.WORDS
            cursor.execute(f"INSERT INTO {words} ({words}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    search.rebuild()
    assert kept() == before


def found(asked: str, noun: str) -> set[int]:
    return set(search.docs(Query(asked)).objects_of(noun))


@pytest.mark.parametrize("seed", range(4))
def test_the_kept_index_and_a_rebuilt_one_agree_after_any_edits(world: World, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(40):
        _edit(world, chance, step)
    agree()


def _edit(world: World, chance: random.Random, step: int) -> None:
    text = f"{chance.choice(WORDS)} {chance.choice(WORDS)} x{step}"
    fields: dict[Any, tuple[str, ...]] = {
        world.plan: ("title", "title_zh", "quotation", "done_when_zh"),
        world.outline: ("title", "document_number", "issuer_zh"),
        world.outline_on_plan: ("note", "quotation", "locator"),
        world.pledges: ("gist", "text"),
        world.courts: ("title", "summary_zh"),
        world.patent_office: ("title_zh", "abbreviation"),
    }
    way = chance.randrange(6)
    if way < 3:
        obj = chance.choice(list(fields))
        name = chance.choice(fields[obj])
        setattr(obj, name, text[: 18 if name == "abbreviation" else 100])
        record.save(obj, by=world.ana)
    elif way == 3:
        workflow.note(world.plan, text, by=world.ana)
    elif way == 4:
        fresh = Evidence(key=f"fresh-{step}", title=text, kind="plan", tier=1)
        record.save(fresh, by=world.ana)
        citation = cite(world.rulings, fresh, by=world.ana, note=text)
        if chance.random() < 0.5:
            record.delete(citation, by=world.ana)
            record.delete(fresh, by=world.ana)
    else:
        world.find(
            world.rulings, "limited", SPEECH_DAY, [world.yearbook_on_rulings], rationale=text
        )


def test_the_shipped_register_is_found_as_soon_as_it_is_loaded(db: None) -> None:
    bundle.load(SEEDS, by=record.system_account())
    assert len(found("惩罚性赔偿", "measure")) == 2
    agree()


def test_the_command_makes_the_index_anew_as_often_as_it_is_called(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept()
    SearchDoc.objects.all().delete()
    for _ in range(2):
        call_command("rebuild_search")
        assert kept() == before
    assert "20 objects are found" in capsys.readouterr().out


def test_new_words_are_found_and_old_ones_no_longer(world: World) -> None:
    world.plan.title = "A scheme"
    world.plan.quotation = "we will do it"
    record.save(world.plan, by=world.ana)
    assert found("schemes", "measure") == {world.plan.pk}
    assert world.plan.pk not in found("issue", "measure")


def test_what_is_removed_is_forgotten(world: World) -> None:
    number = world.yearbook_on_rulings.pk
    assert SearchDoc.objects.of("citation", [number]).exists()
    record.delete(Citation.objects.get(pk=number), by=world.ana)
    assert not SearchDoc.objects.of("citation", [number]).exists()


def test_a_change_that_is_undone_leaves_the_index_as_it_was(world: World) -> None:
    before = kept()
    world.plan.title, world.plan.version = "Another", 99
    with pytest.raises(record.Conflict):
        record.save(world.plan, by=world.ana)
    assert kept() == before


def test_a_finding_is_found_by_its_reasons_and_by_the_evidence_that_it_froze(world: World) -> None:
    finding = world.find(
        world.plan,
        "partial",
        SPEECH_DAY,
        [world.outline_on_plan],
        rationale="See [the **gazette**](https://example.org/hidden).",
    )
    assert finding.pk in found("gazettes", "finding")
    world.outline.title = "Renamed"
    record.save(world.outline, by=world.ana)
    assert finding.pk in found("outline", "finding")
    assert finding.pk not in found("renamed", "finding")


def test_many_rows_are_kept_with_as_few_questions_as_one(world: World) -> None:
    def questions(rows: list[Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            search.index(rows)
        return len(asked)

    documents = [Evidence(key=f"e-{n}", title="专利", kind="plan", tier=1) for n in range(200)]
    Evidence.objects.bulk_create(documents)
    assert questions(documents) == questions(documents[:2])


def test_what_changes_no_words_does_not_touch_the_index(world: World) -> None:
    before = set(SearchDoc.objects.of("measure").values_list("pk", flat=True))
    world.plan.review_on = SPEECH_DAY
    record.save(world.plan, by=world.ana)
    assert set(SearchDoc.objects.of("measure").values_list("pk", flat=True)) == before


def test_a_draft_and_an_account_are_in_no_index(world: World) -> None:
    world.draft(world.rulings, rationale="Untold so far.")
    assert JournalNote.objects.count() == 0
    assert not search.docs(Query("untold")).exists()
    assert not search.docs(Query("ana")).exists()
