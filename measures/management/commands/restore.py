from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from measures import backup as backups


class Command(BaseCommand):
    help = "Fill this empty installation from a file that `backup` wrote, and verify its record."
    # An installation without tables fails the checks of the database; that is what this mends.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = backups.restore(options["file"])
        except backups.Refusal as refusal:
            raise CommandError(str(refusal)) from None
        except (Error, OSError) as error:
            raise CommandError(f"It could not be restored: {error}") from None
        manifest, verdict = restored.manifest, restored.verdict
        if verdict.broken:
            raise CommandError(
                "Everything in the backup was restored, but its record does not hold, at entry "
                f"{verdict.broken.sequence}: {verdict.broken.sentence}"
            )
        copies = len(manifest.copies)
        self.stdout.write(
            f"The backup of {manifest.taken_at} (version {manifest.version}) is back."
        )
        self.stdout.write(f"{copies:>6} held cop{'y' if copies == 1 else 'ies'}")
        self.stdout.write(f"{restored.found_by_words:>6} objects found by their words")
        self.stdout.write(f"The record holds: {verdict.entries} entries, head {verdict.head}")
        self.stdout.write("Nobody is signed in. Tokens and passwords are as they were.")
