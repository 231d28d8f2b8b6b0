"""The file itself: a ZIP archive of one database, copies by their hash, and a manifest."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
COPY = re.compile(r"files/([0-9a-f]{64})")
HASH = re.compile(r"[0-9a-f]{64}")
PIECE = 1024 * 1024
LONGEST_MANIFEST = 256 * 1024 * 1024
# Database files of little text are mostly empty pages; past this a part was made to do harm.
RATIO = 1000


class Refusal(Exception):
    """A backup that cannot be taken or taken back; the sentence says why and what next."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `parts` are SHA-256 by member name; `head` is empty without entries.

    `taken_at` is ISO 8601 in UTC, `migrations` are "app.name", `entries` counts the record,
    `missing` are hashes that attachments name and of which no copy was held.
    """

    format: int
    version: str
    engine: str
    taken_at: str
    migrations: list[str]
    entries: int
    head: str
    parts: dict[str, str]
    missing: list[str]

    def text(self) -> str:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @property
    def copies(self) -> list[str]:
        """The hashes of the held copies."""
        return [match[1] for name in self.parts if (match := COPY.fullmatch(name))]


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The content in pieces that fit into memory."""
    while piece := file.read(PIECE):
        yield piece


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, to be read; `Refusal` where it is none."""
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Refusal(f"{path} is not there. Name the file that `backup` wrote.") from None
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise Refusal(f"{path} cannot be read as a backup: {error}.") from None


def checked(archive: zipfile.ZipFile) -> Manifest:
    """Its manifest, after every name and every hash was held against it; `Refusal` otherwise."""
    names = [member.filename for member in archive.infolist()]
    if len(names) != len(set(names)):
        raise Refusal("The archive holds a name twice: `backup` does not write such a file.")
    if MANIFEST not in names:
        raise Refusal("The archive has no manifest: it is no backup of the tracker.")
    manifest = _manifest(archive)
    if set(names) != {MANIFEST, *manifest.parts}:
        raise Refusal("What the archive holds is not what its manifest names. Take another backup.")
    for name, expected in manifest.parts.items():
        if name != DATABASE and not COPY.fullmatch(name):
            raise Refusal(f"The archive holds {name!r}, which no backup holds.")
        _held_against(archive, name, expected)
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
            raise ValueError("it is too long")
        told = json.loads(archive.read(MANIFEST))
        if told["format"] != FORMAT:
            raise Refusal(
                f"The backup has format {told['format']}, this tracker reads {FORMAT}. "
                "Restore it with the version that took it."
            )
        manifest = Manifest(**{field.name: told[field.name] for field in fields(Manifest)})
        _well_formed(manifest)
    except (ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile, OSError) as error:
        raise Refusal(f"The manifest cannot be read: {error}.") from None
    return manifest


def _well_formed(manifest: Manifest) -> None:
    texts = (manifest.version, manifest.engine, manifest.taken_at, manifest.head)
    told = [
        *texts,
        *manifest.migrations,
        *manifest.missing,
        *manifest.parts,
        *manifest.parts.values(),
    ]
    if not all(isinstance(each, str) for each in told) or type(manifest.entries) is not int:
        raise ValueError("a value is of the wrong kind")
    if not all(HASH.fullmatch(each) for each in manifest.parts.values()):
        raise ValueError("a hash is none")
    if manifest.head and not HASH.fullmatch(manifest.head):
        raise ValueError("the head of the record is none")
    if DATABASE not in manifest.parts:
        raise ValueError("it names no database")


def _held_against(archive: zipfile.ZipFile, name: str, expected: str) -> None:
    member = archive.getinfo(name)
    if member.file_size > RATIO * max(member.compress_size, 1024):
        raise Refusal(f"{name} unpacks to far more than a backup does. Nothing was restored.")
    digest = hashlib.sha256()
    try:
        with archive.open(member) as part:
            for piece in pieces(part):
                digest.update(piece)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        raise Refusal(f"{name} in the archive is damaged. Take another backup.") from None
    except Exception as error:  # zlib has an exception of its own
        raise Refusal(f"{name} in the archive is damaged ({error}).") from None
    match = COPY.fullmatch(name)
    if digest.hexdigest() != expected or (match and match[1] != expected):
        raise Refusal(f"{name} does not have the hash in the manifest. Take another backup.")


def fitting(manifest: Manifest, engine: str) -> None:
    """Refuses a backup of another engine, or of a tracker newer than this one."""
    if manifest.engine != engine:
        raise Refusal(
            f"The backup is of {manifest.engine}, this installation runs on {engine}. To change "
            "the engine, carry the register over as a bundle: dump_bundle there, load_bundle here."
        )
    known: set[Any] = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    unknown = [m for m in manifest.migrations if tuple(m.split(".", 1)) not in known]
    if unknown or _number(manifest.version) > _number(settings.VERSION):
        raise Refusal(
            f"The backup was taken by a newer tracker ({manifest.version}; this one is "
            f"{settings.VERSION}). Install that version first."
        )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version)[:3])
