"""Random tampering with the database in hand: as many as TAMPERINGS says, every one is found."""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction

from measures import record, workflow
from measures.models import Attachment, FrozenCitation, RecordEntry
from measures.record.chain import tracked_models
from tests.world import World, table, unprotected

pytestmark = pytest.mark.django_db
NUMBER = int(os.environ.get("TAMPERINGS", "100"))
# What tells nothing of the register: how often a row was saved is told by its entries.
TELLS_NOTHING = {"version"}
Row = dict[str, Any]


REFUSED = (IntegrityError, DataError)  # By the database itself: no tampering came of it.


class Undone(Exception):
    """Ends a tampering, so that the next one begins from what was."""


@pytest.fixture
def full(world: World) -> World:
    """The small world with a row in every tracked table."""
    world.draft(world.rulings)
    workflow.note(world.plan, "Worth another look.", by=world.ana)
    row = Attachment(
        evidence=world.outline,
        sha256="a" * 64,
        name="a.txt",
        kind="text/plain",
        size=3,
        added_by=world.ana,
    )
    workflow.attach(row, by=world.ana)
    return world


def places() -> list[type[models.Model]]:
    """Every table that the record accounts for, the record itself among them."""
    through = [
        getattr(model, field.name).through
        for model in tracked_models()
        for field in model._meta.many_to_many
    ]
    return [RecordEntry, FrozenCitation, *tracked_models(), *through]


def rows(model: type[models.Model]) -> list[Row]:
    """As they lie in the database: by column, in the order of their key."""
    key = column(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table(model)} ORDER BY {key}")  # noqa: S608
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def column(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def write(model: type[models.Model], row: Row, **told: Any) -> None:
    key = column(model)
    sets = ", ".join(f"{name} = %s" for name in told)
    run(f"UPDATE {table(model)} SET {sets} WHERE {key} = %s", *told.values(), row[key])  # noqa: S608


def remove(model: type[models.Model], row: Row) -> None:
    key = column(model)
    run(f"DELETE FROM {table(model)} WHERE {key} = %s", row[key])  # noqa: S608


def insert(model: type[models.Model], row: Row) -> None:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    run(f"INSERT INTO {table(model)} ({names}) VALUES ({marks})", *row.values())  # noqa: S608


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def another(field: Any, value: Any, chance: random.Random) -> Any:
    """Another value that the column takes."""
    kind = field.get_internal_type() if not field.remote_field else "key"
    if kind == "key" or "Integer" in kind or kind == "BigAutoField":
        return (value or 0) + chance.randint(1, 5)
    if kind == "BooleanField":
        return not value
    if kind == "UUIDField":
        fresh = uuid4()
        return fresh if connection.vendor == "postgresql" else fresh.hex
    if kind == "DateField":
        return f"{chance.randint(1990, 2019)}-0{chance.randint(1, 9)}-11"
    if kind == "DateTimeField":
        return f"{chance.randint(1990, 2019)}-0{chance.randint(1, 9)}-11 10:11:12+00:00"
    if kind == "JSONField":
        return json.dumps({"forged": chance.random()})
    if value:
        at = chance.randrange(len(value))
        return value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1 :]
    return "forged"


def edit(model: type[models.Model], found: list[Row], chance: random.Random) -> str:
    field = chance.choice([f for f in model._meta.concrete_fields if f.column not in TELLS_NOTHING])
    row = chance.choice(found)
    write(model, row, **{str(field.column): another(field, row[str(field.column)], chance)})
    return f"{field.column} of {row[column(model)]}"


def take_away(model: type[models.Model], found: list[Row], chance: random.Random) -> str:
    row = chance.choice(found)
    remove(model, row)
    return f"{row[column(model)]} taken away"


def swap(model: type[models.Model], found: list[Row], chance: random.Random) -> str:
    """Two rows change places: each has the words of the other."""
    one, other = chance.sample(found, 2)
    key = column(model)
    remove(model, one)
    remove(model, other)
    insert(model, other | {key: one[key]})
    insert(model, one | {key: other[key]})
    return f"{one[key]} and {other[key]} swapped"


def slip_in(model: type[models.Model], found: list[Row], chance: random.Random) -> str:
    """A row more, like one that is there."""
    row = chance.choice(found)
    key = column(model)
    fresh = row | {key: max(each[key] for each in found) + 1}
    for field in model._meta.concrete_fields:
        name = str(field.column)
        if name != key and (
            field.unique or name in {"slug", "key", "number", "sha256", "position"}
        ):
            fresh[name] = another(field, fresh[name], chance)
    insert(model, fresh)
    return f"a row like {row[key]} slipped in"


WAYS = (edit, edit, edit, take_away, swap, slip_in)


def differ(model: type[models.Model], before: list[Row]) -> bool:
    """Whether the table tells anything else now.

    The keys of rows in a list of many tell nothing, nor do those of frozen citations: a finding
    knows its own by their position.
    """
    nameless = model._meta.auto_created or model is FrozenCitation

    def told(found: list[Row]) -> list[str]:
        left_out = TELLS_NOTHING | ({column(model)} if nameless else set())
        return sorted(
            repr({name: value for name, value in row.items() if name not in left_out})
            for row in found
        )

    return told(rows(model)) != told(before)


def tampered(chance: random.Random) -> Iterator[tuple[str, str]]:
    """One tampering after another, each undone before the next; what it was, yielded within."""
    while True:
        model, way = chance.choice(places()), chance.choice(WAYS)
        before = rows(model)
        if len(before) < 2:
            continue
        try:
            with transaction.atomic():
                what = way(model, before, chance)
                if differ(model, before):
                    yield f"{way.__name__}: {table(model)} {what}", way.__name__
                raise Undone
        except (Undone, *REFUSED):
            continue


def test_every_random_tampering_is_found(full: World) -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    assert record.verify().broken is None
    counts: Counter[str] = Counter()
    with unprotected():
        for _, (what, way) in zip(range(NUMBER), tampered(chance), strict=False):
            assert found(), f"{what} was not found (seed {seed})"
            counts[way] += 1
    assert counts.total() == NUMBER
    assert record.verify().broken is None  # The control: all was undone, and nothing is found.
    print(f"{NUMBER} tamperings, {NUMBER} found: {dict(counts)}")


def found() -> bool:
    """Whether the walk stops."""
    return record.verify().broken is not None
