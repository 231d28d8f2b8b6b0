from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import record
from measures.record import triggers


class Command(BaseCommand):
    help = "Walk the record and hold every finding and tracked row against it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="HEAD",
            default="",
            help="A head printed earlier (12 characters or more): the record must still hold it.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        expect = options["expect"].strip().lower()
        if expect and (len(expect) < 12 or set(expect) - set("0123456789abcdef")):
            raise CommandError("A head has at least 12 hexadecimal characters.")
        gone = triggers.missing()
        if gone:
            raise CommandError(
                f"The database does not protect the record: {', '.join(gone)} missing."
            )
        other = triggers.altered()
        if other:
            raise CommandError(
                f"The database may not protect the record: {', '.join(other)} changed."
            )
        verdict = record.verify(expect)
        if verdict.broken:
            raise CommandError(
                f"Broken at entry {verdict.broken.sequence}: {verdict.broken.sentence}"
            )
        self.stdout.write(f"The record holds: {verdict.entries} entries, head {verdict.head}")
