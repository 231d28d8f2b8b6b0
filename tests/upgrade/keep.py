"""A small database as one version left it, to be upgraded by every later one.

    python -m tests.upgrade.keep CHECKOUT    asks the version that lies there to make one, and keeps
                                             it in tests/upgrade/kept/ with what is to be found in
                                             it; make kept-databases does so on both databases

Each release keeps its own, in the commit that names it. A few commitments of the speech, the
demonstration accounts, a finding that people judged, one that waits, one that was begun, an
authenticator app, and from 0.4.0 on a backup. The tracker itself is not imported here, for each
version brings its own.
"""

import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import yaml

from tests.postgres import programs

KEPT = Path(__file__).parent / "kept"
CODES = {"1.1", "2.1", "2.3", "2.5", "3.6", "4.7", "6.1"}
# Under which the kept seeds of apps are sealed; it opens nothing else.
KEY = "only-for-tests-" * 4
SECRET = "JBSWY3DPEHPK3PXP"

LIVED = f"""
from datetime import date
from measures import workflow
from measures.models import Measure, User
ana, rui = (User.objects.get(username=name) for name in ("analyst", "reviewer"))
def draft(code):
    measure = Measure.objects.get(code=code)
    old = measure.findings.order_by("effective_on").last()
    return workflow.start(
        measure, by=ana, citations=list(measure.citations.all()), status=old.status,
        confidence=old.confidence, confidence_reason="Looked at again.",
        rationale="It stands as it was.", effective_on=date(2026, 11, 1),
    )
workflow.approve(workflow.submit(draft("1.1"), by=ana), by=rui)
workflow.submit(draft("2.1"), by=ana)
draft("4.7")
from django.apps import apps
if apps.is_installed("allauth.mfa"):
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    app = dict(secret=get_adapter().encrypt("{SECRET}"))
    Authenticator.objects.create(user=rui, type="totp", data=app)
"""

TOLD = """
import json
from measures.models import Draft, Finding, RecordEntry
last = RecordEntry.objects.order_by("sequence").last()
print("TOLD", json.dumps({
    "head": last.hash, "entries": last.sequence,
    "findings": sorted(Finding.objects.values_list("measure__code", "number", "status")),
    "drafts": sorted(Draft.objects.values_list("measure__code", "state")),
}))
"""


def small(seeds: Path, folder: Path) -> None:
    """The bundle of that version, of a few of its commitments and what belongs to them."""
    nouns = {path.stem: yaml.safe_load(path.read_text()) for path in seeds.glob("*.yaml")}
    for name in ("citations", "findings"):
        nouns[name] = [row for row in nouns[name] if row["measure"] in CODES]
    nouns["measures"] = [row for row in nouns["measures"] if row["code"] in CODES]
    cited = {row["evidence"] for row in nouns["citations"]}
    nouns["evidence"] = [row for row in nouns["evidence"] if row["key"] in cited]
    folder.mkdir()
    for name, rows in nouns.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True))


def packed_sqlite(database: Path) -> bytes:
    """The file itself, without the pages that nothing lies in."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("VACUUM")
    connection.close()
    return lzma.compress(database.read_bytes(), preset=9 | lzma.PRESET_EXTREME)


def client(name: str) -> str:
    """The program of the PostgreSQL that the tests use."""
    return str((programs() or Path("/usr/bin")) / name)


def packed_postgresql(url: str) -> bytes:
    """A dump that any client can send: statements alone, nothing for psql."""
    options = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-acl", "--dbname", url)
    dump = subprocess.run([client("pg_dump"), *options], check=True, capture_output=True).stdout
    lines = [line for line in dump.splitlines(keepends=True) if not line.startswith(b"\\")]
    return lzma.compress(b"".join(lines), preset=9 | lzma.PRESET_EXTREME)


def keep(checkout: Path) -> None:
    version = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["version"]
    url = os.environ.get("DATABASE_URL", "")
    engine = "postgresql" if url.startswith("postgres") else "sqlite"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        # The address of the tests names a database of the system: one is made beside it.
        own = re.sub(r"/postgres$", "/kept", url)
        environment = os.environ | {
            "DATA_DIR": f"{folder}/data",
            "DATABASE_URL": own if url else f"sqlite:///{folder}/kept.sqlite3",
            "SECRET_KEY": KEY,
        }

        def run(*words: str) -> str:
            command = [sys.executable, "manage.py", *words]
            done = subprocess.run(
                command, cwd=checkout, env=environment, capture_output=True, text=True
            )
            if done.returncode:
                sys.exit(f"{version}, {' '.join(words)[:40]}: {done.stdout}{done.stderr}")
            return done.stdout

        if url:
            subprocess.run([client("psql"), "-qc", "CREATE DATABASE kept", url], check=True)
        small(checkout / "seeds", folder / "seeds")
        run("migrate", "--noinput")
        run("load_bundle", str(folder / "seeds"))
        said = run("create_demo_accounts")
        run("shell", "--command", LIVED)
        told: dict[str, Any] = json.loads(run("shell", "-c", TOLD).rpartition("TOLD ")[2])
        told["password"] = dict(re.findall(r"^  (\w+) +(\S+)$", said, re.MULTILINE))["analyst"]
        told["backup"] = "backup" in run("help", "--commands").split()
        KEPT.mkdir(exist_ok=True)
        if told["backup"]:
            run("backup", "--force", str(KEPT / f"{version}.{engine}.backup"))
        packed = packed_postgresql(own) if url else packed_sqlite(folder / "kept.sqlite3")
    (KEPT / f"{version}.{engine}.xz").write_bytes(packed)
    (KEPT / f"{version}.{engine}.json").write_text(json.dumps(told) + "\n")
    print(f"{version} on {engine}: {len(packed) // 1024} kB, {told['entries']} entries")
    if url:
        subprocess.run([client("psql"), "-qc", "DROP DATABASE kept", url], check=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]).resolve())
