"""What the documents on security name is there: tests, files, settings, commands and fields.

A document that speaks of a guard that is gone is worse than none.
"""

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import global_settings, settings
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.core.management import get_commands
from django.db import models

from ipr_tracker.settings import VARIABLES

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = ("SECURITY.md", "docs/threat-model.md", "docs/asvs.csv", "docs/data-map.md")
PROSE = tuple(name for name in DOCUMENTS if name.endswith(".md"))
DECISIONS = {"met", "partly", "not met", "not applicable"}

TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
# A path of the repository, from its top; "DATA_DIR/files" and addresses are none.
PLACE = re.compile(
    r"(?<![\w/.:-])((?:docs|ipr_tracker|measures|seeds|templates|tests)/[\w./-]*|[\w-]+\.(?:toml|md|txt)|Makefile)"
)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")
SETTING = re.compile(r"\bsetting ([A-Z_]+)")
VARIABLE = re.compile(r"`([A-Z][A-Z_]{3,})[=`/]")
COMMAND = re.compile(r"`(?:python )?manage\.py (\w+)")
TARGET = re.compile(r"`make (\w+)`")
FIELD = re.compile(r"`([a-z]+)\.([A-Z]\w+)\.(\w+)`")


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text()


@cache
def names_in(path: str) -> set[str]:
    """The tests in a file; none where there is no file."""
    if not (ROOT / path).is_file():
        return set()
    return {
        node.name
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def missing_tests(text: str) -> list[str]:
    return [f"{path}::{name}" for path, name in TEST.findall(text) if name not in names_in(path)]


def missing_files(text: str, beside: Path = ROOT) -> list[str]:
    """Paths from the top of the repository, and links from where the document lies."""
    linked = {place: beside / place for place in LINK.findall(text)}
    # What is a link is read from where the document lies.
    named = {place.rstrip(".") for place in PLACE.findall(LINK.sub("]", text))}
    beside_it = {place for place in named if (beside / place).exists()}
    found = linked | {place: ROOT / place for place in named - beside_it}
    return sorted(place for place, path in found.items() if not path.exists())


def missing_settings(text: str) -> list[str]:
    ours = text_of("ipr_tracker/settings.py")
    return [
        name
        for name in SETTING.findall(text)
        if not re.search(rf"\b{name}\b", ours) and not hasattr(global_settings, name)
    ]


def missing_words(text: str) -> list[str]:
    """Variables of the environment, commands and targets of make that there are none of."""
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    return sorted(
        (set(VARIABLE.findall(text)) - set(VARIABLES))
        | (set(COMMAND.findall(text)) - set(get_commands()))
        | (set(TARGET.findall(text)) - targets)
    )


def wrong_rows(rows: list[dict[str, str]]) -> list[str]:
    """Ids that are missing, unknown, there twice, of another level, or without a reason."""
    listed = (line.split() for line in text_of("tests/asvs-5.0-ids.txt").splitlines()[1:])
    levels = dict(listed)
    counted = Counter(row["id"] for row in rows)
    wrong = {name for name in {*levels, *counted} if counted[name] != (name in levels)}
    for row in rows:
        told = row["how"].strip() and row["evidence"].strip()
        if row["level"] != levels.get(row["id"]) or row["decision"] not in DECISIONS or not told:
            wrong.add(row["id"])
        shown = any(each.search(row["evidence"]) for each in (TEST, PLACE, SETTING))
        if row["decision"] == "met" and not shown:
            wrong.add(row["id"])
    return sorted(wrong)


def personal_fields() -> set[str]:
    """Every field of an account, every one that names an account, and those that tell of people."""
    person = get_user_model()
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if model is person
        or field.related_model is person
        or isinstance(field, models.EmailField | models.GenericIPAddressField)
        or field.name in {"username", "user_agent"}
    }


def unmapped(text: str) -> list[str]:
    named = {".".join(each) for each in FIELD.findall(text)}
    return sorted(personal_fields() - named)


def missing_fields(text: str) -> list[str]:
    missing = []
    for label, model, field in FIELD.findall(text):
        try:
            apps.get_model(label, model)._meta.get_field(field)
        except (LookupError, FieldDoesNotExist):
            missing.append(f"{label}.{model}.{field}")
    return missing


