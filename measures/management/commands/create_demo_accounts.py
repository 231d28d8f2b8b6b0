import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction

from measures import record
from measures.models import User, reasons

# Account, the name it shows, its group, and whether it may enter the administration.
ACCOUNTS = (
    ("analyst", "Demonstration analyst", "Analysts", True),
    ("reviewer", "Demonstration reviewer", "Reviewers", True),
    ("manager", "Demonstration manager", "Managers", False),
    ("administrator", "Demonstration administrator", "Administrators", True),
)


class Command(BaseCommand):
    help = "Create the four demonstration accounts, once, and print their passwords, once."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_system=False).exists():
            self.stdout.write(
                "Sign in with the accounts you have. A new password: "
                "python manage.py changepassword NAME"
            )
            return
        self.stdout.write("Demonstration accounts (the passwords are shown this once):")
        system = record.system_account()
        for username, name, group, staff in ACCOUNTS:
            password = secrets.token_urlsafe(9)
            user = User.objects.create_user(
                username, password=password, display_name=name, is_staff=staff
            )
            user.groups.add(Group.objects.get(name=group))
            record.added([user], by=system, why=reasons.DEMONSTRATION)
            self.stdout.write(f"  {username:<14} {password}")
