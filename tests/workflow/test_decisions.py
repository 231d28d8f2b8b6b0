"""What a reviewer decides: bound to what was read, on the evidence that was handed in."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from measures import record, workflow
from measures.models import Citation, Draft, Measure, RecordEntry, User
from tests.world import World, cite

pytestmark = pytest.mark.django_db


class TestSendBack:
    def test_the_author_gets_the_note(self, world: World) -> None:
        draft = world.draft(world.rulings)
        workflow.send_back(draft, by=world.rui, note="Which year?")
        stored = Draft.objects.get()
        assert (stored.state, stored.decided_by) == ("returned", world.rui)
        assert stored.decision_note == "Which year?"
        entry = record.head()
        assert entry is not None
        assert entry.after["decision_note"] == "Which year?"
        assert record.verify().broken is None

    @pytest.mark.parametrize("note", ["", "  \n "])
    def test_without_a_note_it_is_not_returned(self, note: str, world: World) -> None:
        draft = world.draft(world.rulings)
        with pytest.raises(workflow.Refused, match="Say what should be mended"):
            workflow.send_back(draft, by=world.rui, note=note)
        assert Draft.objects.get().state == "submitted"

    @pytest.mark.parametrize("who", ["ana", "mei"])
    def test_who_does_not_review_returns_nothing(
        self, who: str, world: World, request: pytest.FixtureRequest
    ) -> None:
        draft = world.draft(world.rulings)
        with pytest.raises(PermissionDenied):
            workflow.send_back(draft, by=request.getfixturevalue(who), note="No.")
        assert Draft.objects.get().state == "submitted"

    def test_nobody_returns_their_own(self, world: World, ada: User) -> None:
        draft = world.draft(world.rulings)
        Draft.objects.update(author=ada)
        own = Draft.objects.get(pk=draft.pk)
        with pytest.raises(workflow.Refused, match="Ask another reviewer"):
            workflow.send_back(own, by=ada, note="Mine.")
        assert Draft.objects.get().state == "submitted"

    def test_it_is_returned_once(self, world: World) -> None:
        draft = world.draft(world.rulings)
        workflow.send_back(draft, by=world.rui, note="Which year?")
        with pytest.raises(workflow.Decided, match="returned"):
            workflow.send_back(draft, by=world.rui, note="And which court?")
        assert Draft.objects.get().decision_note == "Which year?"

    def test_what_was_read_is_what_is_returned(self, world: World) -> None:
        draft = world.draft(world.rulings)
        seen = Draft.objects.get()
        workflow.withdraw(draft, by=world.ana)
        with pytest.raises(record.Conflict):
            workflow.send_back(seen, by=world.rui, note="Which year?")
        assert Draft.objects.get().state == "withdrawn"


def change_evidence(world: World) -> None:
    world.yearbook.title_zh = "另一份文件"
    record.save(world.yearbook, by=world.ana)


def change_citation(world: World) -> None:
    citation = Citation.objects.get(pk=world.yearbook_on_rulings.pk)
    citation.quotation = "what it never said"
    record.save(citation, by=world.ana)


def take_citation_away(world: World) -> None:
    record.delete(Citation.objects.get(pk=world.yearbook_on_rulings.pk), by=world.ana)


class TestOutdated:
    @pytest.mark.parametrize("change", [change_evidence, change_citation])
    def test_evidence_that_reads_otherwise_stops_the_approval(
        self, change: Any, world: World
    ) -> None:
        draft = world.draft(world.rulings)
        then = draft.submitted_as
        change(world)
        with pytest.raises(workflow.Outdated) as outdated:
            workflow.approve(Draft.objects.get(), by=world.rui)
        assert outdated.value.then == then
        assert outdated.value.now == workflow.proposed(Draft.objects.get()) != then
        assert not world.rulings.findings.exists()
        assert Draft.objects.get().state == "submitted"

    def test_evidence_taken_away_stops_it_too(self, world: World) -> None:
        world.draft(world.rulings)
        take_citation_away(world)
        with pytest.raises(workflow.Outdated):
            workflow.approve(Draft.objects.get(), by=world.rui)
        assert not world.rulings.findings.exists()

    def test_whoever_read_it_before_the_citation_went_has_read_another_version(
        self, world: World
    ) -> None:
        seen = world.draft(world.rulings)
        take_citation_away(world)
        with pytest.raises(record.Conflict):
            workflow.approve(seen, by=world.rui)

    def test_handed_in_anew_it_is_approved(self, world: World) -> None:
        draft = world.draft(world.rulings)
        change_evidence(world)
        workflow.send_back(draft, by=world.rui, note="Look at the title.")
        workflow.submit(draft, by=world.ana)
        finding = workflow.approve(draft, by=world.rui)
        assert finding.citations.get().title_zh == "另一份文件"

    def test_evidence_that_it_does_not_cite_may_change(self, world: World) -> None:
        draft = world.draft(world.rulings)
        cite(world.rulings, world.outline, by=world.ana)
        world.statement.title = "Another statement"
        record.save(world.statement, by=world.ana)
        assert workflow.approve(draft, by=world.rui).citations.count() == 1

    def test_without_the_guard_a_finding_would_rest_on_what_nobody_handed_in(
        self, world: World
    ) -> None:
        draft = world.draft(world.rulings)
        workflow.send_back(draft, by=world.rui, note="-")
        workflow.submit(draft, by=world.ana)
        change_citation(world)
        Draft.objects.update(submitted_as=None)
        finding = workflow.approve(Draft.objects.get(), by=world.rui)
        assert finding.citations.get().quotation == "what it never said"


class TestApprove:
    def test_the_rules_hold_on_the_day_of_the_approval(self, world: World) -> None:
        """The measure itself is no part of the proposal, and may have changed since."""
        draft = world.draft(world.rulings, "sustained")
        rulings = Measure.objects.get(pk=world.rulings.pk)
        rulings.nature = "deliverable"
        record.save(rulings, by=world.ana)
        with pytest.raises(workflow.Refused, match="is for continuing measures"):
            workflow.approve(draft, by=world.rui)
        assert not world.rulings.findings.exists()

    def test_after_a_return_nothing_is_approved(self, world: World) -> None:
        draft = world.draft(world.rulings)
        workflow.send_back(draft, by=world.rui, note="Which year?")
        with pytest.raises(workflow.Decided, match="returned"):
            workflow.approve(draft, by=world.rui)

    def test_a_refusal_leaves_the_version_that_was_read(self, world: World) -> None:
        draft = world.draft(world.rulings)
        seen = draft.version
        change_evidence(world)
        with pytest.raises(workflow.Outdated):
            workflow.approve(draft, by=world.rui)
        assert draft.version == Draft.objects.get().version == seen

    def test_a_refusal_leaves_no_entry(self, world: World) -> None:
        draft = world.draft(world.rulings)
        change_evidence(world)
        head = record.head()
        with pytest.raises(workflow.Outdated):
            workflow.approve(draft, by=world.rui)
        assert record.head() == head


class TestQueue:
    def test_the_longest_waiting_comes_first_and_none_of_ones_own(
        self, world: World, ada: User
    ) -> None:
        first, second = world.draft(world.rulings), world.draft(world.training, is_late=True)
        assert list(workflow.queue(world.rui)) == [first, second]
        Draft.objects.filter(pk=first.pk).update(author=world.rui)
        assert list(workflow.queue(world.rui)) == [second]
        assert list(workflow.queue(ada)) == [first, second]

    def test_at_a_desk_of_one_ones_own_wait_as_well(self, world: World, settings: Any) -> None:
        draft = world.draft(world.rulings)
        Draft.objects.update(author=world.rui)
        assert not workflow.queue(world.rui)
        settings.FOUR_EYES = False
        assert list(workflow.queue(world.rui)) == [draft]


def test_the_way_of_a_draft_is_in_the_record_from_its_beginning(world: World) -> None:
    draft = world.draft(world.rulings)
    workflow.send_back(draft, by=world.rui, note="Which year?")
    workflow.save(draft, by=world.ana, effective_on=date(2022, 5, 2))
    workflow.submit(draft, by=world.ana)
    workflow.approve(draft, by=world.rui)
    told = [
        (entry.actor, entry.after.get("state"))
        for entry in RecordEntry.objects.filter(noun="draft").order_by("sequence")
    ]
    ana, rui = world.ana.opaque_id, world.rui.opaque_id
    assert told == [
        (ana, "writing"),
        (ana, "submitted"),
        (rui, "returned"),
        (ana, None),
        (ana, "submitted"),
        (rui, "approved"),
    ]
    assert record.verify().broken is None
