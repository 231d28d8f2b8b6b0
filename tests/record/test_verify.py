"""Whoever rewrites the past in the file itself is found, and the first broken entry is named."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from measures import record, workflow
from measures.models import (
    Citation,
    Draft,
    Finding,
    FrozenCitation,
    Measure,
    RecordEntry,
    Theme,
)
from measures.record import chain
from tests.world import SPEECH_DAY, World, table, tamper, unprotected

pytestmark = pytest.mark.django_db


def entry_of(obj: Any, action: str = "added") -> RecordEntry:
    noun = type(obj)._meta.model_name
    return RecordEntry.objects.get(noun=noun, object_id=obj.pk, action=action)


def broken() -> record.Broken:
    verdict = record.verify()
    assert verdict.broken is not None
    with pytest.raises(CommandError, match=f"Broken at entry {verdict.broken.sequence}: "):
        call_command("verify_record")
    return verdict.broken


def change(model: Any, column: str, pk: Any, value: Any) -> None:
    key = model._meta.pk.column
    tamper(f"UPDATE {table(model)} SET {column} = %s WHERE {key} = %s", value, pk)  # noqa: S608


def remove(model: Any, where: str, *values: Any) -> None:
    tamper(f"DELETE FROM {table(model)} WHERE {where}", *values)  # noqa: S608


def test_an_untouched_record_holds(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = record.verify()
    head = record.head()
    assert head is not None
    assert verdict == record.Verdict(RecordEntry.objects.count(), head.hash)
    call_command("verify_record")
    assert f"{verdict.entries} entries, head {head.hash}" in capsys.readouterr().out


def test_an_empty_record_holds(db: None) -> None:
    assert record.verify() == record.Verdict(0, "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("why", "a better reason"),
        ("key", "speech-2020/9.9"),
        ("noun", "theme"),
        ("action", "changed"),
        ("object_id", 4711),
        ("actor", "37418a6e277a4a698332d8d2a9b3188b"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("before", json.dumps({"title": "Another"})),
        ("after", json.dumps({"title": "Another"})),
    ],
)
def test_a_flipped_byte_in_an_entry_is_found(world: World, column: str, value: Any) -> None:
    entry = entry_of(world.plan)
    change(RecordEntry, column, entry.pk, value)
    assert broken() == record.Broken(entry.sequence, "Its content does not match its hash.")


def test_an_entry_with_a_hash_that_fits_does_not_fit_the_chain(world: World) -> None:
    entry = entry_of(world.plan)
    entry.why = "a better reason"
    change(RecordEntry, "why", entry.pk, entry.why)
    change(RecordEntry, "hash", entry.pk, record.chain.digest(entry))
    found = broken()
    assert found == record.Broken(entry.sequence + 1, "It does not follow the entry before it.")


def test_a_deleted_entry_is_missed(world: World) -> None:
    entry = entry_of(world.plan)
    remove(RecordEntry, "sequence = %s", entry.pk)
    found = broken()
    assert found == record.Broken(entry.sequence + 1, f"Entry {entry.sequence} is missing.")


def test_the_first_entry_is_missed(world: World) -> None:
    remove(RecordEntry, "sequence = 1")
    assert broken() == record.Broken(2, "Entry 1 is missing.")


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_tail_cut_off_is_missed(world: World, length: int) -> None:
    head = record.head()
    assert head is not None
    remove(RecordEntry, "sequence > %s", head.sequence - length)
    found = broken()
    assert found.sequence <= head.sequence - length
    assert "differs from its last entry" in found.sentence or "without an entry" in found.sentence


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "sustained"),
        ("effective_on", "2021-09-21"),
        ("recorded_at", "2021-01-01 00:00:00+00:00"),
        ("rationale", "A nicer reason."),
        ("confidence", "high"),
        ("four_eyes", False),
        ("method_version", "0.9"),
        ("citation_count", 7),
    ],
)
def test_a_flipped_byte_in_a_finding_is_found(world: World, column: str, value: Any) -> None:
    finding = world.training.findings.get(number=1)
    change(Finding, column, finding.pk, value)
    found = broken()
    assert found.sequence == entry_of(finding, "found").sequence
    assert found.sentence == f"finding speech-2020/1.2#1 differs from its last entry in: {column}."


def test_another_author_of_a_finding_is_found(world: World, mei: Any) -> None:
    finding = world.plan.findings.get(number=2)
    change(Finding, "author_id", finding.pk, mei.pk)
    assert broken().sequence == entry_of(finding, "found").sequence


@pytest.mark.parametrize(
    ("column", "value"), [("note", "Shows more."), ("tier", 2), ("bearing", "contradicts")]
)
def test_a_flipped_byte_in_a_frozen_citation_is_found(
    world: World, column: str, value: Any
) -> None:
    finding = world.plan.findings.get(number=2)
    change(FrozenCitation, column, finding.citations.get().pk, value)
    found = broken()
    assert found.sequence == entry_of(finding, "found").sequence
    assert found.sentence.endswith("differs from its last entry in: citations.")


def test_a_frozen_citation_taken_away_is_found(world: World) -> None:
    finding = world.plan.findings.get(number=2)
    remove(FrozenCitation, "finding_id = %s", finding.pk)
    assert broken().sequence == entry_of(finding, "found").sequence


def test_a_frozen_citation_added_later_is_found(world: World) -> None:
    finding = world.plan.findings.get(number=1)
    frozen = FrozenCitation.of(world.yearbook_on_training, finding)
    frozen.save()  # An insert is what the table is there for; only the record can tell.
    found = broken()
    assert found.sequence == entry_of(finding, "found").sequence
    assert found.sentence.endswith("differs from its last entry in: citations.")


@pytest.mark.parametrize(
    ("column", "value"), [("title", "A nicer title"), ("retired_on", SPEECH_DAY)]
)
def test_a_change_that_skips_the_record_is_found(world: World, column: str, value: Any) -> None:
    Measure.objects.filter(pk=world.rulings.pk).update(**{column: value})
    assert broken() == record.Broken(
        entry_of(world.rulings).sequence,
        f"measure speech-2020/2.1 differs from its last entry in: {column}.",
    )


def test_a_relation_changed_past_the_record_is_found(world: World) -> None:
    world.rulings.bodies.clear()
    assert broken().sentence == "measure speech-2020/2.1 differs from its last entry in: bodies."


def test_a_row_taken_away_is_missed(world: World) -> None:
    sequence = entry_of(world.yearbook_on_rulings).sequence
    pk = world.yearbook_on_rulings.pk
    Citation.objects.filter(pk=pk).delete()
    found = broken()
    assert found.sequence == sequence
    assert found.sentence == f"citation with id {pk} is gone from the database without an entry."


def test_a_row_without_an_entry_is_found(world: World) -> None:
    Theme.objects.create(source=world.speech, number=3, slug="more", title="More")
    assert broken() == record.Broken(
        0, "theme speech-2020/more is in the database without an entry in the record."
    )


def test_a_finding_slipped_in_without_an_entry_is_found(world: World) -> None:
    entrance = world.propose(world.rulings, "not-started", SPEECH_DAY, number=1)
    finding = entrance.finding
    finding.recorded_at, finding.method_version, finding.citation_count = world_time(), "1.0", 0
    finding.save()
    assert broken().sentence == (
        "finding speech-2020/2.1#1 is in the database without an entry in the record."
    )


def world_time() -> Any:
    head = record.head()
    assert head is not None
    return head.at


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its types")
def test_an_entry_that_cannot_be_read_is_a_break(world: World) -> None:
    change(RecordEntry, "at", 3, "garbled")
    assert "cannot be read" in broken().sentence


def test_a_row_that_names_one_that_is_gone_is_a_break(world: World) -> None:
    finding = world.plan.findings.get(number=2)
    named = broken_by(FrozenCitation, "evidence_id", finding.citations.get().pk, 4711)
    assert "names a row that is gone" in named.sentence


def test_a_name_put_where_none_stood_is_a_break_though_nobody_bears_it(world: World) -> None:
    assert world.plan.analyst_id is None
    named = broken_by(Measure, "analyst_id", world.plan.pk, 4711)
    assert "names a row that is gone: analyst 4711" in named.sentence


def broken_by(model: Any, column: str, pk: Any, value: Any) -> record.Broken:
    """What a value breaks that the database takes only until the end of a transaction."""
    with unprotected(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table(model)} SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608
        verdict = record.verify()
        transaction.set_rollback(True)
    assert verdict.broken is not None
    return verdict.broken


def test_of_two_breaks_the_earlier_is_named(world: World) -> None:
    """Measures are walked before findings, but this finding was recorded before the change."""
    plan = Measure.objects.get(pk=world.plan.pk)
    plan.title = "Another title"
    record.save(plan, by=world.ana)
    finding = world.plan.findings.get(number=1)
    Measure.objects.filter(pk=plan.pk).update(title="A third title")
    change(Finding, "rationale", finding.pk, "A nicer reason.")
    assert broken().sequence == entry_of(finding, "found").sequence


def test_an_account_erased_leaves_the_record_whole(world: World, mei: Any) -> None:
    record.save(Theme(source=world.speech, number=3, slug="more", title="More"), by=mei)
    mei.delete()
    assert record.verify().broken is None


class TestExpect:
    """The head that was printed on a brief last year must still be in the record."""

    def test_the_head_is_there(self, world: World) -> None:
        head = record.head()
        assert head is not None
        call_command("verify_record", expect=head.hash)
        call_command("verify_record", expect=f" {head.hash[:12].upper()} ")

    def test_an_earlier_head_is_there(self, world: World) -> None:
        earlier = record.head()
        assert earlier is not None
        world.plan.title = "Another title"
        record.save(world.plan, by=world.ana)
        assert record.head() != earlier
        call_command("verify_record", expect=earlier.hash)

    def test_a_foreign_head_is_not(self, world: World) -> None:
        with pytest.raises(CommandError, match="No entry has the hash 0000"):
            call_command("verify_record", expect="0" * 64)

    def test_a_record_rewritten_in_full_does_not_hold_the_old_head(self, world: World) -> None:
        """All hashes fit together again; only who kept a head can tell."""
        kept = record.head()
        assert kept is not None
        entries = list(RecordEntry.objects.order_by("sequence"))
        remove(RecordEntry, "sequence > 0")
        entries[0].why = "a better reason"
        previous = ""
        for entry in entries:
            entry.previous = previous
            entry.hash = previous = record.chain.digest(entry)
        RecordEntry.objects.bulk_create(entries)
        assert record.verify().broken is None
        with pytest.raises(CommandError, match=f"No entry has the hash {kept.hash}"):
            call_command("verify_record", expect=kept.hash)

    @pytest.mark.parametrize("head", ["abc", "0" * 11, "g" * 12, "' OR 1=1 --  "])
    def test_what_is_no_head_is_refused(self, world: World, head: str) -> None:
        with pytest.raises(CommandError, match="at least 12 hexadecimal characters"):
            call_command("verify_record", expect=head)


class TestAFieldThatCameLater:
    """Entries written before a field existed do not name it."""

    @pytest.fixture
    def older(self, world: World) -> Draft:
        """A draft whose entries tell nothing of the fields that came after them."""
        draft = world.draft(world.rulings)
        workflow.withdraw(draft, by=world.ana)
        Draft.objects.filter(pk=draft.pk).update(submitted_as=None)
        rewrite_without(draft, "is_late", "submitted_as")
        return draft

    def test_a_row_that_says_nothing_in_it_holds(self, older: Draft) -> None:
        assert record.verify().broken is None

    @pytest.mark.parametrize(("column", "value"), [("is_late", True), ("submitted_as", '"x"')])
    def test_a_flipped_byte_in_it_is_found(self, column: str, value: Any, older: Draft) -> None:
        change(Draft, column, older.pk, value)
        assert f"differs from its last entry in: {column}." in broken().sentence

    def test_once_an_entry_names_it_the_entry_counts(self, older: Draft) -> None:
        draft = Draft.objects.get(pk=older.pk)
        draft.is_late = True
        record.save(draft, by=draft.author)
        assert record.verify().broken is None
        change(Draft, "is_late", draft.pk, False)
        assert "differs from its last entry in: is_late." in broken().sentence

    def test_a_field_without_a_blank_must_be_in_the_entries(self, older: Draft) -> None:
        rewrite_without(older, "effective_on")
        assert "differs from its last entry in: effective_on." in broken().sentence


def rewrite_without(obj: Any, *fields: str) -> None:
    """The record as it would be, had these fields not existed when its entries were written."""
    previous = chain.GENESIS
    with unprotected():
        for entry in RecordEntry.objects.order_by("sequence"):
            if (entry.noun, entry.object_id) == (obj._meta.model_name, obj.pk):
                for told in (entry.before, entry.after):
                    for field in fields:
                        told.pop(field, None)
            entry.previous = previous
            entry.hash = previous = chain.digest(entry)
            entry.save(force_update=True)
