"""What an import would do, row by row: new, changed, as it is, or in conflict with newer edits.

Nothing is written here. What rows refer to is looked up for the whole file at once, so that the
number of queries grows with thousands of rows, not with rows.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ..models import User
from ..shapes import name_of, public
from ..underway import Tell, silent
from ..wording import Difference, compared
from .cells import as_text
from .columns import Columns
from .incoming import Line, Sheet
from .values import Cut, alike, number_of, text_of, value_of

NEW, CHANGED, SAME, CONFLICT = "new", "changed", "same", "conflict"
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a cell, why, and what to do; `column` is empty for a whole row or file."""

    cell: str
    column: str
    sentence: str

    def __str__(self) -> str:
        place = " · ".join(part for part in (self.cell, self.column) if part)
        told = {"place": place, "problem": self.sentence}
        return _("%(place)s: %(problem)s") % told if place else self.sentence


@dataclass(slots=True)
class Planned:
    """A row of the file, the object it makes or changes, and the changed fields in words."""

    cell: str
    label: str
    kind: str
    object: Any = None
    many: dict[str, list[Any]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    # Of a conflict: the version that the file was made from, and the one that there is now.
    seen: int = 0
    version: int = 0

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The changed fields with the runs of text between before and after."""
        meta = self.object._meta
        labels = {name: str(meta.get_field(name).verbose_name) for name in self.after}
        return compared(self.before, self.after, labels)


@dataclass(slots=True)
class Plan:
    """What an import would do. It can be done where there is no problem and no conflict."""

    sheet: Sheet
    columns: Columns
    rows: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Planned]:
        """The rows that are new, changed, the same or in conflict."""
        return [row for row in self.rows if row.kind == kind]

    @property
    def numbers(self) -> Counter[str]:
        """How many rows there are of each kind."""
        return Counter(row.kind for row in self.rows)

    @property
    def possible(self) -> bool:
        """Whether there is something to do, and nothing in the way."""
        numbers = self.numbers
        return bool(numbers[NEW] or numbers[CHANGED]) and not self.in_the_way

    @property
    def in_the_way(self) -> int:
        """How many problems and conflicts there are."""
        return len(self.problems) + self.numbers[CONFLICT]

    @property
    def fingerprint(self) -> str:
        """A hash of what would be done: another one means another import."""
        told = [
            (row.kind, row.label, sorted(row.before.items()), sorted(row.after.items()))
            for row in self.rows
            if row.kind != SAME
        ]
        return hashlib.sha256(json.dumps([self.columns.noun, told]).encode()).hexdigest()


class Planner(ABC):
    """Plans the rows of one noun."""

    def __init__(self, sheet: Sheet, columns: Columns, by: User) -> None:
        self.plan = Plan(sheet, columns)
        self.sheet, self.columns, self.by = sheet, columns, by
        self.model: Any = columns.shape.model
        self.stored: dict[tuple[Any, ...], Any] = {}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.required: set[str] = set()

    def run(self, tell: Tell = silent) -> Plan:
        """The plan of the whole file."""
        in_all = len(self.sheet.lines)
        tell("checking", 0, in_all)
        keyed = [(line, key) for line in self.sheet.lines if (key := self._key(line)) is not None]
        self.look_up([key for _line, key in keyed])
        for done, (line, key) in enumerate(keyed, start=1):
            tell("checking", done, in_all)
            if key in self.seen:
                sentence = _("The same stands in row %(number)d already. Leave one of them out.")
                self.wrong(line, self.identity, sentence % {"number": self.seen[key]})
                continue
            self.seen[key] = line.number
            self.row(line, key)
        for name in sorted(self.required):
            sentence = _("There are new rows, and the column “%(name)s” is missing. Add it.")
            self.plan.problems.insert(0, Problem("", name, sentence % {"name": name}))
        self._check_permission()
        return self.plan

    @property
    def identity(self) -> str:
        """The field at which a problem with the name of a row is told."""
        return self.columns.shape.identity[-1]

    @abstractmethod
    def key(self, line: Line) -> tuple[Any, ...]:
        """What tells this row from others; raises `ValidationError`."""

    @abstractmethod
    def look_up(self, keys: list[tuple[Any, ...]]) -> None:
        """Fill `stored` for these keys, and whatever rows refer to."""

    @abstractmethod
    def row(self, line: Line, key: tuple[Any, ...]) -> None:
        """Plan one row."""

    def wrong(self, line: Line, name: str, sentence: str) -> None:
        """Note what is wrong in the cell of this field."""
        column = self.columns.by_field.get(name, "")
        self.plan.problems.append(Problem(self.sheet.cell(line.number, column), column, sentence))

    def cell(self, line: Line, name: str) -> Any:
        """What the row says for a field; None where it says nothing."""
        return line.values.get(self.columns.by_field.get(name, ""))

    def _key(self, line: Line) -> tuple[Any, ...] | None:
        try:
            return self.key(line)
        except ValidationError as error:
            self.wrong(line, self.identity, error.messages[0])
            return None

    def _check_permission(self) -> None:
        noun = self.model._meta.model_name
        verbs = {"add": NEW, "change": CHANGED}
        sentences = {
            "add": _("Your account may not add these. Ask an administrator."),
            "change": _("Your account may not change these. Ask an administrator."),
        }
        for verb, kind in verbs.items():
            if self.plan.numbers[kind] and not self.by.has_perm(f"measures.{verb}_{noun}"):
                self.plan.problems.insert(0, Problem("", "", sentences[verb]))


class RowPlanner(Planner):
    """Plans rows that become objects, or change them. Subclasses say what the rows refer to."""

    @abstractmethod
    def begin(self, line: Line, key: tuple[Any, ...]) -> Any:
        """A new object with its identity; None where that cannot be, the problem noted."""

    def value(self, name: str, given: Any, key: tuple[Any, ...]) -> Any:
        """What a cell says for a field, or the objects that it names; raises `ValidationError`."""
        return value_of(self.model._meta.get_field(name), given)

    def check(self, obj: Any) -> None:
        """What must hold between fields; raises `ValidationError`."""
        obj.clean()

    def row(self, line: Line, key: tuple[Any, ...]) -> None:
        """Plan one row."""
        before = len(self.plan.problems)
        stored = self.stored.get(key)
        values = dict(self._values(line, key, stored))
        if len(self.plan.problems) > before:
            return
        planned = Planned(self.sheet.cell(line.number, ""), " · ".join(map(str, key)), SAME)
        if stored is None:
            self._add(line, key, values, planned)
        else:
            self._change(line, stored, values, planned)
        if len(self.plan.problems) == before:
            self.plan.rows.append(planned)

    def _values(self, line: Line, key: tuple[Any, ...], stored: Any) -> Iterator[tuple[str, Any]]:
        shape = self.columns.shape
        for name in shape.fields:
            column = self.columns.by_field.get(name)
            if name in shape.identity or column is None or column not in line.values:
                continue
            given = line.values[column]
            try:
                yield name, self.value(name, given, key)
            except ValidationError as error:
                self.wrong(line, name, error.messages[0])
            except Cut:
                if stored is None:
                    self.wrong(line, name, was_cut())

    def _add(
        self, line: Line, key: tuple[Any, ...], values: dict[str, Any], planned: Planned
    ) -> None:
        obj = self.begin(line, key)
        if obj is None:
            return
        for name, value in values.items():
            if self._is_many(name):
                planned.many[name] = value
            elif value not in (None, ""):
                setattr(obj, name, value)
        planned.kind, planned.object = NEW, obj
        missing = {
            name
            for name in self.columns.shape.fields
            if name not in self.columns.by_field and self._must_be_told(name)
        }
        self.required |= missing
        self._clean(line, obj, missing=missing)
        planned.after = {name: _words(value) for name, value in values.items() if value}

    def _change(self, line: Line, stored: Any, values: dict[str, Any], planned: Planned) -> None:
        planned.object = stored
        for name, value in values.items():
            if self._is_many(name):
                now: Any = sorted(getattr(stored, name).all(), key=str)
                differs = {each.pk for each in now} != {each.pk for each in value}
            else:
                now = getattr(stored, name)
                differs = not alike(now, value)
            if differs:
                planned.before[name], planned.after[name] = _words(now), _words(value)
        if not planned.after:
            return
        planned.kind, planned.version = CHANGED, stored.version
        seen = self._version(line)
        if seen is not None and seen != stored.version:
            planned.kind, planned.seen = CONFLICT, seen
            return
        for name in planned.after:
            if self._is_many(name):
                planned.many[name] = values[name]
            else:
                setattr(stored, name, values[name])
        every = {each.name for each in self.model._meta.concrete_fields}
        self._clean(line, stored, untouched=every - planned.after.keys())

    def _version(self, line: Line) -> int | None:
        given = self.cell(line, "version")
        if given in (None, ""):
            return None
        try:
            return number_of(text_of(given))
        except ValidationError as error:
            self.wrong(line, "version", error.messages[0])
            return None

    def _clean(
        self,
        line: Line,
        obj: Any,
        *,
        missing: Set[str] = frozenset(),
        untouched: Set[str] = frozenset(),
    ) -> None:
        """Hold the object to the rules of its fields, and to those between them if it is whole."""
        leave_out = missing | untouched
        relations = {each.name for each in self.model._meta.concrete_fields if each.is_relation}
        empty = {
            name
            for name in relations - leave_out
            if not obj._meta.get_field(name).null and getattr(obj, f"{name}_id") is None
        }
        for name in empty & set(self.columns.shape.fields):
            self.wrong(line, name, _("This is empty, and a row needs it. Fill it in."))
        try:
            obj.clean_fields(exclude=relations | leave_out)
            if not empty and not missing:
                self.check(obj)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self.wrong(line, name, sentence)

    def _is_many(self, name: str) -> bool:
        return bool(self.model._meta.get_field(name).many_to_many)

    def _must_be_told(self, name: str) -> bool:
        told: Any = self.model._meta.get_field(name)
        return name not in self.columns.shape.identity and not (
            told.many_to_many or told.null or told.blank or told.has_default()
        )


def _words(value: Any) -> str:
    """A value as the preview shows it."""
    if isinstance(value, list):
        return as_text([str(_name(each)) for each in value])
    return as_text(_name(value))


def _name(value: Any) -> Any:
    return name_of(value) if isinstance(value, models.Model) else public(value)


def was_cut() -> str:
    """Why a text that a spreadsheet could not hold is not taken from it."""
    return _("The text was cut when it left. Take it from the CSV file.")


def by_thousands(keys: Mapping[Any, Any] | set[Any]) -> Iterator[list[Any]]:
    """The keys a thousand at a time, as a query can hold them."""
    rest = iter(sorted(keys))
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
