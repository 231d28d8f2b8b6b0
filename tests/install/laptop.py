"""`make run` in a fresh clone, as the README and docs/operations/install.md say it.

python -m tests.install.laptop
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.install.page import PAGE, ROOT
from tests.install.walk import FETCHING, PATH

ACCOUNTS = {"analyst", "reviewer", "manager", "administrator"}


def typed() -> list[str]:
    """The one command of the page."""
    section = PAGE.read_text().partition("\n## A laptop\n")[2].partition("\n## ")[0]
    (line,) = re.findall(r"^    (.+)$", section, re.MULTILINE)
    return str(line).split()


def lines_until_served(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    told = []
    for line in process.stdout:
        print(f"    {line}", end="", flush=True)
        told.append(line)
        if "Sign in at" in line:
            break
    return told


def page_at(port: int) -> str:
    """The first page, as soon as there is one."""
    never = threading.Event()
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            return str(answer.read().decode())
        never.wait(0.1)
    return ""


def main() -> int:
    began = time.monotonic()
    fetching = {name: told for name, told in os.environ.items() if FETCHING.match(name)}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="ipr-laptop-") as folder:
        clone = Path(folder) / "tracker"
        git = ["git", "-c", "safe.directory=*", "clone", "--quiet", str(ROOT), str(clone)]
        subprocess.run(git, check=True)
        environment = {"PATH": PATH, "HOME": os.environ.get("HOME", folder), **fetching}
        environment |= {"PORT": str(port), "XDG_CONFIG_HOME": folder}
        process = subprocess.Popen(
            typed(),
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            told = lines_until_served(process)
            accounts = {line.split()[0] for line in told if line.startswith("  ")}
            holds = {
                "four accounts are printed": accounts >= ACCOUNTS,
                "the register is there": "commitments" in page_at(port),
            }
        finally:
            os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
            ended = process.wait(60)
        holds["Ctrl-C ends it"] = ended in (0, 2, -signal.SIGINT)
    for what, is_so in holds.items():
        print(f"{'holds ' if is_so else 'BROKEN'}  {what}")
    print(f"make run, in {time.monotonic() - began:.0f} s.")
    return 0 if all(holds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
