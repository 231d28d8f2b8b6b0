"""Every page of the administration answers, for whom it should, with a steady number of queries."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import record, workflow
from measures.models import (
    ApiReceipt,
    ApiToken,
    Attachment,
    Citation,
    Delivery,
    Evidence,
    Installation,
    Invitation,
    JobRun,
    LinkCheck,
    Measure,
    MethodText,
    NoticeChoice,
    RecordEntry,
    Reminder,
    SavedView,
    SearchDoc,
    StartPage,
    Subscription,
    Turnover,
    User,
    Webhook,
)
from tests.world import World, cite, person

SignedIn = Callable[[User], Client]
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
NOUNS = [model for model in REGISTERED if model._meta.app_label == "measures"]
ADDABLE = (
    "body",
    "citation",
    "evidence",
    "finding",
    "installation",
    "measure",
    "methodtext",
    "passage",
    "source",
    "theme",
    "user",
)
NAMES = [model._meta.model_name for model in NOUNS]


@pytest.fixture
def superuser(roles: None) -> User:
    return person("sol", "Sol", "Administrators", is_staff=True, is_superuser=True)


# A script of data only is no script.
INLINE = re.compile(
    r"""<script(?![^>]*\b(src=|type="application/json"))|<style|\sstyle=|\son\w+="""
)


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_noun_of_the_register_is_in_the_administration() -> None:
    """All but what programs make, what is for its owner alone, and what has pages of its own."""
    others = {ApiReceipt, ApiToken, Invitation, JobRun, LinkCheck, SavedView, SearchDoc, StartPage}
    others |= {Delivery, NoticeChoice, Reminder, Subscription, Turnover, Webhook}
    assert set(apps.get_app_config("measures").get_models()) - others == set(NOUNS)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda m: m._meta.label)
def test_every_list_is_searchable(model: Any) -> None:
    assert admin.site._registry[model].search_fields


def copy_of(evidence: Evidence, person: User) -> Attachment:
    """A held copy of the document; its file is not needed to read about it."""
    return Attachment(
        evidence=evidence, sha256="0" * 64, name="plan.pdf", kind="pdf", size=9, added_by=person
    )


@pytest.mark.parametrize("model", NOUNS, ids=NAMES)
def test_the_administrator_reads_every_list_and_row(
    model: Any, world: World, ada: User, signed_in: SignedIn
) -> None:
    world.draft(world.rulings)
    workflow.note(world.plan, "@rui look", by=world.ana)
    workflow.attach(copy_of(Evidence.objects.newest_first()[0], world.ana), by=world.ana)
    record.save(Installation(name="Ours"), by=world.ana)
    record.save(MethodText(place="rules", edition="1", text="Ours."), by=world.ana)
    browser = signed_in(ada)
    listed = browser.get(address(model, "changelist"))
    assert listed.status_code == 200
    assert listed.context["cl"].result_count
    for asked in ("plan", "2.1", "专利", "x" * 100):
        assert browser.get(address(model, "changelist"), {"q": asked}).status_code == 200
    for row in listed.context["cl"].result_list:
        assert browser.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", NOUNS, ids=NAMES)
def test_the_add_page_is_there_only_where_something_can_be_added(
    model: Any, world: World, superuser: User, signed_in: SignedIn
) -> None:
    response = signed_in(superuser).get(address(model, "add"))
    assert response.status_code == (200 if model._meta.model_name in ADDABLE else 403)


@pytest.mark.parametrize("model", NOUNS, ids=NAMES)
def test_every_filter_can_be_used(model: Any, world: World, ada: User, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    listed = browser.get(address(model, "changelist")).context["cl"]
    for spec in listed.filter_specs:
        for choice in spec.choices(listed):
            assert (
                browser.get(address(model, "changelist") + choice["query_string"]).status_code
                == 200
            )


ODD = (
    "measure/?kind__exact=%00",
    "measure/?theme__id__exact=x",
    "measure/?p=99999&o=77.x",
    "measure/?review_on__year=99999",
    "measure/?nature__nonsense=1",
    "measure/%00/change/",
    "measure/999999999999999999999999/change/",
    "measure/x/delete/",
    "measure/x/history/",
    "recordentry/?object_id__exact=999999999999999999999999",
    "recordentry/?at__gte=yesterday",
    "recordentry/?q=%00",
    "draft/x/approve/",
    "draft/999999999999999999999999/approve/",
    "finding/add/?measure=%00",
    "finding/add/?measure=²",
    "user/?q=%F0%9F%92%A9",
    "user/x/password/",
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_gets_an_answer_and_no_traceback(
    odd: str, world: World, ada: User, signed_in: SignedIn
) -> None:
    assert signed_in(ada).get(f"/admin/measures/{odd}", follow=True).status_code < 500


@pytest.mark.parametrize("term", ["plan", "", "%00", "文"])
def test_a_picker_finds_and_survives_odd_terms(
    term: str, world: World, ada: User, signed_in: SignedIn
) -> None:
    asked = f"app_label=measures&model_name=citation&field_name=evidence&term={term}"
    assert signed_in(ada).get(f"/admin/autocomplete/?{asked}").status_code < 500


def test_roles_are_read_by_a_superuser(superuser: User, signed_in: SignedIn) -> None:
    browser, role = signed_in(superuser), Group.objects.get(name="Analysts")
    assert b"Analysts" in browser.get(address(Group, "changelist")).content
    assert b"citation: add" in browser.get(address(Group, "change", role.pk)).content
    assert browser.post(address(Group, "change", role.pk), {"name": "x"}).status_code == 403


def more_of_everything(world: World, numbers: range) -> None:
    """A measure, a document, a citation, a finding and a draft for each number."""

    def made(rows: list[Any], **many: Any) -> list[Any]:
        record.add_all(rows, by=world.ana, many=[many] * len(rows))
        return rows

    measures = made([another(world.plan, n) for n in numbers], bodies=[world.patent_office])
    documents = made(
        [Evidence(key=f"e{n}", title=f"E {n}", kind="law", tier=1) for n in numbers],
        bodies=[world.supreme_court],
    )
    citations = made(
        [
            Citation(measure=m, evidence=e, stage="in-force", bearing="supports", note="Shows it.")
            for m, e in zip(measures, documents, strict=True)
        ]
    )
    entrances = [
        world.propose(each.measure, "limited", date(2021, 1, number % 28 + 1), [each])
        for number, each in zip(numbers, citations, strict=True)
    ]
    workflow.enter(entrances, by=world.rui)
    for each in citations:
        each.measure.refresh_from_db()  # Its review date is set now.
        world.draft(each.measure, citations=[each])


def another(measure: Measure, number: int) -> Measure:
    """A measure like that one, not yet stored."""
    fresh = Measure.objects.get(pk=measure.pk)
    fresh.pk, fresh._state.adding, fresh.version = None, True, 1
    fresh.code, fresh.slug, fresh.position = f"1.{number}", f"m{number}", number
    return fresh


def queries(browser: Client, url: str) -> int:
    """How often the page asks the database."""
    with CaptureQueriesContext(connection) as told:
        assert browser.get(url).status_code == 200
    return len(told)


GROWING = ("measure", "evidence", "citation", "finding", "draft", "recordentry", "frozencitation")


def test_a_list_asks_no_more_of_the_database_when_it_grows(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser = signed_in(ada)
    urls = [reverse(f"admin:measures_{noun}_changelist") for noun in GROWING]
    more_of_everything(world, range(100, 103))
    for url in urls:
        queries(browser, url)  # Content types are asked for once.
    few = {url: queries(browser, url) for url in urls}
    more_of_everything(world, range(200, 230))
    assert {url: queries(browser, url) for url in urls} == few


def test_a_list_of_people_asks_no_more_when_it_grows(ada: User, signed_in: SignedIn) -> None:
    browser, url = signed_in(ada), reverse("admin:measures_user_changelist")
    queries(browser, url)
    few = queries(browser, url)
    for number in range(60):
        person(f"p{number}", f"P {number}", "Analysts")
    assert queries(browser, url) == few


def test_a_measure_with_much_evidence_asks_no_more_than_one_with_little(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    browser, url = signed_in(ada), address(Measure, "change", world.plan.pk)
    queries(browser, url)
    few = queries(browser, url)
    for number in range(20):
        evidence = Evidence(key=f"e{number}", title=f"E {number}", kind="law", tier=1)
        record.save(evidence, by=world.ana)
        cite(world.plan, evidence, by=world.ana)
    assert queries(browser, url) == few


def test_a_manager_does_not_enter(mei: User, world: World, signed_in: SignedIn) -> None:
    response = signed_in(mei).get(reverse("admin:index"))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_an_analyst_on_the_staff_sees_what_analysts_may(
    ana: User, world: World, signed_in: SignedIn
) -> None:
    ana.is_staff = True
    ana.save()
    browser = signed_in(ana)
    assert browser.get(address(Measure, "change", world.plan.pk)).context["has_change_permission"]
    seen = browser.get(reverse("admin:measures_theme_change", args=[world.design.pk]))
    assert not seen.context["has_change_permission"]
    assert b"entry_why" not in seen.content
    assert browser.get(address(User, "changelist")).status_code == 403
    assert (
        browser.post(reverse("admin:measures_theme_change", args=[world.design.pk])).status_code
        == 403
    )
    assert browser.get(address(Measure, "delete", world.plan.pk)).status_code == 403


def test_the_pages_need_no_inline_script_or_style(
    world: World, ada: User, signed_in: SignedIn
) -> None:
    draft, browser = world.draft(world.rulings), signed_in(ada)
    for url in (
        reverse("admin:index"),
        address(Measure, "change", world.plan.pk),
        address(Measure, "changelist"),
        reverse("admin:measures_draft_approve", args=[draft.pk]),
        reverse("admin:measures_finding_add") + f"?measure={world.plan.pk}",
    ):
        page = browser.get(url)
        text = page.content.decode()
        assert "'self'" in page["Content-Security-Policy"]
        assert not INLINE.search(text)


def test_the_history_of_a_row_is_the_record(world: World, ada: User, signed_in: SignedIn) -> None:
    page = signed_in(ada).get(address(Measure, "history", world.plan.pk), follow=True)
    told = RecordEntry.objects.about(world.plan)
    assert page.context["cl"].result_count == told.count() > 0
    assert {entry.object_id for entry in page.context["cl"].result_list} == {world.plan.pk}
