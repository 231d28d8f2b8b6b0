"""Two people, or one in two windows, at the same moment: as many rounds as RACES says."""

import os
from collections import Counter
from collections.abc import Callable
from copy import copy
from typing import Any
from uuid import uuid4

import pytest

from measures import record, workflow
from measures.models import Draft, Evidence, Finding, RecordEntry, User
from measures.models.tracked import Tracked
from measures.record import entries
from measures.workflow import drafts
from tests.threads import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("RACES", "50"))
# Without a guard it goes wrong in most rounds: a few of them show that the others are races.
UNGUARDED = max(ROUNDS // 5, 10)


def seen(draft: Draft) -> Draft:
    """The draft as another window has it open."""
    return Draft.objects.select_related("measure__source", "author").get(pk=draft.pk)


def told_of(draft: Draft, field: str) -> list[Any]:
    """What the record says that this field was set to, in order."""
    entries_of = RecordEntry.objects.filter(noun="draft", object_id=draft.pk).order_by("sequence")
    return [entry.after[field] for entry in entries_of if field in entry.after]


def approvals(world: World, ada: User) -> list[Any]:
    """Two reviewers approve one draft at once."""
    draft = world.draft(world.rulings)
    first, second = seen(draft), seen(draft)
    return at_once(
        lambda: workflow.approve(first, by=world.rui), lambda: workflow.approve(second, by=ada)
    )


def test_two_approvals_make_one_finding(world: World, ada: User) -> None:
    for number in range(1, ROUNDS + 1):
        results = approvals(world, ada)
        assert {type(result) for result in results} == {Finding, record.Conflict}
        assert world.rulings.findings.count() == number
    assert Draft.objects.filter(state="approved").count() == ROUNDS
    print(f"{ROUNDS} rounds, {number} findings, {ROUNDS} told that it was decided")
    assert record.verify().broken is None


def approval_and_return(world: World, ada: User) -> tuple[Draft, list[Any]]:
    """One reviewer approves and another returns: the draft as it is then, and what came of it."""
    draft = world.draft(world.rulings)
    first, second = seen(draft), seen(draft)
    results = at_once(
        lambda: workflow.approve(first, by=world.rui),
        lambda: workflow.send_back(second, by=ada, note="Which year?"),
    )
    return seen(draft), results


def test_an_approval_and_a_return_are_one_decision(world: World, ada: User) -> None:
    decided = {"approved": 0, "returned": 0}
    for _ in range(ROUNDS):
        draft, results = approval_and_return(world, ada)
        assert [type(result) for result in results].count(record.Conflict) == 1
        decided[draft.state] += 1
        assert (draft.state == "approved") == isinstance(results[0], Finding)
        assert told_of(draft, "state") == ["writing", "submitted", draft.state]
    assert sum(decided.values()) == ROUNDS
    print(f"{ROUNDS} rounds: {decided}")
    assert world.rulings.findings.count() == decided["approved"]
    assert record.verify().broken is None


def saves(draft: Draft, number: int) -> tuple[list[str], list[Any]]:
    """Two windows save at once: what each wrote, and what came of it."""
    words = [f"Round {number}, window {window}." for window in (1, 2)]
    windows = [(seen(draft), text) for text in words]

    def saver(mine: Draft, text: str) -> Callable[[], bool]:
        return lambda: workflow.save(mine, by=mine.author, rationale=text)

    return words, at_once(*(saver(*window) for window in windows))


def test_of_two_saves_one_is_kept_and_the_other_is_told(world: World) -> None:
    draft = workflow.begin(world.rulings, by=world.ana, uid=uuid4())
    acknowledged = []
    for number in range(ROUNDS):
        words, results = saves(draft, number)
        assert sorted(type(result).__name__ for result in results) == ["Conflict", "bool"]
        acknowledged.append(words[results.index(True)])
        assert seen(draft).rationale == acknowledged[-1]
    assert told_of(draft, "rationale")[1:] == acknowledged
    print(f"{ROUNDS} rounds, {len(acknowledged)} saves acknowledged, all of them in the record")
    assert record.verify().broken is None


def unguarded(obj: Tracked) -> Tracked:
    """A claim that takes the row at whatever version it is."""
    stored = type(obj)._default_manager.get(pk=obj.pk)
    obj.version += 1
    return stored


def trusting(obj: Tracked) -> Tracked:
    """The claim of an ordinary application: what the window shows is taken for what is stored.

    Writers still queue; without that the two would run into a deadlock more often than not.
    """
    entries._queue()
    shown = copy(obj)
    obj.version += 1
    return shown


def test_without_the_guard_both_saves_are_acknowledged_and_one_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = workflow.begin(world.rulings, by=world.ana, uid=uuid4())
    monkeypatch.setattr(entries, "claim", unguarded)
    lost = 0
    for number in range(UNGUARDED):
        words, results = saves(draft, number)
        lost += results == [True, True] and len(set(words) - {seen(draft).rationale})
    print(f"{UNGUARDED} rounds without the guard: {lost} acknowledged saves lost")
    assert lost > UNGUARDED / 2


def test_without_the_guards_two_approvals_make_two_findings(
    world: World, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "claim", trusting)
    monkeypatch.setattr(drafts, "_still_as_handed_in", lambda *_: None)
    twice = 0
    for _ in range(UNGUARDED):
        before = world.rulings.findings.count()
        results = approvals(world, ada)
        twice += [type(result) for result in results] == [Finding, Finding]
        assert world.rulings.findings.count() - before == [
            isinstance(result, Finding) for result in results
        ].count(True)
    print(f"{UNGUARDED} rounds without the guards: {twice} drafts became two findings each")
    assert twice > UNGUARDED / 2


def test_where_versions_are_not_compared_the_standing_finding_stops_the_second_approval(
    world: World, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "claim", trusting)
    for number in range(1, ROUNDS + 1):
        results = approvals(world, ada)
        assert {type(result) for result in results} == {Finding, workflow.Overtaken}
        assert world.rulings.findings.count() == number


def test_without_the_guard_an_approval_and_a_return_are_two_decisions(
    world: World, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "claim", trusting)
    both = 0
    for _ in range(UNGUARDED):
        _draft, results = approval_and_return(world, ada)
        both += [type(result) for result in results] == [Finding, Draft]
    print(f"{UNGUARDED} rounds without the guard: {both} drafts both approved and returned")
    assert both > UNGUARDED / 2


def mended_and_approved(world: World) -> list[Any]:
    """The author hands in a mended text while a reviewer approves the one that was read before."""
    draft = world.draft(world.rulings)
    read = seen(draft)
    workflow.send_back(draft, by=world.rui, note="Which year?")
    workflow.save(draft, by=world.ana, rationale="In 2022.")
    mine = seen(draft)
    return at_once(
        lambda: workflow.submit(mine, by=world.ana), lambda: workflow.approve(read, by=world.rui)
    )


def test_a_hand_in_is_never_approved_unread(world: World) -> None:
    for _ in range(ROUNDS):
        handed_in, approved = mended_and_approved(world)
        assert (handed_in.state, type(approved)) == ("submitted", record.Conflict)
        assert seen(handed_in).rationale == "In 2022."
    assert not world.rulings.findings.exists()
    print(f"{ROUNDS} rounds: {ROUNDS} handed in, no approval of the text before")
    assert record.verify().broken is None


def test_without_the_guard_a_hand_in_and_an_approval_of_another_text_are_both_acknowledged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "_still_as_handed_in", lambda *_: None)
    both = 0
    for _ in range(UNGUARDED):
        with monkeypatch.context() as patch:
            patch.setattr(entries, "claim", trusting)
            handed_in, approved = mended_and_approved(world)
        if isinstance(handed_in, Draft) and isinstance(approved, Finding):
            assert approved.rationale != handed_in.rationale
            both += 1
    print(f"{UNGUARDED} rounds without the guard: {both} texts approved that nobody handed in")
    assert both > UNGUARDED / 2


