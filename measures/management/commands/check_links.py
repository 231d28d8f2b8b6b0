from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import links, method


class Command(BaseCommand):
    help = "Look whether the pages of the documents are still there, the longest unchecked first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="At most so many pages.")
        parser.add_argument(
            "--older-than",
            type=int,
            metavar="DAYS",
            help="Only pages whose last check is older, or that were never checked.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        limit, days = options["limit"], options["older_than"]
        if (limit is not None and limit < 1) or (days is not None and not 0 <= days <= 3650):
            raise CommandError("Write a limit of 1 or more, and 0 to 3650 days.")
        older_than = timedelta(days=days) if days is not None else None
        counts: Counter[str] = Counter()
        for found in links.check(links.Checker(), limit=limit, older_than=older_than):
            counts[found.outcome] += 1
            if options["verbosity"] > 1 or found.outcome != "answers":
                note = f" ({found.note})" if found.note else ""
                self.stdout.write(f"{found.outcome:>12} {found.address}{note}")
        total = counts.total()
        self.stdout.write(f"{total} page{'s' * (total != 1)} checked.")
        for slug in method.LINK_OUTCOMES:
            if counts[slug]:
                self.stdout.write(f"{counts[slug]:>6} {slug}")
