"""What a desk says of how it applies the method: never a rule, by a bundle or by hand."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from measures import bundle, method, record
from measures.models import MethodText, RecordEntry, User
from tests.pages.reader import Node
from tests.world import World

FILE = """\
- place: rules
  edition: "2026-1"
  text: A pilot in **one** province counts as a draft here.
  text_zh: 在本处，一省试点视同草案。

- place: preface
  edition: "2026-1"
  text: We read the gazettes every Friday.
"""


@pytest.fixture
def loaded(world: World, tmp_path: Path) -> Path:
    (tmp_path / "method-texts.yaml").write_text(FILE)
    bundle.load(tmp_path, by=world.ana)
    return tmp_path


def shown(client: Client, path: str = "/method/") -> Node:
    return Node.of(client.get(path))


def test_they_stand_beside_the_part_they_speak_of_in_both_languages(
    loaded: Path, visitor: Client
) -> None:
    page = shown(visitor)
    rules = page.section("rules").text
    assert "How this desk applies it 2026-1 A pilot in one province" in rules
    assert "一省试点视同草案" in rules
    assert method.RULES[0].en in rules  # Beside the rules, never instead of one.
    assert "every Friday" in page.one("main").text
    assert "every Friday" not in page.section("statuses").text
    chinese = shown(visitor, "/zh/method/").section("rules").text
    assert chinese.index("一省试点") < chinese.index("one province")


def test_without_any_the_page_is_as_it_was(world: World, visitor: Client) -> None:
    """The control."""
    assert "How this desk applies it" not in shown(visitor).text


def test_they_are_in_the_record_and_change_no_version_of_the_method(
    loaded: Path, world: World
) -> None:
    entry = RecordEntry.objects.newest_first()[0]
    assert (entry.noun, entry.actor) == ("methodtext", world.ana.opaque_id)
    assert record.verify().broken is None
    assert world.plan.findings.earliest("pk").method_version == method.METHOD_VERSION


def test_an_earlier_moment_has_the_words_of_then(
    loaded: Path, world: World, visitor: Client
) -> None:
    text = MethodText.objects.get(place="rules")
    text.text, text.edition = "Otherwise now.", "2026-2"
    record.save(text, by=world.ana)
    entries = RecordEntry.objects.of_nouns("methodtext").order_by("sequence")
    added, changed = entries[0].at, entries[2].at
    assert "Otherwise now." in shown(visitor).section("rules").text
    between = (changed - timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    then = shown(visitor, f"/method/?known={between}").section("rules").text
    assert "2026-1 A pilot" in then
    before = (added - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert "How this desk" not in shown(visitor, f"/method/?known={before}").text


def test_a_bundle_takes_them_along_and_finds_them_again(
    loaded: Path, world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    bundle.dump(folder)
    assert "one** province" in (folder / "method-texts.yaml").read_text()
    assert bundle.load(folder, by=world.ana).nothing_to_do
    changed = (folder / "method-texts.yaml").read_text().replace("2026-1", "2026-2")
    (folder / "method-texts.yaml").write_text(changed)
    left = bundle.load(folder, by=world.ana)
    assert {each.field for each in left.differences} == {"edition"}
    assert MethodText.objects.get(place="rules").edition == "2026-1"
    bundle.load(folder, by=world.ana, update=True)
    assert MethodText.objects.get(place="rules").edition == "2026-2"
    bundle.dump(tmp_path / "one", world.speech)
    assert not (tmp_path / "one" / "method-texts.yaml").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        "- {place: verdicts, edition: x, text: y}",
        "- {place: rules, text: y}",
        "- {place: rules, edition: x, text: y, status: partial}",
    ],
)
def test_what_is_no_text_on_the_method_is_refused(wrong: str, world: World, tmp_path: Path) -> None:
    (tmp_path / "method-texts.yaml").write_text(wrong)
    with pytest.raises(bundle.BundleError):
        bundle.load(tmp_path, by=world.ana)
    assert not MethodText.objects.exists()


def test_the_places_are_parts_of_the_page(loaded: Path, visitor: Client) -> None:
    page = shown(visitor)
    for place, _name in MethodText._meta.get_field("place").choices or ():
        assert place == "preface" or page.section(str(place)), place
    with pytest.raises(ValidationError):
        MethodText(place="words", edition="x", text="y").full_clean()


def test_an_administrator_writes_one(
    world: World, ada: User, signed_in: Callable[[User], Client], visitor: Client
) -> None:
    told: dict[str, Any] = {"place": "tiers", "edition": "2", "text": "Leaders come last."}
    assert signed_in(ada).post("/admin/measures/methodtext/add/", told).status_code == 302
    assert "Leaders come last." in shown(visitor).section("tiers").text
