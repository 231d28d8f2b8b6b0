"""Findings are read here, proposed here by the rules, and approved here by a second person."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from measures import record, workflow
from measures.models import Draft, Finding, FrozenCitation, Measure, RecordEntry, User
from tests.admin.browser import errors, filled
from tests.world import PROPOSAL, SEARCH, World, person

SignedIn = Callable[[User], Client]
ADD = "/admin/measures/finding/add/"


@pytest.fixture
def sol(roles: None) -> User:
    """Sol may do everything that a superuser may."""
    return person("sol", "Sol", "Reviewers", is_staff=True, is_superuser=True)


@pytest.fixture
def on_the_staff(ana: User, rui: User, mei: User) -> None:
    """Ana, Rui and Mei may enter the administration."""
    for user in (ana, rui, mei):
        user.is_staff = True
        user.save()


def proposal(browser: Client, measure: Measure, **said: Any) -> tuple[str, dict[str, Any]]:
    """The address of the form on that measure, and the form filled in."""
    url = f"{ADD}?measure={measure.pk}"
    told: dict[str, Any] = {"status": "partial", "effective_on": "2022-05-01", **PROPOSAL, **said}
    return url, filled(browser.get(url), **told)


def approval(draft: Draft) -> str:
    return reverse("admin:measures_draft_approve", args=[draft.pk])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_finding_is_changed_and_deleted_by_nobody(
    world: World, sol: User, signed_in: SignedIn
) -> None:
    finding, browser = world.plan.findings.first(), signed_in(sol)
    assert finding is not None
    url = reverse("admin:measures_finding_change", args=[finding.pk])
    page = browser.get(url)
    assert b'name="_save"' not in page.content
    assert b'name="status"' not in page.content
    assert browser.post(url, {"status": "reversed"}).status_code == 403
    delete = reverse("admin:measures_finding_delete", args=[finding.pk])
    assert browser.get(delete).status_code == 403
    assert browser.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [finding.pk], "post": "yes"}
    browser.post(reverse("admin:measures_finding_changelist"), chosen)
    assert Finding.objects.get(pk=finding.pk).status == finding.status


@pytest.mark.parametrize("noun", ["recordentry", "frozencitation"])
def test_the_record_and_frozen_evidence_are_only_read(
    noun: str, world: World, sol: User, signed_in: SignedIn
) -> None:
    model: Any = {"recordentry": RecordEntry, "frozencitation": FrozenCitation}[noun]
    row, browser = model.objects.first(), signed_in(sol)
    assert row is not None
    assert browser.get(reverse(f"admin:measures_{noun}_add")).status_code == 403
    for page in ("change", "delete"):
        url = reverse(f"admin:measures_{noun}_{page}", args=[row.pk])
        assert browser.post(url, {"post": "yes"}).status_code == 403


def test_a_finding_shows_the_evidence_as_it_was_frozen(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    world.outline.title = "Renamed since"
    record.save(world.outline, by=ada)
    finding = world.plan.findings.get(number=2)
    page = signed_in(ada).get(reverse("admin:measures_finding_change", args=[finding.pk]))
    assert "The outline" in page.content.decode()
    assert "Renamed since" not in page.content.decode()


def test_an_entry_of_the_record_names_the_person_and_shows_what_changed(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    world.plan.title = "新的标题"
    record.save(world.plan, by=world.rui, why="Because.")
    entry = RecordEntry.objects.newest_first()[0]
    page = signed_in(ada).get(reverse("admin:measures_recordentry_change", args=[entry.pk]))
    for part in ("Rui", "Because.", "新的标题", "The plan", entry.hash):
        assert part in page.content.decode()


def test_without_a_measure_the_form_asks_for_one(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    for asked in ("", "?measure=999999", "?measure=x", f"?measure={'9' * 40}"):
        assert b'name="measure"' in browser.get(ADD + asked).content


def test_a_proposal_becomes_a_submitted_draft_of_its_author(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser, found = signed_in(ada), Finding.objects.count()
    url, form = proposal(browser, world.rulings, citations=[world.yearbook_on_rulings.pk])
    response = browser.post(url, form)
    draft = Draft.objects.get()
    assert response["Location"] == reverse("admin:measures_draft_change", args=[draft.pk])
    assert "second person" in said(response)
    assert (draft.state, draft.author, draft.measure) == ("submitted", ada, world.rulings)
    assert list(draft.citations.all()) == [world.yearbook_on_rulings]
    assert Finding.objects.count() == found
    assert record.verify().broken is None


def test_a_rise_without_evidence_is_refused_with_its_sentence(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    url, form = proposal(browser, world.rulings)
    refused = browser.post(url, form)
    assert "needs evidence, and none is cited" in errors(refused)
    assert not Draft.objects.exists()
    assert filled(refused)["rationale"] == PROPOSAL["rationale"]
    form["citations"] = [world.yearbook_on_rulings.pk]
    assert browser.post(url, form).status_code == 302


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"status": "implemented", "effective_on": "2999-01-01"}, "is in the future"),
        ({"effective_on": "1999-01-01"}, "more than ten years before"),
        ({"confidence_reason": ""}, "why the confidence is what it is"),
        ({"rationale": ""}, "Write the rationale"),
        ({"status": "no-evidence"}, "needs the search"),
        ({"status": "", "effective_on": "yesterday"}, "Enter a valid date"),
    ],
)
def test_every_rule_of_the_method_holds_here(
    told: dict[str, str], sentence: str, world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    cited = {"citations": [world.yearbook_on_rulings.pk]}
    url, form = proposal(browser, world.rulings, **cited | told)
    assert sentence in errors(browser.post(url, form))
    assert not Draft.objects.exists()


def test_a_documented_search_is_a_finding_without_evidence(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    searched = SEARCH | {"searched_until": "2022-06-30"}
    url, form = proposal(browser, world.rulings, status="no-evidence", **searched)
    assert browser.post(url, form).status_code == 302
    assert Draft.objects.get().searched_until == date(2022, 6, 30)


def test_evidence_of_another_measure_cannot_be_picked(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    url, form = proposal(browser, world.rulings, citations=[world.outline_on_plan.pk])
    assert "Select a valid choice" in errors(browser.post(url, form))


def test_a_correction_says_what_was_wrong(world: World, ada: User, signed_in: SignedIn) -> None:
    browser, wrong = signed_in(ada), world.plan.findings.get(number=2)
    cited = [world.outline_on_plan.pk]
    url, form = proposal(browser, world.plan, citations=cited, supersedes=wrong.pk)
    assert "A correction says what was wrong" in errors(browser.post(url, form))
    assert browser.post(url, form | {"correction_reason": "Misread."}).status_code == 302
    assert Draft.objects.get().supersedes == wrong


def test_a_form_that_is_sent_twice_hands_in_one_draft(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    url, form = proposal(browser, world.rulings, citations=[world.yearbook_on_rulings.pk])
    first, second = browser.post(url, form), browser.post(url, form)
    assert first["Location"] == second["Location"]
    assert Draft.objects.count() == 1


def test_at_a_desk_of_one_the_finding_enters_at_once_and_says_so(
    world: World, ada: User, signed_in: SignedIn, settings: Any
) -> None:
    settings.FOUR_EYES = False
    browser = signed_in(ada)
    url, form = proposal(browser, world.rulings, citations=[world.yearbook_on_rulings.pk])
    assert b"This desk has one person" in browser.get(url).content
    response = browser.post(url, form)
    assert "Its author approved it" in said(response)
    finding = world.rulings.findings.get()
    assert (finding.author, finding.approver, finding.four_eyes) == (ada, ada, False)
    assert record.verify().broken is None


def test_an_analyst_at_a_desk_of_one_still_waits_for_the_approver(
    world: World, on_the_staff: None, ana: User, signed_in: SignedIn, settings: Any
) -> None:
    settings.FOUR_EYES = False
    browser = signed_in(ana)
    url, form = proposal(browser, world.rulings, citations=[world.yearbook_on_rulings.pk])
    assert "second person" in said(browser.post(url, form))
    assert not world.rulings.findings.exists()


def test_who_only_reads_proposes_nothing(
    world: World, on_the_staff: None, mei: User, signed_in: SignedIn
) -> None:
    url = f"{ADD}?measure={world.rulings.pk}"
    assert signed_in(mei).get(url).status_code == 403
    assert signed_in(mei).post(url, {"status": "partial"}).status_code == 403


def seen(browser: Client, draft: Draft) -> dict[str, Any]:
    """What the button on the page of the draft posts."""
    page = browser.get(approval(draft))
    assert b'name="seen_version"' in page.content
    return {"seen_version": page.context["original"].version}


def test_a_second_person_reads_the_draft_with_its_evidence_and_approves(
    world: World, on_the_staff: None, rui: User, signed_in: SignedIn
) -> None:
    draft, browser = world.draft(world.rulings), signed_in(rui)
    text = browser.get(approval(draft)).content.decode()
    for part in (
        "The yearbook",
        "The document says so.",
        "courts will be swift",
        "not yet assessed",
    ):
        assert part in text
    response = browser.post(approval(draft), seen(browser, draft))
    finding = world.rulings.findings.get()
    assert response["Location"] == reverse("admin:measures_finding_change", args=[finding.pk])
    assert (finding.author, finding.approver) == (world.ana, rui)
    assert record.verify().broken is None


def test_an_author_does_not_approve_their_own_not_even_a_superuser(
    world: World, on_the_staff: None, ana: User, sol: User, signed_in: SignedIn
) -> None:
    draft = world.draft(world.rulings)
    assert signed_in(ana).post(approval(draft), {"seen_version": draft.version}).status_code == 403
    told: dict[str, Any] = {"status": "partial", "effective_on": date(2022, 5, 1), **PROPOSAL}
    own = workflow.start(world.rulings, by=sol, citations=[world.yearbook_on_rulings], **told)
    workflow.submit(own, by=sol)
    browser = signed_in(sol)
    response = browser.post(approval(own), seen(browser, own))
    assert "Nobody approves their own finding" in said(response)
    assert not world.rulings.findings.exists()


def test_a_draft_that_changed_since_it_was_read_is_not_approved(
    world: World, on_the_staff: None, rui: User, signed_in: SignedIn
) -> None:
    draft, browser = world.draft(world.rulings), signed_in(rui)
    read = seen(browser, draft)
    draft.rationale = "Something else"
    record.save(draft, by=world.ana)
    for version in (read["seen_version"], "", "x", "9" * 40):
        response = browser.post(approval(draft), {"seen_version": version})
        assert "changed by somebody else" in said(response)
    assert not world.rulings.findings.exists()


def test_a_draft_that_another_has_decided_on_is_not_decided_twice(
    world: World, on_the_staff: None, rui: User, sol: User, signed_in: SignedIn
) -> None:
    draft, browser = world.draft(world.rulings), signed_in(rui)
    read = seen(browser, draft)
    workflow.approve(Draft.objects.get(pk=draft.pk), by=sol)
    assert "no longer waiting" in said(browser.post(approval(draft), read))
    assert world.rulings.findings.count() == 1
    assert b"not waiting for a decision" in browser.get(approval(draft)).content


def test_a_draft_that_was_overtaken_is_not_approved(
    world: World, on_the_staff: None, rui: User, signed_in: SignedIn
) -> None:
    draft, browser = world.draft(world.rulings), signed_in(rui)
    read = seen(browser, draft)
    world.find(world.rulings, "limited", date(2022, 1, 1), [world.yearbook_on_rulings])
    assert "Another finding" in said(browser.post(approval(draft), read))
    assert world.rulings.findings.count() == 1
    page = browser.get(approval(draft)).content
    assert b"Standing now: finding 1" in page
    assert b"seen_version" not in page


def test_a_draft_is_written_on_by_its_author_until_it_is_handed_in(
    world: World, on_the_staff: None, ana: User, rui: User, signed_in: SignedIn
) -> None:
    told: dict[str, Any] = {"status": "limited", "effective_on": date(2022, 5, 1), **PROPOSAL}
    draft = workflow.start(world.rulings, by=ana, **told)
    url = reverse("admin:measures_draft_change", args=[draft.pk])
    assert signed_in(rui).post(url, {"rationale": "Not mine"}).status_code == 403
    browser = signed_in(ana)
    form = filled(browser.get(url), rationale="Better", citations=[world.yearbook_on_rulings.pk])
    assert browser.post(url, form).status_code == 302
    draft.refresh_from_db()
    assert draft.rationale == "Better"
    assert list(draft.citations.all()) == [world.yearbook_on_rulings]
    workflow.submit(draft, by=ana)
    assert browser.get(url).status_code == 200
    assert browser.post(url, form).status_code == 403
    assert record.verify().broken is None


def test_an_analyst_on_the_staff_reads_no_draft_of_another(
    world: World, on_the_staff: None, rui: User, signed_in: SignedIn
) -> None:
    draft = world.draft(world.rulings)
    other = person("otto", "Otto", "Analysts", is_staff=True)
    for user, reads in ((world.ana, True), (rui, True), (other, False)):
        browser = signed_in(user)
        listed = browser.get(reverse("admin:measures_draft_changelist"))
        assert (draft in listed.context["cl"].result_list) is reads
        url = reverse("admin:measures_draft_change", args=[draft.pk])
        assert browser.get(url).status_code == (200 if reads else 302)


def test_nobody_hands_in_the_draft_of_another(world: World, rui: User) -> None:
    told: dict[str, Any] = {"status": "not-started", "effective_on": date(2022, 5, 1), **PROPOSAL}
    draft = workflow.start(world.rulings, by=world.ana, **told)
    with pytest.raises(PermissionDenied, match="Only its author"):
        workflow.submit(draft, by=rui)
    assert workflow.submit(draft, by=world.ana).state == "submitted"
