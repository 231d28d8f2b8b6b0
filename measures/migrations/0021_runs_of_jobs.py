from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0020_measure_review"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "job",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="job"
                    ),
                ),
                ("ended_at", models.DateTimeField(verbose_name="ended at")),
            ],
            options={
                "verbose_name": "run of a job",
                "verbose_name_plural": "runs of jobs",
                "default_permissions": (),
            },
        ),
    ]
