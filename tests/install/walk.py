"""The installation on one server, followed word for word from docs/operations/install.md.

    python -m tests.install.walk [sqlite|postgresql]

Everything is real but three things: packages are not fetched, systemd is played by systemctl.py,
and the machine is a layer over this one, with a network of its own, that is gone afterwards. Wants
Linux, root, nginx, openssl and curl; for postgresql its server, too.
"""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from tests import postgres
from tests.install.page import ROOT, Block, one_server

NEW_MOUNTS, NEW_NETWORK = 0x20000, 0x40000000
# What the commands change; /tmp and the caches of pip and uv stay those of this machine.
LAYERED = ("/etc", "/srv", "/usr/local", "/var", "/run")
WANTED = ("nginx", "openssl", "curl", "git", "make", "setpriv", "useradd", "systemd-analyze", "ip")
# What pip and uv are told by whoever looks after this machine.
FETCHING = re.compile("PIP_|UV_|SSL_CERT|REQUESTS_CA|(?i:https?_proxy|no_proxy)")
NAMES = "export REPOSITORY={root} SITE=tracker.example.org\n"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def apart(flag: int) -> None:
    """Leave what this process shares with the others."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flag):
        raise OSError(
            ctypes.get_errno(), "this machine gives nobody mounts or networks of their own"
        )


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def layer(over: Path) -> None:
    """From here on whatever is written below these folders is written elsewhere."""
    apart(NEW_MOUNTS)
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "tmpfs", str(over))
    for place in LAYERED:
        upper, work = over / f"upper{place}", over / f"work{place}"
        for each in (upper, work):
            each.mkdir(parents=True)
        told = f"lowerdir={place},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", told, place)
    with Path("/etc/hosts").open("a") as hosts:
        hosts.write("127.0.0.1 tracker.example.org\n")
    for site in (*Path("/etc/nginx/sites-enabled").glob("*"), Path("/srv/tracker")):
        with suppress(FileNotFoundError):
            site.unlink() if not site.is_dir() else shutil.rmtree(site)


def players(folder: Path) -> str:
    """A folder of what is played: put before all others in the search for programs."""
    folder.mkdir()
    for name, line in {
        "apt-get": 'echo "apt-get $* (taken as done)"',
        "systemctl": f'exec "{sys.executable}" "{ROOT}/tests/install/systemctl.py" "$@"',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def own_postgresql(whole: ExitStack) -> None:
    """A server where the page expects the one of the package: its socket, and who may come in."""
    binaries = postgres.programs()
    assert binaries
    owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
    data, sockets = Path("/var/lib/walked"), Path("/var/run/postgresql")
    for each in (data, sockets):
        each.mkdir(exist_ok=True)
        shutil.chown(each, "postgres", "postgres")
    options = f"-c listen_addresses= -k {sockets}"
    own = postgres.Cluster(data, binaries, options, owner)
    initdb = ["-U", "postgres", "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    own.run("initdb", *initdb)
    own.start()
    whole.callback(own.stop, "immediate")


class Walk:
    """The lines of the page, one block after another."""

    def __init__(self, folder: Path) -> None:
        self.pids = folder / "pids"
        self.environment = {
            "PATH": f"{players(folder / 'players')}:{PATH}",
            "HOME": os.environ.get("HOME", "/root"),
            "WALK_PIDS": str(self.pids),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            **{name: told for name, told in os.environ.items() if FETCHING.match(name)},
        }

    def type(self, block: Block) -> None:
        """In a shell that knows the two names."""
        lines = block.lines
        if not lines.startswith("export REPOSITORY="):
            lines = NAMES.format(root=ROOT) + lines
        print(f"-- {block.heading}", flush=True)
        began = time.monotonic()
        done = subprocess.run(["/bin/sh", "-eux", "-c", lines], env=self.environment, cwd="/")
        if done.returncode:
            raise SystemExit(f"BROKEN  these lines of the page end with {done.returncode}")
        print(f"holds  ({time.monotonic() - began:.1f} s)", flush=True)

    def see(self, what: str, command: str) -> None:
        done = subprocess.run(["/bin/sh", "-c", command], env=self.environment, cwd="/")
        print(f"{'BROKEN' if done.returncode else 'holds '}  {what}", flush=True)
        if done.returncode:
            raise SystemExit(1)

    def patiently(self, url: str) -> None:
        """The service was only just told to start; systemd would wait until it says so."""
        never = threading.Event()
        for _ in range(300):
            asked = ["curl", "--silent", "--fail", "--output", "/dev/null", url]
            if not subprocess.run(asked, env=self.environment).returncode:
                return
            never.wait(0.1)
        raise SystemExit("BROKEN  the pages did not come up")

    def end(self) -> None:
        lines = self.pids.read_text().splitlines() if self.pids.exists() else []
        for line in reversed(lines):
            pid = int(line.split()[1])
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def main(engine: str = "sqlite") -> int:
    missing = [name for name in WANTED if not shutil.which(name, path=PATH)]
    if os.geteuid() or missing:
        print(f"Not walked: this wants root and {', '.join(missing) or 'Linux'}.")
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    # Whoever is left without a parent comes to us, so that everybody who was started is ended.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    with ExitStack() as whole:
        folder = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix="ipr-install-")))
        (folder / "layers").mkdir()
        layer(folder / "layers")
        whole.callback(run, "umount", "--lazy", str(folder / "layers"))
        walk = Walk(folder)
        whole.callback(walk.end)
        for block in one_server():
            if "postgresql" in block.lines and engine == "sqlite":
                continue
            if "createuser" in block.lines:
                own_postgresql(whole)
            if "curl --fail" in block.lines:
                walk.patiently("https://tracker.example.org/about/")
            walk.type(block)
            if "make -C" in block.lines:  # From here on nothing is fetched any more.
                apart(NEW_NETWORK)
                run("ip", "link", "set", "lo", "up")
                walk.environment["CURL_CA_BUNDLE"] = "/etc/ssl/tracker/fullchain.pem"
        walk.patiently("https://tracker.example.org/")
        walk.see("a backup lies there", "ls -l /var/backups/tracker/*.backup")
        walk.see(
            "the pages set cookies for https alone and are read as the tracker's own user",
            "curl -si https://tracker.example.org/accounts/login/ | grep -q '__Host-csrftoken'"
            " && ps -o user= -C gunicorn,python | grep -q tracker",
        )
        walk.see(
            "whoever comes without https is led there",
            "curl -si http://tracker.example.org/ | grep -q '^Location: https://tracker'",
        )
        walk.see(
            "the tracker cannot change its own code, others cannot read its settings",
            "! setpriv --reuid=tracker --regid=tracker --init-groups touch /srv/tracker/x 2>&-"
            " && ! setpriv --reuid=nobody --clear-groups cat /etc/tracker/tracker.env 2>&-",
        )
    print(f"All of it holds, on {engine}, in {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
