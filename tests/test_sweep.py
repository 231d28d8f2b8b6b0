"""Files and rows agree: what nothing names goes, and what is named and missing is told."""

import io
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from measures import files, workflow
from measures.models import Attachment, FrozenCitation, User
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ATTACH = "/desk/evidence/outline/files/"


@pytest.fixture(autouse=True)
def held(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the copies."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def place(held: Path, sha256: str) -> Path:
    return held / sha256[:2] / sha256


def stored(text: str) -> files.Held:
    return files.store(SimpleUploadedFile("a.txt", text.encode()))


def attached(world: World, text: str = "A law.") -> Attachment:
    copy = stored(text)
    row = Attachment(
        evidence=world.outline,
        sha256=copy.sha256,
        name="a.txt",
        kind=copy.kind,
        size=copy.size,
        added_by=world.ana,
    )
    return workflow.attach(row, by=world.ana)


def grow_old(folder: Path) -> None:
    old = time.time() - 2 * 24 * 60 * 60
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))


def every_file(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def swept(*words: str) -> str:
    out = io.StringIO()
    call_command("sweep_files", *words, stdout=out)
    return out.getvalue()


def test_what_nothing_names_goes_once_it_is_old(world: World, held: Path) -> None:
    kept = attached(world).sha256
    orphan = stored("Nobody came back for it.").sha256
    (held / orphan[:2] / ".half").write_text("half")
    assert swept() == "0 files that nothing names.\n"
    grow_old(held)
    assert "A dry run: nothing was changed." in swept("--dry-run")
    assert every_file(held) == sorted([kept, orphan, ".half"])
    assert swept().endswith("2 files that nothing names.\n")
    assert every_file(held) == [kept]


def test_a_copy_on_which_a_finding_rests_stays(world: World, held: Path) -> None:
    attachment = attached(world)
    finding = world.training.findings.get(number=1)
    frozen = FrozenCitation.of(world.outline_on_plan, finding, 9)
    assert frozen.copy_sha256 == attachment.sha256
    frozen.save()
    Attachment.objects.all().delete()
    grow_old(held)
    assert swept() == "0 files that nothing names.\n"
    assert every_file(held) == [attachment.sha256]


def test_what_an_import_laid_by_and_forgot_goes(world: World, held: Path) -> None:
    files.lay_by(SimpleUploadedFile("rows.csv", b"a,b\n"), world.ana.opaque_id)
    assert files.sweep(DAY) == []
    grow_old(held)
    assert len(files.sweep(DAY)) == 1
    assert every_file(held) == []


def test_a_missing_copy_is_told(world: World, held: Path) -> None:
    sha256 = attached(world).sha256
    assert list(files.dangling()) == []
    place(held, sha256).unlink()
    with pytest.raises(CommandError, match="1 held copies missing or altered"):
        swept()
    assert list(files.dangling()) == [(sha256, "is not held")]


def test_an_altered_copy_is_told(world: World, held: Path) -> None:
    sha256 = attached(world).sha256
    place(held, sha256).write_bytes(b"A l4w.")
    with pytest.raises(CommandError, match="1 held copies missing or altered"):
        swept()
    ((told, what),) = files.dangling()
    assert (told, what) == (sha256, "has another content than the one it was kept with")


def test_an_old_copy_stored_again_during_a_sweep_stays(
    world: World, held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the rows and the removal somebody attaches the same content."""
    sha256 = stored("A law.").sha256
    grow_old(held)
    rename = Path.rename

    def meanwhile(path: Path, target: Path) -> Path:
        if path.name == sha256:
            monkeypatch.setattr(Path, "rename", rename)
            attached(world)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", meanwhile)
    assert files.sweep(DAY) == []
    assert list(files.dangling()) == []


@pytest.mark.parametrize("hours", ["0", "-1", "87601"])
def test_a_time_that_cannot_be_is_refused(hours: str) -> None:
    with pytest.raises(CommandError, match="Write 1 to 87600 hours"):
        swept(f"--older-than={hours}")


class TestOnDiskBeforeTheRow:
    """Through the page: the file and its folders are on disk before the row that names them."""

    @pytest.fixture
    def happened(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        told: list[str] = []
        fsync = os.fsync
        monkeypatch.setattr(os, "fsync", lambda number: (told.append("fsync"), fsync(number))[1])
        return told

    @pytest.fixture
    def desk(self, world: World, signed_in: Callable[[User], Client]) -> Client:
        return signed_in(world.ana)

    def test_in_this_order(self, desk: Client, happened: list[str]) -> None:
        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.startswith('INSERT INTO "measures_attachment"'):
                happened.append("row")
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            desk.post(ATTACH, {"file": SimpleUploadedFile("a.txt", b"A law.")})
        assert happened == ["fsync", "fsync", "fsync", "fsync", "row"]

    def test_whoever_dies_between_leaves_an_orphan(
        self, desk: Client, held: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(BaseException):
            pass

        def die(*args: Any, **kwargs: Any) -> None:
            raise Killed

        monkeypatch.setattr(workflow, "attach", die)
        with pytest.raises(Killed):
            desk.post(ATTACH, {"file": SimpleUploadedFile("a.txt", b"A law.")})
        assert not Attachment.objects.exists()
        assert len(every_file(held)) == 1
        assert list(files.dangling()) == []
        grow_old(held)
        assert len(files.sweep(DAY)) == 1
