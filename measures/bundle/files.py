"""The files of a bundle: one YAML list per noun, read strictly and written readably."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from ..shapes import FINDING, SHAPES
from ..text import listed

NAMES = ("people", *(shape.name for shape in SHAPES), FINDING.name)

# A register of 100,000 measures is some 300 MB; nothing honest is larger.
MOST_BYTES = 512 * 1024 * 1024
# A list of records, a list of fields, a list of copies, and the fields of one.
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a bundle, and where: file, record and field (either may be empty)."""

    file: str
    record: str
    field: str
    sentence: str

    def __str__(self) -> str:
        place = " · ".join(part for part in (self.file, self.record, self.field) if part)
        return _("%(place)s: %(problem)s") % {"place": place, "problem": self.sentence}


class BundleError(Exception):
    """The bundle cannot be loaded; `problems` are all that were found. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class StrictLoader(yaml.CSafeLoader):
    """YAML without surprises: a key stands once, and no text turns into a date or a number base."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key.value, str):
                raise yaml.constructor.ConstructorError(
                    None, None, "the name of a field is a text", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the field {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


# 2020-11-30 stays the text that it is; each field knows how to read itself.
StrictLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for letter, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _plain_yaml(text: str) -> None:
    """Walk through the file without keeping any of it; raises ValueError where it is no bundle.

    A name for a repeated part can make megabytes from a line, and the reader of YAML calls itself
    once for each level.
    """
    deep = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1  # type: ignore[union-attr]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sentence = _("Line %(number)d: parts are written out, never named and repeated.")
            raise ValueError(sentence % {"number": line})
        if getattr(event, "tag", None):
            sentence = _("Line %(number)d: a value has no tag; write it plainly.")
            raise ValueError(sentence % {"number": line})
        if isinstance(event, yaml.CollectionStartEvent):
            deep += 1
            if deep > DEEPEST:
                sentence = _("Line %(number)d: lists within lists go deeper than any record.")
                raise ValueError(sentence % {"number": line})
        elif isinstance(event, yaml.CollectionEndEvent):
            deep -= 1


def read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of every file in the folder by noun; raises `BundleError` with all problems."""
    if not folder.is_dir():
        raise BundleError([Problem(str(folder), "", "", _("There is no such folder."))])
    problems: list[Problem] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in NAMES:
            sentence = _("No noun has this name. Known are: %(names)s.")
            problems.append(Problem(path.name, "", "", sentence % {"names": listed(NAMES)}))
            continue
        try:
            rows[path.stem] = _rows(path)
        except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
            problems.append(Problem(path.name, "", "", " ".join(str(error).split())))
    if not rows and not problems:
        sentence = _("The folder holds none of the files of a bundle: %(names)s.")
        names = listed(f"{name}.yaml" for name in NAMES)
        problems.append(Problem(str(folder), "", "", sentence % {"names": names}))
    if problems:
        raise BundleError(problems)
    return rows


def _rows(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(_("The file is larger than any register; nothing was read."))
    text = path.read_text(encoding="utf-8")
    _plain_yaml(text)
    data = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a safe loader
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ValueError(_("The file must be a list of records, each a list of fields."))
    return data


def write(folder: Path, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Write one file per noun; a noun without rows gets no file, and an old one is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        path = folder / f"{name}.yaml"
        found = list(rows.get(name, ()))
        if found:
            path.write_text(_text(found), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def _text(rows: list[Mapping[str, Any]]) -> str:
    """The rows as YAML, an empty line between two so that a diff reads by record."""
    blocks = (
        yaml.dump(
            [dict(row)], Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100
        )
        for row in rows
    )
    return "\n".join(blocks)
