"""What the database itself refuses: to change or remove a finding or an entry of the record.

Made anew after every migration, because SQLite drops a table's triggers in silence when a
migration rebuilds it. `INSERT OR REPLACE` (SQLite) walks past a DELETE trigger and TRUNCATE
(PostgreSQL) past a row trigger, so each has a guard of its own.

A migration that rebuilds a table which another table's trigger reads is refused by SQLite, so the
one such trigger steps aside while migrations run.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections, models

from .. import method
from ..models import Finding, FrozenCitation, Measure, RecordEntry, Source

APPEND_ONLY: tuple[type[models.Model], ...] = (RecordEntry, Finding, FrozenCitation)

PREFIX = "keep"
ADMISSION = f"{PREFIX}_{Finding._meta.db_table}_admission"


def install(using: str = "default", **kwargs: Any) -> None:
    """Make or renew every trigger; called after each migration."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if not all(model._meta.db_table in present for model in APPEND_ONLY):
        return  # Migrated back to before the tables: nothing to keep.
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            # No parameters: `%` in the body must stay as it is.
            cursor.execute(statement)


def step_aside(using: str = "default", **kwargs: Any) -> None:
    """On SQLite take away the trigger that reads other tables; called before each migration."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {ADMISSION}")


def missing(using: str = "default") -> list[str]:
    """Names of triggers that should be there and are not; empty before the first migration."""
    there = _there(using)
    return [] if there is None else sorted(set(names(connections[using].vendor)) - set(there))


def altered(using: str = "default") -> list[str]:
    """Names of triggers that are there and read otherwise than they were made: hollowed, perhaps.

    Every word counts, those of the function that a trigger calls among them.
    """
    there = _there(using) or {}
    made = dict(_made(connections[using].vendor))
    return sorted(name for name in set(made) & set(there) if made[name] != there[name])


CATALOGUE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, pg_get_triggerdef(t.oid, true) || ' ' || p.prosrc "
    "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')",
}


def _there(using: str) -> dict[str, str] | None:
    """What each trigger at work reads, with single spaces; None before the first migration."""
    connection = connections[using]
    if RecordEntry._meta.db_table not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        return {name: " ".join(text.split()) for name, text in cursor.fetchall()}


def _made(vendor: str) -> Iterator[tuple[str, str]]:
    """What each trigger reads right after it was made, by its name."""
    bodies: dict[str, str] = {}
    for statement in statements(vendor):
        words = statement.replace("CREATE OR REPLACE", "CREATE", 1).split()
        if words[:2] == ["CREATE", "FUNCTION"]:
            bodies[words[2]] = " ".join(statement.split("$$")[1].split())
        elif words[:2] == ["CREATE", "TRIGGER"]:
            called = [bodies[words[-1]]] if words[-1] in bodies else []
            yield words[2], " ".join([*words, *called])


def names(vendor: str) -> list[str]:
    """The names of all triggers on this engine."""
    ways = {"sqlite": ("update", "delete", "replace"), "postgresql": ("rows", "truncate")}
    guards = [f"{PREFIX}_{m._meta.db_table}_{way}" for m in APPEND_ONLY for way in ways[vendor]]
    return [*guards, ADMISSION]


def statements(vendor: str) -> Iterator[str]:
    """The SQL that makes every trigger on this engine."""
    yield from {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]()


def _refusal(model: type[models.Model]) -> str:
    return f"{model._meta.db_table} is append-only: rows are added, never changed or removed"


# What must hold of a finding in the light of its measure and source. A CHECK cannot look at
# another table or at the clock, a trigger can. The day may be one that has begun anywhere on earth.
TOO_LATE = "the effective date of a finding is not in the future"
TOO_EARLY = f"the effective date is at most {method.YEARS_BEFORE_SOURCE} years before the source"
WRONG_NATURE = "sustained is for continuing measures only"
WRONG_MEASURE = "a correction corrects a finding of the same measure"


def _sqlite() -> Iterator[str]:
    for model in APPEND_ONLY:
        table, refusal = model._meta.db_table, _refusal(model)
        for way, event in (("update", "BEFORE UPDATE"), ("delete", "BEFORE DELETE")):
            yield from _sqlite_trigger(f"{PREFIX}_{table}_{way}", f"{event} ON {table}", refusal)
        taken = " OR ".join(f"({clause})" for clause in _unique_clauses(model))
        yield from _sqlite_trigger(
            f"{PREFIX}_{table}_replace",
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})",
            refusal,
        )
    finding, measure, source = (m._meta.db_table for m in (Finding, Measure, Source))
    yield f"DROP TRIGGER IF EXISTS {ADMISSION}"
    yield f"""
        CREATE TRIGGER {ADMISSION} BEFORE INSERT ON {finding} BEGIN
            SELECT RAISE(ABORT, '{TOO_LATE}')
            WHERE NEW.effective_on > date('now', '+14 hours');
            SELECT RAISE(ABORT, '{TOO_EARLY}')
            FROM {measure} m JOIN {source} s ON s.id = m.source_id
            WHERE m.id = NEW.measure_id
            AND NEW.effective_on < date(s.delivered_on, '-{method.YEARS_BEFORE_SOURCE} years');
            SELECT RAISE(ABORT, '{WRONG_NATURE}') FROM {measure} m
            WHERE m.id = NEW.measure_id AND NEW.status = '{method.SUSTAINED}'
            AND m.nature <> 'continuing';
            SELECT RAISE(ABORT, '{WRONG_MEASURE}') FROM {finding} f
            WHERE f.id = NEW.supersedes_id AND f.measure_id <> NEW.measure_id;
        END"""


def _sqlite_trigger(name: str, event: str, refusal: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


def _unique_clauses(model: type[models.Model]) -> Iterator[str]:
    """Every way in which REPLACE could find a row to push out: each unique set of columns."""
    for field in model._meta.concrete_fields:
        if field.unique:
            yield f"{field.column} = NEW.{field.column}"
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            fields: list[Any] = [model._meta.get_field(name) for name in constraint.fields]
            columns = [field.column for field in fields]
            yield " AND ".join(f"{column} = NEW.{column}" for column in columns)


def _postgresql() -> Iterator[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION {PREFIX}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: rows are added, never changed or removed',
                TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    for model in APPEND_ONLY:
        table = model._meta.db_table
        for way, event, each in (
            ("rows", "DELETE OR UPDATE", "ROW"),  # in the order in which it is told back
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            yield f"""
                CREATE OR REPLACE TRIGGER {PREFIX}_{table}_{way} BEFORE {event} ON {table}
                FOR EACH {each} EXECUTE FUNCTION {PREFIX}_append_only()"""
    finding, measure, source = (m._meta.db_table for m in (Finding, Measure, Source))
    yield f"""
        CREATE OR REPLACE FUNCTION {PREFIX}_admission() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE delivered date; measure_nature text;
        BEGIN
            SELECT s.delivered_on, m.nature INTO delivered, measure_nature
            FROM {measure} m JOIN {source} s ON s.id = m.source_id WHERE m.id = NEW.measure_id;
            IF NEW.effective_on > (now() AT TIME ZONE 'UTC' + interval '14 hours')::date THEN
                RAISE EXCEPTION '{TOO_LATE}' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.effective_on < delivered - interval '{method.YEARS_BEFORE_SOURCE} years' THEN
                RAISE EXCEPTION '{TOO_EARLY}' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.status = '{method.SUSTAINED}' AND measure_nature <> 'continuing' THEN
                RAISE EXCEPTION '{WRONG_NATURE}' USING ERRCODE = 'check_violation';
            END IF;
            IF EXISTS (SELECT 1 FROM {finding} f
                WHERE f.id = NEW.supersedes_id AND f.measure_id <> NEW.measure_id) THEN
                RAISE EXCEPTION '{WRONG_MEASURE}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$"""
    yield f"""
        CREATE OR REPLACE TRIGGER {ADMISSION} BEFORE INSERT ON {finding}
        FOR EACH ROW EXECUTE FUNCTION {PREFIX}_admission()"""
