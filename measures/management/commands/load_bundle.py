from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import bundle, record
from measures.models import User


class Command(BaseCommand):
    help = "Load a register from a bundle: a folder of readable files, such as seeds/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            nargs="?",
            default=settings.SHIPPED_DIR / "seeds",
            help="The folder, or a .zip of it; without one, the register that comes along.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen, and change nothing."
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="Where the register differs, take what the bundle says, and print both.",
        )
        parser.add_argument("--by", metavar="USER", help="Whose act it is in the record.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, update, dry_run = options["folder"], options["update"], options["dry_run"]
        try:
            by = record.actor(options["by"] or "")
            if folder.suffix == ".zip" and folder.is_file():
                with folder.open("rb") as file, bundle.unpacked(file) as inside:
                    report = bundle.load(inside, by=by, update=update, dry_run=dry_run)
            else:
                report = bundle.load(folder, by=by, update=update, dry_run=dry_run)
        except User.DoesNotExist:
            raise CommandError(f"There is no account named {options['by']}.") from None
        except bundle.BundleError as error:
            number = len(error.problems)
            raise CommandError(
                f"{error}\n{number} problem{'s' * (number != 1)} in {folder}. Nothing was loaded."
            ) from None
        self.tell(report, dry_run)

    def tell(self, report: bundle.Report, dry_run: bool) -> None:
        if report.nothing_to_do:
            self.stdout.write("Nothing to do: the register already says what the bundle says.")
            return
        for name, number in report.added.items():
            if number:
                self.stdout.write(f"{number:>6} {name} added")
        for difference in report.differences:
            self.stdout.write(f"       {difference}")
        differing = sum(report.differing.values())
        if differing and report.updated:
            self.stdout.write(f"{differing:>6} updated as above")
        elif differing:
            self.stdout.write(
                f"{differing:>6} differ as above and were left as people have them; "
                "--update takes the bundle's version"
            )
        if dry_run:
            self.stdout.write("A dry run: nothing was changed.")
