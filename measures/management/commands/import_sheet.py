from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import sheets
from measures.models import User
from measures.underway import Tell, silent

NOUNS = tuple(sheets.TAKEN)


class Command(BaseCommand):
    help = "Import measures, evidence, citations or draft findings from CSV, Excel or JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by", metavar="USER", required=True, help="Whose act it is; their rights hold."
        )
        parser.add_argument("--rows", choices=NOUNS, default="", help="What the rows are.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen, and change nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            by = User.objects.get(username=options["by"])
            with path.open("rb") as file:
                plan = sheets.plan(file, path.name, by=by, noun=options["rows"], tell=self.line())
        except User.DoesNotExist:
            raise CommandError(f"There is no account named {options['by']}.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except sheets.Unreadable as error:
            raise CommandError(str(error)) from None
        self.tell(plan)
        if plan.in_the_way:
            raise CommandError(f"{plan.in_the_way} in the way as above. Nothing was imported.")
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was changed.")
        elif plan.possible:
            try:
                sheets.bring(plan, by=by, why=f"Imported from {path.name}.", tell=self.line())
            except sheets.Moved as error:
                raise CommandError(f"{error} Run it again.") from None

    def line(self) -> Tell:
        """One line that is written over on a terminal; nothing where the output goes elsewhere."""
        if not self.stdout.isatty():
            return silent
        told = ""

        def tell(stage: str, done: int = 0, in_all: int = 0) -> None:
            nonlocal told
            now = f"{stage}: {done * 100 // in_all} % of {in_all} rows" if in_all else stage
            if now != told:
                told = now
                self.stdout.write(f"\r{now:<40}", ending="\n" if in_all and done == in_all else "")
                self.stdout.flush()

        return tell

    def tell(self, plan: sheets.Plan) -> None:
        for problem in plan.problems:
            self.stdout.write(str(problem))
        for row in plan.of_kind(sheets.CONFLICT):
            self.stdout.write(
                f"{row.cell}: {row.label} has version {row.version} in the register, and the file "
                f"was made from version {row.seen}."
            )
        for each in plan.columns.unmatched:
            near = f"; {each.near} may be meant" if each.near else ""
            self.stdout.write(f"The column {each.column} is left out{near}.")
        for row in plan.of_kind(sheets.CHANGED):
            for name, after in row.after.items():
                self.stdout.write(f"{row.label} {name}: {row.before[name]!r} -> {after!r}")
        numbers = plan.numbers
        for kind, words in (
            (sheets.NEW, "new"),
            (sheets.CHANGED, "changed"),
            (sheets.SAME, "as they are"),
        ):
            self.stdout.write(f"{numbers[kind]:>6} {words}")
