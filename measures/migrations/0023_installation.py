from django.db import migrations, models

import measures.models.fields
import measures.models.installation


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0022_long_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
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
                    "name",
                    measures.models.fields.LineField(
                        blank=True, max_length=60, verbose_name="name"
                    ),
                ),
                (
                    "name_zh",
                    measures.models.fields.LineField(
                        blank=True, max_length=60, verbose_name="name (zh)"
                    ),
                ),
                (
                    "contact",
                    measures.models.fields.LineField(
                        blank=True,
                        max_length=200,
                        validators=[measures.models.installation.reachable],
                        verbose_name="contact",
                    ),
                ),
                (
                    "languages",
                    measures.models.fields.TermField(
                        choices=[
                            ("both", "English and Chinese"),
                            ("en", "English only"),
                            ("zh", "Chinese only"),
                        ],
                        default="both",
                        max_length=24,
                        verbose_name="languages on offer",
                    ),
                ),
                (
                    "accent",
                    measures.models.fields.LineField(
                        blank=True,
                        max_length=7,
                        validators=[measures.models.installation.hexadecimal],
                        verbose_name="colour of links",
                    ),
                ),
                (
                    "accent_dark",
                    measures.models.fields.LineField(
                        blank=True,
                        max_length=7,
                        validators=[measures.models.installation.hexadecimal],
                        verbose_name="colour of links on dark paper",
                    ),
                ),
                (
                    "home",
                    measures.models.fields.ProseField(
                        blank=True, max_length=2000, verbose_name="words on the first page"
                    ),
                ),
                (
                    "home_zh",
                    measures.models.fields.ProseField(
                        blank=True, max_length=2000, verbose_name="words on the first page (zh)"
                    ),
                ),
                (
                    "logo_hash",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="logo"
                    ),
                ),
                (
                    "logo_kind",
                    models.CharField(
                        blank=True, editable=False, max_length=10, verbose_name="kind of the logo"
                    ),
                ),
                (
                    "logo",
                    models.TextField(
                        blank=True, editable=False, verbose_name="content of the logo"
                    ),
                ),
            ],
            options={
                "verbose_name": "installation",
                "verbose_name_plural": "installation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="installation_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("languages__in", ["both", "en", "zh"])),
                        name="installation_languages_known",
                    ),
                ],
            },
        ),
    ]
