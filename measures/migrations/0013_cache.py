from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """What all workers have to remember: codes that were used, how often somebody asked."""

    dependencies = [
        ("measures", "0012_saved_views"),
    ]

    operations = [
        migrations.RunPython(make_table, migrations.RunPython.noop),
    ]
