"""The API keeps to what it says of itself, whatever is asked and sent.

`API_EXAMPLES` says how many requests each address is asked with; the walk of every limit of every
field (`coverage`), which takes minutes, is made where there are more than a few.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from measures.models import User
from tests.api.program import Program
from tests.world import small_world

EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
# What is well formed may still be refused, such as a day in the future: not a breach.
LEFT_OUT = "positive_data_acceptance"


def run(server: LiveServer, person: User, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What schemathesis says, asking with a token that writes."""
    thorough = EXAMPLES > 5
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{server.url}/api/v1/openapi.json",
        f"--header=Authorization: Bearer {Program(person).secret}",
        "--phases=examples,coverage,fuzzing" if thorough else "--phases=examples,fuzzing",
        f"--max-examples={EXAMPLES}",
        f"--exclude-checks={LEFT_OUT}",
        "--generation-deterministic",
        "--no-color",
    ]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=1200, env=os.environ
    )


@pytest.fixture(scope="session")
def server(django_db_setup: None, request: pytest.FixtureRequest) -> LiveServer:
    """The tracker behind HTTP; begun after the database, else its threads share one connection."""
    found: LiveServer = request.getfixturevalue("live_server")
    return found


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_breach(
    server: LiveServer, ana: User, rui: User, tmp_path: Path
) -> None:
    small_world(ana, rui)
    done = run(server, ana, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
