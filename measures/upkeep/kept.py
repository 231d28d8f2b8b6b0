"""What is kept: the database, the record, the index of search, and the copies on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import files, record, search, turnover
from ..models import JobRun
from ..record import triggers
from .outcomes import Outcome, advice, failing, well

# Milliseconds that a try to write waits for other writers: they are no fault.
PATIENCE = 2000
YOUNG = timedelta(hours=24)


def database(now: datetime) -> Outcome:
    """Read it, write to it, and take the writing back."""
    try:
        _write_and_undo(now)
    except Error as error:
        if not _is_busy(error):
            raise
        return well(_("The database answers; somebody else is writing to it."))
    return well(_("The database can be read and written."))


def _write_and_undo(now: datetime) -> None:
    with _impatient(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
        JobRun.objects.create(job=f"try-{uuid4().hex}", ended_at=now)
        transaction.set_rollback(True)


@contextmanager
def _impatient() -> Iterator[None]:
    """SQLite waits as long as its connection was told, not its transaction."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _is_busy(error: Error) -> bool:
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    return state == "55P03" or str(getattr(cause, "sqlite_errorname", "")).startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    )


def migrations(now: datetime) -> Outcome:
    """Whether the database is as this version of the tracker expects it."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not pending:
        return well(_("Every migration is applied."))
    told = ngettext(
        "%(number)d migration is not applied: %(first)s.",
        "%(number)d migrations are not applied, the first is %(first)s.",
        len(pending),
    )
    first = f"{pending[0][0].app_label}.{pending[0][0].name}"
    return failing(
        told % {"number": len(pending), "first": first},
        _("Take a backup, then run `manage.py migrate`."),
    )


def protection(now: datetime) -> Outcome:
    """Whether the database itself refuses to change the record."""
    gone = [*triggers.missing(), *triggers.altered()]
    if not gone:
        return well(_("The database protects the record."))
    told = _("The database no longer protects the record: %(names)s.")
    mend = _("Run `manage.py migrate --skip-checks`, then `manage.py verify_record`.")
    return failing(told % {"names": ", ".join(gone)}, mend)


def head(now: datetime) -> Outcome:
    """Whether the newest entry of the record can be read."""
    newest = record.head()
    if newest is None:
        told = _("The record is empty.")
        return advice(told, _("Load a bundle, or add the first source: the record begins with it."))
    told = _("The record has %(number)d entries, head %(hash)s.")
    return well(told % {"number": newest.sequence, "hash": newest.hash[:12]})


def chain(now: datetime) -> Outcome:
    """All of the record, and every row against it."""
    verdict = record.verify()
    if verdict.broken is None:
        told = _("The record holds: %(number)d entries.")
        return well(told % {"number": verdict.entries})
    told = _("The record is broken at entry %(number)d: %(sentence)s")
    mend = _(
        "Keep the database as it is for whoever looks into it, and restore the last backup whose "
        "record verifies: docs/operations/backup.md says how."
    )
    broken = {"number": verdict.broken.sequence, "sentence": verdict.broken.sentence}
    return failing(told % broken, mend)


def index(now: datetime) -> Outcome:
    """Whether the database keeps the index of search."""
    gone = search.missing()
    if not gone:
        return well(_("The database keeps the index of search."))
    told = _("The database does not keep the index of search: %(names)s missing.")
    mend = _("Run `manage.py migrate --skip-checks`, then `manage.py rebuild_search`.")
    return failing(told % {"names": ", ".join(gone)}, mend)


def words(now: datetime) -> Outcome:
    """Whether the index says what the register says, row for row."""
    number = search.disagreeing()
    if not number:
        return well(_("Search knows every text of the register."))
    told = ngettext(
        "Search does not know %(number)d text as it stands.",
        "Search does not know %(number)d texts as they stand.",
        number,
    )
    return failing(told % {"number": number}, _("Run `manage.py rebuild_search`."))


def sums(now: datetime) -> Outcome:
    """Whether the figures of today are those that the findings tell."""
    found = turnover.differences()
    if not found:
        return well(_("The figures of today are those that the findings tell."))
    told = ngettext(
        "%(number)d sum behind the figures of today differs from the findings.",
        "%(number)d sums behind the figures of today differ from the findings.",
        len(found),
    )
    return failing(told % {"number": len(found)}, _("Run `manage.py rebuild_rollups`."))


def copies(now: datetime) -> Outcome:
    """Whether every held copy is on disk with its content, and no file is there for nothing."""
    lost = sum(1 for _each in files.dangling())
    if lost:
        told = ngettext(
            "%(number)d held copy is missing or altered.",
            "%(number)d held copies are missing or altered.",
            lost,
        )
        mend = _("Run `manage.py sweep_files --dry-run`, and bring them back from a backup.")
        return failing(told % {"number": lost}, mend)
    orphans = len(files.sweep(YOUNG, dry_run=True))
    if orphans:
        told = ngettext(
            "Nothing names %(number)d file beside the held copies.",
            "Nothing names %(number)d files beside the held copies.",
            orphans,
        )
        return advice(told % {"number": orphans}, _("Run `manage.py sweep_files`."))
    return well(_("Every held copy is on disk."))
