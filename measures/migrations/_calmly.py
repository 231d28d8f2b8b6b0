"""Changes of full tables that hold no lock for long: for migrations with `atomic = False`.

What PostgreSQL would do in one long look at the table it does beside its readers and writers.
SQLite, which has one writer anyway, does the ordinary thing.
"""

from typing import Any

from django.db.migrations import AddConstraint, AddIndex


class AddIndexCalmly(AddIndex):
    """Where it was interrupted an invalid index is left: drop it by its name, and migrate again."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        model = states[1].apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_index(model, self.index, **_beside_others(schema_editor))

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        model = states[0].apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, **_beside_others(schema_editor))


class AddConstraintCalmly(AddConstraint):
    """From its first statement on no new row breaks it; the second looks at those that are there."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        model = states[1].apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.add_constraint(model, self.constraint)
            return
        added = self.constraint.create_sql(model, schema_editor)
        schema_editor.execute(f"{added} NOT VALID", params=None)
        quote = schema_editor.quote_name
        schema_editor.execute(
            f"ALTER TABLE {quote(model._meta.db_table)} "
            f"VALIDATE CONSTRAINT {quote(self.constraint.name)}",
            params=None,
        )


def _beside_others(schema_editor: Any) -> dict[str, bool]:
    return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
