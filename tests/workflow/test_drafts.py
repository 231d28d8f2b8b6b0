"""A draft while its author has it: begun, kept, judged as it is written, handed in, withdrawn."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from measures import method, record, workflow
from measures.models import Draft, Evidence, RecordEntry, User
from tests.world import PROPOSAL, SEARCH, SPEECH_DAY, World, cite, person

pytestmark = pytest.mark.django_db

DAY = date(2022, 5, 1)
SAID: dict[str, Any] = {"status": "partial", "effective_on": DAY, **PROPOSAL}


@pytest.fixture
def ben(roles: None) -> User:
    """Ben writes as well."""
    return person("ben", "Ben", "Analysts")


@pytest.fixture
def written(world: World) -> Draft:
    """A draft that satisfies every rule and has not been handed in."""
    return workflow.start(
        world.rulings, by=world.ana, citations=[world.yearbook_on_rulings], **SAID
    )


def sentences(draft: Draft) -> list[str]:
    return [objection.sentence for objection in workflow.objections(draft)]


class TestBegin:
    def test_a_draft_begins_with_what_holds(self, world: World) -> None:
        standing = workflow.latest(world.plan)
        draft = workflow.begin(world.plan, by=world.ana, uid=uuid4())
        assert standing is not None
        assert draft.written_against == standing
        assert (draft.status, draft.confidence) == (standing.status, standing.confidence)
        assert draft.effective_on == timezone.localdate()
        assert list(draft.citations.all()) == [world.outline_on_plan]
        # What is new must be said anew.
        assert (draft.rationale, draft.confidence_reason) == ("", "")

    def test_the_first_on_a_measure_begins_with_nothing_found(self, world: World) -> None:
        draft = workflow.begin(world.rulings, by=world.ana, uid=uuid4())
        assert (draft.status, draft.written_against) == (method.NO_EVIDENCE, None)
        assert not draft.citations.exists()

    def test_evidence_taken_off_the_measure_since_is_not_cited_again(self, world: World) -> None:
        record.delete(world.outline_on_plan, by=world.ana)
        draft = workflow.begin(world.plan, by=world.ana, uid=uuid4())
        assert not draft.citations.exists()

    def test_a_correction_begins_with_what_it_corrects(self, world: World) -> None:
        wrong = world.training.findings.get(number=1)
        draft = workflow.begin(world.training, by=world.ana, uid=uuid4(), corrects=wrong)
        assert (draft.supersedes, draft.status) == (wrong, "limited")
        assert draft.effective_on == SPEECH_DAY
        assert list(draft.citations.all()) == [world.statement_on_training]
        assert draft.written_against == workflow.latest(world.training)

    def test_a_form_that_is_sent_twice_begins_one_draft(self, world: World) -> None:
        uid = uuid4()
        once, twice = (workflow.begin(world.plan, by=world.ana, uid=uid) for _ in range(2))
        assert once == twice
        assert Draft.objects.get() == once
        assert RecordEntry.objects.filter(noun="draft").count() == 1

    def test_another_form_begins_another(self, world: World) -> None:
        for _ in range(2):
            workflow.begin(world.plan, by=world.ana, uid=uuid4())
        assert Draft.objects.count() == 2

    def test_nobody_takes_up_the_draft_of_another(self, world: World, ben: User) -> None:
        theirs = workflow.begin(world.plan, by=world.ana, uid=uuid4())
        with pytest.raises(PermissionDenied, match="somebody else's"):
            workflow.begin(world.plan, by=ben, uid=theirs.uid)

    def test_a_manager_begins_nothing(self, world: World, mei: User) -> None:
        with pytest.raises(PermissionDenied):
            workflow.begin(world.plan, by=mei, uid=uuid4())
        assert not Draft.objects.exists()


class TestSave:
    def test_what_is_written_is_kept_whatever_the_rules_say(self, world: World) -> None:
        draft = workflow.begin(world.plan, by=world.ana, uid=uuid4())
        assert workflow.save(draft, by=world.ana, citations=[], status="sustained", rationale="So")
        stored = Draft.objects.get()
        assert (stored.status, stored.rationale, stored.state) == ("sustained", "So", "writing")
        assert not stored.citations.exists()
        assert sentences(stored)
        assert record.verify().broken is None

    def test_what_is_not_named_stays(self, written: Draft, world: World) -> None:
        workflow.save(written, by=world.ana, rationale="Another reason.")
        assert list(Draft.objects.get().citations.all()) == [world.yearbook_on_rulings]

    def test_saving_what_is_there_leaves_no_entry(self, written: Draft, world: World) -> None:
        head = record.head()
        told = {**SAID, "citations": [world.yearbook_on_rulings]}
        assert workflow.save(written, by=world.ana, **told) is False
        assert record.head() == head
        assert Draft.objects.get().version == written.version

    @pytest.mark.parametrize("who", ["ben", "rui", "mei", "ada"])
    def test_only_its_author_writes(
        self, who: str, written: Draft, world: World, request: pytest.FixtureRequest
    ) -> None:
        with pytest.raises(PermissionDenied):
            workflow.save(written, by=request.getfixturevalue(who), rationale="Mine now.")
        written.refresh_from_db()
        assert written.rationale == PROPOSAL["rationale"]
        assert workflow.save(written, by=world.ana, rationale="Mine still.")

    @pytest.mark.parametrize("state", ["submitted", "approved", "withdrawn"])
    def test_once_it_has_left_the_desk_it_is_not_written_on(
        self, state: str, written: Draft, world: World
    ) -> None:
        if state == "withdrawn":
            workflow.withdraw(written, by=world.ana)
        else:
            workflow.submit(written, by=world.ana)
        if state == "approved":
            workflow.approve(written, by=world.rui)
        with pytest.raises(workflow.Decided, match=method.DRAFT_STATES[state].en.lower()):
            workflow.save(written, by=world.ana, rationale="Too late.")
        assert Draft.objects.get().rationale == PROPOSAL["rationale"]

    def test_a_newer_version_is_not_overwritten(self, written: Draft, world: World) -> None:
        elsewhere = Draft.objects.get()
        workflow.save(elsewhere, by=world.ana, rationale="From the other window.")
        with pytest.raises(record.Conflict) as conflict:
            workflow.save(written, by=world.ana, rationale="From this window.")
        theirs = conflict.value.theirs
        assert isinstance(theirs, Draft)
        assert theirs.rationale == Draft.objects.get().rationale == "From the other window."

    def test_after_a_conflict_a_save_over_what_was_read_succeeds(
        self, written: Draft, world: World
    ) -> None:
        elsewhere = Draft.objects.get()
        workflow.save(elsewhere, by=world.ana, rationale="First.")
        with pytest.raises(record.Conflict):
            workflow.save(written, by=world.ana, rationale="Second.")
        written.version = elsewhere.version
        assert workflow.save(written, by=world.ana, rationale="First and second.")
        assert Draft.objects.get().rationale == "First and second."
        told = [entry.after["rationale"] for entry in RecordEntry.objects.about(written)[:2]]
        assert told == ["First and second.", "First."]

    def test_evidence_of_another_measure_is_not_cited(self, written: Draft, world: World) -> None:
        with pytest.raises(workflow.Refused, match="under the measure itself"):
            workflow.save(written, by=world.ana, citations=[world.outline_on_plan])
        assert list(Draft.objects.get().citations.all()) == [world.yearbook_on_rulings]


class TestVerdicts:
    def test_a_complete_draft_meets_every_rule(self, written: Draft) -> None:
        tested = [rule for rule in method.RULES if rule.test]
        verdicts = workflow.verdicts(written)
        assert [verdict.rule for verdict in verdicts] == tested
        assert not [verdict for verdict in verdicts if verdict.objections]

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"rationale": ""}, "Write the rationale"),
            ({"confidence_reason": ""}, "Say in one line why"),
            ({"citations": []}, "“Partial” needs evidence"),
            ({"status": "no-evidence"}, "needs the search"),
            ({"effective_on": date(2010, 1, 1)}, "more than ten years before"),
            ({"effective_on": date(9999, 1, 1)}, "is in the future"),
        ],
    )
    def test_each_rule_that_is_broken_says_what_would_satisfy_it(
        self, said: dict[str, Any], sentence: str, written: Draft, world: World
    ) -> None:
        workflow.save(written, by=world.ana, **said)
        (objection,) = sentences(written)
        assert sentence in objection
        with pytest.raises(workflow.Refused, match=sentence):
            workflow.submit(written, by=world.ana)
        assert Draft.objects.get().state == "writing"

    def test_they_are_judged_on_the_evidence_as_it_is(self, written: Draft, world: World) -> None:
        workflow.save(written, by=world.ana, status="sustained")
        assert sentences(written) == []
        world.yearbook.tier = 4
        record.save(world.yearbook, by=world.ana)
        assert "tier 1 or 2" in " ".join(sentences(Draft.objects.get()))

    @pytest.mark.parametrize("how", ["late", "correction", "unsaid", "same day"])
    def test_an_earlier_day_is_a_late_record_or_a_correction(self, how: str, world: World) -> None:
        standing = workflow.latest(world.plan)
        assert standing is not None
        earlier = standing.effective_on - timedelta(days=0 if how == "same day" else 1)
        told: dict[str, Any] = {**SAID, "effective_on": earlier, "is_late": how == "late"}
        if how == "correction":
            told |= {"corrects": standing, "correction_reason": "The day was misread."}
        draft = workflow.start(world.plan, by=world.ana, citations=[world.outline_on_plan], **told)
        if how == "unsaid":
            (objection,) = workflow.objections(draft)
            assert objection.field == "effective_on"
            assert "a late record (we learnt more) or a correction" in objection.sentence
            with pytest.raises(workflow.Refused):
                workflow.submit(draft, by=world.ana)
        else:
            assert workflow.approve(workflow.submit(draft, by=world.ana), by=world.rui).pk

    def test_a_bundle_brings_its_history_in_any_order(self, world: World) -> None:
        assert world.find(world.plan, "not-started", SPEECH_DAY).pk


class TestSubmit:
    def test_the_draft_keeps_how_it_was_handed_in(self, written: Draft, world: World) -> None:
        workflow.submit(written, by=world.ana)
        stored = Draft.objects.get()
        assert stored.submitted_as == workflow.proposed(stored)
        assert stored.submitted_as["citations"][0]["title"] == "The yearbook"
        assert stored.submitted_as["rationale"] == PROPOSAL["rationale"]

    def test_what_was_returned_is_mended_and_handed_in_anew(
        self, written: Draft, world: World
    ) -> None:
        workflow.submit(written, by=world.ana)
        workflow.send_back(written, by=world.rui, note="Say more.")
        workflow.save(written, by=world.ana, rationale="It says so on page 7.")
        workflow.submit(written, by=world.ana)
        stored = Draft.objects.get()
        assert stored.state == "submitted"
        assert stored.submitted_as["rationale"] == "It says so on page 7."
        assert workflow.approve(stored, by=world.rui).rationale == "It says so on page 7."

    def test_a_documented_search_needs_no_document(self, world: World) -> None:
        draft = workflow.begin(world.rulings, by=world.ana, uid=uuid4())
        workflow.save(draft, by=world.ana, **SEARCH, **PROPOSAL)
        assert workflow.submit(draft, by=world.ana).state == "submitted"


class TestWithdraw:
    @pytest.mark.parametrize("state", ["writing", "submitted", "returned"])
    def test_a_draft_is_taken_back_as_long_as_it_is_undecided(
        self, state: str, written: Draft, world: World
    ) -> None:
        if state != "writing":
            workflow.submit(written, by=world.ana)
        if state == "returned":
            workflow.send_back(written, by=world.rui, note="Say more.")
        workflow.withdraw(written, by=world.ana)
        assert Draft.objects.get().state == "withdrawn"
        with pytest.raises(workflow.Decided, match="withdrawn"):
            workflow.withdraw(written, by=world.ana)

    def test_what_was_withdrawn_is_not_approved(self, written: Draft, world: World) -> None:
        workflow.submit(written, by=world.ana)
        workflow.withdraw(written, by=world.ana)
        with pytest.raises(workflow.Decided, match="withdrawn"):
            workflow.approve(written, by=world.rui)
        assert not world.rulings.findings.exists()

    def test_a_finding_is_not_withdrawn(self, written: Draft, world: World) -> None:
        workflow.approve(workflow.submit(written, by=world.ana), by=world.rui)
        with pytest.raises(workflow.Decided, match="approved"):
            workflow.withdraw(written, by=world.ana)


class TestCompared:
    def test_a_finding_says_what_its_draft_proposed(self, written: Draft, world: World) -> None:
        finding = workflow.approve(workflow.submit(written, by=world.ana), by=world.rui)
        assert workflow.said(finding) == workflow.proposed(Draft.objects.get())

    def test_evidence_is_told_in_one_order(self, written: Draft, world: World) -> None:
        older = cite(world.rulings, world.statement, by=world.ana)
        undated = Evidence(key="undated", title="Undated", kind="news", tier=5)
        record.save(undated, by=world.ana)
        last = cite(world.rulings, undated, by=world.ana)
        chosen = [last, world.yearbook_on_rulings, older]
        workflow.save(written, by=world.ana, citations=chosen)
        workflow.submit(written, by=world.ana)
        told = [each["title"] for each in workflow.proposed(written)["citations"]]
        assert told == ["The statement", "The yearbook", "Undated"]
        finding = workflow.approve(written, by=world.rui)
        assert [each["title"] for each in workflow.said(finding)["citations"]] == told
