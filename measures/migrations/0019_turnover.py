import django.db.models.deletion
from django.db import migrations, models

import measures.models.fields
from measures import turnover


def fill(apps, schema_editor):
    """What a register holds already is added up as well; seconds for a million findings."""
    turnover.rebuild()


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0018_sealed_factors"),
    ]

    operations = [
        migrations.CreateModel(
            name="Turnover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month")],
                        max_length=5,
                        verbose_name="span",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "status",
                    measures.models.fields.TermField(
                        choices=[
                            ("implemented", "Implemented"),
                            ("sustained", "Sustained"),
                            ("substantial", "Substantial"),
                            ("partial", "Partial"),
                            ("limited", "Limited"),
                            ("not-started", "Not started"),
                            ("no-evidence", "No evidence found"),
                            ("reversed", "Reversed"),
                            ("dropped", "Dropped"),
                            ("not-assessable", "Not assessable"),
                            ("not-assessed", "Not yet assessed"),
                        ],
                        max_length=24,
                        verbose_name="status",
                    ),
                ),
                ("came", models.IntegerField(default=0, verbose_name="came")),
                ("went", models.IntegerField(default=0, verbose_name="went")),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="measures.source",
                        verbose_name="source",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="measures.theme",
                        verbose_name="theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "turnover",
                "verbose_name_plural": "turnovers",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "span", "day", "theme", "status"),
                        name="turnover_once",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
