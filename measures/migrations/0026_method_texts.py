from django.db import migrations, models

import measures.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0025_subscriptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="MethodText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("preface", "Before all parts"),
                            ("statuses", "Statuses"),
                            ("rules", "Rules"),
                            ("confidence", "Confidence"),
                            ("tiers", "Source tiers"),
                            ("stages", "Legal stages"),
                            ("bearings", "Bearing of evidence"),
                            ("natures", "Nature of a commitment"),
                            ("schedules", "Schedule"),
                            ("baseline", "Baseline"),
                            ("review", "Review"),
                        ],
                        max_length=24,
                        unique=True,
                        verbose_name="part of the method",
                    ),
                ),
                (
                    "edition",
                    measures.models.fields.LineField(max_length=40, verbose_name="edition"),
                ),
                ("text", measures.models.fields.ProseField(max_length=4000, verbose_name="text")),
                (
                    "text_zh",
                    measures.models.fields.ProseField(
                        blank=True, max_length=4000, verbose_name="text (zh)"
                    ),
                ),
            ],
            options={
                "verbose_name": "text on the method",
                "verbose_name_plural": "texts on the method",
                "ordering": ("place",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "place__in",
                                [
                                    "preface",
                                    "statuses",
                                    "rules",
                                    "confidence",
                                    "tiers",
                                    "stages",
                                    "bearings",
                                    "natures",
                                    "schedules",
                                    "baseline",
                                    "review",
                                ],
                            )
                        ),
                        name="method_text_place_known",
                    )
                ],
            },
        ),
    ]
