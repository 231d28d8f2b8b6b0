"""Everything that the tracker says is said in both languages."""

import gettext
import shutil
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from tests.catalogue import PO, ROOT, SOURCES, can_gather, gather


def catalogue(path: Path = ROOT / PO) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def entries(found: Catalog) -> list[Message]:
    return [each for each in found if each.id]


def wrong(message: Message) -> str:
    """What is wrong with an entry, or nothing."""
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(said):
        return "not said in Chinese"
    if message.fuzzy:
        return "guessed by a program"
    return "; ".join(str(error) for error in message.check())


def test_everything_is_said_in_chinese() -> None:
    found = entries(catalogue())
    assert len(found) > 1000
    assert not {each.id: wrong(each) for each in found if wrong(each)}


@pytest.mark.parametrize(
    ("id", "string", "flags"),
    [
        ("Save", "", ()),
        ("Save", "保存", ("fuzzy",)),
        ("%(number)d documents", "%(nummer)d份文件", ("python-format",)),
        (("%(n)d day", "%(n)d days"), ("",), ()),
    ],
)
def test_what_is_missing_guessed_or_broken_is_found(
    id: str | tuple[str, str], string: str | tuple[str, ...], flags: tuple[str, ...]
) -> None:
    assert wrong(Message(id, string, flags=flags))


def test_the_compiled_catalogue_says_the_same() -> None:
    with (ROOT / PO.with_suffix(".mo")).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    differing = []
    for each in entries(catalogue()):
        single = each.id[0] if isinstance(each.id, tuple) else each.id
        said = each.string[0] if isinstance(each.string, tuple) else each.string
        if isinstance(each.id, tuple):
            found = compiled.ngettext(*each.id, 2)
        elif each.context:
            found = compiled.pgettext(each.context, single)
        else:
            found = compiled.gettext(single)
        if found != said:
            differing.append(single)
    assert not differing, "compile it: make messages"


@pytest.mark.skipif(not can_gather(), reason="GNU gettext is not here (CI has it)")
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(tmp_path: Path) -> None:
    for name in SOURCES:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    gather(tmp_path)
    ids = {(each.context, each.id) for each in entries(catalogue(tmp_path / PO))}
    kept = {(each.context, each.id) for each in entries(catalogue())}
    assert ids == kept, "gather it: make messages"
    (tmp_path / "templates" / "new.html").write_text('{% load i18n %}{% translate "Unheard" %}')
    gather(tmp_path)
    assert "Unheard" in {each.id for each in entries(catalogue(tmp_path / PO))}
