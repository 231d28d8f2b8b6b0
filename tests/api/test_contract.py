"""The API keeps to what it says of itself, whatever is asked and sent.

`API_EXAMPLES` says how many requests each address is asked with; the walk of every limit of every
field (`coverage`), which takes minutes, is made where there are more than a few. `API_SEED`, a
number, chooses others than the ones that are asked every time.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from measures.models import User
from tests.api.program import Program
from tests.world import small_world

EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
SEED = os.environ.get("API_SEED", "")
CONFIGURED = Path(__file__).with_name("schemathesis.toml")
WIDEST = 240  # Characters of a line of what is told: an address that is asked may have thousands.
MOST_LINES = 200


def run(server: LiveServer, person: User, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What schemathesis says, asking with a token that writes."""
    thorough = EXAMPLES > 5
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={CONFIGURED}",
        "run",
        f"{server.url}/api/v1/openapi.json",
        f"--header=Authorization: Bearer {Program(person).secret}",
        "--phases=examples,coverage,fuzzing" if thorough else "--phases=examples,fuzzing",
        f"--max-examples={EXAMPLES}",
        f"--seed={SEED}" if SEED else "--generation-deterministic",
        "--warnings=off",
        "--no-color",
    ]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=1200, env=os.environ
    )


def breaches(done: "subprocess.CompletedProcess[str]") -> str:
    """What schemathesis found, without what it says beside it, in lines that can be read."""
    _before, mark, found = done.stdout.partition(" FAILURES ==")
    told = found.partition(" SUMMARY ==")[0] if mark else done.stdout + done.stderr
    lines = [line[:WIDEST] for line in told.splitlines() if line.strip("= ")]
    return "\n".join(lines[:MOST_LINES])


@pytest.fixture(scope="session")
def server(django_db_setup: None, request: pytest.FixtureRequest) -> LiveServer:
    """The tracker behind HTTP; begun after the database, else its threads share one connection."""
    found: LiveServer = request.getfixturevalue("live_server")
    return found


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_breach(
    server: LiveServer, ana: User, rui: User, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="django.request")  # Thousands of refusals are meant.
    small_world(ana, rui)
    # Put together once, which on a busy machine takes longer than schemathesis waits for it.
    assert Client().get("/api/v1/openapi.json").status_code == 200
    done = run(server, ana, tmp_path)
    if done.returncode:
        pytest.fail(breaches(done), pytrace=False)
