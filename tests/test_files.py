"""Held copies: on disk under their hash, whole or not at all, and only of the types we take."""

import hashlib
import io
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from measures import files

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PAGE = "<!DOCTYPE html>\n<title>公告</title>".encode()
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00"


def office(part: str) -> bytes:
    """A ZIP archive with the main part of an office document in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return packed.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")


def upload(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def held(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the copies."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def every_file(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("law.pdf", PDF, "application/pdf"),
        ("LAW.PDF", PDF, "application/pdf"),
        ("scan.png", PNG, "image/png"),
        ("scan.jpg", JPEG, "image/jpeg"),
        ("scan.jpeg", JPEG, "image/jpeg"),
        ("text.txt", "第一条".encode(), "text/plain"),
        ("text.txt", "第一条".encode("gb18030"), "text/plain"),
        ("page.html", PAGE, "text/html"),
        ("page.htm", PAGE, "text/html"),
        ("law.docx", DOCX, files.KINDS[".docx"][0]),
        ("table.xlsx", XLSX, files.KINDS[".xlsx"][0]),
    ],
)
def test_what_is_taken(name: str, content: bytes, kind: str, held: Path) -> None:
    stored = files.store(upload(name, content))
    assert (stored.kind, stored.size) == (kind, len(content))
    with files.opened(stored.sha256) as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("law.exe", PROGRAM, "that ends in “.exe” is not taken"),
        ("law", PDF, "is not taken"),
        ("law.pdf.svg", b"<svg/>", "“.svg” is not taken"),
        ("law.docm", DOCX, "“.docm” is not taken"),
        ("law.pdf", b"", "is empty"),
        ("law.pdf", PROGRAM, "the content is something else"),
        ("law.pdf", PNG, "the content is something else"),
        ("scan.png", JPEG, "the content is something else"),
        ("text.txt", PROGRAM, "the content is something else"),
        ("text.txt", b"x" * files.EDGE + PROGRAM, "the content is something else"),
        ("page.html", b"no page", "the content is something else"),
        ("page.html", PAGE + b"\0", "the content is something else"),
        ("law.docx", XLSX, "the content is something else"),
        ("table.xlsx", b"PK\x03\x04", "the content is something else"),
    ],
)
def test_what_is_refused_in_words(name: str, content: bytes, sentence: str, held: Path) -> None:
    with pytest.raises(files.Unwelcome, match=sentence):
        files.store(upload(name, content))
    assert every_file(held) == []


def test_a_file_is_taken_up_to_its_limit(monkeypatch: pytest.MonkeyPatch, held: Path) -> None:
    assert files.MOST == 20 * 1024 * 1024
    monkeypatch.setattr(files, "MOST", len(PDF))
    assert files.store(upload("law.pdf")).size == len(PDF)
    with pytest.raises(files.Unwelcome, match="at most 20 MB"):
        files.store(upload("law.pdf", PDF + b"x"))


def test_it_lies_under_its_hash_for_the_owner_alone(held: Path) -> None:
    stored = files.store(upload("law.pdf"))
    digest = hashlib.sha256(PDF).hexdigest()
    (path,) = every_file(held)
    assert stored.sha256 == digest
    assert path == held / digest[:2] / digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_stored_again_under_another_name_it_is_one_file(held: Path) -> None:
    first = files.store(upload("law.pdf"))
    (path,) = every_file(held)
    before = path.stat().st_ino
    assert files.store(upload("copy.pdf")) == first
    assert every_file(held) == [path]
    assert path.stat().st_ino == before


def test_a_large_upload_that_django_keeps_on_disk_is_stored_whole(held: Path) -> None:
    content = PDF + os.urandom(300_000)
    with TemporaryUploadedFile("law.pdf", "application/pdf", len(content), None) as large:
        large.write(content)
        stored = files.store(large)
    with files.opened(stored.sha256) as file:
        assert file.read() == content


def test_of_a_write_that_fails_nothing_is_left(monkeypatch: pytest.MonkeyPatch, held: Path) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.store(upload("law.pdf"))
    assert every_file(held) == []
    monkeypatch.undo()


def test_file_and_folders_are_on_disk_before_it_is_said(
    monkeypatch: pytest.MonkeyPatch, held: Path
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def watched(number: int) -> None:
        mode = os.fstat(number).st_mode
        synced.append("folder" if stat.S_ISDIR(mode) else "file")
        # The name stands only once the content does.
        assert synced[0] == "file"
        fsync(number)

    monkeypatch.setattr(os, "fsync", watched)
    files.store(upload("law.pdf"))
    assert synced == ["file", "folder", "folder", "folder"]


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, f"{'a' * 64}\n", "0" * 64]
)
def test_only_what_is_held_can_be_opened(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.opened(name)
