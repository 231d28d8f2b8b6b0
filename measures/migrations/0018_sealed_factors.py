from collections.abc import Callable

from django.db import migrations

from measures.seals import seal, unseal

SECRETS = ("secret", "seed")  # Of an authenticator app, and of recovery codes.


def change(apps, by: Callable[[str], str]) -> None:
    """Every seed as it was, changed in its form; passkeys are public keys and stay."""
    rows = apps.get_model("mfa", "Authenticator").objects.filter(
        type__in=("totp", "recovery_codes")
    )
    for row in rows:
        for name in SECRETS:
            if name in row.data:
                row.data[name] = by(unseal(row.data[name]))
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [by(unseal(code)) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0017_check_schedule"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: change(apps, by=seal),
            lambda apps, editor: change(apps, by=str),
        ),
    ]
