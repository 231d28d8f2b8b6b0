"""The rules of the house that a machine can hold."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from ipr_tracker.settings import VARIABLES

ROOT = Path(settings.BASE_DIR)
TOP = {"ipr_tracker", "measures", "templates", "seeds", "tests", "docs", ".ci"}
LONGEST = 400
DRAWERS = {"utils", "helpers", "services", "common", "core", "misc"}


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that belongs to the project; from git, or as they lie where there is none."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("The rules on files need the repository.")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_every_setting_is_in_the_readme_and_nothing_else():
    table = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert set(table) == set(VARIABLES)
    assert len(table) == len(set(table))


def test_every_variable_that_the_settings_read_is_listed():
    text = (ROOT / "ipr_tracker" / "settings.py").read_text()
    read = set(
        re.findall(
            r'(?:text|switch|log|token|words|days|folder|time_zone|database|secret_key|mail)\(\s*"(\w+)"',
            text,
        )
    )
    read |= set(re.findall(r'"(OIDC_\w+)"', text))
    assert read - {"XDG_CONFIG_HOME"} == set(VARIABLES)


def test_the_top_level_holds_the_agreed_folders_only(files):
    folders = {path.relative_to(ROOT).parts[0] for path in files if path.parent != ROOT}
    assert folders <= TOP


def test_no_room_outgrows_itself(files):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if path.suffix == ".py" and "migrations" not in path.parts
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long


def test_no_room_is_a_drawer(files):
    assert not [
        path for path in files if {path.stem, *path.relative_to(ROOT).parent.parts} & DRAWERS
    ]


def test_each_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    named = [*project["project"]["dependencies"]]
    for group in project.get("dependency-groups", {}).values():
        named += [each for each in group if isinstance(each, str)]
    lines = text.splitlines()
    for dependency in named:
        place = next(n for n, line in enumerate(lines) if f'"{dependency}"' in line)
        assert "#" in lines[place] or lines[place - 1].strip().startswith("#"), dependency


def test_lock_files_name_no_registry_and_pin_every_hash():
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text()
        assert "://" not in text, path.name
        pins = re.findall(r"^[A-Za-z0-9][\w.\[\],-]*==", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins), path.name


# Views that only act and then lead to a page of another name.
ONLY_ACT = {
    "attachment-create",
    "attachment-download",
    "attachment-mark",
    "body-feed",
    "brief-excel",
    "brief-word",
    "bundle-file",
    "calendar",
    "card-ladder",
    "card-measure",
    "changes-feed",
    "changes-file",
    "citation-file",
    "cite",
    "draft-create",
    "embed-ladder",
    "embed-measure",
    "evidence-file",
    "finding-file",
    "invitation-withdraw",
    "look-logo",
    "look-manifest",
    "look-style",
    "measure-care",
    "healthz",
    "measure-feed",
    "metrics",
    "readyz",
    "measure-file",
    "message-again",
    "note-aside",
    "note-create",
    "notices",
    "sitemap",
    "source-feed",
    "subscription-delete",
    "subscription-pause",
    "text-capture",
    "theme-feed",
    "timeline-file",
    "token-revoke",
    "trend-picture",
    "view-delete",
    "view-start",
    "webhook-delete",
    "webhook-test",
}


def test_doors_do_not_know_the_schema():
    doors = [*(ROOT / "measures" / "pages").glob("*.py")]
    assert doors
    assert not [path.name for path in doors if ".filter(" in path.read_text()]


def test_a_status_is_told_by_its_name(files):
    number = re.compile(r"\bstatus=\d|\b(?:answer|Refusal)\(\d|^import http$", re.MULTILINE)
    code = [path for path in files if path.parts[len(ROOT.parts)] == "measures"]
    found = [path.name for path in code if path.suffix == ".py" and number.search(path.read_text())]
    assert found == []


def test_a_view_has_a_template_of_its_own_name():
    """One stem everywhere: URL name measure-detail, view measure_detail, its template."""
    from measures.urls import urlpatterns

    for pattern in urlpatterns:
        name = getattr(pattern, "name", None)
        if name:
            assert pattern.callback.__name__ == name.replace("-", "_")
            page = ROOT / "templates" / "measures" / f"{pattern.callback.__name__}.html"
            assert page.exists() == (name not in ONLY_ACT), name


def test_templates_carry_no_inline_style_or_script(files):
    inline = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)")
    pages = [path for path in files if path.suffix == ".html"]
    assert pages
    # A mail has nowhere to lead to for its style, which stands in its head.
    mails = {path for path in pages if "mail" in path.parts}
    assert not [
        path.name for path in pages if path not in mails and inline.search(path.read_text())
    ]
    told = [path.read_text().replace("<style>", "") for path in mails]
    assert not [text for text in told if inline.search(text) or "<script" in text]


def test_every_text_in_a_page_goes_through_gettext(files):
    """A capitalised run of words between tags that is in no translation tag is a bypass."""
    tags = re.compile(
        r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{[%{#].*?[%}#]\}", re.DOTALL
    )
    bare = re.compile(r">\s*([A-Z][a-z]+(?: [a-z]+)+)")
    ours = [path for path in files if path.suffix == ".html" and "admin" not in path.parts]
    found = {
        path.name: hits
        for path in ours
        if (
            hits := bare.findall(
                re.sub(
                    r"<(\w+)[^>]* lang=\"(?:en|zh)\".*?</\1>",
                    "",
                    tags.sub("", path.read_text()),
                    flags=re.DOTALL,
                )
            )
        )
    }
    assert not found


def test_lines_speak_of_the_project_alone(files):
    """No path of a machine: what is written here is read elsewhere."""
    private = re.compile("/" + r"(?:root|home/\w+|work)/")
    texts = [
        path for path in files if path.suffix in {".py", ".md", ".toml", ".txt", ".html", ".yaml"}
    ]
    assert not [path.name for path in texts if private.search(path.read_text())]
