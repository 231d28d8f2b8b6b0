"""Which column of a file is meant for which field: by its name, or by a name near it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from ..shapes import CITATIONS, EVIDENCE, FINDING, JUDGED, MEASURES, Shape
from ..text import listed
from .incoming import Sheet
from .limits import Unreadable
from .tables import ON_CHANGES, ON_CITATIONS, ON_EVIDENCE, ON_FINDINGS, ON_MEASURES

# What an import takes of each noun, and what else a file of ours has, which it leaves alone.
TAKEN: Mapping[str, tuple[Shape, tuple[str, ...]]] = {
    "measures": (MEASURES, (*MEASURES.fields, "version")),
    "evidence": (EVIDENCE, (*EVIDENCE.fields, "version")),
    "citations": (CITATIONS, ("source", *CITATIONS.fields, "version")),
    "findings": (FINDING, ("source", "measure", "number", *JUDGED, "supersedes", "evidence")),
}
LEFT = {*ON_MEASURES, *ON_EVIDENCE, *ON_CITATIONS, *ON_FINDINGS, *FINDING.fields}
# By these a file is told from another; the first that it has is what it is.
TOLD_BY = {
    "findings": {"measure", "status", "effective_on"},
    "citations": {"measure", "evidence"},
    "measures": {"code"},
    "evidence": {"key"},
}
NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A column that no field is called by, and the field that may be meant ("" for none)."""

    column: str
    near: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The noun of a file, its columns by field, those left alone, and those not understood."""

    noun: str
    shape: Shape
    by_field: dict[str, str]
    left: tuple[str, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def choices(self) -> list[str]:
        """The fields that no column stands for yet."""
        return [name for name in TAKEN[self.noun][1] if name not in self.by_field]


def match(sheet: Sheet, noun: str = "", chosen: Mapping[str, str] | None = None) -> Columns:
    """Find a field for each column; `chosen` are fields by column that the sender says are meant.

    Raises `Unreadable` where it cannot be told what the rows are.
    """
    chosen = chosen or {}
    plain = {_plain(chosen.get(name) or name): name for name in sheet.columns if name}
    noun = noun or _noun(sheet, plain)
    shape, fields = TAKEN[noun]
    labels = {_plain(_label(shape, name)): name for name in fields}
    by_field: dict[str, str] = {}
    left, rest = [], []
    for told, column in plain.items():
        field = told if told in fields else labels.get(told, "")
        if field and field not in by_field:
            by_field[field] = column
        elif told in LEFT:
            left.append(column)
        else:
            rest.append((told, column))
    missing = [name for name in shape.identity if name not in by_field and name != "source"]
    if noun == "findings":
        missing = [name for name in ("measure",) if name not in by_field]
    free = [name for name in fields if name not in by_field]
    unmatched = tuple(Unmatched(column, _near(told, free, labels)) for told, column in rest)
    if missing:
        raise Unreadable(_without(missing, unmatched))
    return Columns(noun, shape, by_field, tuple(left), unmatched)


def _noun(sheet: Sheet, plain: Mapping[str, str]) -> str:
    if sheet.list == "changes" or set(ON_CHANGES) <= plain.keys():
        sentence = _(
            "This is the record, which the tracker keeps itself: there is nothing to bring in. "
            "Import measures, evidence, citations or findings."
        )
        raise Unreadable(sentence)
    for noun, wanted in TOLD_BY.items():
        if wanted <= plain.keys():
            return noun
    sentence = _(
        "The columns do not tell what the rows are. Measures have a “code”, evidence a “key”, "
        "citations “measure” and “evidence”, findings “measure”, “status” and “effective_on”. "
        "The file has: %(names)s."
    )
    raise Unreadable(sentence % {"names": listed(each[:40] for each in plain.values())})


def _without(missing: Sequence[str], unmatched: Sequence[Unmatched]) -> str:
    meant = next((each.column for each in unmatched if each.near == missing[0]), None)
    if meant is None:
        sentence = _("The column “%(name)s” is missing, by which rows are known. Add it.")
        return sentence % {"name": missing[0]}
    sentence = _(
        "The column “%(name)s” is missing, by which rows are known. Add it. "
        "“%(column)s” may be meant for it: rename that one."
    )
    return sentence % {"name": missing[0], "column": meant[:40]}


def _near(told: str, free: Sequence[str], labels: Mapping[str, str]) -> str:
    names = {name: name for name in free} | {
        label: name for label, name in labels.items() if name in free
    }
    found = get_close_matches(told[:60], names, n=1, cutoff=NEAR)
    return names[found[0]] if found else ""


def _label(shape: Shape, name: str) -> str:
    try:
        return str(shape.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _plain(name: str) -> str:
    """A name without what does not tell names apart: Title (zh) is title_zh."""
    return re.sub(r"[\W_]+", "_", str(name).casefold()).strip("_")
