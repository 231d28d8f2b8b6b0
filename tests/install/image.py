"""The containers of docs/operations/install.md, followed on a machine that has no engine for them.

    python -m tests.install.image

The steps of the Dockerfile are done in a layer over this machine, in the place of Python's slim
image, and what compose.yaml says of `web` is held: its user, no capabilities, a file system that
cannot be written in, its variables, its volumes. Packages of the system are not fetched; those of
Python are. Wants Linux, root and PostgreSQL.
"""

import ctypes
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from tests import postgres
from tests.install.page import PAGE, ROOT
from tests.install.walk import FETCHING, NEW_MOUNTS, NEW_NETWORK, PATH, apart, run

SECRETS = {
    "SECRET_KEY": "only-for-tests-" * 4,
    "POSTGRES_PASSWORD": "only-for-tests",
    "ALLOWED_HOSTS": "tracker.example.org",
}
TYPED = re.compile(r"^    docker compose (?:run --rm web|exec jobs) (.*)$", re.MULTILINE)
ABOUT = "/about/"


class Image:
    """A root of its own, in which steps are done and then nothing is written any more."""

    def __init__(self, folder: Path, whole: ExitStack) -> None:
        apart(NEW_MOUNTS)
        run("mount", "--make-rprivate", "/")
        run("mount", "-t", "tmpfs", "tmpfs", str(folder))
        whole.callback(run, "umount", "--recursive", "--lazy", str(folder))
        self.root, upper, work = (folder / name for name in ("root", "upper", "work"))
        for each in (self.root, upper, work):
            each.mkdir()
        told = f"lowerdir=/,upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", told, str(self.root))
        for place in ("proc", "dev"):
            run("mount", "--rbind", f"/{place}", str(self.root / place))
        run("mount", "-t", "tmpfs", "tmpfs", str(self.root / "tmp"))
        # What the slim image has under this name.
        bare = self.root / "usr/local/bin"
        for name, line in (("python", 'exec python3 "$@"'), ("apt-get", 'echo "apt-get $*"')):
            (bare / name).unlink(missing_ok=True)
            (bare / name).write_text(f"#!/bin/sh\n{line}\n")
            (bare / name).chmod(0o755)
        shutil.rmtree(self.root / "srv/tracker", ignore_errors=True)
        fetching = {name: told for name, told in os.environ.items() if FETCHING.match(name)}
        self.environment = {"PATH": PATH, "HOME": "/root", **fetching}
        self.folder, self.user = "/", ""
        self.command: list[str] = []
        self.health: list[str] = []

    def build(self) -> None:
        for line in (ROOT / "Dockerfile").read_text().splitlines():
            word, _space, rest = line.partition(" ")
            if word in ("RUN", "COPY"):
                print(f"{word} {rest[:100]}", flush=True)
            if word == "RUN":
                self.do(["/bin/sh", "-c", rest])
            elif word == "COPY" and not rest.startswith("--from"):
                self.copy(*rest.split())
            elif word == "WORKDIR":
                self.folder = rest
            elif word == "ENV":
                self.set(dict(each.split("=", 1) for each in shlex.split(rest)))
            elif word == "USER":
                self.user = rest
            elif word == "CMD":
                self.command = json.loads(rest)
            elif word == "HEALTHCHECK":
                self.health = json.loads(rest.partition(" CMD ")[2])

    def set(self, variables: dict[str, str]) -> None:
        path = self.environment["PATH"]
        self.environment |= {k: v.replace("$PATH", path) for k, v in variables.items()}

    def copy(self, source: str, target: str) -> None:
        there = self.root / target.lstrip("/")
        if source != ".":
            shutil.copy(ROOT / source, there)
            return
        left_out = set((ROOT / ".dockerignore").read_text().split())
        listed = [shutil.which("git") or "git", "ls-files", "-z"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, names.split("\0")):
            if name.partition("/")[0] not in left_out:
                (there / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, there / name)

    def inside(self, command: list[str]) -> list[str]:
        """The command in this root, in its folder, as its user, who can become nobody else."""
        words = "cd " + shlex.quote(self.folder) + ' && exec "$@"'
        less = ["--bounding-set=-all", "--no-new-privs"] if self.user else []
        who = [f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        person = ["setpriv", *who, *less] if self.user else []
        return ["/usr/sbin/chroot", str(self.root), *person, "/bin/sh", "-c", words, "sh", *command]

    def do(self, command: list[str]) -> None:
        done = subprocess.run(self.inside(command), env=self.environment)
        if done.returncode:
            raise SystemExit(f"BROKEN  ends with {done.returncode}: {shlex.join(command)[:200]}")

    def close(self) -> None:
        """As `read_only`, `tmpfs` and `volumes` of compose.yaml have it."""
        run("mount", "-o", "remount,ro", str(self.root))
        for name in ("data", "backups"):
            place = self.root / name
            seen = place.stat()
            run("mount", "-t", "tmpfs", "tmpfs", str(place))
            os.chown(place, seen.st_uid, seen.st_gid)
            place.chmod(seen.st_mode)


def variables_of(service: str) -> dict[str, str]:
    """What compose gives the service, with the secrets of .env in it."""
    told: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    given = told["services"][service]["environment"]

    def filled(match: re.Match[str]) -> str:
        name, _colon, rest = match[1].partition(":")
        return SECRETS.get(name, rest[1:] if rest.startswith("-") else "")

    return {name: re.sub(r"\$\{([^}]*)\}", filled, value) for name, value in given.items()}


def database(whole: ExitStack) -> None:
    """In the place of the container of this name, at port 5432 of this network of our own."""
    options = "-c listen_addresses=127.0.0.1"
    own = whole.enter_context(postgres.cluster(options))
    for line in ("CREATE ROLE tracker LOGIN", "CREATE DATABASE tracker OWNER tracker"):
        psql = [str(own.binaries / "psql"), "-h", str(own.data), "-U", "postgres", "-qc", line]
        subprocess.run(psql, check=True)


def answers(image: Image, served: subprocess.Popen[bytes]) -> bool:
    """Whether HEALTHCHECK says so, within a minute."""
    places = "".join(
        (ROOT / name).read_text() for name in ("measures/urls.py", "ipr_tracker/urls.py")
    )
    asked = image.health
    if "healthz" not in places:
        print(f"        /healthz is not there yet: {ABOUT} is asked in its place")
        asked = [word.replace("/healthz", ABOUT) for word in asked]
    never = threading.Event()
    for _ in range(120):
        quiet: dict[str, Any] = {"stderr": subprocess.DEVNULL, "env": image.environment}
        if not subprocess.run(image.inside(asked), **quiet).returncode:
            return True
        if served.poll() is not None:
            return False
        never.wait(0.5)
    return False


def see(holds: bool, what: str) -> None:
    print(f"{'holds ' if holds else 'BROKEN'}  {what}", flush=True)
    if not holds:
        raise SystemExit(1)


def main() -> int:
    if os.geteuid() or not postgres.programs():
        print("Not walked: this wants root and PostgreSQL.")
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    began = time.monotonic()
    with ExitStack() as whole:
        folder = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix="ipr-image-")))
        image = Image(folder, whole)
        image.build()
        hosts = image.root / "etc/hosts"
        hosts.write_text(f"{hosts.read_text()}\n127.0.0.1 database tracker.example.org\n")
        image.close()
        apart(NEW_NETWORK)
        run("ip", "link", "set", "lo", "up")
        database(whole)
        image.set(variables_of("web"))
        *first, backup = TYPED.findall(PAGE.read_text())
        for line in first:
            print(line, flush=True)
            image.do(shlex.split(line))
        print(shlex.join(image.command)[:100], flush=True)
        served = subprocess.Popen(image.inside(image.command), env=image.environment)
        whole.callback(served.wait)
        whole.callback(served.terminate)
        see(answers(image, served), "the image serves, and its health check says so")
        image.do(shlex.split(backup))
        see(bool(list((image.root / "backups").iterdir())), f"a backup lies there: {backup}")
        # Even by root: by the tracker it could not be anyway.
        places = " || ".join(
            f"touch {place}/x" for place in ("/srv/tracker", "/etc", "/opt", "/usr")
        )
        writes = ["/usr/sbin/chroot", str(image.root), "/bin/sh", "-c", places]
        refused = subprocess.run(writes, stderr=subprocess.DEVNULL)
        see(bool(refused.returncode), "nothing of it can be written in but its volumes")
    print(f"All of it holds, in {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
