"""The tap hears what skips the record; without it, nobody would."""

import pytest
from django.db import transaction

from measures import record, workflow
from measures.models import Measure
from measures.record import entries
from tests.tap import Tap
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that forgets to write."""
    monkeypatch.setattr(entries, "append", lambda *args, **kwargs: None)


def heard(listening: Tap) -> list[str]:
    """What the tap heard; taken from it, so that the test itself passes."""
    silent = [line.split(":")[0] for line in listening.silent]
    listening.silent.clear()
    return silent


def test_a_write_with_its_entry_passes(world: World, listening: Tap) -> None:
    workflow.note(world.plan, "Seen.", by=world.ana)
    assert heard(listening) == []


def test_an_insert_without_its_entry_is_heard(world: World, listening: Tap, mute: None) -> None:
    workflow.note(world.plan, "Seen.", by=world.ana)
    assert heard(listening) == ["journalnote at measures/record/entries.py"]


def test_an_update_without_its_entry_is_heard(world: World, listening: Tap, mute: None) -> None:
    world.plan.title = "Another"
    record.save(world.plan, by=world.ana)
    assert heard(listening) == ["measure at measures/record/entries.py"]


def test_a_delete_without_its_entry_is_heard(world: World, listening: Tap, mute: None) -> None:
    record.delete(world.yearbook_on_rulings, by=world.ana)
    assert "citation at measures/record/entries.py" in heard(listening)


def test_an_entry_of_another_transaction_does_not_count(world: World, listening: Tap) -> None:
    entries.claim(Measure.objects.get(pk=world.plan.pk))
    workflow.note(world.plan, "Seen.", by=world.ana)
    assert heard(listening) == ["measure outside of a transaction, at measures/record/entries.py"]


def test_what_is_undone_needs_no_entry(world: World, listening: Tap, mute: None) -> None:
    with transaction.atomic():
        workflow.note(world.plan, "Seen.", by=world.ana)
        transaction.set_rollback(True)
    assert heard(listening) == []


def test_saving_what_is_there_already_needs_no_entry(world: World, listening: Tap) -> None:
    assert not record.save(Measure.objects.get(pk=world.plan.pk), by=world.ana)
    assert heard(listening) == []


def test_what_a_test_writes_itself_is_let_through(world: World, listening: Tap) -> None:
    Measure.objects.filter(pk=world.plan.pk).update(title="Past the record")
    assert heard(listening) == []
