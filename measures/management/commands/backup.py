from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from measures import backup as backups
from measures.models import JobRun


class Command(BaseCommand):
    help = "Write the whole installation, database and held copies, to one file; others may work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there.")

    def handle(self, *args: Any, **options: Any) -> None:
        place: Path = options["file"].absolute()
        try:
            manifest = backups.take(place, force=options["force"])
        except backups.Refusal as refusal:
            raise CommandError(str(refusal)) from None
        except Error as error:
            raise CommandError(f"The database could not be read: {error}") from None
        JobRun.objects.done("backup")
        for sha256 in manifest.missing:
            self.stdout.write(f"{sha256} is named by an attachment and not held.")
        copies = len(manifest.copies)
        self.stdout.write(
            f"{place}: {manifest.entries} entries of the record, {copies} held "
            f"cop{'y' if copies == 1 else 'ies'}, head {manifest.head}"
        )
