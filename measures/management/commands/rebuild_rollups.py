from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import record, turnover

SHOWN = 10


class Command(BaseCommand):
    help = (
        "Make anew the sums that today's figures are read from. Every change keeps them, so this "
        "is for repairs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing: fail where the sums differ from what the findings tell.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"{record.add_up()} sums are those that the findings tell.")
            return
        if found := turnover.differences():
            for each in found[:SHOWN]:
                self.stdout.write(f"differs: {each}")
            raise CommandError(
                f"{len(found)} sums differ from what the findings tell. "
                "Run `python manage.py rebuild_rollups`."
            )
        self.stdout.write("The sums are those that the findings tell.")
