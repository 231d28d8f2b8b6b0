"""Held copies of documents: files on disk under their SHA-256, written once, never changed.

What comes in is decided here, by the end of its name and by what it begins with. Nothing that is
held is ever opened on the server, and all of it leaves only as a download.
"""

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path, PurePath
from typing import IO, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from .models import Attachment, FrozenCitation

MOST = 20 * 1024 * 1024
MOST_TEXT = 500_000  # Characters of a text that is captured from a page.
WAITING = "waiting"
DAY = 24 * 60 * 60
EDGE = 64 * 1024  # How much of the beginning and of the end is looked at.
NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
NAME = re.compile(r"[0-9a-f]{64}")


class Unwelcome(Exception):
    """A file that is not taken; the sentence says why and what is."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is on disk: its hash, its type and its size in bytes."""

    sha256: str
    kind: str
    size: int


def _begins(magic: bytes) -> Callable[[bytes, bytes], bool]:
    return lambda head, tail: head.startswith(magic)


def _office(part: bytes) -> Callable[[bytes, bytes], bool]:
    """A ZIP archive whose list of contents, which stands at its end, names the main part."""
    return lambda head, tail: head.startswith(b"PK\x03\x04") and part in tail


def _is_text(head: bytes, tail: bytes) -> bool:
    return not NEVER_IN_TEXT.search(head + tail)


def _is_page(head: bytes, tail: bytes) -> bool:
    return _is_text(head, tail) and PAGE.search(head) is not None


OFFICE = "application/vnd.openxmlformats-officedocument."
# By the end of the name: the type, and whether beginning and end of the content bear it out.
KINDS: dict[str, tuple[str, Callable[[bytes, bytes], bool]]] = {
    ".pdf": ("application/pdf", _begins(b"%PDF-")),
    ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".txt": ("text/plain", _is_text),
    ".html": ("text/html", _is_page),
    ".htm": ("text/html", _is_page),
    ".docx": (f"{OFFICE}wordprocessingml.document", _office(b"word/document.xml")),
    ".xlsx": (f"{OFFICE}spreadsheetml.sheet", _office(b"xl/workbook.xml")),
}


def kind_of(upload: File) -> str:
    """The type of the file; raises `Unwelcome` where it is not taken, or is not what it says."""
    size, ending = upload.size or 0, PurePath(upload.name or "").suffix.lower()
    if size > MOST:
        sentence = _("The file has %(size).1f MB; at most 20 MB are taken. Attach a smaller copy.")
        raise Unwelcome(sentence % {"size": size / 1024 / 1024})
    if not size:
        raise Unwelcome(_("The file is empty. Choose another one."))
    if ending not in KINDS:
        raise Unwelcome(
            _(
                "A file that ends in “%(ending)s” is not taken. Attach a PDF, PNG, JPEG, plain "
                "text, HTML, DOCX or XLSX file."
            )
            % {"ending": ending}
        )
    kind, bears_out = KINDS[ending]
    upload.seek(0)
    head = upload.read(EDGE)
    upload.seek(max(0, size - EDGE))
    tail = upload.read(EDGE)
    if not bears_out(head, tail):
        raise Unwelcome(
            _(
                "The name ends in “%(ending)s”, but the content is something else. Save the "
                "document anew in that format and attach it again."
            )
            % {"ending": ending}
        )
    return kind


