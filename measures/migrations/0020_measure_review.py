from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0019_turnover"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["source", "review_on"], name="measure_review"),
        ),
    ]
