"""On SQLite a migration rebuilds a table and drops its triggers in silence; they come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, OperationalError, connection, models, transaction

from measures.models import Finding, FrozenCitation, Measure, RecordEntry, Source
from measures.record import triggers
from measures.record.checks import triggers_are_there
from tests.world import World, table

pytestmark = pytest.mark.django_db(transaction=True)

ALTERED = {
    Finding: "method_version",
    FrozenCitation: "locator",
    RecordEntry: "key",
    # The trigger that admits findings reads these two.
    Measure: "title",
    Source: "title",
}


@contextmanager
def wider(model: type[models.Model]) -> Iterator[None]:
    """The model's table altered as a migration would; put back afterwards."""
    old: Any = model._meta.get_field(ALTERED[model])
    new = old.clone()
    new.max_length += 1
    new.set_attributes_from_name(old.name)
    new.model = model
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
    try:
        yield
    finally:
        triggers.step_aside()
        with connection.schema_editor() as editor:
            editor.alter_field(model, new, old)
        triggers.install()


def migrated() -> None:
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


@pytest.mark.parametrize("model", ALTERED)
def test_every_trigger_is_there_after_a_migration(world: World, model: type[models.Model]) -> None:
    with wider(model):
        migrated()
        assert triggers.missing() == []
        assert triggers_are_there(["default"]) == []


@pytest.mark.parametrize("model", [Finding, FrozenCitation, RecordEntry])
def test_the_past_is_still_kept_after_a_migration(world: World, model: type[models.Model]) -> None:
    with wider(model):
        migrated()
        for sql in (
            f"UPDATE {table(model)} SET {ALTERED[model]} = 'x'",  # noqa: S608
            f"DELETE FROM {table(model)}",  # noqa: S608
        ):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                connection.cursor().execute(sql)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL alters tables in place")
def test_a_rebuilt_table_has_lost_its_triggers_and_the_check_says_so(world: World) -> None:
    with wider(Finding):
        gone = [n for n in triggers.names("sqlite") if n.startswith("keep_measures_finding")]
        assert triggers.missing() == sorted(gone)
        (error,) = triggers_are_there(["default"])
        assert error.id == "measures.E001"
        assert all(name in error.msg for name in gone)
        Finding.objects.update(rationale="nicer")  # the harm


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL alters tables in place")
@pytest.mark.parametrize("model", [Measure, Source])
def test_sqlite_refuses_to_rebuild_a_table_that_a_trigger_reads(
    world: World, model: type[models.Model]
) -> None:
    def rebuild() -> None:
        name = table(model)
        with connection.constraint_checks_disabled(), transaction.atomic():
            cursor = connection.cursor()
            cursor.execute(f"CREATE TABLE fresh AS SELECT * FROM {name}")  # noqa: S608
            cursor.execute(f"DROP TABLE {name}")
            cursor.execute(f"ALTER TABLE fresh RENAME TO {name}")
            transaction.set_rollback(True)

    with pytest.raises(OperationalError, match=triggers.ADMISSION):
        rebuild()
    triggers.step_aside()
    rebuild()
    triggers.install()


def test_a_start_without_the_triggers_fails(world: World) -> None:
    name = triggers.names(connection.vendor)[0]
    _drop(name)
    with pytest.raises(SystemCheckError, match=name):
        call_command("check", databases=["default"])
    triggers.install()
    call_command("check", databases=["default"])


def test_the_advice_of_the_check_is_good_advice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _drop(triggers.names(connection.vendor)[0])
    (error,) = triggers_are_there(["default"])
    assert error.hint is not None
    command = error.hint.split("`")[1]
    assert command.startswith("python manage.py migrate")
    call_command(*command.split()[2:], verbosity=0, skip_checks="--skip-checks" in command)
    assert triggers.missing() == []


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite cannot disable a trigger")
@pytest.mark.parametrize("turn", ["DISABLE", "ENABLE REPLICA"])
def test_a_disabled_trigger_is_a_missing_one(world: World, turn: str) -> None:
    name = "keep_measures_finding_rows"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table(Finding)} {turn} TRIGGER {name}")
        assert triggers.missing() == [name]
        cursor.execute(f"ALTER TABLE {table(Finding)} ENABLE TRIGGER {name}")
    assert triggers.missing() == []


def _drop(name: str) -> None:
    on = "" if connection.vendor == "sqlite" else f" ON {table(RecordEntry)}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
