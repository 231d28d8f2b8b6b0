"""The record knows a person by an opaque id; name and address can be erased."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client

from measures import record
from measures.models import RecordEntry, Source, User
from tests.world import SPEECH_DAY

pytestmark = pytest.mark.django_db


def test_the_record_does_not_know_a_name(ana: User) -> None:
    record.save(Source(slug="speech", title="A speech", delivered_on=SPEECH_DAY), by=ana)
    record.added([ana], by=ana)
    table = RecordEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        told = str(cursor.fetchall())
    assert ana.opaque_id.hex in told.replace("-", "")
    for personal in ("ana@example.org", "'Ana'", '"Ana"', "'ana'", '"ana"'):
        assert personal not in told


def test_the_tracker_itself_has_an_account_that_cannot_sign_in(db: None) -> None:
    account = record.system_account()
    assert account == record.system_account()
    assert (account.is_active, account.is_system, account.has_usable_password()) == (
        False,
        True,
        False,
    )
    assert not Client().login(username="system", password="")


def test_a_person_is_called_by_the_display_name(ana: User) -> None:
    assert str(ana) == "Ana"
    assert str(User(username="bo")) == "bo"


RIGHTS = {
    "ana": {"add_draft", "change_draft", "add_finding", "change_measure", "delete_citation"},
    "rui": {"add_draft", "change_draft", "approve_draft", "add_finding"},
    "mei": {"view_measure", "view_finding", "view_recordentry", "view_draft"},
    "ada": {"approve_draft", "add_source", "delete_evidence", "change_user"},
}
DENIED = {
    "ana": {"approve_draft", "add_source", "delete_measure", "change_user"},
    "rui": {"add_source", "delete_measure", "change_user"},
    "mei": {"add_draft", "change_measure", "add_finding", "approve_draft"},
    "ada": {"delete_finding", "change_finding", "change_recordentry", "delete_user"},
}


@pytest.mark.parametrize("name", RIGHTS)
def test_each_role_may_do_its_work_and_no_more(name: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(name)
    held = {p.split(".")[1] for p in user.get_all_permissions() if p.startswith("measures.")}
    assert held >= RIGHTS[name]
    assert held.isdisjoint(DENIED[name])


@pytest.mark.parametrize("noun", ["finding", "recordentry", "frozencitation"])
def test_no_role_may_change_what_is_kept(roles: None, noun: str) -> None:
    for verb in ("change", "delete"):
        permission = Permission.objects.get(codename=f"{verb}_{noun}")
        assert not permission.group_set.exists()


@pytest.mark.django_db(transaction=True)
def test_the_migration_makes_the_roles() -> None:
    from django.contrib.auth.models import Group

    call_command("migrate", "measures", "0001_register", verbosity=0)
    assert not Group.objects.exists()
    call_command("migrate", "measures", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Analysts",
        "Reviewers",
        "Managers",
        "Administrators",
    }
    held = Group.objects.get(name="Reviewers").permissions
    assert held.filter(codename="approve_draft").exists()