def store(upload: File) -> Held:
    """Put the file in its place, whole or not at all; stored again, it stays as it is.

    File and folder are on disk when this returns, so that a row may point to it.
    """
    kind = kind_of(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    place = _place(digest.hexdigest())
    root = place.parent.parent
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.utime(place)  # Young again, so that a sweep under way leaves it.
    except FileNotFoundError:
        _write(upload.chunks(), place)
    for folder in (place.parent, root, root.parent):
        sync(folder)
    return Held(place.name, kind, upload.size or 0)


def bring_back(sha256: str, content: BinaryIO | IO[bytes]) -> None:
    """Put a copy from a backup in its place, on disk; its hash was checked before."""
    place = _place(sha256)
    root = place.parent.parent
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not place.exists():
        _write(iter(lambda: content.read(EDGE), b""), place)
    for folder in (place.parent, root, root.parent):
        sync(folder)


def _write(chunks: Iterable[bytes], place: Path) -> None:
    """Beside its place under another name, then renamed: nobody ever meets half a file."""
    number, name = tempfile.mkstemp(dir=place.parent, prefix=".")
    fresh = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Have the names in the folder on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def opened(sha256: str) -> BinaryIO:
    """The file of this hash, to be read; `FileNotFoundError` where it is not held."""
    return _place(sha256).open("rb")


def lay_by(upload: File, owner: UUID) -> str:
    """Keep a file until its owner decides on it; its hash. One each, in place of any before.

    What others laid by and forgot goes after a day.
    """
    let_go(owner)
    folder = Path(settings.FILES_DIR) / WAITING
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in folder.iterdir():
        if other.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(other, ignore_errors=True)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    place = folder / str(owner) / digest.hexdigest()
    place.parent.mkdir(mode=0o700, exist_ok=True)
    _write(upload.chunks(), place)
    return place.name


def laid_by(owner: UUID, sha256: str) -> BinaryIO:
    """The file that the owner laid by; `FileNotFoundError` where it is another one, or gone."""
    if not NAME.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    return (Path(settings.FILES_DIR) / WAITING / str(owner) / sha256).open("rb")


def let_go(owner: UUID) -> None:
    """Remove what the owner laid by."""
    shutil.rmtree(Path(settings.FILES_DIR) / WAITING / str(owner), ignore_errors=True)


def held() -> Iterator[str]:
    """The hashes of the copies on disk."""
    for path in Path(settings.FILES_DIR).glob("[0-9a-f][0-9a-f]/*"):
        if NAME.fullmatch(path.name):
            yield path.name


def sweep(older_than: timedelta, *, dry_run: bool = False) -> list[Path]:
    """Remove what nothing names and has not been touched for so long; what was removed.

    Copies of which neither an attachment nor a finding speaks, and what an upload left half done.
    """
    since = time.time() - older_than.total_seconds()
    folder = Path(settings.FILES_DIR)
    old = [path for path in (*folder.glob("??/*"), *folder.glob("??/.*")) if _older(path, since)]
    # After the list of files: a row committed meanwhile is seen here.
    named = {*Attachment.objects.hashes(), *FrozenCitation.objects.copies()}
    gone = [path for path in old if path.name not in named]
    # And what was begun by somebody who was killed: what is under way is young.
    for pattern in (f"{WAITING}/*/*", "underway/*"):
        gone += [path for path in folder.glob(pattern) if _older(path, since)]
    return [path for path in gone if dry_run or _removed(path, since)]


def _older(path: Path, since: float) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime < since
    except FileNotFoundError:
        return False


def _removed(path: Path, since: float) -> bool:
    """Moved aside, then looked at once more: who stores the same content now makes it young."""
    aside = path.with_name(f".going-{path.name}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if not _older(aside, since):
        aside.rename(path)
        return False
    aside.unlink()
    with suppress(OSError):
        path.parent.rmdir()  # Where it was the last one.
    return True


def dangling() -> Iterator[tuple[str, str]]:
    """Each hash that an attachment names without its copy, or with another content, and which."""
    for sha256 in sorted(Attachment.objects.hashes()):
        try:
            with opened(sha256) as file:
                if hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest() != sha256:
                    yield sha256, "has another content than the one it was kept with"
        except FileNotFoundError:
            yield sha256, "is not held"


def _place(sha256: str) -> Path:
    if not NAME.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    return Path(settings.FILES_DIR) / sha256[:2] / sha256
