"""The API keeps to what it says of itself, whatever is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from measures.models import User
from tests.world import small_world

# What is well formed may still be refused, such as a day in the future: not a breach.
LEFT_OUT = "positive_data_acceptance"


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_breach(
    live_server: LiveServer, ana: User, rui: User, tmp_path: Path
) -> None:
    small_world(ana, rui)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{live_server.url}/api/v1/openapi.json",
        "--phases=coverage,fuzzing",
        "--max-examples=5",
        "--max-time=25",
        f"--exclude-checks={LEFT_OUT}",
        "--generation-deterministic",
        "--no-color",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, env=os.environ
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
