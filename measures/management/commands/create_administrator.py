"""The first account of an installation; everybody after is invited by it."""

import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ... import record
from ...models import User


class Command(BaseCommand):
    help = "Create an account that administers, and print its password, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name to sign in with")
        parser.add_argument("--email", default="", help="its address, for a forgotten password")
        parser.add_argument("--name", default="", help="the name that the record shows")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        username = User.normalize_username(options["username"])
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is an account {username}; manage.py changepassword helps.")
        password = secrets.token_urlsafe(12)
        user = User(
            username=username,
            email=User.objects.normalize_email(options["email"]),
            display_name=options["name"] or username,
            is_staff=True,
        )
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        user.groups.add(Group.objects.get(name="Administrators"))
        record.added([user], by=record.system_account())
        self.stdout.write(f"{username} administers, with the password: {password}")
