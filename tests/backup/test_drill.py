"""The drill: a backup while others write, taken back elsewhere, and everything is there."""

import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from django.db import connection

from measures import backup, record
from measures.backup import archive
from measures.models import Attachment, RecordEntry
from tests.backup.second import Installation
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
BACKUPS = int(os.environ.get("BACKUPS", "2"))

READ = """
from django.test import Client
from measures.models import Attachment, RecordEntry, Theme
from measures import files
for path in ("/", "/measures/1.1/", "/search/?q=outline", "/changes/"):
    print(path, Client(SERVER_NAME="localhost").get(path).status_code)
print("copy", files.opened(Attachment.objects.get().sha256).read().decode())
print("titles", *Theme.objects.order_by("-pk").values_list("title", flat=True))
"""


class Writer(threading.Thread):
    """Somebody who retitles a theme again and again, and remembers what was acknowledged."""

    def __init__(self, world: World) -> None:
        super().__init__(daemon=True)
        self.theme, self.by = world.design, world.ana
        self.acknowledged: list[int] = []
        self.enough = threading.Event()
        self.some = threading.Event()

    def run(self) -> None:
        try:
            number = 0
            while not self.enough.is_set():
                number += 1
                self.theme.title = f"Design {number}"
                record.save(self.theme, by=self.by)
                self.acknowledged.append(number)
                if number >= 3:
                    self.some.set()
        finally:
            connection.close()

    def stop(self) -> None:
        self.enough.set()
        self.join(60)
        assert not self.is_alive()


def titles() -> list[str]:
    entries = RecordEntry.objects.filter(noun="theme", action="changed").order_by("sequence")
    return [entry.after["title"] for entry in entries]


def test_what_was_acknowledged_before_is_in_it(
    world: World, attachment: Attachment, second: Installation, tmp_path: Path
) -> None:
    writer = Writer(world)
    writer.start()
    try:
        assert writer.some.wait(60)
        before = len(writer.acknowledged)
        place = tmp_path / "tracker.backup"
        manifest = backup.take(place)
    finally:
        writer.stop()
    assert record.verify(manifest.head).broken is None
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "tracker.backup"]

    restored = second.run("restore", str(place))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert f"The record holds: {manifest.entries} entries, head {manifest.head}" in restored.stdout
    read = second.run("shell", "--no-imports", given=READ)
    assert read.returncode == 0, read.stderr
    told = read.stdout.splitlines()
    assert [line.split()[-1] for line in told[:4]] == ["200"] * 4
    assert told[4] == "copy 国发〔2021〕20号"
    number = int(told[5].rsplit(" ", 1)[-1])
    assert before <= number <= len(writer.acknowledged)
    again = second.run("restore", str(place))
    assert again.returncode == 1
    assert "CommandError: This installation is not empty" in again.stderr


def test_one_backup_after_another_under_writes(
    world: World, attachment: Attachment, tmp_path: Path
) -> None:
    writer = Writer(world)
    writer.start()
    try:
        assert writer.some.wait(60)
        entries = 0
        for number in range(BACKUPS):
            before = RecordEntry.objects.count()
            place = tmp_path / f"{number}.backup"
            manifest = backup.take(place)
            assert manifest.entries >= max(before, entries)
            entries = manifest.entries
            with archive.opened(place) as file:
                assert archive.checked(file) == manifest
            assert RecordEntry.objects.get(sequence=entries).hash == manifest.head
            place.unlink()
    finally:
        writer.stop()
    assert titles() == [f"Design {number}" for number in writer.acknowledged]
    print(f"{BACKUPS} backups while {len(writer.acknowledged)} writes were acknowledged")


def test_a_copy_of_the_file_alone_would_lack_writes(world: World, tmp_path: Path) -> None:
    """Why there is a command: what is acknowledged may still lie beside the file."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no file to copy.")
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    world.design.title = "Written after"
    record.save(world.design, by=world.ana)
    copied = tmp_path / "copied.sqlite3"
    copied.write_bytes(Path(name).read_bytes())
    count = "SELECT COUNT(*) FROM measures_recordentry"
    copy = sqlite3.connect(copied)
    assert copy.execute(count).fetchone()[0] < RecordEntry.objects.count()
    copy.close()
    assert backup.take(tmp_path / "taken").entries == RecordEntry.objects.count()
