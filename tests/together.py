"""Runs commands at the same time, each on its own lines of output.

    python -m tests.together COMMAND COMMAND...   every COMMAND is one argument, for the shell

The first one is seen while it runs; what the others say is shown when they have ended, in their
order. Fails if one of them fails, after all have ended, and names it.
"""

import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from typing import IO


def main(commands: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the commands end, too
    with ExitStack() as stack:
        said: list[IO[bytes] | None] = [None]
        said += [stack.enter_context(tempfile.TemporaryFile()) for _ in commands[1:]]
        running = [
            subprocess.Popen(command, shell=True, stdout=told, stderr=told)  # noqa: S602
            for command, told in zip(commands, said, strict=True)
        ]
        try:
            failed = [
                command
                for command, process, told in zip(commands, running, said, strict=True)
                if _ended(process, told)
            ]
        except KeyboardInterrupt:  # they heard it as well, and clean up
            for process in running:
                process.wait()
            return 130
        finally:
            for process in running:
                process.terminate()
    for command in failed:
        print(f"Failed: {command}", file=sys.stderr)
    return 1 if failed else 0


def _ended(process: subprocess.Popen[bytes], told: IO[bytes] | None) -> int:
    """Wait for it and show what it said; its exit status."""
    status = process.wait()
    if told:
        told.seek(0)
        sys.stdout.buffer.write(told.read())
        sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
