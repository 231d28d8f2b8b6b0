"""Who may change what the desk says of the method."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give administrators the permissions, which Django itself would make only later."""
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="measures", model="methodtext"
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Administrators")
    for verb in ("add", "change", "delete", "view"):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind,
            codename=f"{verb}_methodtext",
            defaults={"name": f"Can {verb} text on the method"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("measures", "0026_method_texts")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
