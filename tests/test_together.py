"""What `make test` runs at the same time: all of it ends, and one failure is enough."""

import subprocess
import sys


def together(*commands: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.together", *commands]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_one_says_is_not_mixed_with_what_the_other_says() -> None:
    both = together("echo one; echo two", "echo three; echo four >&2")
    assert (both.returncode, both.stderr) == (0, "")
    assert both.stdout == "one\ntwo\nthree\nfour\n"


def test_whichever_fails_is_named_and_the_others_end() -> None:
    for first, second in (("exit 3", "echo whole"), ("echo whole", "exit 3"), ("exit 3", "false")):
        both = together(first, second)
        assert both.returncode == 1
        assert ("whole" in both.stdout) == ("echo whole" in (first, second))
        for command in (first, second):
            assert (f"Failed: {command}" in both.stderr) == (command != "echo whole")
