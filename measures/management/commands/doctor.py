import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from measures import upkeep
from measures.upkeep import Part, State

SHOWN = {State.OK: "ok", State.ADVICE: "think of", State.FAILING: "WRONG"}


class Command(BaseCommand):
    help = "Tell what is wrong with this installation and how to mend it."
    # What they would stop at is what the doctor is asked about.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="One object, for machines.")
        parser.add_argument(
            "--quick",
            action="store_true",
            help="Without what takes minutes on a large register: record, search, held copies.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        parts = Part.QUICK if options["quick"] else Part.QUICK | Part.LONG
        with translation.override("en"):
            lines = []
            for line in upkeep.look(parts, timezone.now()):
                lines.append(line)
                if not options["json"]:
                    self._say(line)
        wrong = [line.name for line in lines if line.state is State.FAILING]
        if options["json"]:
            told = [
                {"name": each.name, "state": each.state, "told": each.told, "mend": each.mend}
                for each in lines
            ]
            self.stdout.write(json.dumps({"sound": not wrong, "checks": told}, indent=2))
        if wrong:
            number = len(wrong)
            raise CommandError(f"{number} thing{'s' * (number != 1)} to mend: {', '.join(wrong)}.")
        if not options["json"]:
            self.stdout.write("Nothing is wrong.")

    def _say(self, line: upkeep.Line) -> None:
        self.stdout.write(f"{SHOWN[line.state]:>8}  {line.name}: {line.told}")
        if line.mend:
            self.stdout.write(f"{'':>8}  {'':>{len(line.name)}}  {line.mend}")
