from django.db import migrations, models

from measures.search import engine, rebuild


def fill(apps, schema_editor):
    """What a register holds already is found as well."""
    engine.create(schema_editor.connection)
    rebuild(apps)


def remove(apps, schema_editor):
    engine.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0005_schedule"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noun", models.CharField(max_length=24, verbose_name="noun")),
                ("object_id", models.BigIntegerField(verbose_name="object id")),
                ("part", models.PositiveIntegerField(default=0, verbose_name="part")),
                ("tokens", models.TextField(verbose_name="tokens")),
            ],
            options={
                "verbose_name": "search document",
                "verbose_name_plural": "search documents",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("noun", "object_id", "part"), name="search_doc_once"
                    )
                ],
            },
        ),
        migrations.RunPython(fill, remove),
    ]
