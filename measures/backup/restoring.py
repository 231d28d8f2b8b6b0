"""Taking a backup back, into an installation that holds nothing yet."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from .. import files, record, search
from ..models import RecordEntry, Source, User
from . import engines
from .archive import DATABASE, Manifest, Refusal, checked, fitting, opened


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the manifest of the backup, what the record says now, words searched."""

    manifest: Manifest
    verdict: record.Verdict
    found_by_words: int


def restore(place: Path) -> Restored:
    """Fill this empty installation from the backup; `Refusal` before anything is touched.

    Everybody signs in anew afterwards: the sessions of the backup are not brought back.
    """
    with opened(place) as archive:
        manifest = checked(archive)
        fitting(manifest, connection.vendor)
        _empty(manifest)
        # Copies first: where this stops half way, the database is still empty and it can be run
        # again, and no row ever names a file that is not there.
        for sha256 in manifest.copies:
            with archive.open(f"files/{sha256}") as copy:
                files.bring_back(sha256, copy)
        Path(settings.DATA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        with archive.open(DATABASE) as content:
            engines.fill(content, Path(settings.DATA_DIR))
    # An older backup is brought up to date; the triggers and the index are made anew by it.
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    Session.objects.all().delete()
    words = search.rebuild()
    return Restored(manifest, record.verify(manifest.head), words)


def _empty(manifest: Manifest) -> None:
    present = set(connection.introspection.table_names())
    for model in (RecordEntry, Source, User):
        if model._meta.db_table in present and model._default_manager.exists():
            raise Refusal(
                "This installation is not empty: its database holds "
                f"{model._meta.verbose_name_plural}. A backup is restored into an empty one only; "
                "set DATA_DIR and DATABASE_URL anew."
            )
    if set(files.held()) - set(manifest.copies):
        raise Refusal(
            f"{settings.FILES_DIR} holds copies that are not in the backup. A backup is restored "
            "into an empty installation only; set DATA_DIR anew."
        )
