"""An audit that failed is told apart from one that found something, and neither passes."""

import json
from typing import Any

import pytest

from tests.audit import main, verdict

DJANGO: dict[str, Any] = {"name": "django", "version": "5.2.1", "vulns": []}
HOLE = {"id": "PYSEC-1", "fix_versions": ["5.2.2"], "aliases": [], "description": ""}


def said(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_without_a_hole_it_passes() -> None:
    assert verdict(0, said(DJANGO), "") == (0, "No known hole in 1 packages.")


def test_a_hole_is_named_with_its_cure() -> None:
    code, told = verdict(1, said(DJANGO | {"vulns": [HOLE]}), "Found 1 known vulnerability")
    assert code == 1
    assert told.startswith("django 5.2.1: PYSEC-1, mended in 5.2.2\n1 known holes")


@pytest.mark.parametrize(
    ("code", "output", "errors"),
    [
        (1, "", "ERROR:pip_audit._cli:ConnectionError: no route"),
        (0, "", ""),
        (1, "<html>", "proxy"),
        (1, said(), "nothing"),
        (1, said(DJANGO), "timed out"),
        (0, said(DJANGO, {"name": "x", "skip_reason": "not on the index"}), ""),
    ],
)
def test_where_nobody_could_be_asked_it_says_so(code: int, output: str, errors: str) -> None:
    ended, told = verdict(code, output, errors)
    assert ended == 2
    assert "whether there are holes is NOT known" in told


def test_without_the_program_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("/nowhere/pip-audit") == 2
    assert "The look-up itself failed" in capsys.readouterr().out
