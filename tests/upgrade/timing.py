"""How long each migration takes on a full database.

    python -m tests.upgrade.timing [SINCE]    goes back to the migration of `measures` with this
                                              number (0002 unless told), one by one, and forward
                                              again, and prints the seconds of each way

On the database that DATABASE_URL names: give it a copy, for what later versions brought is lost on
the way back. `make bench-data` makes a full one.
"""

import os
import sys
import time
from collections.abc import Iterator

import django

MARK = "*"  # beside what took longer than a page may wait for a lock
LONG = 1.0


def steps(since: str) -> Iterator[tuple[str, float, float]]:
    """Each migration after that one, with the seconds of undoing and of doing it."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    names = sorted(
        name
        for app, name in MigrationExecutor(connection).loader.disk_migrations
        if app == "measures"
    )
    first = next(place for place, name in enumerate(names) if name.startswith(since))

    def went_to(name: str) -> float:
        executor = MigrationExecutor(connection)
        began = time.perf_counter()
        executor.migrate([("measures", name)])
        return time.perf_counter() - began

    ways = list(zip(names[first:], names[first + 1 :], strict=False))
    back = {after: went_to(before) for before, after in reversed(ways)}
    for _, after in ways:
        yield after, back[after], went_to(after)


def main(since: str = "0002") -> None:
    from django.core.management import call_command

    from measures.models import Finding, Measure
    from measures.record import triggers

    print(f"{Measure.objects.count()} measures, {Finding.objects.count()} findings")
    triggers.step_aside()  # as they do before every migrate
    print(f"{'migration':<40}{'back':>10}{'forward':>10}  seconds")
    for name, back, forward in steps(since):
        print(f"{name:<40}{back:>10.2f}{forward:>10.2f}  {MARK if forward > LONG else ''}")
    # Triggers and the index of search are made after the last.
    began = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    print(f"{'what follows every migrate':<40}{'':>10}{time.perf_counter() - began:>10.2f}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    django.setup()
    main(*sys.argv[1:])
