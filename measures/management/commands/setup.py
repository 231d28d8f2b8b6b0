from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database and the static files up to this version, and check the installation."
    # What is not there yet cannot be checked; at the end all of it is.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        call_command("migrate", interactive=False, verbosity=verbosity, stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("check", databases=["default"], stdout=self.stdout)
