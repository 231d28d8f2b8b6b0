"""Who may say that everybody may have a held copy of a document."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = ("Reviewers", "Administrators")


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the roles the permission, which Django itself would make only later."""
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="measures", model="attachment"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind,
        codename="change_attachment",
        defaults={"name": "Can change attachment"},
    )
    for role in ROLES:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("measures", "0015_public_copies")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
