from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import bundle


class Command(BaseCommand):
    help = "Write the whole register to a bundle, one readable file per noun."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = bundle.dump(options["folder"])
        except OSError as error:
            raise CommandError(
                f"{options['folder']} cannot be written: {error.strerror}."
            ) from None
        for name, number in written.items():
            self.stdout.write(f"{number:>6} {name}")
