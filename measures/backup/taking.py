"""Taking a backup: written whole beside its place, on disk, then renamed."""

import hashlib
import os
import tempfile
import zipfile
from datetime import UTC
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .. import files
from . import engines
from .archive import DATABASE, FORMAT, MANIFEST, Manifest, Refusal, pieces


def take(place: Path, *, force: bool = False) -> Manifest:
    """Write a backup of this installation to `place`, readable by its owner alone.

    Others go on writing meanwhile: every write acknowledged before the call is in it, each later
    one wholly or not at all. Raises `Refusal`, leaving what was at `place` as it was.
    """
    if place.exists() and not force:
        raise Refusal(f"{place} is there already. Name another file, or add --force.")
    try:
        number, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}-")
    except OSError as error:
        raise Refusal(f"{place} cannot be written: {error.strerror}.") from None
    fresh = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            manifest = _write(file, place.parent)
            file.flush()
            os.fsync(file.fileno())
        _name(fresh, place, force)
        files.sync(place.parent)
    except OSError as error:
        raise Refusal(f"The backup could not be written: {error}.") from None
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _name(fresh: Path, place: Path, force: bool) -> None:
    if force:
        fresh.replace(place)
        return
    try:
        os.link(fresh, place)  # Refuses where another backup was quicker; a rename would not.
    except FileExistsError:
        raise Refusal(f"{place} is there already. Name another file, or add --force.") from None


def _write(file: IO[bytes], folder: Path) -> Manifest:
    parts: dict[str, str] = {}
    missing: list[str] = []
    taken_at = timezone.now().astimezone(UTC).isoformat(timespec="seconds")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with engines.moment(folder) as moment:
            parts[DATABASE] = _add(archive, DATABASE, moment.content)
        # After the database: the files it names are on disk and never change.
        for sha256 in moment.copies:
            try:
                with files.opened(sha256) as copy:
                    told = _add(archive, f"files/{sha256}", copy)
            except FileNotFoundError:
                # A finding may rest on a copy that is held elsewhere; an attachment may not.
                missing += [sha256] if sha256 in moment.attached else []
                continue
            if told != sha256:
                raise Refusal(
                    f"The held copy {sha256[:12]} no longer has the content it was kept with. "
                    "`manage.py sweep_files` lists all such; bring them back before the backup."
                )
            parts[f"files/{sha256}"] = told
        manifest = Manifest(
            format=FORMAT,
            version=settings.VERSION,
            engine=connection.vendor,
            taken_at=taken_at,
            migrations=moment.migrations,
            entries=moment.entries,
            head=moment.head,
            parts=parts,
            missing=missing,
        )
        archive.writestr(MANIFEST, manifest.text())
    return manifest


def _add(archive: zipfile.ZipFile, name: str, content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for piece in pieces(content):
            digest.update(piece)
            part.write(piece)
    return digest.hexdigest()
