from django.db import migrations, models

from measures.migrations._calmly import AddIndexCalmly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("measures", "0019_turnover"),
    ]

    operations = [
        AddIndexCalmly(
            model_name="measure",
            index=models.Index(fields=["source", "review_on"], name="measure_review"),
        ),
    ]
