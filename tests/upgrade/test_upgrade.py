"""Every version that was released is brought up to this one, with all that people did in it.

By itself a run takes the oldest, which goes through every migration, and the newest, from which
most will come; `make upgrades` (UPGRADES=on) takes them all. The databases are those that the
versions made themselves, on either engine: see keep.py.
"""

import json
import lzma
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.backup.second import Installation, second_installation
from tests.upgrade.keep import KEPT, KEY, SECRET

ROOT = Path(settings.BASE_DIR)
VERSIONS = sorted(
    {path.name.removesuffix(".sqlite.json") for path in KEPT.glob("*.sqlite.json")},
    key=lambda version: [int(part) for part in version.split(".")],
)
WALKED = VERSIONS if os.environ.get("UPGRADES") == "on" else [VERSIONS[0], VERSIONS[-1]]
SEALED_SINCE = "0.4.0"  # the first whose people had second factors
FIRST_BACKUP = "0.4.0"
BACKED_UP = [each for each in WALKED if each > FIRST_BACKUP and WALKED == VERSIONS]


def kept(version: str, kind: str) -> Path:
    return KEPT / f"{version}.{connection.vendor}.{kind}"


def told(version: str) -> dict[str, Any]:
    """What that version said was in it."""
    said: dict[str, Any] = json.loads(kept(version, "json").read_text())
    return said


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation on the engine of the tests."""
    with second_installation(tmp_path / "second") as installation:
        installation.folder.mkdir()
        yield installation


@pytest.fixture
def filled(second: Installation) -> Callable[[str], Installation]:
    """That installation, as the version left it."""

    def as_left(version: str) -> Installation:
        content = lzma.decompress(kept(version, "xz").read_bytes())
        if connection.vendor == "sqlite":
            (second.folder / "tracker.sqlite3").write_bytes(content)
        else:
            with psycopg.connect(second.url, autocommit=True) as server:
                server.execute(content)
        return second

    return as_left


def walked(place: Installation, version: str) -> dict[str, Any]:
    """What is there after the upgrade."""
    was = told(version)
    environment = os.environ | {
        "DATA_DIR": str(place.folder),
        "DATABASE_URL": place.url,
        "SECRET_KEY": KEY,
        "DEBUG": "on",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.upgrade.walker", was["head"], was["password"]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", WALKED)
def test_a_version_is_brought_up_with_all_that_was_in_it(
    version: str, filled: Callable[[str], Installation]
) -> None:
    found, was = walked(filled(version), version), told(version)
    assert {path: code for path, code in found["pages"].items() if code != HTTPStatus.OK} == {}
    assert found["behind"] or version == VERSIONS[-1]
    assert found["unprotected"] == []
    assert found["broken"] is None
    assert found["another head is missed"]
    assert found["entries"] >= was["entries"]
    assert found["findings"] == was["findings"]
    assert found["drafts"] == was["drafts"]
    assert found["password"]
    assert found["found"]
    assert found["apps"] == ([[SECRET, True]] if version >= SEALED_SINCE else [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [FIRST_BACKUP, *BACKED_UP])
def test_a_backup_of_an_older_version_is_restored(version: str, second: Installation) -> None:
    done = second.run("restore", str(kept(version, "backup")))
    assert done.returncode == 0, done.stderr
    assert re.search(rf"version {version}\) is back", done.stdout)
    was = told(version)
    assert f"{was['entries']} entries, head {was['head']}" in done.stdout


def test_the_version_before_this_one_is_kept() -> None:
    """Who raises the version keeps a database of it: make kept-databases."""
    dated = re.findall(r"^## \[(\d[\d.]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert set(dated) - {settings.VERSION} <= set(VERSIONS)
    for version in VERSIONS:
        for engine in ("sqlite", "postgresql"):
            assert (KEPT / f"{version}.{engine}.xz").exists()
