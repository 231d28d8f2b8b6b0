"""What Prometheus reads: of requests and the register, never of people or measures."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families as parsed

from ipr_tracker.environment import token as token_of
from measures.models import JobRun, User
from tests.world import World


def figures(client: Client, **headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in response["Cache-Control"]
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parsed(response.content.decode())
        for sample in family.samples
    }


def answers(told: Any, view: str, status: str = "200", method: str = "GET") -> float:
    labels = (("method", method), ("status", status), ("view", view))
    return told.get(("django_http_responses_total_by_status_view_method_total", labels), 0)


def test_the_figures_are_for_administrators_and_the_token(
    world: World,
    visitor: Client,
    ada: User,
    mei: User,
    signed_in: Callable[[User], Client],
    token: dict[str, str],
) -> None:
    refused = visitor.get("/metrics")
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    for wrong in ("x", token["Authorization"] + "x", "Basic " + "x" * 40, "Bearer "):
        assert visitor.get("/metrics", headers={"Authorization": wrong}).status_code == 401
    assert signed_in(mei).get("/metrics").status_code == 403
    assert figures(signed_in(ada))
    assert figures(visitor, **token)


def test_without_a_token_none_opens(world: World, visitor: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", "Bearer None", "Bearer"):
        assert visitor.get("/metrics", headers={"Authorization": given}).status_code == 401


def test_requests_are_counted_by_view(world: World, visitor: Client, token: dict[str, str]) -> None:
    before = figures(visitor, **token)
    for code in ("1.1", "1.2", "2.1"):
        assert visitor.get(f"/measures/{code}/").status_code == 200
    visitor.get("/nowhere/")
    visitor.get("/healthz")
    after = figures(visitor, **token)
    assert answers(after, "measure-detail") - answers(before, "measure-detail") == 3
    lost = [answers(told, "<unnamed view>", "404") for told in (before, after)]
    assert lost[1] - lost[0] == 1
    assert answers(after, "healthz") - answers(before, "healthz") == 1
    asked = ("django_db_execute_total", (("alias", "default"), ("vendor", world.ana._state.db)))
    statements = [
        sum(value for (name, _labels), value in told.items() if name == asked[0])
        for told in (before, after)
    ]
    assert statements[1] > statements[0]


def test_the_state_of_the_register_is_told(
    world: World, visitor: Client, token: dict[str, str]
) -> None:
    world.draft(world.rulings)
    JobRun.objects.done("backup")
    told = {name: value for (name, _labels), value in figures(visitor, **token).items()}
    assert told["ipr_tracker_findings"] == 4
    assert told["ipr_tracker_measures"] == 3
    assert told["ipr_tracker_drafts_waiting"] == 1
    assert told["ipr_tracker_record_entries"] > 4
    assert 0 <= told["ipr_tracker_backup_age_seconds"] < 60
    assert "ipr_tracker_link_check_age_seconds" not in told  # Nothing was ever looked at.
    assert told["ipr_tracker_info"] == 1
    assert ("ipr_tracker_check_ok", (("check", "triggers"),)) in figures(visitor, **token)


def test_no_label_holds_what_people_wrote_or_chose(
    world: World, visitor: Client, token: dict[str, str]
) -> None:
    for path in ("/measures/1.1/", "/search/?q=canary", "/canary/", "/evidence/outline/"):
        visitor.get(path)
    visitor.generic("CANARY", "/")
    told = visitor.get("/metrics", headers=token).content.decode()
    for word in ("canary", "CANARY", "outline", "plan", "1.1", "ana", "example.org", "testserver"):
        assert not re.search(rf'="[^"]*\b{word}\b', told), word
    labels = {name for family in parsed(told) for each in family.samples for name in each.labels}
    ours = {"view", "method", "status", "alias", "vendor", "type", "check", "version", "workers"}
    # The others are of the library itself, about the process that runs.
    assert labels <= ours | {"le", "generation", "implementation", "major", "minor", "patchlevel"}


@pytest.mark.parametrize("told", ["tiny", "ü" * 40, "with a space in it and long enough"])
def test_a_token_that_is_guessed_stops_the_start(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setenv("METRICS_TOKEN", told)
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN is shorter than 32") as refusal:
        token_of("METRICS_TOKEN")
    assert told not in str(refusal.value)


WORKERS = """
import os, sys, threading
sys.path.insert(0, os.getcwd())
from ipr_tracker import workers
workers.on_starting(None)
folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
import subprocess
count = "import django; django.setup()\\n" \\
    "from measures.upkeep import figures\\n" \\
    "figures.answered('progress', 'GET', 200, 0.01)\\n"
for _ in range(2):
    subprocess.run([sys.executable, "-c", count], check=True)
import django; django.setup()
from measures.upkeep import figures
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
workers.on_exit(None)
print("gone" if not os.path.exists(folder) else "there")
"""


@pytest.mark.parametrize("folder", ["", "named"])
def test_workers_add_up_in_a_folder_that_goes_with_them(folder: str, tmp_path: Path) -> None:
    named = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)} if folder else {}
    told = subprocess.run(
        [sys.executable, "-c", WORKERS],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ipr_tracker.settings", **named},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    line = 'by_status_view_method_total{method="GET",status="200",view="progress"} 2.0'
    assert line in told.stdout
    assert told.stdout.strip().endswith("there" if folder else "gone")
