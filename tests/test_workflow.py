"""The verbs of people, and what each of them refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from measures import method, record, workflow
from measures.models import Citation, Draft, Evidence, Finding, FrozenCitation, Measure
from measures.models import RecordEntry as Entry
from tests.world import PROPOSAL, SEARCH, SPEECH_DAY, World, cite

pytestmark = pytest.mark.django_db

DAY = date(2022, 5, 1)
SAID: dict[str, Any] = {"status": "partial", "effective_on": DAY, **PROPOSAL}


def sentences(refusal: pytest.ExceptionInfo[workflow.Refused]) -> list[str]:
    return [objection.sentence for objection in refusal.value.objections]


class TestStart:
    def test_an_analyst_begins_a_draft(self, world: World) -> None:
        cited = [world.yearbook_on_rulings]
        draft = workflow.start(world.rulings, by=world.ana, citations=cited, **SAID)
        assert (draft.state, draft.author, draft.written_against) == ("writing", world.ana, None)
        assert list(draft.citations.all()) == cited
        entry = record.head()
        assert entry is not None
        assert (entry.noun, entry.action, entry.key) == ("draft", "added", str(draft.uid))
        assert entry.after["citations"] == ["yearbook @ speech-2020/2.1"]

    def test_a_draft_remembers_what_it_was_written_against(self, world: World) -> None:
        draft = workflow.start(world.plan, by=world.ana, **SAID)
        assert draft.written_against == world.plan.findings.get(number=2)

    def test_a_manager_does_not_write(self, world: World, mei: Any) -> None:
        with pytest.raises(PermissionDenied):
            workflow.start(world.rulings, by=mei, **SAID)
        assert not Draft.objects.exists()

    def test_evidence_of_another_measure_is_not_cited(self, world: World) -> None:
        with pytest.raises(workflow.Refused, match="under the measure itself"):
            workflow.start(world.rulings, by=world.ana, citations=[world.outline_on_plan], **SAID)
        assert not Draft.objects.exists()

    def test_a_finding_of_another_measure_is_not_corrected(self, world: World) -> None:
        theirs = world.plan.findings.get(number=1)
        with pytest.raises(workflow.Refused, match="a finding of the same measure"):
            workflow.start(world.rulings, by=world.ana, corrects=theirs, **SAID)
        assert not Draft.objects.exists()


class TestSubmit:
    def test_a_draft_is_handed_to_a_reviewer(self, world: World) -> None:
        draft = world.draft(world.rulings)
        assert draft.state == "submitted"
        assert draft.submitted_at is not None
        assert record.verify().broken is None

    def test_a_draft_that_breaks_a_rule_stays_with_its_author(self, world: World) -> None:
        draft = workflow.start(world.rulings, by=world.ana, **SAID)
        with pytest.raises(workflow.Refused) as refusal:
            workflow.submit(draft, by=world.ana)
        assert sentences(refusal) == [
            "“Partial” needs evidence, and none is cited. Cite at least one document."
        ]
        assert Draft.objects.get().state == "writing"

    def test_only_its_author_hands_it_in(self, world: World) -> None:
        cited = [world.yearbook_on_rulings]
        draft = workflow.start(world.rulings, by=world.ana, citations=cited, **SAID)
        with pytest.raises(PermissionDenied, match="Only its author"):
            workflow.submit(draft, by=world.rui)
        assert workflow.submit(draft, by=world.ana).state == "submitted"

    def test_a_draft_is_submitted_once(self, world: World) -> None:
        with pytest.raises(workflow.Decided, match="submitted"):
            workflow.submit(world.draft(world.rulings), by=world.ana)

    def test_a_draft_changed_meanwhile_is_not_submitted_unseen(self, world: World) -> None:
        draft = workflow.start(
            world.rulings, by=world.ana, citations=[world.yearbook_on_rulings], **SAID
        )
        theirs = Draft.objects.get(pk=draft.pk)
        theirs.rationale = "Another reason."
        record.save(theirs, by=world.ana)
        with pytest.raises(record.Conflict):
            workflow.submit(draft, by=world.ana)


class TestApprove:
    def test_an_approved_draft_is_a_finding(self, world: World) -> None:
        draft = world.draft(world.rulings, search_terms="swift")
        finding = workflow.approve(draft, by=world.rui)
        stored = Finding.objects.get(pk=finding.pk)
        assert (stored.number, stored.status, stored.effective_on) == (1, "partial", DAY)
        assert (stored.author, stored.approver) == (world.ana, world.rui)
        assert stored.four_eyes
        assert stored.method_version == method.METHOD_VERSION
        assert stored.search_terms == "swift"
        assert not stored.is_baseline
        draft.refresh_from_db()
        assert (draft.state, draft.decided_by, draft.finding) == ("approved", world.rui, stored)
        assert record.verify().broken is None

    def test_the_evidence_is_frozen_as_it_reads_now(self, world: World) -> None:
        finding = workflow.approve(world.draft(world.rulings), by=world.rui)
        frozen = finding.citations.get()
        assert (frozen.title, frozen.tier, frozen.stage) == ("The yearbook", 2, "applied")
        yearbook = Evidence.objects.get(key="yearbook")
        yearbook.title, yearbook.tier = "Another title", 5
        record.save(yearbook, by=world.ana)
        citation = Citation.objects.get(pk=world.yearbook_on_rulings.pk)
        citation.note = "Another note."
        record.save(citation, by=world.ana)
        frozen.refresh_from_db()
        assert (frozen.title, frozen.tier, frozen.note) == (
            "The yearbook",
            2,
            "Shows what was done.",
        )

    def test_finding_evidence_record_and_review_enter_together(self, world: World) -> None:
        head = record.head()
        assert head is not None
        draft = world.draft(world.rulings)
        finding = workflow.approve(draft, by=world.rui)
        entries = Entry.objects.filter(sequence__gt=head.sequence).order_by("sequence")
        told = [(entry.action, entry.noun) for entry in entries]
        assert told == [
            ("added", "draft"),
            ("changed", "draft"),
            ("found", "finding"),
            ("changed", "measure"),
            ("changed", "draft"),
        ]
        found = entries.get(action="found")
        assert found.key == "speech-2020/2.1#1"
        assert found.after["citations"][0]["evidence"] == "yearbook"
        assert found.after["author"] == str(world.ana.opaque_id)
        due = timezone.localdate(finding.recorded_at) + timedelta(days=365)
        assert Measure.objects.get(pk=world.rulings.pk).review_on == due

    def test_nobody_approves_their_own(self, world: World) -> None:
        own = workflow.start(
            world.rulings, by=world.rui, citations=[world.yearbook_on_rulings], **SAID
        )
        workflow.submit(own, by=world.rui)
        with pytest.raises(workflow.Refused, match="Nobody approves their own finding"):
            workflow.approve(own, by=world.rui)
        assert not world.rulings.findings.exists()

    def test_not_even_a_superuser(self, world: World, ada: Any) -> None:
        ada.is_superuser = True
        ada.save()
        own = workflow.start(world.rulings, by=ada, citations=[world.yearbook_on_rulings], **SAID)
        workflow.submit(own, by=ada)
        with pytest.raises(workflow.Refused):
            workflow.approve(own, by=ada)

    def test_a_desk_of_one_may_and_the_finding_says_so(self, world: World, settings: Any) -> None:
        settings.FOUR_EYES = False
        own = workflow.start(
            world.rulings, by=world.rui, citations=[world.yearbook_on_rulings], **SAID
        )
        finding = workflow.approve(workflow.submit(own, by=world.rui), by=world.rui)
        assert not finding.four_eyes
        entry = Entry.objects.get(action="found", object_id=finding.pk)
        assert entry.after["four_eyes"] is False

    def test_on_such_a_desk_two_persons_are_still_told_as_two(
        self, world: World, settings: Any
    ) -> None:
        settings.FOUR_EYES = False
        assert workflow.approve(world.draft(world.rulings), by=world.rui).four_eyes

    def test_an_analyst_does_not_approve(self, world: World) -> None:
        with pytest.raises(PermissionDenied):
            workflow.approve(world.draft(world.rulings), by=world.ana)
        assert not world.rulings.findings.exists()

    def test_a_draft_still_being_written_is_not_approved(self, world: World) -> None:
        draft = workflow.start(world.rulings, by=world.ana, **SAID)
        with pytest.raises(workflow.Decided, match="being written"):
            workflow.approve(draft, by=world.rui)

    def test_a_draft_is_decided_once(self, world: World, ada: Any) -> None:
        draft = world.draft(world.rulings)
        seen_by_ada = Draft.objects.get(pk=draft.pk)
        workflow.approve(draft, by=world.rui)
        with pytest.raises(record.Conflict):
            workflow.approve(seen_by_ada, by=ada)
        with pytest.raises(workflow.Decided, match="approved"):
            workflow.approve(Draft.objects.get(pk=draft.pk), by=ada)
        assert world.rulings.findings.count() == 1

    def test_what_changed_after_the_reviewer_looked_is_not_approved(self, world: World) -> None:
        seen = world.draft(world.rulings)
        theirs = Draft.objects.get(pk=seen.pk)
        theirs.status = "substantial"
        record.save(theirs, by=world.ana)
        with pytest.raises(record.Conflict):
            workflow.approve(seen, by=world.rui)
        assert not world.rulings.findings.exists()

    def test_after_a_refusal_another_reviewer_can_decide_on_the_same_draft(
        self, world: World, ada: Any
    ) -> None:
        own = workflow.start(
            world.rulings, by=world.rui, citations=[world.yearbook_on_rulings], **SAID
        )
        workflow.submit(own, by=world.rui)
        with pytest.raises(workflow.Refused):
            workflow.approve(own, by=world.rui)
        assert workflow.approve(own, by=ada).approver == ada

    def test_a_draft_overtaken_by_another_finding_is_refused_with_both(self, world: World) -> None:
        first, second = world.draft(world.rulings), world.draft(world.rulings, "substantial")
        finding = workflow.approve(first, by=world.rui)
        with pytest.raises(workflow.Overtaken) as overtaken:
            workflow.approve(second, by=world.rui)
        assert (overtaken.value.draft, overtaken.value.standing) == (second, finding)
        second.refresh_from_db()
        assert second.state == "submitted"  # Nothing of it is lost.
        assert world.rulings.findings.get() == finding

    def test_evidence_that_fell_below_the_rule_stops_the_approval(self, world: World) -> None:
        draft = world.draft(world.rulings, "sustained")
        yearbook = Evidence.objects.get(key="yearbook")
        yearbook.tier = 4
        record.save(yearbook, by=world.ana)
        with pytest.raises(workflow.Outdated, match="changed after this draft was handed in"):
            workflow.approve(draft, by=world.rui)
        assert not world.rulings.findings.exists()


class TestCorrection:
    def test_a_correction_takes_the_place_of_the_finding(self, world: World) -> None:
        wrong = world.plan.findings.get(number=2)
        draft = world.draft(
            world.plan, "substantial", corrects=wrong, effective_on=wrong.effective_on,
            correction_reason="One element is missing.",
        )  # fmt: skip
        corrected = workflow.approve(draft, by=world.rui)
        assert corrected.supersedes == wrong
        assert workflow.latest(world.plan) == corrected
        assert Finding.objects.filter(pk=wrong.pk).exists()

    def test_a_correction_says_what_was_wrong(self, world: World) -> None:
        wrong = world.plan.findings.get(number=2)
        with pytest.raises(workflow.Refused, match="says what was wrong"):
            world.draft(world.plan, "substantial", corrects=wrong)

    def test_a_finding_is_corrected_once(self, world: World) -> None:
        """The standing finding is the same for both, so only the correction itself can tell."""
        wrong = world.plan.findings.get(number=1)
        said = {"effective_on": SPEECH_DAY, "correction_reason": "Misread.", "corrects": wrong}
        first, second = (world.draft(world.plan, "limited", **said) for _ in range(2))
        workflow.approve(first, by=world.rui)
        with pytest.raises(workflow.Overtaken):
            workflow.approve(second, by=world.rui)
        assert Finding.objects.filter(supersedes=wrong).count() == 1


class TestEnter:
    def test_findings_are_numbered_on(self, world: World) -> None:
        entrances = [world.propose(world.plan, "not-started", date(2021, 1, day)) for day in (1, 2)]
        found = workflow.enter(entrances, by=world.rui)
        assert [finding.number for finding in found] == [3, 4]

    def test_one_that_breaks_a_rule_keeps_all_out(self, world: World) -> None:
        before = Finding.objects.count(), FrozenCitation.objects.count(), record.head()
        good = world.propose(world.plan, "not-started", date(2021, 1, 1))
        bad = world.propose(world.rulings, "implemented", date(2021, 1, 1))
        with pytest.raises(workflow.Refused, match="needs evidence"):
            workflow.enter([good, bad], by=world.rui)
        after = Finding.objects.count(), FrozenCitation.objects.count(), record.head()
        assert after == before

    def test_no_door_lets_one_person_write_and_approve(self, world: World) -> None:
        with pytest.raises(workflow.Refused, match="Nobody approves their own"):
            world.find(world.rulings, "not-started", SPEECH_DAY, approver=world.ana)

    def test_a_documented_search_may_find_nothing(self, world: World) -> None:
        with pytest.raises(workflow.Refused, match="needs the search"):
            world.find(world.rulings, "no-evidence", SPEECH_DAY)
        assert world.find(world.rulings, "no-evidence", SPEECH_DAY, **SEARCH).pk

    def test_a_finding_that_comes_home_does_not_move_the_review(self, world: World) -> None:
        due = Measure.objects.get(pk=world.plan.pk).review_on
        world.find(world.plan, "not-started", SPEECH_DAY, recorded_at=timezone.now())
        assert Measure.objects.get(pk=world.plan.pk).review_on == due

    def test_a_new_one_does(self, world: World) -> None:
        finding = world.find(world.plan, "not-started", SPEECH_DAY)
        due = timezone.localdate(finding.recorded_at) + timedelta(days=180)
        assert Measure.objects.get(pk=world.plan.pk).review_on == due

    def test_it_moves_as_far_as_this_desk_has_set(self, world: World, settings: Any) -> None:
        settings.REVIEW_DAYS = {"deliverable": 400, "continuing": 20}
        for measure, days in ((world.plan, 400), (world.rulings, 20)):
            finding = world.find(measure, "not-started", SPEECH_DAY)
            due = timezone.localdate(finding.recorded_at) + timedelta(days=days)
            assert Measure.objects.get(pk=measure.pk).review_on == due

    def test_a_number_taken_is_refused(self, world: World) -> None:
        with pytest.raises(IntegrityError):
            world.find(world.plan, "not-started", SPEECH_DAY, number=1)

    def test_the_same_evidence_is_frozen_once_per_finding(self, world: World) -> None:
        cited = [cite(world.rulings, world.outline, by=world.ana)] * 2
        with pytest.raises(IntegrityError):
            world.find(world.rulings, "partial", DAY, cited)
