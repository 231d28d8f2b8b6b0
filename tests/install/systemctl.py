"""In the place of systemctl, where no systemd runs: starts what the units say, no more.

Process ids go to the file named by WALK_PIDS, for whoever walks to end them.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

UNITS = Path("/etc/systemd/system")


def said(unit: str, name: str) -> str:
    """The value of a line of the unit, with what systemd writes for a percent sign and a dollar."""
    found = re.findall(rf"^{name}=(.*)$", (UNITS / unit).read_text(), re.MULTILINE)
    return found[-1].replace("%%", "%") if found else ""


def listening(unit: str) -> socket.socket:
    host, _colon, port = said(unit.replace(".service", ".socket"), "ListenStream").partition(":")
    return socket.create_server((host, int(port)), backlog=128)


def command(unit: str, *, with_socket: bool) -> list[str]:
    """As systemd would run it: its user, folder and variables, and the socket as number three."""
    told = "LISTEN_FDS=1 LISTEN_PID=$$ " if with_socket else ""
    run = said(unit, "ExecStart").replace("$$", "$")
    lines = (
        f"set -a; . {said(unit, 'EnvironmentFile')}; set +a; umask {said(unit, 'UMask')}; "
        f"cd {said(unit, 'WorkingDirectory')}; {told}exec {run}"
    )
    person = said(unit, "User")
    return ["setpriv", f"--reuid={person}", f"--regid={person}", "--init-groups", "sh", "-c", lines]


def serve(unit: str) -> None:
    door = listening(unit)
    if door.fileno() != 3:
        os.dup2(door.fileno(), 3)
    os.set_inheritable(3, True)
    process = subprocess.Popen(command(unit, with_socket=True), close_fds=False)
    note(unit, process.pid)


def note(unit: str, pid: int) -> None:
    with Path(os.environ["WALK_PIDS"]).open("a") as pids:
        pids.write(f"{unit} {pid}\n")


def noted(unit: str) -> int:
    pids = Path(os.environ["WALK_PIDS"])
    lines = pids.read_text().splitlines() if pids.exists() else []
    return next((int(line.split()[1]) for line in reversed(lines) if line.startswith(unit)), 0)


def program(name: str) -> str:
    found = shutil.which(name)
    assert found, name
    return found


def start(unit: str) -> None:
    if unit == "nginx":
        process = subprocess.Popen([program("nginx"), "-g", "daemon off;"])
        note(unit, process.pid)
    elif unit.endswith(".timer"):
        when = said(unit, "OnCalendar")
        asked = [program("systemd-analyze"), "calendar", when]
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)
        assert (UNITS / unit.replace(".timer", ".service")).exists()
    elif unit.endswith(".service") and said(unit, "Type") == "oneshot":
        subprocess.run(command(unit, with_socket=False), check=True)
    elif unit.endswith(".service"):
        serve(unit)


def main(words: list[str]) -> None:
    verb, *units = [word for word in words if not word.startswith("-")]
    print("systemctl", *words)
    if verb == "daemon-reload":
        return
    for unit in units:
        if verb == "restart":
            os.kill(noted(unit), 1)  # SIGHUP: workers anew, for want of a socket that stays open
        elif verb in ("enable", "start", "reload"):
            start(unit)
        else:
            sys.exit(f"systemctl {verb} is not played here")


if __name__ == "__main__":
    main(sys.argv[1:])
