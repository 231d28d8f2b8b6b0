"""One cleaner of text behind every door: forms, administration, sheets and bundles."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, connection, transaction
from django.forms import modelform_factory
from django.test import Client
from django.urls import reverse

from measures import bundle, record
from measures.models import Evidence, Measure, Passage, Source, Theme, User
from measures.models.fields import Cleaned, WrittenField
from measures.text import cleaned, is_blank, refused
from tests.admin.browser import errors, filled
from tests.sheets.sent import as_csv, as_excel, as_json, planned
from tests.world import World

# What is held to a pattern of its own takes no words at all.
PATTERNED = {"accent", "accent_dark", "contact"}
# Each text field of each row that people edit: the model and the field's name.
WRITTEN = [
    (model, field.name)
    for model in apps.get_app_config("measures").get_models()
    for field in model._meta.get_fields()
    if isinstance(field, Cleaned) and field.editable and field.name not in PATTERNED
]
REVERSED = "a\u202egpj.exe"
SENTENCE = "Character 2 is U+202E RIGHT-TO-LEFT OVERRIDE, which cannot be shown. Remove it."
DECOMPOSED, COMPOSED = "Cafe\u0301", "Caf\u00e9"
NOTHING_SEEN = [
    " \t",
    "\u200b",
    "\u200d\u200c",
    "\u00ad\u2060",
    "\u3164\uffa0",
    "\u2800",
    "\ufe0f",
    "\U000e0041\U000e007f",
    "\u3000",
]


@pytest.mark.parametrize("blank", NOTHING_SEEN)
def test_text_of_which_nothing_is_seen_is_empty(blank: str) -> None:
    assert is_blank(blank)
    assert cleaned(blank) == ""


@pytest.mark.parametrize(
    "told",
    [
        "中华人民共和国专利法（2020年修正）",
        "می\u200cخواهم",
        "👩\u200d⚖\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "l\u2019œuvre · naïve",
        "two\nlines\tand a tab",
        "",
    ],
)
def test_honest_text_of_any_language_stays_as_it_is(told: str) -> None:
    assert cleaned(told) == told
    assert refused(told) is None


def test_what_is_refused_is_never_cleaned_away() -> None:
    for told in ("\u202e", "\0", "\ud800", " \u2066 "):
        assert cleaned(told) == told
        assert refused(told) is not None


@pytest.mark.parametrize(("model", "name"), WRITTEN, ids=str)
def test_every_text_field_of_every_row_is_cleaned(model: Any, name: str) -> None:
    field = model._meta.get_field(name)
    with pytest.raises(ValidationError) as refusal:
        field.clean(REVERSED, None)
    assert refusal.value.messages == [SENTENCE]
    assert field.clean(DECOMPOSED, None) == COMPOSED
    for blank in NOTHING_SEEN:
        if field.blank:
            assert field.clean(blank, None) == ""
        else:
            with pytest.raises(ValidationError, match="cannot be blank"):
                field.clean(blank, None)


@pytest.mark.parametrize(("model", "name"), WRITTEN, ids=str)
def test_every_form_of_a_row_cleans_its_text(model: Any, name: str, db: None) -> None:
    """Whatever form is made of a row, for a page or the administration, comes to the same."""
    form = modelform_factory(model, fields=[name])
    source = Source()
    theme, passage = Theme(source=source), Passage(source=source)
    whole = {"source": source, "theme": theme, "passage": passage} if model is Measure else {}

    def told(text: str) -> Any:
        written = form({name: text}, instance=model(**whole))
        return written.errors.get(name) or getattr(written.instance, name)

    assert told(REVERSED) == [SENTENCE]
    assert told(DECOMPOSED) == COMPOSED


def test_a_text_field_beside_rows_is_cleaned_the_same() -> None:
    field = WrittenField(required=True)
    assert field.clean(DECOMPOSED) == COMPOSED
    with pytest.raises(ValidationError, match="RIGHT-TO-LEFT OVERRIDE"):
        field.clean(REVERSED)
    with pytest.raises(ValidationError, match="required"):
        field.clean("\u200b")


def test_every_text_that_a_form_takes_into_the_register_is_cleaned() -> None:
    """No model of ours keeps plain text that people write in a field of another kind."""
    machine = {"ApiReceipt", "ApiToken", "LinkCheck", "RecordEntry", "SearchDoc", "Attachment"}
    machine |= {"Delivery", "JobRun", "Message", "Reminder"}
    # Names of terms and codes are held to a list or a pattern; these have rules of their own.
    known = {"username", "email", "password", "url", "archive_url", "method_version", "query"}
    for model in apps.get_app_config("measures").get_models():
        for field in model._meta.get_fields():
            text = field.__class__.__name__ in ("CharField", "TextField", "URLField")
            if text and model.__name__ not in machine and not getattr(field, "choices", None):
                assert field.name in known | {
                    "copy_sha256",
                    "logo",
                    "logo_hash",
                    "logo_kind",
                    "sealed",
                }, (model, field.name)


KINDS_OF_FILE: dict[str, Callable[..., bytes]] = {"csv": as_csv, "xlsx": as_excel, "json": as_json}


@pytest.mark.parametrize("kind", KINDS_OF_FILE)
@pytest.mark.parametrize(
    ("noun", "key", "name"),
    [
        (noun, key, name)
        for noun, key, names in (
            ("evidence", {"key": "outline"}, ("title", "title_zh", "issuer", "checked_how", "url")),
            ("measures", {"code": "1.1", "source": "speech-2020"}, ("title", "quotation")),
            (
                "citations",
                {"evidence": "outline", "measure": "1.1", "source": "speech-2020"},
                ("note", "quotation", "locator"),
            ),
        )
        for name in names
    ],
)
def test_a_sheet_is_cleaned(
    kind: str, noun: str, key: dict[str, str], name: str, world: World
) -> None:
    def sent(text: str) -> Any:
        return planned(KINDS_OF_FILE[kind]([key | {name: text}]), f"x.{kind}", world.ana, noun=noun)

    problems = [each.sentence for each in sent(REVERSED).problems]
    assert problems == [SENTENCE]
    if name != "url":
        (row,) = sent(DECOMPOSED).rows
        assert row.after == {name: COMPOSED}


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        ("bodies", "title"),
        ("sources", "speaker"),
        ("passages", "gist"),
        ("themes", "summary"),
        ("measures", "quotation"),
        ("evidence", "title_zh"),
        ("evidence", "url"),
        ("evidence", "seen_at"),
        ("citations", "note"),
        ("findings", "rationale"),
    ],
)
def test_a_bundle_is_cleaned(noun: str, name: str, world: World, tmp_path: Path) -> None:
    bundle.dump(tmp_path)
    path = tmp_path / f"{noun}.yaml"
    rows = yaml.safe_load(path.read_text())
    if noun == "findings":  # What stands is never changed: one more.
        rows.append(deepcopy(rows[-1]) | {"number": len(rows) + 1})
    told = {"seen_at": [REVERSED], "url": f"https://example.org/{REVERSED}"}
    rows[-1][name] = told.get(name, REVERSED)
    path.write_text(yaml.safe_dump(rows, allow_unicode=False, sort_keys=False))
    with pytest.raises(bundle.BundleError) as refusal:
        bundle.load(tmp_path, by=world.ana, update=True)
    assert "RIGHT-TO-LEFT OVERRIDE" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("speech", "speaker"),
        ("framing", "gist"),
        ("design", "title"),
        ("patent_office", "abbreviation"),
        ("plan", "title"),
        ("outline", "document_number"),
        ("outline_on_plan", "note"),
        ("plan", "entry_why"),
        ("ana", "display_name"),
    ],
)
def test_the_administration_cleans_what_is_written(
    name: str, field: str, world: World, ada: User, signed_in: Callable[[User], Client]
) -> None:
    obj, client = getattr(world, name), signed_in(ada)
    address = reverse(f"admin:measures_{obj._meta.model_name}_change", args=[obj.pk])
    before = record.head()
    response = client.post(address, filled(client.get(address), **{field: REVERSED}))
    assert "RIGHT-TO-LEFT OVERRIDE" in errors(response)
    assert record.head() == before
    if field != "entry_why":
        client.post(address, filled(client.get(address), **{field: DECOMPOSED}))
        obj.refresh_from_db()
        assert getattr(obj, field) == COMPOSED


def test_older_text_stays_editable_and_says_what_is_wrong_with_it(
    world: World, ada: User, signed_in: Callable[[User], Client]
) -> None:
    """A row from before the rule is shown, and mended by whoever edits it next."""
    Evidence.objects.filter(pk=world.outline.pk).update(title=DECOMPOSED, issuer="x\u200e")
    client, address = signed_in(ada), "/desk/evidence/outline/"
    assert client.get("/evidence/outline/").status_code == 200
    assert client.get(address).status_code == 200
    world.outline.refresh_from_db()
    assert world.outline.title == DECOMPOSED
    admin = reverse("admin:measures_evidence_change", args=[world.outline.pk])
    response = client.post(admin, filled(client.get(admin)))
    assert "LEFT-TO-RIGHT MARK" in errors(response)
    client.post(admin, filled(client.get(admin), issuer="x"))
    world.outline.refresh_from_db()
    assert (world.outline.title, world.outline.issuer) == (COMPOSED, "x")


def test_both_engines_would_part_over_what_the_edge_refuses(world: World) -> None:
    """The control: past the fields SQLite keeps a NUL, and PostgreSQL fails with an exception."""
    rows = Evidence.objects.filter(pk=world.outline.pk)
    if connection.vendor == "sqlite":
        rows.update(title="a\0b")
        assert json.dumps(rows.get().title) == '"a\\u0000b"'
    else:
        with pytest.raises((ValueError, DataError), match="NUL"), transaction.atomic():
            rows.update(title="a\0b")
