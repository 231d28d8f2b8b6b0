from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import files


class Command(BaseCommand):
    help = "Remove held copies that nothing names, and tell which copies are missing or altered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than",
            type=int,
            default=24,
            metavar="HOURS",
            help="Leave files younger than this: they may be on their way (default 24).",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen, and change nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hours, dry_run = options["older_than"], options["dry_run"]
        if not 1 <= hours <= 87600:
            raise CommandError("Write 1 to 87600 hours.")
        try:
            gone = files.sweep(timedelta(hours=hours), dry_run=dry_run)
            dangling = list(files.dangling())
        except OSError as error:
            raise CommandError(f"The held copies cannot be read: {error}.") from None
        for path in gone:
            self.stdout.write(f"{'would remove' if dry_run else 'removed'} {path}")
        for sha256, what in dangling:
            self.stdout.write(f"{sha256} {what}")
        number = len(gone)
        self.stdout.write(f"{number} file{'s' * (number != 1)} that nothing names.")
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        if dangling:
            raise CommandError(
                f"{len(dangling)} held copies missing or altered, as above. Bring them back from a "
                "backup, or attach the documents again."
            )