def asvs() -> list[dict[str, str]]:
    return list(csv.DictReader(text_of("docs/asvs.csv").splitlines()))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_test_that_is_named_is_there(name: str) -> None:
    assert not missing_tests(text_of(name))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_is_named_is_there(name: str) -> None:
    assert not missing_files(text_of(name), (ROOT / name).parent)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_and_command_that_is_named_is_there(name: str) -> None:
    assert not missing_settings(text_of(name))
    assert not missing_words(text_of(name))


def test_every_requirement_is_decided_once() -> None:
    assert not wrong_rows(asvs())


def test_every_claim_has_a_test_behind_it() -> None:
    claims = text_of("docs/threat-model.md").partition("## Claims")[2].partition("\n## ")[0]
    rows = [line for line in claims.splitlines() if line.startswith("| ")]
    bare = [row for row in rows if not TEST.search(row) and not row.startswith("| claim |")]
    assert len(rows) > 10
    assert not bare


def test_every_field_about_a_person_is_in_the_data_map() -> None:
    assert not unmapped(text_of("docs/data-map.md"))
    assert not missing_fields(text_of("docs/data-map.md"))


INDEXES = ("README.md", "docs/README.md", "docs/operations/README.md", "docs/decisions/README.md")


@pytest.mark.parametrize("name", INDEXES)
def test_every_link_of_an_index_leads_somewhere(name: str) -> None:
    beside = (ROOT / name).parent
    linked = LINK.findall(text_of(name))
    assert linked
    assert [place for place in linked if not (beside / place).exists()] == []


@pytest.mark.parametrize("name", INDEXES[1:])
def test_every_document_is_in_the_index_of_its_folder(name: str) -> None:
    folder = (ROOT / name).parent
    linked = {(folder / place).resolve() for place in LINK.findall(text_of(name))}
    listed = {path for path in folder.iterdir() if path.suffix in {".md", ".csv"}}
    assert sorted(path.name for path in listed - linked - {ROOT / name}) == []


def test_every_command_is_told_to_who_runs_a_tracker() -> None:
    told = set(re.findall(r"`(\w+)(?: [^`]*)?`", text_of("docs/operations/README.md")))
    ours = {name for name, app in get_commands().items() if app == "measures"}
    assert sorted(ours - told) == []


class TestTheCheckWouldNotice:
    def test_a_test_that_is_gone(self) -> None:
        here = "tests/test_documents.py"
        gone = [f"{here}::test_that_is_gone", "tests/test_gone.py::test_anything"]
        kept = f"{here}::test_every_requirement_is_decided_once"
        assert missing_tests(" and ".join([*gone, kept])) == gone

    def test_a_file_that_is_gone(self) -> None:
        told = "`measures/gone.py`, `measures/shapes.py`, [a](gone.md), [b](sheets.md), Makefile"
        assert missing_files(told, ROOT / "docs") == ["gone.md", "measures/gone.py"]

    def test_a_setting_or_command_that_is_gone(self) -> None:
        assert missing_settings("setting GONE_ALREADY; setting SECRET_KEY") == ["GONE_ALREADY"]
        told = "`GONE=on`, `DEBUG=off`, `manage.py begone`, `manage.py migrate`, `make haste`"
        assert missing_words(told) == ["GONE", "begone", "haste"]

    def test_a_requirement_that_is_missing_twice_unknown_or_undecided(self) -> None:
        first, second, third, fourth, *rest = asvs()
        invented = {**first, "id": "V99.1.1"}
        undecided = {**third, "decision": "later"}
        unfounded = {**fourth, "decision": "met", "evidence": "Believe us"}
        given = [second, second, undecided, unfounded, invented, *rest]
        named = sorted([first["id"], second["id"], third["id"], fourth["id"], "V99.1.1"])
        assert wrong_rows(given) == named

    def test_a_field_that_is_not_mapped_or_gone(self) -> None:
        told = text_of("docs/data-map.md").replace("`measures.User.email`", "")
        assert unmapped(told) == ["measures.User.email"]
        assert missing_fields("`measures.User.shoe_size`") == ["measures.User.shoe_size"]