def test_without_the_guard_a_reviewer_approves_what_the_author_has_mended_since(
    world: World, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = world.draft(world.rulings)
    read = seen(draft)
    workflow.send_back(draft, by=ada, note="Which year?")
    workflow.save(draft, by=world.ana, rationale="In 2022.")
    workflow.submit(draft, by=world.ana)
    with pytest.raises(record.Conflict):
        workflow.approve(read, by=world.rui)
    monkeypatch.setattr(entries, "claim", unguarded)
    read.submitted_as = None
    assert workflow.approve(read, by=world.rui).rationale == "The document says so."
    assert seen(draft).rationale == "The document says so."


def handing_in(world: World, number: int) -> list[Any]:
    """Handed in, approved by somebody quick and the evidence edited, all at once."""
    draft = world.draft(world.rulings)
    workflow.send_back(draft, by=world.rui, note="Which year?")
    mine, theirs = seen(draft), seen(draft)
    theirs.version += 1  # As it will be, once it is handed in.
    document = Evidence.objects.get(pk=world.yearbook.pk)
    document.title = f"The yearbook, printing {number}"
    results = at_once(
        lambda: workflow.submit(mine, by=world.ana),
        lambda: workflow.approve(theirs, by=world.rui),
        lambda: record.save(document, by=world.ana),
    )
    assert (type(results[0]), results[2]) == (Draft, True)
    return [seen(draft), results[1]]


def test_a_finding_rests_on_the_evidence_that_was_handed_in(world: World) -> None:
    """Where the edit comes in between, the approval is refused."""
    outcomes: Counter[str] = Counter()
    for number in range(ROUNDS):
        draft, outcome = handing_in(world, number)
        outcomes[type(outcome).__name__] += 1
        if isinstance(outcome, Finding):
            assert workflow.said(outcome)["citations"] == draft.submitted_as["citations"]
        else:
            assert draft.state == "submitted"
            workflow.withdraw(draft, by=world.ana)
    assert set(outcomes) <= {"Finding", "Outdated", "Conflict"}
    print(f"{ROUNDS} rounds: {dict(outcomes)}")
    assert record.verify().broken is None


def test_an_edit_at_the_moment_of_the_approval_is_in_the_finding_or_stops_it(
    world: World,
) -> None:
    counted = {True: 0, False: 0}
    for number in range(ROUNDS):
        draft = world.draft(world.rulings)
        handed_in, mine = draft.submitted_as, seen(draft)
        document = Evidence.objects.get(pk=world.yearbook.pk)
        document.title = f"The yearbook, printing {number}"
        outcome, edited = at_once(
            lambda mine=mine: workflow.approve(mine, by=world.rui),
            lambda document=document: record.save(document, by=world.ana),
        )
        assert edited is True
        counted[isinstance(outcome, Finding)] += 1
        if isinstance(outcome, Finding):
            assert workflow.said(outcome)["citations"] == handed_in["citations"]
        else:
            assert isinstance(outcome, workflow.Outdated)
            workflow.withdraw(seen(draft), by=world.ana)
    assert world.rulings.findings.count() == counted[True]
    print(f"{ROUNDS} rounds: {counted[True]} approved first, {counted[False]} edited first")
    assert record.verify().broken is None


def test_a_form_sent_twice_at_once_begins_one_draft(world: World) -> None:
    for number in range(1, ROUNDS + 1):
        uid = uuid4()
        once, twice = at_once(
            *[lambda uid=uid: workflow.begin(world.plan, by=world.ana, uid=uid)] * 2
        )
        assert isinstance(once, Draft)
        assert once == twice
        assert Draft.objects.count() == number
    print(f"{ROUNDS} forms sent twice, {number} drafts begun")
    assert record.verify().broken is None


def test_a_save_and_a_hand_in_from_two_windows_are_one_after_the_other(world: World) -> None:
    outcomes: Counter[str] = Counter()
    for number in range(ROUNDS):
        draft = world.draft(world.rulings)
        workflow.send_back(draft, by=world.rui, note="Which year?")
        first, second = seen(draft), seen(draft)
        text = f"Round {number}."
        saved, handed_in = at_once(
            lambda mine=first, text=text: workflow.save(mine, by=world.ana, rationale=text),
            lambda mine=second: workflow.submit(mine, by=world.ana),
        )
        draft = seen(draft)
        outcomes["saved first" if saved is True else "handed in first"] += 1
        if saved is True:
            assert isinstance(handed_in, record.Conflict)
            assert (draft.state, draft.rationale) == ("returned", text)
        else:
            assert isinstance(saved, record.Conflict | workflow.Decided)
            assert draft.state == "submitted"
            assert draft.submitted_as == workflow.proposed(draft)
    print(f"{ROUNDS} rounds: {dict(outcomes)}")
    assert record.verify().broken is None
