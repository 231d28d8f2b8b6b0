from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import bundle
from measures.models import Source


class Command(BaseCommand):
    help = "Write the whole register to a bundle, one readable file per noun."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--source", metavar="SLUG", help="Only this source.")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["source"]
        source = Source.objects.named(slug) if slug else None
        if slug and source is None:
            raise CommandError(f"There is no source named {slug}.")
        try:
            written = bundle.dump(options["folder"], source)
        except OSError as error:
            raise CommandError(
                f"{options['folder']} cannot be written: {error.strerror}."
            ) from None
        for name, number in written.items():
            self.stdout.write(f"{number:>6} {name}")
