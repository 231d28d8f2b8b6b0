"""What is said in English, gathered for translation: `python -m tests.catalogue` (make messages).

Wants GNU gettext, which the tracker itself does not: the compiled catalogue is kept beside it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PO = Path("measures/locale/zh_Hans/LC_MESSAGES/django.po")
SOURCES = ("manage.py", "pyproject.toml", "ipr_tracker", "measures", "templates")
# Only the name of the file: with lines each edit of the code would change the catalogue.
OPTIONS = (
    *("--locale=zh_Hans", "--extension=html,txt,py,svg", "--no-obsolete", "--no-wrap"),
    *("--add-location=file", "--ignore=tests/*", "--ignore=.venv/*", "--ignore=var/*"),
)


def can_gather() -> bool:
    """Whether GNU gettext is here."""
    return shutil.which("xgettext") is not None


def gather(folder: Path) -> None:
    """Bring the catalogue in `folder` in line with the code beside it."""
    command = [sys.executable, "manage.py", "makemessages", *OPTIONS]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def compile_in(folder: Path) -> None:
    """Make of it what Django reads."""
    command = ["msgfmt", "--check", "-o", PO.with_suffix(".mo"), PO]
    subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    if not can_gather():
        sys.exit("GNU gettext is missing (Debian: apt install gettext).")
    gather(ROOT)
    compile_in(ROOT)
