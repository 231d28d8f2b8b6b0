"""No migration stops a running site: on PostgreSQL none holds a lock for long, and the version
before it goes on writing while it runs.

What is allowed all the same stands in EXCEPTIONS, with the reason; docs/operations/upgrade.md says
how each kind of change is made instead.
"""

import re

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.base import Check, CheckMode, CheckType
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

from measures.migrations._calmly import AddConstraintCalmly, AddIndexCalmly

EARLY = "Released before 1.0.0, when a register was that of the speech, and nobody ran two nodes."
EXCEPTIONS = {
    "0003_desk": ({"CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"}, EARLY),
    "0005_schedule": ({"NOT_NULL"}, EARLY),
    "0010_api_token_scope": ({"NOT_NULL", "SCANS_TABLE"}, EARLY),
    "0014_archived_copies": ({"NOT_NULL", "SCANS_TABLE"}, EARLY),
    "0015_public_copies": ({"NOT_NULL", "SCANS_TABLE"}, EARLY),
    "0017_check_schedule": (
        {"NOT_NULL", "SCANS_TABLE", "CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"},
        EARLY,
    ),
}


def scans_a_table(statements: list[str], **told: object) -> bool:
    """A constraint that is held against every row there is, while nobody may write."""
    made = {match[1] for each in statements if (match := re.match(r"CREATE TABLE (\S+)", each))}
    scanning = re.compile(r"ALTER TABLE (\S+) (?:ADD CONSTRAINT .*(?:CHECK|FOREIGN KEY))")
    return any(
        match[1] not in made and "NOT VALID" not in each
        for each in statements
        if (match := scanning.match(each))
    )


class Analyser(PostgresqlAnalyser):
    """The rules of the library, and one that it lacks; what it only warns of counts as well."""

    migration_checks = [
        *PostgresqlAnalyser.migration_checks,
        Check("SCANS_TABLE", scans_a_table, "", CheckMode.TRANSACTION, CheckType.ERROR),
    ]


def faults(statements: list[str]) -> set[str]:
    analyser = Analyser([])
    analyser.analyse(statements)
    return {issue.code for issue in (*analyser.errors, *analyser.warnings)}


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer anyway.")
def test_no_migration_stops_a_running_site() -> None:
    linter = MigrationLinter(no_cache=True, no_output=True)
    ours = [name for app, name in linter.migration_loader.disk_migrations if app == "measures"]
    found = {name: faults(linter.get_sql("measures", name)) for name in ours}
    assert len(found) >= len(EXCEPTIONS)
    assert {name: codes for name, codes in found.items() if codes} == {
        name: codes for name, (codes, _) in EXCEPTIONS.items()
    }


# What each rule is there for, and the way that it leaves open.
@pytest.mark.parametrize(
    ("code", "stops", "goes_on"),
    [
        (
            "NOT_NULL",
            [
                'ALTER TABLE "a" ADD COLUMN "b" text DEFAULT \'\' NOT NULL;',
                'ALTER TABLE "a" ALTER COLUMN "b" DROP DEFAULT;',
            ],
            ['ALTER TABLE "a" ADD COLUMN "b" text DEFAULT \'\' NOT NULL;'],
        ),
        (
            "CREATE_INDEX",
            ['CREATE INDEX "i" ON "a" ("b");'],
            ['CREATE INDEX CONCURRENTLY "i" ON "a" ("b");'],
        ),
        (
            "SCANS_TABLE",
            ['ALTER TABLE "a" ADD CONSTRAINT "c" CHECK ("b" > 0);'],
            ['ALTER TABLE "a" ADD CONSTRAINT "c" CHECK ("b" > 0) NOT VALID;'],
        ),
        (
            "SCANS_TABLE",
            ['ALTER TABLE "a" ADD CONSTRAINT "c" FOREIGN KEY ("b") REFERENCES "d" ("id");'],
            [
                'CREATE TABLE "a" ("id" bigint, "b" bigint);',
                'ALTER TABLE "a" ADD CONSTRAINT "c" FOREIGN KEY ("b") REFERENCES "d" ("id");',
            ],
        ),
        ("DROP_COLUMN", ['ALTER TABLE "a" DROP COLUMN "b";'], ['SELECT "b" FROM "a";']),
        ("RENAME_COLUMN", ['ALTER TABLE "a" RENAME COLUMN "b" TO "c";'], ['SELECT "b" FROM "a";']),
    ],
)
def test_what_would_stop_it_is_found(code: str, stops: list[str], goes_on: list[str]) -> None:
    assert code in faults(stops)
    assert faults(goes_on) == set()


CALM = [
    AddIndexCalmly("body", models.Index(fields=["title"], name="body_by_title")),
    AddConstraintCalmly(
        "body", models.CheckConstraint(condition=~models.Q(title=""), name="body_has_title")
    ),
]
ORDINARY = [
    migrations.AddIndex("body", CALM[0].index),
    migrations.AddConstraint("body", CALM[1].constraint),
]


def statements(operation: Operation) -> list[str]:
    """What it would say to the database of the tests."""
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("measures", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("measures", editor, before, after)
    told: list[str] = editor.collected_sql
    return told


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer anyway.")
@pytest.mark.parametrize(("calm", "ordinary"), [*zip(CALM, ORDINARY, strict=True)])
def test_there_is_a_calm_way_for_what_else_would_stop_it(
    calm: Operation, ordinary: Operation
) -> None:
    assert statements(calm)
    assert not faults(statements(calm))
    assert faults(statements(ordinary))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operation", CALM)
def test_the_calm_way_does_what_it_says_and_undoes_it(operation: Operation) -> None:
    (name,) = (each.name for key, each in operation.deconstruct()[2].items() if key != "model_name")
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("measures", after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("measures", editor, before, after)
    assert name in constraints()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("measures", editor, after, before)
    assert name not in constraints()


def constraints() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "measures_body"))


def test_no_exception_is_without_its_reason() -> None:
    assert all(codes and reason for codes, reason in EXCEPTIONS.values())
