"""What a backup and a restore refuse, in a sentence, before anything is touched."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from measures import backup, files
from measures.backup import archive, engines
from measures.models import Attachment, RecordEntry, Source
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def taken(attachment: Attachment, tmp_path: Path) -> Path:
    place = tmp_path / "tracker.backup"
    backup.take(place)
    return place


def rewritten(place: Path, change: Change) -> Path:
    """The same archive with its parts changed."""
    with zipfile.ZipFile(place) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    other = place.with_name("other.backup")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return other


def manifest_with(**told: Any) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        for name, value in told.items():
            manifest[name] = value(manifest[name]) if callable(value) else value
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change


def named_too(name: str) -> Change:
    """A part more, which the manifest names with its right hash."""

    def change(parts: dict[str, bytes]) -> None:
        parts[name] = b"x"
        told = {name: hashlib.sha256(b"x").hexdigest()}
        manifest_with(parts=lambda held: held | told)(parts)

    return change


def flipped(begins: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        name = next(name for name in parts if name.startswith(begins))
        parts[name] = parts[name][:-1] + bytes([parts[name][-1] ^ 1])

    return change


def without(begins: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        parts.pop(next(name for name in parts if name.startswith(begins)))

    return change


HOSTILE: list[tuple[Change, str]] = [
    (flipped("database"), "database does not have the hash in the manifest"),
    (flipped("files/"), "does not have the hash in the manifest"),
    (without("files/"), "is not what its manifest names"),
    (without("manifest"), "has no manifest"),
    (lambda parts: parts.update({"more": b"x"}), "is not what its manifest names"),
    (named_too("../../evil"), "'../../evil', which no backup holds"),
    (named_too("/etc/evil"), "'/etc/evil', which no backup holds"),
    (named_too(f"files/{'A' * 64}"), "which no backup holds"),
    (named_too(f"files/{'0' * 64}"), "does not have the hash in the manifest"),
    (manifest_with(format=2), "The backup has format 2, this tracker reads 1"),
    (manifest_with(parts={}), "it names no database"),
    (manifest_with(head="' OR 1=1"), "the head of the record is none"),
    (manifest_with(entries="many"), "a value is of the wrong kind"),
    (manifest_with(version="99.0"), "taken by a newer tracker (99.0"),
    (
        manifest_with(migrations=lambda known: [*known, "measures.9999_later"]),
        "taken by a newer tracker",
    ),
    (manifest_with(engine="oracle"), "carry the register over as a bundle"),
]


def test_every_tampered_archive_is_refused(
    taken: Path, held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "fill", lambda *args: pytest.fail("the database was touched"))
    before = {path: path.read_bytes() for path in held.rglob("*") if path.is_file()}
    for change, sentence in HOSTILE:
        with pytest.raises(CommandError) as refused:
            call_command("restore", str(rewritten(taken, change)))
        assert sentence in str(refused.value)
    assert {path: path.read_bytes() for path in held.rglob("*") if path.is_file()} == before


def test_an_untouched_archive_passes_every_check(taken: Path) -> None:
    """The control: the same way of writing it anew, with nothing changed."""
    with archive.opened(rewritten(taken, lambda parts: None)) as file:
        manifest = archive.checked(file)
    archive.fitting(manifest, connection.vendor)
    assert (manifest.entries, len(manifest.copies)) == (RecordEntry.objects.count(), 1)


def test_a_name_twice_is_refused(taken: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(taken, "a") as file,
    ):
        file.writestr("database", b"another")
    with pytest.raises(CommandError, match="holds a name twice"):
        call_command("restore", str(taken))


def test_what_unpacks_without_end_is_refused(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bomb(parts: dict[str, bytes]) -> None:
        parts["database"] = bytes(20_000_000)

    monkeypatch.setattr(archive, "RATIO", 100)
    hostile = rewritten(taken, bomb)
    with pytest.raises(CommandError, match="unpacks to far more"):
        call_command("restore", str(hostile))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no archive")
    with pytest.raises(CommandError, match="cannot be read as a backup"):
        call_command("restore", str(tmp_path / "text"))
    with pytest.raises(CommandError, match="is not there"):
        call_command("restore", str(tmp_path / "nothing"))


def test_an_installation_in_use_is_refused(taken: Path, world: World) -> None:
    rows = Source.objects.count()
    with pytest.raises(CommandError, match="This installation is not empty: its database holds"):
        call_command("restore", str(taken))
    assert Source.objects.count() == rows


def test_a_file_that_is_there_stays(taken: Path) -> None:
    before = taken.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(taken))
    assert taken.read_bytes() == before
    call_command("backup", str(taken), force=True)
    with archive.opened(taken) as file:
        archive.checked(file)


def test_nothing_is_left_where_it_fails(attachment: Attachment, tmp_path: Path, held: Path) -> None:
    copy = next(path for path in held.rglob("*") if path.is_file())
    copy.write_bytes(b"another content")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(CommandError, match="no longer has the content"):
        call_command("backup", str(tmp_path / "tracker.backup"))
    assert sorted(tmp_path.iterdir()) == before


def test_a_missing_copy_is_told_and_the_rest_is_taken(
    attachment: Attachment, tmp_path: Path, held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files._place(attachment.sha256).unlink()
    call_command("backup", str(tmp_path / "tracker.backup"))
    assert f"{attachment.sha256} is named by an attachment and not held." in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_told(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        call_command("backup", str(tmp_path / "none" / "tracker.backup"))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="programs of PostgreSQL")
@pytest.mark.parametrize(
    ("version", "sentence"), [(0, "is not on this machine"), (9, "here is of version 9")]
)
def test_without_the_programs_it_says_what_to_install(
    version: int,
    sentence: str,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "_version", lambda program: version)
    if not version:
        monkeypatch.setattr(engines, "_places", lambda name: [])
    with pytest.raises(CommandError, match=f"pg_dump {sentence}.*apt install postgresql-client-"):
        call_command("backup", str(tmp_path / "tracker.backup"))
