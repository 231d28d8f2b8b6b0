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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

MOST = 20 * 1024 * 1024
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
    if not place.exists():
        _write(upload, place)
    for folder in (place.parent, root, root.parent):
        _sync(folder)
    return Held(place.name, kind, place.stat().st_size)


def _write(upload: File, place: Path) -> None:
    """Beside its place under another name, then renamed: nobody ever meets half a file."""
    number, name = tempfile.mkstemp(dir=place.parent, prefix=".")
    fresh = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
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
    _write(upload, place)
    return place.name


def laid_by(owner: UUID, sha256: str) -> BinaryIO:
    """The file that the owner laid by; `FileNotFoundError` where it is another one, or gone."""
    if not NAME.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    return (Path(settings.FILES_DIR) / WAITING / str(owner) / sha256).open("rb")


def let_go(owner: UUID) -> None:
    """Remove what the owner laid by."""
    shutil.rmtree(Path(settings.FILES_DIR) / WAITING / str(owner), ignore_errors=True)


def _place(sha256: str) -> Path:
    if not NAME.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    return Path(settings.FILES_DIR) / sha256[:2] / sha256
