"""Several people at once, each in a thread with a connection of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models, transaction

from measures import record, workflow
from measures.models import Draft, Finding, Measure, RecordEntry, Theme
from measures.record import chain
from tests.threads import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_writers_make_one_unbroken_chain(world: World) -> None:
    head = record.head()
    assert head is not None

    def writer(place: int) -> Callable[[], None]:
        def write() -> None:
            for number in range(5):
                n = 100 + 10 * place + number
                theme = Theme(source=world.speech, number=n, slug=f"theme-{n}", title="More")
                record.save(theme, by=world.ana)

        return write

    assert at_once(*(writer(place) for place in range(6))) == [None] * 6
    verdict = record.verify(expect=head.hash)
    assert verdict.broken is None
    assert verdict.entries == head.sequence + 30


def test_of_many_saves_of_one_version_one_wins_and_none_is_lost_in_silence(world: World) -> None:
    def saver(place: int) -> Callable[[], bool]:
        mine = Measure.objects.get(pk=world.rulings.pk)
        mine.title = f"Title of writer {place}"
        return lambda: record.save(mine, by=world.ana)

    results = at_once(*(saver(place) for place in range(6)))
    winners = [place for place, result in enumerate(results) if result is True]
    losers = [result for result in results if isinstance(result, record.Conflict)]
    assert len(winners) == 1
    assert len(losers) == 5
    assert Measure.objects.get(pk=world.rulings.pk).title == f"Title of writer {winners[0]}"
    assert record.verify().broken is None


def test_two_approvals_of_one_draft_make_one_finding(world: World, ada: Any) -> None:
    draft = world.draft(world.rulings)

    def approval(by: Any) -> Callable[[], Finding]:
        seen = Draft.objects.get(pk=draft.pk)
        return lambda: workflow.approve(seen, by=by)

    results = at_once(*(approval(by) for by in (world.rui, ada, world.rui, ada)))
    found = [result for result in results if isinstance(result, Finding)]
    assert len(found) == 1
    assert all(isinstance(r, Finding | record.Conflict) for r in results)
    assert list(world.rulings.findings.all()) == found
    assert RecordEntry.objects.filter(noun="finding", object_id=found[0].pk).count() == 1
    assert record.verify().broken is None


def test_of_two_drafts_on_one_measure_the_second_is_overtaken(world: World, ada: Any) -> None:
    drafts = [world.draft(world.rulings, status) for status in ("partial", "limited")]

    def approval(draft: Draft, by: Any) -> Callable[[], Finding]:
        seen = Draft.objects.get(pk=draft.pk)
        return lambda: workflow.approve(seen, by=by)

    results = at_once(approval(drafts[0], world.rui), approval(drafts[1], ada))
    assert {type(result) for result in results} == {Finding, workflow.Overtaken}
    assert world.rulings.findings.count() == 1


def test_writers_of_the_same_rows_in_another_order_do_not_wait_for_each_other_for_ever(
    world: World,
) -> None:
    def saver(*order: Measure) -> Callable[[], None]:
        def save() -> None:
            for _ in range(10):
                with transaction.atomic():
                    for pk in (measure.pk for measure in order):
                        row = Measure.objects.select_related("source").get(pk=pk)
                        row.title += "."
                        try:
                            record.save(row, by=world.ana)
                        except record.Conflict:
                            break

        return save

    both = (world.plan, world.rulings)
    assert at_once(saver(*both), saver(*reversed(both))) == [None, None]
    assert record.verify().broken is None


def test_a_change_made_while_the_record_is_walked_is_not_taken_for_tampering(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_of, head = chain.with_relations, record.head()
    assert head is not None

    def change_a_measure() -> bool:
        measure = Measure.objects.get(pk=world.rulings.pk)
        measure.title += " and more"
        return record.save(measure, by=world.ana)

    def after_their_entries_were_read(model: type[models.Model]) -> models.QuerySet[Any]:
        if model is Measure:
            assert at_once(change_a_measure) == [True]
        return rows_of(model)

    monkeypatch.setattr(chain, "with_relations", after_their_entries_were_read)
    verdict = record.verify()
    monkeypatch.undo()
    assert verdict == record.Verdict(head.sequence, head.hash)
    assert record.verify().entries == head.sequence + 1
