"""Installing it: what the page tells to type is there, and the files that it names hold."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from ipr_tracker.settings import VARIABLES
from tests.install.page import FILES, PAGE, ROOT, one_server
from tests.nodes.servers import nginx, with_places

# What a colleague of the timers still owes us is in no list of commands.
UNITS = sorted(FILES.glob("tracker-*.*"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]
TEXTS = [PAGE, FILES.parent / "nodes.md", FILES.parent / "backup.md"]


def typed() -> str:
    return "\n".join(block.lines for block in one_server())


def test_the_page_is_read_whole() -> None:
    """Otherwise the walk would hold because it walks nothing."""
    assert len(one_server()) >= 9
    for word in ("git clone", "make -C", "tracker migrate", "systemctl enable", "nginx -t", "curl"):
        assert word in typed()


def test_every_file_that_is_copied_is_there() -> None:
    told = re.findall(r"\b(tracker(?:\.env)?|nginx\.conf)\s", typed())
    assert {"tracker", "tracker.env", "nginx.conf"} <= set(told)
    named = re.findall(r"docs/operations/files/([\w.-]+)", "".join(p.read_text() for p in TEXTS))
    assert named
    assert not [name for name in named if not (FILES / name).exists()]
    links = re.findall(r"\]\((\w+\.md)", "".join(path.read_text() for path in TEXTS))
    assert not [name for name in links if not (PAGE.parent / name).exists()]


def commands_in(text: str) -> set[str]:
    direct = r"(?:^tracker|manage\.py) ([a-z_]+)"
    return set(re.findall(direct, text, re.MULTILINE))


def test_every_command_that_is_typed_or_timed_is_there() -> None:
    texts = [typed(), *(path.read_text() for path in (*SERVICES, *TEXTS, FILES / "jobs.sh"))]
    named = set().union(*map(commands_in, texts))
    assert {"migrate", "backup", "check_links", "create_administrator"} <= named
    assert not named - set(get_commands())
    assert commands_in("tracker begone\npython manage.py begone_too") == {"begone", "begone_too"}


def test_every_setting_of_the_example_is_one() -> None:
    text = (FILES / "tracker.env").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_REPLICA_URL"} <= named
    assert not named - set(VARIABLES)


def test_the_timers_start_services_that_write_where_they_may() -> None:
    for timer in FILES.glob("*.timer"):
        assert timer.with_suffix(".service") in SERVICES
    for path in SERVICES:
        told = path.read_text()
        lines = ("User=tracker", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077")
        assert [line for line in lines if f"\n{line}\n" not in told] == [], path.name
        assert ("/var/backups" in told) == ("ReadWritePaths=/var/backups" in told)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="wants systemd")
@pytest.mark.parametrize("spoiled", [False, True])
def test_systemd_understands_the_units(tmp_path: Path, spoiled: bool) -> None:
    for path in UNITS:
        text = path.read_text().replace("/srv/tracker/.venv/bin/python", "/bin/sh")
        (tmp_path / path.name).write_text(text.replace("/bin/sh", "sh/") if spoiled else text)
    verify = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60)
    told = done.returncode or "tracker-" in done.stderr
    assert bool(told) is spoiled, done.stderr


@pytest.mark.skipif(not nginx(), reason="wants nginx")
@pytest.mark.parametrize("name", ["nginx.conf", "nginx-nodes.conf"])
def test_nginx_understands_its_file(tmp_path: Path, name: str) -> None:
    site = re.sub(r"^\s*ssl_certificate.*\n", "", (FILES / name).read_text(), flags=re.MULTILINE)
    told = tmp_path / name
    for text, fails in ((site.replace(" ssl;", ";"), False), (site + "nonsense", True)):
        told.write_text(with_places(text, tmp_path))
        command = [str(nginx()), "-t", "-c", str(told), "-e", str(tmp_path / "log")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert bool(done.returncode) is fails, done.stderr


def test_the_proxy_sets_what_the_tracker_believes() -> None:
    for name in ("nginx.conf", "nginx-nodes.conf"):
        text = (FILES / name).read_text()
        assert "X-Forwarded-For $remote_addr;" in text  # set, where $proxy_add_… would be added to
        assert "X-Forwarded-Proto $scheme;" in text
    assert "header_up X-Forwarded-For {remote_host}" in (FILES / "Caddyfile").read_text()
    assert "TRUST_PROXY=on" in (FILES / "tracker.env").read_text()


def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return told


def test_containers_are_not_root_and_write_to_their_volumes_only() -> None:
    services = compose()["services"]
    assert set(services) == {"web", "jobs", "database"}
    for name in ("web", "jobs"):
        told = services[name]
        assert told["read_only"] is True
        assert told["cap_drop"] == ["ALL"]
        assert told["volumes"] == ["data:/data", "backups:/backups"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert set(compose()["volumes"]) == {"data", "backups", "database"}
    assert [line for line in steps() if line.startswith("USER")] == ["USER tracker"]


def test_compose_gives_no_secret_of_its_own_and_no_unknown_setting() -> None:
    told = compose()["services"]["web"]["environment"]
    assert not set(told) - set(VARIABLES)
    assert told["SECRET_KEY"].startswith("${SECRET_KEY:?")
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text()))
    assert asked == {"SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"}
    assert all(f"{name}=%s" in PAGE.read_text() for name in asked)


def steps() -> list[str]:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_image_copies_what_is_there_and_serves_as_a_server_does() -> None:
    copied = [line.split()[1] for line in steps() if line.startswith("COPY ")]
    assert [each for each in copied if each[0] != "-" and not (ROOT / each).exists()] == []
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "var", ".venv"} <= set(left_out)
    # The page of the guide, the seeds and the files of the jobs are read when it runs.
    assert not {"docs", "seeds", "templates", "measures"} & set(left_out)
    # As a server starts it: with what it says beside, such as where its workers count.
    assert "manage.py serve" in (FILES / "tracker-web.service").read_text()
    assert "manage.py serve" in steps()[-1]


def test_a_job_of_the_containers_is_one_of_the_timers() -> None:
    run = set(re.findall(r"run (\w+)", (FILES / "jobs.sh").read_text()))
    assert run == {"backup", "check_links", "send_digests"}
    assert {next(iter(commands_in(path.read_text())), "") for path in SERVICES} == run | {"serve"}
    subprocess.run(["sh", "-n", str(FILES / "jobs.sh")], check=True)  # noqa: S607
    subprocess.run(["sh", "-n", str(FILES / "tracker")], check=True)  # noqa: S607
