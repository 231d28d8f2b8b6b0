"""What a wheel brings, and what it does where nothing else of ours lies.

`make release` installs it and walks through it; here it is only built and unpacked.
"""

import email
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from email.message import Message
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from ipr_tracker.environment import folder
from measures import guide
from tests.release import build

ROOT = Path(settings.BASE_DIR)
SHIPPED = "ipr_tracker/shipped"
ASKED = """
import json
from django.conf import settings
from django.template.loader import get_template
from measures import guide
print(json.dumps({
    "version": settings.VERSION,
    "data": str(settings.DATA_DIR),
    "page": get_template("measures/progress.html").origin.name,
    "chapters": len(guide.chapters("zh")),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    (built,) = build(tmp_path_factory.mktemp("dist"), "-t", "wheel")
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def site(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was unpacked: what an installer does, but for the dependencies."""
    place = tmp_path_factory.mktemp("site")
    wheel.extractall(place)
    return place


def told(wheel: zipfile.ZipFile, name: str) -> str:
    (found,) = (each for each in wheel.namelist() if each.endswith(f".dist-info/{name}"))
    return wheel.read(found).decode()


def name_of(requirement: str) -> str:
    return re.split(r"[^\w-]", requirement, maxsplit=1)[0].lower()


def files_below(*folders: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for name in folders
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".po"
    }


def test_it_brings_all_that_the_code_reads_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    code = files_below("ipr_tracker", "measures")
    beside = files_below("templates", "seeds", "docs/guide")
    assert {"measures/locale/zh_Hans/LC_MESSAGES/django.mo", "seeds/measures.yaml"} < code | beside
    brought = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert brought == code | {f"{SHIPPED}/{name}" for name in beside}


def test_it_tells_of_itself_as_the_project_does(wheel: zipfile.ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    about: Message = email.message_from_string(told(wheel, "METADATA"))
    assert about["Version"] == settings.VERSION == project["version"]
    needed = [name_of(each) for each in about.get_all("Requires-Dist", [])]
    assert sorted(needed) == sorted(name_of(each) for each in project["dependencies"])
    scripts = ConfigParser()
    scripts.read_file(StringIO(told(wheel, "entry_points.txt")))
    assert dict(scripts["console_scripts"]) == {"ipr-tracker": "ipr_tracker.command:main"}


def ran(site: Path, home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program of the wheel, by somebody who has a home and nothing else."""
    return subprocess.run(
        [sys.executable, "-c", "from ipr_tracker.command import main; main()", *words],
        cwd=home,
        env={"PATH": os.defpath, "HOME": str(home), "PYTHONPATH": str(site), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_reads_what_it_brought_and_keeps_data_away_from_its_code(
    site: Path, tmp_path: Path
) -> None:
    before = files_in(site)
    done = ran(site, tmp_path, "shell", "--no-imports", "--command", ASKED)
    said: dict[str, Any] = json.loads(done.stdout or done.stderr)
    assert said == {
        "version": settings.VERSION,
        "data": str(tmp_path / ".local/share/ipr-tracker"),
        "page": str(site / SHIPPED / "templates/measures/progress.html"),
        "chapters": len(guide.CHAPTERS),
    }
    assert files_in(site) == before


def test_the_data_lie_where_its_user_wants_them(site: Path, tmp_path: Path) -> None:
    there = str(tmp_path / "there")
    done = ran(site, tmp_path, "shell", "--no-imports", "-c", ASKED, XDG_DATA_HOME=there)
    assert json.loads(done.stdout)["data"] == f"{there}/ipr-tracker"


def files_in(site: Path) -> set[str]:
    return {str(path) for path in site.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_who_has_no_home_is_asked_for_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    with pytest.raises(ImproperlyConfigured, match="this user has no home"):
        folder("DATA_DIR", Path("~nobody-of-this-name/tracker"))


class TestServing:
    @pytest.fixture
    def became(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """What the process became."""
        commands: list[list[str]] = []
        monkeypatch.setattr(os, "execv", lambda program, words: commands.append(list(words)))
        return commands

    def test_it_becomes_gunicorn_for_this_machine_alone(self, became: list[list[str]]) -> None:
        call_command("serve")
        (command,) = became
        assert command[:4] == [sys.executable, "-m", "gunicorn", "ipr_tracker.wsgi:application"]
        assert command[command.index("--bind") + 1] == "127.0.0.1:8000"
        assert command[command.index("--worker-class") + 1] == "gthread"
        assert "--forwarded-allow-ips=" in command

    def test_what_is_asked_for_holds_and_more_goes_to_gunicorn(
        self, became: list[list[str]]
    ) -> None:
        call_command("serve", "--bind", "unix:/run/t.sock", "--workers", "3", "--", "--preload")
        (command,) = became
        assert command[command.index("--bind") + 1] == "unix:/run/t.sock"
        assert command[command.index("--workers") + 1] == "3"
        assert command[-1] == "--preload"


@pytest.mark.django_db
def test_setting_up_collects_the_static_files_and_may_be_done_again(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STATIC_ROOT = tmp_path
    for _ in range(2):
        call_command("setup")
        assert "No migrations to apply." in capsys.readouterr().out
        assert (tmp_path / "measures/css/tokens.css").is_file()
