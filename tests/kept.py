"""The small world is built once by each process of the tests, and copied into every test.

Building it through the public doors takes some two hundred statements, copying its rows twenty.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.test import override_settings

from measures.models import User
from tests.world import World, person, small_world

CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROLES = {"ana": "Analysts", "rui": "Reviewers"}


@dataclass(frozen=True, slots=True)
class Kept:
    """The world as it was built, and the statements that bring its rows back."""

    world: World
    statements: list[str]

    @transaction.atomic
    def copied(self) -> World:
        """The same world in a database that has no person in it yet."""
        world = deepcopy(self.world)
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
        world.ana.groups.set(Group.objects.filter(name=ROLES["ana"]))
        world.rui.groups.set(Group.objects.filter(name=ROLES["rui"]))
        return world


def fresh() -> World:
    """The small world, built."""
    ana, rui = (person(name, name.capitalize(), role) for name, role in ROLES.items())
    return small_world(ana, rui)


@override_settings(PASSWORD_HASHERS=CHEAP)
def keep() -> Kept:
    """Build the world in a database as the migrations left it, and leave that as it was."""
    with transaction.atomic():
        full = {model for model in _stored() if model._base_manager.exists()}
        world = fresh()
        statements = list(_statements(full))
        if connection.vendor == "postgresql":
            # Which takes them all at once, and has to be told which numbers are given away: some
            # test may have made a table anew.
            again = connection.ops.sequence_reset_sql(no_style(), list(_stored()))
            statements = ["; ".join([*statements, *(each.rstrip(";") for each in again)])]
        kept = Kept(deepcopy(world), statements)
        transaction.set_rollback(True)
    return kept


def _stored() -> Iterator[type[models.Model]]:
    """Every model with a table; who has which role is said by name, since its numbers differ."""
    through = User.groups.through
    return (m for m in apps.get_models(include_auto_created=True) if m is not through)


def _statements(left_out: set[type[models.Model]]) -> Iterator[str]:
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    with connection.cursor() as cursor:
        for model in _stored():
            if model in left_out:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            columns = [
                connection.ops.quote_name(field.column)
                for field in model._meta.local_concrete_fields
            ]
            values = ", ".join(literal.format(column) for column in columns)
            cursor.execute(f"SELECT {values} FROM {table}")  # noqa: S608
            if rows := [f"({', '.join(row)})" for row in cursor.fetchall()]:
                into = f"{table} ({', '.join(columns)})"
                yield f"INSERT INTO {into} VALUES {', '.join(rows)}"  # noqa: S608
