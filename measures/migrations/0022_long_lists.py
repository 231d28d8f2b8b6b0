from django.db import migrations, models

from measures.migrations._calmly import AddIndexCalmly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("measures", "0021_runs_of_jobs"),
    ]

    operations = [
        AddIndexCalmly(
            model_name="evidence",
            index=models.Index(fields=["-issued_on", "key"], name="evidence_newest"),
        ),
        AddIndexCalmly(
            model_name="measure",
            index=models.Index(
                fields=["source", "theme", "position", "code"], name="measure_in_order"
            ),
        ),
        AddIndexCalmly(
            model_name="recordentry",
            index=models.Index(fields=["noun", "sequence"], name="record_noun"),
        ),
    ]
