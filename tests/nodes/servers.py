"""Servers of a tracker on several machines, all of them on this one, as the documents have it."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests import postgres
from tests.chaos.site import children, until

ROOT = Path(__file__).parent.parent.parent
FILES = ROOT / "docs/operations/files"
# What is acknowledged is on disk, as in earnest; a replica that was lost asks again after a second.
PRIMARY = (
    "-c listen_addresses= -c fsync=on -c synchronous_commit=on -c wal_level=replica"
    " -c max_wal_senders=5 -c recovery_init_sync_method=syncfs -c max_connections=60"
)
REPLICA = f"{PRIMARY} -c hot_standby=on -c wal_retrieve_retry_interval=1s"
# How many others ask a server for pages at this moment.
ASKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    " AND query LIKE '%measures_%' AND query_start > clock_timestamp() - interval '1 second'"
)

HEAD = "SELECT left(hash, 12) FROM measures_recordentry ORDER BY sequence DESC LIMIT 1"
PAUSED = "SELECT pg_get_wal_replay_pause_state() = 'paused'"


def ask(server: postgres.Cluster, sql: str) -> Any:
    """The one value that the server answers with."""
    address = server.url.replace("postgres://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
        return row[0] if row else None


def kill(server: postgres.Cluster) -> None:
    """As a machine that loses its power: nobody has time to say anything."""
    pids = [server.postmaster, *children(server.postmaster)]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if server.process:
        server.process.wait()
    until(lambda: not any(is_alive(pid) for pid in pids))


def is_alive(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


@contextmanager
def replica_of(primary: postgres.Cluster) -> Iterator[postgres.Cluster]:
    """A streaming replica, made as docs/operations/nodes.md says."""
    with tempfile.TemporaryDirectory(prefix="ipr-", dir="/tmp") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        if primary.owner:
            nobody = pwd.getpwnam("nobody")
            Path(folder).chmod(0o755)
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
        own = postgres.Cluster(data, primary.binaries, REPLICA, primary.owner)
        try:
            own.run(
                *("pg_basebackup", "-h", str(primary.data), "-U", "postgres", "--no-sync"),
                *("--checkpoint=fast", "-X", "stream", "-R", "-C", "-S", "tracker_replica"),
            )
            # The socket of the primary lay among its data, and its lock was copied with them.
            (data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            own.start()
            yield own
        finally:
            own.stop("immediate")


@dataclass
class Node:
    """A web node: its socket stays open while the server behind it is started anew.

    So does systemd with tracker-web.socket; whoever asks meanwhile waits.
    """

    environment: dict[str, str]
    log: Path
    listening: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=128)
    )
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def start(self) -> None:
        handle = self.listening.fileno()
        told = (FILES / "tracker-web.service").read_text()
        options = re.findall(r"^ExecStart=\S+ (.+)$", told, re.MULTILINE)[0].split()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *options, "--bind", f"fd://{handle}"],
                env=self.environment,
                cwd=ROOT,
                pass_fds=[handle],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        """As `systemctl stop` does: what is being answered is answered."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                for pid in (self.process.pid, *children(self.process.pid)):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                self.process.wait()


def nginx() -> str | None:
    """The program, wherever this system keeps it."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def with_places(site: str, folder: Path) -> str:
    """A configuration of nginx around that of a site, which writes into one folder only."""
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"    {name}_temp_path {folder}/{name};" for name in names)
    return (
        f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\nworker_processes 2;\n"
        f"pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{\n    access_log off;\n{places}\n{site}\n}}\n"
    )


@contextmanager
def proxy(nodes: list[Node], folder: Path) -> Iterator[int]:
    """Nginx before the nodes, with the file of the documents but for its addresses; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    site = (FILES / "nginx-nodes.conf").read_text()
    for number, node in enumerate(nodes, start=1):
        site = site.replace(f"10.0.0.1{number}:8000", f"127.0.0.1:{node.port}")
    site = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", site, flags=re.DOTALL)
    site = re.sub(r"^\s*ssl_.*\n", "", site, flags=re.MULTILINE)
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    told = folder / "nginx.conf"
    told.write_text(with_places(site, folder))
    command = [str(nginx()), "-c", str(told), "-e", str(folder / "nginx.log")]
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(60)
