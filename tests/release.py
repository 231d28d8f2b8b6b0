"""What is released: built into dist/, then installed in a clean place and walked through.

    python -m tests.release    builds the sdist, and the wheel twice, which must come out alike from
                               here and from the sdist; installs it as the README says, and uses it
                               on both databases

Wants the network, or packages that were fetched before. Ends with 1 and a sentence where something
does not hold.
"""

import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

from tests.postgres import cluster, programs

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
PAGES = ("/", "/zh/", "/measures/4.7/", "/help/reading/", "/zh/help/reading/", "/api/v1/measures")
BESIDE = ("requirements.txt", "sbom.json")
PATIENCE = 60  # Seconds until the first page stands.


def build(folder: Path, *targets: str, source: Path = ROOT) -> list[Path]:
    """Wheel and sdist of what lies there, or one of them (`-t wheel`)."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), *targets]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return sorted(path for path in folder.iterdir() if path.suffix in {".whl", ".gz"})


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def released() -> Path:
    """dist/ made anew; the wheel in it."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    wheel, sdist = build(DIST)
    with tempfile.TemporaryDirectory() as again:
        with tarfile.open(sdist) as packed:
            packed.extractall(again, filter="data")
        (source,) = Path(again).iterdir()
        (second,) = build(Path(again), "-t", "wheel", source=source)
        if digest(wheel) != digest(second):
            sys.exit("Another wheel comes out of the sdist: nobody could check what it is made of.")
    for name in BESIDE:
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, DIST)
    listed = sorted(DIST.iterdir())
    sums = "".join(f"{digest(path)}  {path.name}\n" for path in listed)
    (DIST / "SHA256SUMS").write_text(sums)
    print(sums, end="")
    return wheel


class Clean:
    """A virtual environment and a home in which nothing is but what was released."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.environment = {"PATH": os.defpath, "HOME": str(self.home), "LANG": "C.UTF-8"}
        venv.create(folder / "venv", with_pip=True, symlinks=True)
        python = str(folder / "venv/bin/python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if find_spec("uv"):
            pip = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "-p", python]
        for words in (["--require-hashes", "-r", "requirements.txt"], ["--no-deps", wheel.name]):
            subprocess.run([*pip, *words], cwd=DIST, check=True)
        self.program = str(folder / "venv/bin/ipr-tracker")

    def on(self, url: str) -> None:
        """From now on this database; without one the tracker's own choice, in an empty home."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        told = {"DATABASE_URL": url, "SECRET_KEY": "only-for-trying-" * 4} if url else {}
        kept = ("PATH", "HOME", "LANG")
        self.environment = {name: self.environment[name] for name in kept} | told

    def run(self, *words: str) -> str:
        """What `ipr-tracker` with these words says; the end where it fails."""
        done = subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"ipr-tracker {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def served(self) -> Iterator[int]:
        """The port at which it serves; it is asked to stop at the end, and must."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = [self.program, "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
        server = subprocess.Popen(words, cwd=self.folder, env=self.environment)
        try:
            for _ in range(PATIENCE * 10):
                with socket.socket() as trying:
                    if trying.connect_ex(("127.0.0.1", port)) == 0 or server.poll() is not None:
                        break
                time.sleep(0.1)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                ended = server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                ended = server.wait()
        if ended:
            sys.exit(f"The server was asked to stop and ended with {ended}.")

    def code(self) -> list[tuple[str, int]]:
        """The files of the tracker itself, and when they were written."""
        (packages,) = self.folder.glob("venv/lib/*/site-packages")
        return sorted(
            (str(path), path.stat().st_mtime_ns)
            for name in ("ipr_tracker", "measures")
            for path in (packages / name).rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        )


def fetched(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        sys.exit(f"{path} answers {answer.status}.")
    return text


def walk(place: Clean, url: str) -> None:
    """From nothing to pages, as whoever installs it goes."""
    place.on(url)
    before = place.code()
    place.run("setup")
    place.run("load_bundle")
    if "Nothing to do" not in place.run("load_bundle"):
        sys.exit("The register that comes along was loaded, and is not what it says.")
    place.run("create_demo_accounts")
    print(place.run("verify_record").strip())
    with place.served() as port:
        pages = {path: fetched(port, path) for path in PAGES}
        style = pages["/"].split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
        fetched(port, style)
    if 'lang="zh-Hans"' not in pages["/zh/"]:
        sys.exit("The Chinese page does not say that it is one.")
    place.run("backup", str(place.home / "walked.backup"))
    if place.code() != before:
        sys.exit("The tracker wrote beside its own code.")
    data = place.home / ".local/share/ipr-tracker"
    if (data / "tracker.sqlite3").exists() == bool(url):
        sys.exit(f"The database is not where it should be ({data}).")
    print(f"{len(pages)} pages and {style} on {url.split(':')[0] or 'SQLite'}: they stand.")


def main() -> None:
    command = ["git", "status", "--porcelain"]
    if said := subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout:
        print(f"This is no release yet, for these are not committed:\n{said}", end="")
    wheel = released()
    with tempfile.TemporaryDirectory(prefix="ipr-") as folder:
        place = Clean(Path(folder), wheel)
        walk(place, "")
        if programs():
            with cluster() as own:
                walk(place, own.url)
    print(f"{wheel.name} runs where nothing else is.")


if __name__ == "__main__":
    main()
