"""What the roles may do on the desk: leave notes, and keep copies of documents."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "Analysts": {"journalnote": ("view", "add"), "attachment": ("view", "add")},
    "Reviewers": {"journalnote": ("view", "add"), "attachment": ("view", "add")},
    "Managers": {"journalnote": ("view",), "attachment": ("view",)},
    "Administrators": {"journalnote": ("view", "add"), "attachment": ("view", "add", "delete")},
}


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each role its permissions, which Django itself would make only later."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    type_model = apps.get_model("contenttypes", "ContentType")
    for role, rights in RIGHTS.items():
        group, _ = group_model.objects.get_or_create(name=role)
        for noun, verbs in rights.items():
            kind, _ = type_model.objects.get_or_create(app_label="measures", model=noun)
            for verb in verbs:
                permission, _ = permission_model.objects.get_or_create(
                    content_type=kind,
                    codename=f"{verb}_{noun}",
                    defaults={"name": f"Can {verb} {noun}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("measures", "0003_desk")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
