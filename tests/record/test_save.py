"""A change and its entry are one: both are there, or neither is, and nobody's work is lost."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from measures import record
from measures.models import Citation, Measure, Passage, RecordEntry, Theme, User
from measures.record import entries as writing
from tests.world import SPEECH_DAY, World

pytestmark = pytest.mark.django_db


def newest() -> RecordEntry:
    entry = record.head()
    assert entry is not None
    return entry


def again(obj: Any) -> Any:
    """The row as it is stored now."""
    return type(obj).objects.get(pk=obj.pk)


def test_a_new_row_has_its_entry(world: World) -> None:
    theme = Theme(source=world.speech, number=3, slug="more", title="More")
    assert record.save(theme, by=world.ana, why="The speech has three parts.")
    entry = newest()
    assert (entry.action, entry.noun, entry.object_id) == ("added", "theme", theme.pk)
    assert (entry.key, entry.actor) == ("speech-2020/more", world.ana.opaque_id)
    assert entry.why == "The speech has three parts."
    assert entry.before == {}
    assert entry.after["title"] == "More"
    assert entry.after["source"] == "speech-2020"


def test_an_entry_tells_what_changed_before_and_after(world: World) -> None:
    plan = again(world.plan)
    plan.title, plan.retired_on = "A longer plan", date(2024, 1, 1)
    assert record.save(plan, by=world.ana, bodies=[world.patent_office, world.supreme_court])
    entry = newest()
    assert entry.action == "changed"
    assert entry.before == {
        "title": "The plan",
        "retired_on": None,
        "bodies": ["patent-office"],
    }
    assert entry.after == {
        "title": "A longer plan",
        "retired_on": "2024-01-01",
        "bodies": ["patent-office", "supreme-court"],
    }
    assert again(plan).version == plan.version == world.plan.version + 1


def test_a_save_that_changes_nothing_leaves_no_entry(world: World) -> None:
    head, plan = newest(), again(world.plan)
    assert not record.save(plan, by=world.ana, bodies=[world.patent_office])
    assert newest() == head
    assert again(plan).version == plan.version == world.plan.version


def test_a_save_over_somebody_elses_newer_change_is_refused(world: World) -> None:
    mine, theirs = again(world.plan), again(world.plan)
    theirs.title = "Their title"
    record.save(theirs, by=world.rui)
    head = newest()
    mine.short = "Mine"
    with pytest.raises(record.Conflict, match="changed by somebody else") as caught:
        record.save(mine, by=world.ana)
    assert newest() == head
    assert again(mine).title == "Their title"
    assert again(mine).short == world.plan.short
    # Both are at hand, to be shown side by side.
    assert isinstance(caught.value.theirs, Measure)
    assert caught.value.theirs.title == "Their title"
    assert caught.value.mine is mine


def test_without_the_version_the_newer_change_would_be_lost(world: World) -> None:
    mine, theirs = again(world.plan), again(world.plan)
    theirs.title = "Their title"
    record.save(theirs, by=world.rui)
    mine.short = "Mine"
    mine.save()
    assert again(mine).title != "Their title"


def test_a_save_of_a_row_that_is_gone_is_refused(world: World) -> None:
    mine = again(world.yearbook_on_rulings)
    record.delete(again(world.yearbook_on_rulings), by=world.rui)
    mine.note = "Mine"
    with pytest.raises(record.Conflict) as caught:
        record.save(mine, by=world.ana)
    assert caught.value.theirs is None


def test_after_a_refusal_the_same_object_can_be_saved(world: World) -> None:
    """Its version has not moved, or the next save would look like a conflict."""
    theme = again(world.courts)
    theme.number = world.design.number
    with pytest.raises(IntegrityError):
        record.save(theme, by=world.ana)
    theme.number, theme.title = 2, "Courts of law"
    assert record.save(theme, by=world.ana)
    assert again(theme).title == "Courts of law"


def test_a_change_that_fails_leaves_no_entry(world: World) -> None:
    head = newest()
    theme = again(world.courts)
    theme.number = world.design.number
    with pytest.raises(IntegrityError):
        record.save(theme, by=world.ana)
    assert newest() == head
    assert record.verify().broken is None


def test_an_entry_that_fails_leaves_no_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(writing, "append", full)
    theme = again(world.courts)
    theme.title = "Another title"
    with pytest.raises(OSError, match="No space left"):
        record.save(theme, by=world.ana)
    assert again(theme).title == world.courts.title


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_never_written_outside_a_transaction(ana: User) -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        record.added([], by=ana)
    with transaction.atomic():
        record.added([], by=ana)


def test_a_number_given_as_text_does_not_look_like_tampering_later(world: World) -> None:
    passage = Passage(source=world.speech, number="3", role="context")
    record.save(passage, by=world.ana)
    assert newest().after["number"] == 3
    assert record.verify().broken is None


def test_a_time_given_in_another_zone_does_not_look_like_tampering_later(world: World) -> None:
    evening = datetime(2021, 3, 1, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    world.find(world.rulings, "not-started", SPEECH_DAY, recorded_at=evening)
    entry = RecordEntry.objects.get(key="speech-2020/2.1#1")
    assert entry.after["recorded_at"] == "2021-03-01T12:00:00+00:00"
    assert record.verify().broken is None


def test_the_record_goes_on_where_a_clock_was_set_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = newest()
    monkeypatch.setattr(writing.timezone, "now", lambda: last.at.replace(year=2019))
    record.save(Theme(source=world.speech, number=3, slug="more", title="More"), by=world.ana)
    assert newest().at == last.at


class TestDelete:
    def test_a_deletion_has_its_entry(self, world: World) -> None:
        citation = again(world.yearbook_on_rulings)
        pk = citation.pk
        record.delete(citation, by=world.ana, why="Cited by mistake.")
        entry = newest()
        assert (entry.action, entry.noun, entry.object_id) == ("removed", "citation", pk)
        assert entry.before["evidence"] == "yearbook"
        assert entry.after == {}
        assert not Citation.objects.filter(pk=pk).exists()
        assert record.verify().broken is None

    def test_the_entry_tells_what_was_stored_not_what_was_in_hand(self, world: World) -> None:
        citation = again(world.yearbook_on_rulings)
        stored, citation.note = citation.note, "Never saved."
        record.delete(citation, by=world.ana)
        assert newest().before["note"] == stored

    def test_a_newer_change_of_somebody_else_is_not_deleted_unseen(self, world: World) -> None:
        mine, theirs = again(world.yearbook_on_rulings), again(world.yearbook_on_rulings)
        theirs.note = "An important note."
        record.save(theirs, by=world.rui)
        with pytest.raises(record.Conflict):
            record.delete(mine, by=world.ana)
        assert again(mine).note == "An important note."

    @pytest.mark.parametrize("name", ["plan", "outline", "design", "pledges", "speech"])
    def test_what_others_rest_on_stays(self, world: World, name: str) -> None:
        head = newest()
        with pytest.raises(ProtectedError):
            record.delete(again(getattr(world, name)), by=world.ana)
        assert newest() == head

    def test_whoever_named_the_deleted_in_a_list_has_an_entry_too(self, world: World) -> None:
        head = newest()
        record.delete(again(world.supreme_court), by=world.ana)
        changes = RecordEntry.objects.filter(sequence__gt=head.sequence, action="changed")
        told = {entry.noun: (entry.before, entry.after) for entry in changes}
        without_it: Any = ({"bodies": ["supreme-court"]}, {"bodies": []})
        assert told["measure"] == told["evidence"] == without_it
        assert record.verify().broken is None
