"""The roles, as groups. Who may do what is written here."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

VIEW = ("view",)
EDIT = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")

READ_EVERYTHING: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "source",
        "passage",
        "theme",
        "body",
        "measure",
        "evidence",
        "citation",
        "draft",
        "finding",
        "frozencitation",
        "recordentry",
    ),
    VIEW,
)
ANALYSTS: dict[str, tuple[str, ...]] = {
    **READ_EVERYTHING,
    "measure": EDIT,
    "evidence": EDIT,
    "citation": ALL,
    "draft": EDIT,
    "finding": ("view", "add"),
}
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "Analysts": ANALYSTS,
    "Reviewers": {**ANALYSTS, "draft": (*EDIT, "approve")},
    "Managers": READ_EVERYTHING,
    "Administrators": {
        **ANALYSTS,
        **dict.fromkeys(("source", "passage", "theme", "body", "measure", "evidence"), ALL),
        "draft": (*EDIT, "approve"),
        "user": EDIT,
    },
}


def make_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make each group with its permissions, which Django itself would make only later."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    type_model = apps.get_model("contenttypes", "ContentType")
    for role, rights in ROLES.items():
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


def remove_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the groups away again; the permissions belong to the models."""
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0001_register"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
