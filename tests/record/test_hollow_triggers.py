"""A trigger that bears the right name and does nothing is noticed."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction

from measures.models import Finding
from measures.record import triggers
from measures.record.checks import triggers_are_there, triggers_are_whole
from tests.world import World, table

pytestmark = pytest.mark.django_db(transaction=True)

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite's triggers call no functions"
)


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _made_anew(world: World) -> Iterator[None]:
    yield
    triggers.install()


def hollow(name: str) -> None:
    """The trigger of that name, so that it never does anything."""
    sql = dict(triggers._made(connection.vendor))[name]
    if connection.vendor == "sqlite":
        event = sql.split(" WHEN ")[0].split(" BEGIN ")[0]
        execute(f"DROP TRIGGER {name}", f"{event} BEGIN SELECT 1; END")
        return
    head, called = sql.split(" EXECUTE FUNCTION ")
    head = head.replace("CREATE", "CREATE OR REPLACE", 1)
    execute(f"{head} WHEN (false) EXECUTE FUNCTION {called.split()[0]}")


def test_every_trigger_reads_as_it_was_made() -> None:
    assert set(dict(triggers._made(connection.vendor))) == set(triggers.names(connection.vendor))
    assert triggers.altered() == []
    assert triggers_are_whole(["default"]) == []


def test_each_hollow_trigger_is_named_by_the_check_and_by_the_verification() -> None:
    for name in triggers.names(connection.vendor):
        hollow(name)
        assert (triggers.missing(), triggers.altered()) == ([], [name])
        assert triggers_are_there(["default"]) == []  # The names alone tell nothing.
        (error,) = triggers_are_whole(["default"])
        assert error.id == "measures.E002"
        assert name in error.msg
        with pytest.raises(CommandError, match=f"{name} changed"):
            call_command("verify_record")
        triggers.install()
        assert triggers.altered() == []


def test_a_hollow_trigger_lets_the_past_be_rewritten() -> None:
    way = {"sqlite": "update", "postgresql": "rows"}[connection.vendor]
    rewrite = f"UPDATE {table(Finding)} SET rationale = 'nicer'"  # noqa: S608
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(rewrite)
    hollow(f"{triggers.PREFIX}_{table(Finding)}_{way}")
    execute(rewrite)
    assert set(Finding.objects.values_list("rationale", flat=True)) == {"nicer"}


@on_postgresql
def test_a_function_that_was_hollowed_shows_in_every_trigger_that_calls_it() -> None:
    execute(
        f"CREATE OR REPLACE FUNCTION {triggers.PREFIX}_append_only() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RETURN COALESCE(NEW, OLD); END $$"
    )
    assert triggers.missing() == []
    assert triggers.altered() == sorted(set(triggers.names("postgresql")) - {triggers.ADMISSION})
    Finding.objects.update(rationale="nicer")  # the harm


@on_postgresql
def test_a_trigger_that_calls_another_function_is_altered() -> None:
    name = f"{triggers.PREFIX}_{table(Finding)}_rows"
    execute(
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN COALESCE(NEW, OLD); END $$",
        f"CREATE OR REPLACE TRIGGER {name} BEFORE DELETE OR UPDATE ON {table(Finding)} "
        "FOR EACH ROW EXECUTE FUNCTION nothing()",
    )
    assert (triggers.missing(), triggers.altered()) == ([], [name])
    triggers.install()
    execute("DROP FUNCTION nothing()")


def test_a_start_with_a_hollow_trigger_fails_and_the_advice_mends_it() -> None:
    name = triggers.names(connection.vendor)[0]
    hollow(name)
    with pytest.raises(SystemCheckError, match=name):
        call_command("check", databases=["default"])
    (error,) = triggers_are_whole(["default"])
    assert error.hint is not None
    command = error.hint.split("`")[1].split()[2:]
    call_command(command[0], verbosity=0, skip_checks="--skip-checks" in command)
    call_command("check", databases=["default"])
    assert triggers.altered() == []
