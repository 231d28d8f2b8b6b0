from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures import links, method
from measures.models import JobRun


class Command(BaseCommand):
    help = "Look whether the pages of the documents that are due are still there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="At most so many pages.")
        parser.add_argument(
            "--older-than",
            type=int,
            metavar="DAYS",
            help="Pages whose last check is older, or that were never checked, due or not.",
        )
        parser.add_argument("--all", action="store_true", help="Every page, due or not.")
        parser.add_argument(
            "--host-pace",
            type=float,
            metavar="SECONDS",
            help="Between two requests to one host (2 if not given; a site may ask for more).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        limit, days = options["limit"], options["older_than"]
        if (limit is not None and limit < 1) or (days is not None and not 0 <= days <= 3650):
            raise CommandError("Write a limit of 1 or more, and 0 to 3650 days.")
        pace, checker = options["host_pace"], links.Checker()
        if pace is not None:
            if not 1 <= pace <= 60:
                raise CommandError("Write a pace of 1 to 60 seconds.")
            checker.manners.pace = pace
        asked = {
            "limit": limit,
            "older_than": timedelta(days=days) if days is not None else None,
            "everything": options["all"],
        }
        counts: Counter[str] = Counter()
        for found in links.check(checker, **asked):
            counts[found.outcome] += 1
            if options["verbosity"] > 1 or found.outcome != "answers":
                note = f" ({found.note})" if found.note else ""
                self.stdout.write(f"{found.outcome:>12} {found.address}{note}")
        JobRun.objects.done("check_links")
        total = counts.total()
        self.stdout.write(f"{total} page{'s' * (total != 1)} checked.")
        for slug in method.LINK_OUTCOMES:
            if counts[slug]:
                self.stdout.write(f"{counts[slug]:>6} {slug}")
