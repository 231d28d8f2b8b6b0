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
from collections.abc import Callable
from itertools import pairwise

import django

MARK = "*"  # beside what took longer than a page may wait for a lock
LONG = 1.0


def names_since(number: str) -> list[str]:
    """Our migrations in order, from that one on."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(connection).disk_migrations
    names = sorted(name for app, name in known if app == "measures")
    return names[next(place for place, name in enumerate(names) if name.startswith(number)) :]


def tell(what: str, act: Callable[[], object]) -> None:
    """Do it, and say how long it took, at once: the next one may take long."""
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    print(f"{what:<40}{took:>10.2f}  {MARK if took > LONG else ''}", flush=True)


def to(name: str) -> Callable[[], object]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return lambda: MigrationExecutor(connection).migrate([("measures", name)])


def main(since: str = "0002") -> None:
    from django.core.management import call_command

    from measures.models import Finding, Measure
    from measures.record import triggers

    print(f"{Measure.objects.count()} measures, {Finding.objects.count()} findings; seconds:")
    triggers.step_aside()  # as they do before every migrate
    names = names_since(since)
    for before, after in reversed(list(pairwise(names))):
        tell(f"back from {after}", to(before))
    for after in names[1:]:
        tell(f"forward to {after}", to(after))
    # Triggers are made anew, and the index of search looked after, at the end of all.
    tell("what follows every migrate", lambda: call_command("migrate", verbosity=0))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ipr_tracker.settings")
    django.setup()
    main(*sys.argv[1:])
