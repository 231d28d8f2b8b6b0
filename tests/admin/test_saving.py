"""What is saved in the administration is in the record, whole, and never over a newer version."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from measures import record
from measures.models import (
    Body,
    Citation,
    Evidence,
    Measure,
    RecordEntry,
    Source,
    Theme,
    User,
)
from measures.record import entries
from tests.admin.browser import errors, filled
from tests.world import World

SignedIn = Callable[[User], Client]


@pytest.fixture
def browser(ada: User, signed_in: SignedIn) -> Client:
    return signed_in(ada)


def change(obj: Any) -> str:
    return reverse(f"admin:measures_{obj._meta.model_name}_change", args=[obj.pk])


def told_since(sequence: int) -> list[tuple[str, str, str]]:
    """Action, noun and key of the entries after that one, in their order."""
    later = RecordEntry.objects.filter(sequence__gt=sequence).order_by("sequence")
    return [(entry.action, entry.noun, entry.key) for entry in later]


def last() -> int:
    head = record.head()
    return head.sequence if head else 0


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("speech", "speaker", "Somebody"),
        ("framing", "gist", "Another gist"),
        ("design", "title", "Another title"),
        ("patent_office", "abbreviation", "PO"),
        ("plan", "title", "Another title"),
        ("outline", "document_number", "No. 1"),
        ("outline_on_plan", "note", "Another note"),
    ],
)
def test_each_edit_is_one_entry_with_its_author_and_reason(
    name: str, field: str, value: str, world: World, ada: User, browser: Client
) -> None:
    obj, before = getattr(world, name), last()
    version = type(obj).objects.get(pk=obj.pk).version
    form = filled(browser.get(change(obj)), **{field: value}, entry_why="It was wrong.")
    assert browser.post(change(obj), form).status_code == 302
    (entry,) = RecordEntry.objects.filter(sequence__gt=before)
    assert (entry.actor, entry.why) == (ada.opaque_id, "It was wrong.")
    assert entry.after == {field: value}
    obj.refresh_from_db()
    assert (getattr(obj, field), obj.version) == (value, version + 1)
    assert record.verify().broken is None


def test_saving_without_a_change_leaves_no_entry(world: World, browser: Client) -> None:
    before = last()
    assert (
        browser.post(change(world.plan), filled(browser.get(change(world.plan)))).status_code == 302
    )
    assert told_since(before) == []
    version = world.plan.version
    world.plan.refresh_from_db()
    assert world.plan.version == version


def test_a_new_row_is_recorded_with_its_bodies(world: World, ada: User, browser: Client) -> None:
    url, before = reverse("admin:measures_evidence_add"), last()
    form = filled(browser.get(url))
    form |= {"key": "a-law", "title": "A law", "kind": "law", "tier": 1, "url": "example.org/law"}
    form |= {
        "bodies": [world.patent_office.pk],
        "seen_at": "https://a.example\n\nhttps://b.example",
    }
    assert browser.post(url, form).status_code == 302
    (entry,) = RecordEntry.objects.filter(sequence__gt=before)
    assert (entry.action, entry.key, entry.actor) == ("added", "a-law", ada.opaque_id)
    assert entry.after["bodies"] == ["patent-office"]
    assert entry.after["seen_at"] == ["https://a.example", "https://b.example"]
    assert entry.after["url"] == "https://example.org/law"
    assert record.verify().broken is None


def test_a_change_of_the_bodies_alone_is_recorded(world: World, browser: Client) -> None:
    before = last()
    form = filled(browser.get(change(world.plan)), bodies=[world.supreme_court.pk])
    browser.post(change(world.plan), form)
    (entry,) = RecordEntry.objects.filter(sequence__gt=before)
    assert entry.before == {"bodies": ["patent-office"]}
    assert entry.after == {"bodies": ["supreme-court"]}


def test_an_edit_whose_entry_cannot_be_written_is_not_made(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    form = filled(browser.get(change(world.plan)), title="Another title")
    with monkeypatch.context() as patch:
        patch.setattr(entries, "append", fail)
        with pytest.raises(RuntimeError, match="disk is full"):
            browser.post(change(world.plan), form)
    assert Measure.objects.get(pk=world.plan.pk).title == "The plan"
    assert browser.post(change(world.plan), form).status_code == 302
    assert Measure.objects.get(pk=world.plan.pk).title == "Another title"


def test_citations_are_added_changed_and_removed_under_their_measure(
    world: World, ada: User, browser: Client
) -> None:
    page = browser.get(change(world.training))
    rows = [form.instance for form in page.context["inline_admin_formsets"][0].formset.forms]
    kept, gone = rows.index(world.yearbook_on_training), rows.index(world.statement_on_training)
    form = filled(page, entry_why="Read again.") | {
        f"citations-{kept}-note": "Another note",
        f"citations-{gone}-DELETE": "on",
        "citations-2-evidence": world.outline.pk,
        "citations-2-stage": "adopted",
        "citations-2-bearing": "context",
        "citations-TOTAL_FORMS": 3,
    }
    before = last()
    assert browser.post(change(world.training), form).status_code == 302
    key = world.training.record_key
    assert sorted(told_since(before)) == [
        ("added", "citation", f"outline @ {key}"),
        ("changed", "citation", f"yearbook @ {key}"),
        ("removed", "citation", f"statement @ {key}"),
    ]
    told = RecordEntry.objects.filter(sequence__gt=before)
    assert {(entry.actor, entry.why) for entry in told} == {(ada.opaque_id, "Read again.")}
    assert record.verify().broken is None


def test_the_same_citation_twice_is_refused_in_words(world: World, browser: Client) -> None:
    form = filled(browser.get(change(world.plan))) | {
        "citations-1-evidence": world.outline.pk,
        "citations-1-stage": "adopted",
        "citations-1-bearing": "context",
        "citations-TOTAL_FORMS": 2,
    }
    before = last()
    assert browser.post(change(world.plan), form).status_code == 200
    assert told_since(before) == []


def test_a_save_over_a_newer_version_shows_both_and_loses_nothing(
    world: World, rui: User, browser: Client
) -> None:
    opened = filled(browser.get(change(world.plan)))
    world.plan.title, world.plan.kind = "What Rui wrote", "legislation"
    record.save(world.plan, by=rui)
    before = last()
    mine = opened | {"title": "What Ada wrote"}
    refused = browser.post(change(world.plan), mine)
    said = errors(refused)
    for part in ("Rui", "What Rui wrote", "What Ada wrote", "Legislation", "Plan"):
        assert part in said
    assert told_since(before) == []
    assert Measure.objects.get(pk=world.plan.pk).title == "What Rui wrote"
    # What Ada entered is still in the form, and saving again is her decision.
    again = filled(refused)
    assert again["title"] == "What Ada wrote"
    assert browser.post(change(world.plan), again).status_code == 302
    assert Measure.objects.get(pk=world.plan.pk).title == "What Ada wrote"
    assert record.verify().broken is None


def test_a_save_over_the_version_that_was_opened_is_no_conflict(
    world: World, rui: User, browser: Client
) -> None:
    world.plan.title = "What Rui wrote"
    record.save(world.plan, by=rui)
    form = filled(browser.get(change(world.plan)), title="What Ada wrote")
    assert browser.post(change(world.plan), form).status_code == 302
    assert Measure.objects.get(pk=world.plan.pk).title == "What Ada wrote"


def test_a_form_without_a_version_does_not_pass(world: World, browser: Client) -> None:
    form = filled(browser.get(change(world.plan)), title="What Ada wrote")
    del form["seen_version"]
    assert "What Ada wrote" in errors(browser.post(change(world.plan), form))
    assert Measure.objects.get(pk=world.plan.pk).title == "The plan"


def test_a_row_under_the_measure_is_not_saved_over_a_newer_version(
    world: World, rui: User, browser: Client
) -> None:
    opened = filled(browser.get(change(world.plan)))
    world.outline_on_plan.note = "What Rui wrote"
    record.save(world.outline_on_plan, by=rui)
    before = last()
    refused = browser.post(change(world.plan), opened | {"citations-0-note": "What Ada wrote"})
    assert "What Rui wrote" in errors(refused)
    assert "What Ada wrote" in errors(refused)
    assert told_since(before) == []
    assert browser.post(change(world.plan), filled(refused)).status_code == 302
    assert Citation.objects.get(pk=world.outline_on_plan.pk).note == "What Ada wrote"


def test_a_row_that_somebody_has_just_changed_is_not_deleted_unseen(
    world: World, rui: User, browser: Client
) -> None:
    opened = filled(browser.get(change(world.plan)))
    world.outline_on_plan.note = "What Rui wrote"
    record.save(world.outline_on_plan, by=rui)
    refused = browser.post(change(world.plan), opened | {"citations-0-DELETE": "on"})
    assert "not deleted" in errors(refused)
    assert Citation.objects.filter(pk=world.outline_on_plan.pk).exists()


def test_a_row_that_is_gone_meanwhile_is_told_in_words(
    world: World, rui: User, browser: Client
) -> None:
    opened = filled(browser.get(change(world.rulings)))
    record.delete(world.yearbook_on_rulings, by=rui)
    refused = browser.post(change(world.rulings), opened)
    assert "Somebody else deleted" in errors(refused)
    left_out = opened | {"citations-0-DELETE": "on", "title": "Another title"}
    assert browser.post(change(world.rulings), left_out).status_code == 302
    assert Measure.objects.get(pk=world.rulings.pk).title == "Another title"


def test_a_measure_that_is_gone_meanwhile_is_told_in_words(
    world: World, rui: User, browser: Client
) -> None:
    body = Body(slug="short-lived", title="Short-lived")
    record.save(body, by=rui)
    opened = filled(browser.get(change(body)), title="Another title")
    url = change(body)
    record.delete(body, by=rui)
    assert b"Perhaps it was deleted" in browser.post(url, opened, follow=True).content


def test_the_key_of_a_saved_row_stays(world: World, browser: Client) -> None:
    form = filled(browser.get(change(world.outline)), key="another-key", title="Another title")
    assert browser.post(change(world.outline), form).status_code == 302
    world.outline.refresh_from_db()
    assert (world.outline.key, world.outline.title) == ("outline", "Another title")
    assert record.verify().broken is None


def test_a_measure_with_findings_is_not_deleted_and_the_page_says_why(
    world: World, browser: Client
) -> None:
    url = reverse("admin:measures_measure_delete", args=[world.plan.pk])
    for page in (browser.get(url), browser.post(url, {"post": "yes"})):
        assert page.status_code == 200
        assert "This measure has findings" in page.content.decode()
        assert "Retire it instead" in page.content.decode()
    assert Measure.objects.filter(pk=world.plan.pk).exists()


def test_a_measure_on_which_nothing_rests_is_deleted_and_recorded(
    world: World, ada: User, browser: Client
) -> None:
    record.delete(world.yearbook_on_rulings, by=ada)
    before, key = last(), world.rulings.record_key
    url = reverse("admin:measures_measure_delete", args=[world.rulings.pk])
    assert browser.post(url, {"post": "yes"}).status_code == 302
    assert told_since(before) == [("removed", "measure", key)]
    assert record.verify().broken is None


def test_evidence_on_which_findings_rest_is_not_deleted(world: World, browser: Client) -> None:
    url = reverse("admin:measures_evidence_delete", args=[world.outline.pk])
    assert "Findings rest on this document" in browser.post(url, {"post": "yes"}).content.decode()
    assert Evidence.objects.filter(pk=world.outline.pk).exists()


def test_a_deleted_citation_is_recorded_and_so_is_the_draft_that_loses_it(
    world: World, ada: User, browser: Client
) -> None:
    draft, key = world.draft(world.rulings), world.yearbook_on_rulings.record_key
    before = last()
    url = reverse("admin:measures_citation_delete", args=[world.yearbook_on_rulings.pk])
    assert browser.post(url, {"post": "yes"}).status_code == 302
    assert told_since(before) == [
        ("removed", "citation", key),
        ("changed", "draft", draft.record_key),
    ]
    assert record.verify().broken is None


def test_citations_deleted_together_are_recorded_one_by_one(world: World, browser: Client) -> None:
    before = last()
    gone = [world.outline_on_plan, world.yearbook_on_rulings]
    form = {"action": "delete_selected", "_selected_action": [c.pk for c in gone], "post": "yes"}
    url = reverse("admin:measures_citation_changelist")
    assert browser.post(url, form).status_code == 302
    keys = sorted(citation.record_key for citation in gone)
    assert sorted(told_since(before)) == [("removed", "citation", key) for key in keys]
    assert record.verify().broken is None


def test_what_cannot_be_deleted_is_not_offered_for_deletion_in_bulk(
    world: World, browser: Client
) -> None:
    for noun in ("measure", "source", "theme", "passage", "finding", "recordentry", "user"):
        page = browser.get(reverse(f"admin:measures_{noun}_changelist"))
        assert b"delete_selected" not in page.content


def test_a_measure_and_its_theme_are_of_one_source(
    world: World, ada: User, browser: Client
) -> None:
    other = Source(slug="other", title="Another speech", delivered_on=world.speech.delivered_on)
    record.save(other, by=ada)
    theme = Theme(source=other, number=1, slug="theirs", title="Theirs")
    record.save(theme, by=ada)
    form = filled(browser.get(change(world.plan)), theme=theme.pk)
    assert "of another source" in errors(browser.post(change(world.plan), form))


def test_text_that_cannot_be_shown_is_refused_by_name(world: World, browser: Client) -> None:
    form = filled(browser.get(change(world.plan)), title="A\u202etitle", entry_why="B\x07c")
    said = errors(browser.post(change(world.plan), form))
    assert "U+202E" in said
    assert "U+0007" in said


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_comes_between_check_and_save_is_seen(
    world: World, ada: User, rui: User, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only PostgreSQL lets one in there: on SQLite the first has the whole database."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    from threading import Thread

    from measures.admin.register import MeasureAdmin

    checked = MeasureAdmin.save_form
    pending = [True]

    def rui_saves() -> None:
        theirs = Measure.objects.get(pk=world.plan.pk)
        theirs.title = "What Rui wrote"
        record.save(theirs, by=rui)
        connection.close()

    def with_rui_in_between(*args: Any, **kwargs: Any) -> Any:
        if pending:
            pending.pop()
            thread = Thread(target=rui_saves)
            thread.start()
            thread.join()
        return checked(*args, **kwargs)

    opened = filled(browser.get(change(world.plan)), title="What Ada wrote")
    monkeypatch.setattr(MeasureAdmin, "save_form", with_rui_in_between)
    said = errors(browser.post(change(world.plan), opened))
    assert "What Rui wrote" in said
    assert "What Ada wrote" in said
    assert Measure.objects.get(pk=world.plan.pk).title == "What Rui wrote"


def test_a_measure_without_anything_is_refused_in_words(world: World, browser: Client) -> None:
    response = browser.post(reverse("admin:measures_measure_add"), {"%2e": ""})
    assert "This field is required" in errors(response)


@pytest.mark.parametrize("sent", ["x", "-1", "9" * 40, "专利"])
def test_what_is_no_key_is_refused_in_words(sent: str, world: World, browser: Client) -> None:
    add = reverse("admin:measures_measure_add")
    named = {"source": sent, "theme": sent, "bodies": sent}
    assert browser.get(add, named).status_code == 200
    assert "Select a valid choice" in errors(browser.post(add, named))
    inlines = {"citations-TOTAL_FORMS": "1", "citations-INITIAL_FORMS": "0"}
    response = browser.post(change(world.plan), {**inlines, "citations-0-evidence": sent})
    assert "Select a valid choice" in errors(response)
