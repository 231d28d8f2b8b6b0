"""What is in the record stays in it, whatever way somebody takes at the database."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from measures.models import Evidence, Finding, FrozenCitation, Measure, RecordEntry, Source
from measures.record import triggers
from tests.world import World, table, unprotected

pytestmark = pytest.mark.django_db

KEPT = [Finding, FrozenCitation, RecordEntry]
# A column of each that nothing else guards.
SOME_COLUMN = {Finding: "rationale", FrozenCitation: "note", RecordEntry: "why"}

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a statement of SQLite")
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="a statement of PostgreSQL"
)


def execute(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def rows(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())


def columns(model: type[models.Model]) -> str:
    return ", ".join(str(field.column) for field in model._meta.concrete_fields)


def copy_of_a_row(model: type[models.Model], **changed: str) -> str:
    """INSERT OR REPLACE of an existing row; `changed` are columns as SQL expressions."""
    values = ", ".join(changed.get(name, name) for name in columns(model).split(", "))
    name = table(model)
    # The newest row, so that nothing stands on it by a foreign key.
    key = model._meta.pk.column
    return (
        f"INSERT OR REPLACE INTO {name} ({columns(model)}) "  # noqa: S608 - names of our own tables
        f"SELECT {values} FROM {name} ORDER BY {key} DESC LIMIT 1"
    )


@pytest.mark.parametrize("model", KEPT)
def test_an_update_is_refused(world: World, model: type[models.Model]) -> None:
    before = rows(model)
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"UPDATE {table(model)} SET {SOME_COLUMN[model]} = 'nicer'")  # noqa: S608
    assert rows(model) == before


@pytest.mark.parametrize("model", KEPT)
def test_a_delete_is_refused(world: World, model: type[models.Model]) -> None:
    before = rows(model)
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"DELETE FROM {table(model)}")  # noqa: S608
    assert rows(model) == before


@pytest.mark.parametrize("model", KEPT)
def test_without_the_triggers_the_past_could_be_rewritten(
    world: World, model: type[models.Model]
) -> None:
    with unprotected():
        execute(f"UPDATE {table(model)} SET {SOME_COLUMN[model]} = 'nicer'")  # noqa: S608
    assert {getattr(each, SOME_COLUMN[model]) for each in model._default_manager.all()} == {"nicer"}


@on_sqlite
@pytest.mark.parametrize("model", KEPT)
def test_a_replace_of_the_same_row_is_refused(world: World, model: type[models.Model]) -> None:
    before = rows(model)
    replace = copy_of_a_row(model, **{SOME_COLUMN[model]: "'nicer'"})
    with pytest.raises(IntegrityError, match="append-only"):
        execute(replace)
    assert rows(model) == before


@on_sqlite
@pytest.mark.parametrize(
    ("model", "fresh"),
    [
        (Finding, {"id": "id + 1000"}),  # its measure and number are taken
        (FrozenCitation, {"id": "id + 1000", "evidence_id": "evidence_id + 1000"}),  # its position
        (FrozenCitation, {"id": "id + 1000", "position": "position + 1000"}),  # its evidence
        (RecordEntry, {"sequence": "sequence + 1000"}),  # its hash
    ],
)
def test_a_replace_by_another_unique_column_is_refused(
    world: World, model: type[models.Model], fresh: dict[str, str]
) -> None:
    before = rows(model)
    replace = copy_of_a_row(model, **fresh)
    with pytest.raises(IntegrityError, match="append-only"):
        execute(replace)
    assert rows(model) == before


@on_sqlite
def test_a_replace_by_the_finding_it_corrects_is_refused(world: World) -> None:
    first = world.plan.findings.get(number=1)
    world.find(world.plan, "not-started", first.effective_on, supersedes=first,
               correction_reason="The gazette was misread.")  # fmt: skip
    before = rows(Finding)
    with pytest.raises(IntegrityError, match="append-only"):
        execute(copy_of_a_row(Finding, id="id + 1000", number="number + 1000"))
    assert rows(Finding) == before


@on_sqlite
@pytest.mark.parametrize("model", KEPT)
def test_without_its_trigger_a_replace_walks_past_the_one_against_deletes(
    world: World, model: type[models.Model]
) -> None:
    execute(f"DROP TRIGGER {triggers.PREFIX}_{table(model)}_replace")
    execute(copy_of_a_row(model, **{SOME_COLUMN[model]: "'nicer'"}))
    newest = model._default_manager.order_by("pk").last()
    assert getattr(newest, SOME_COLUMN[model]) == "nicer"
    triggers.install()


@on_postgresql
@pytest.mark.parametrize("model", KEPT)
def test_a_truncate_is_refused(world: World, model: type[models.Model]) -> None:
    before = rows(model)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"TRUNCATE {table(model)} CASCADE")
    assert rows(model) == before


@on_postgresql
@pytest.mark.parametrize("parent", [Source, Measure, Evidence, Finding])
def test_a_truncate_of_what_findings_rest_on_is_refused(
    world: World, parent: type[models.Model]
) -> None:
    before = rows(Finding), rows(FrozenCitation)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"):
        execute(f"TRUNCATE {table(parent)} CASCADE")
    assert (rows(Finding), rows(FrozenCitation)) == before


@on_postgresql
def test_without_the_triggers_a_truncate_empties_the_findings(world: World) -> None:
    with unprotected():
        execute(f"TRUNCATE {table(Measure)} CASCADE")
    assert not Finding.objects.exists()


@pytest.mark.parametrize("model", KEPT)
def test_no_verb_of_the_orm_changes_what_is_kept(world: World, model: type[models.Model]) -> None:
    before = rows(model)
    column = SOME_COLUMN[model]
    kept = model._default_manager.order_by("pk").last()
    assert kept is not None
    setattr(kept, column, "nicer")
    attempts = [
        lambda: model._default_manager.update(**{column: "nicer"}),
        lambda: model._default_manager.bulk_update([kept], [column]),
        lambda: model._default_manager.bulk_create(
            [kept],
            update_conflicts=True,
            update_fields=[column],
            unique_fields=[model._meta.pk.name],
        ),
        lambda: kept.save(),
        lambda: model._default_manager.filter(pk=kept.pk).delete(),
        lambda: model._default_manager.filter(pk=kept.pk)._raw_delete("default"),
        lambda: kept.delete(),
    ]
    for attempt in attempts:
        # A finding with evidence is refused by Django already, before it asks the database.
        refusal = pytest.raises(IntegrityError, match=r"append-only|protected")
        with refusal, transaction.atomic():
            attempt()
        assert rows(model) == before
