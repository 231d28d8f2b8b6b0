"""Another installation: its own folder, its own database, reached through manage.py alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection


@dataclass(frozen=True)
class Installation:
    """Where it lies."""

    folder: Path
    url: str

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """`manage.py` with these words."""
        environment = os.environ | {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "SECRET_KEY": "only-for-tests-" * 4,
            "DEBUG": "on",
        }
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
        return subprocess.run(
            command, env=environment, input=given, capture_output=True, text=True, timeout=120
        )

    @property
    def files(self) -> list[Path]:
        """The held copies."""
        return [path for path in (self.folder / "files").rglob("*") if path.is_file()]


@contextmanager
def second_installation(folder: Path) -> Iterator[Installation]:
    """An empty database on the engine of the tests."""
    if connection.vendor == "sqlite":
        yield Installation(folder, f"sqlite:///{quote(str(folder))}/tracker.sqlite3")
        return
    name = f"second_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    told = connection.settings_dict
    host, port = quote(str(told["HOST"]), safe=""), told["PORT"]
    who = quote(str(told["USER"])) + (f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else "")
    try:
        yield Installation(folder, f"postgres://{who}@{host}:{port}/{name}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
