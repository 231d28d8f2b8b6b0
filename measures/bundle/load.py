"""Loading a bundle: everything is built and judged in memory first, then written at once.

What is already there and differs is left as people have it, unless an update is asked for.
Findings are only ever added.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, filterfalse
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import record, workflow
from ..models import Measure, Source, User, reasons
from ..shapes import SHAPES, Shape, public
from ..underway import Tell, silent
from .files import BundleError, Problem, read
from .findings import Findings
from .index import Index, Unknown

# An object of the register, and the fields of which the bundle says something else.
_Differing = tuple[Any, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the bundle and the register differ, on an object that was there before."""

    noun: str
    record: str
    field: str
    register: Any
    bundle: Any

    def __str__(self) -> str:
        return f"{self.noun} {self.record} · {self.field}: {self.register!r} → {self.bundle!r}"


@dataclass(slots=True)
class Report:
    """What a load did, or would do: numbers of rows by noun, and the differences found."""

    added: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    differing: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    # What is new by its own name, by noun.
    names: dict[str, list[str]] = field(default_factory=dict)
    updated: bool = False

    @property
    def fingerprint(self) -> str:
        """A hash of what is new and what differs: another one means another load."""
        told = [self.names, self.added, [str(each) for each in self.differences]]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def nothing_to_do(self) -> bool:
        """Whether the register already says what the bundle says."""
        return not any(self.added.values()) and not self.differences

    def count(self, where: dict[str, int], name: str) -> None:
        """Add one to a number of this report."""
        where[name] = where.get(name, 0) + 1


def load(
    folder: Path,
    *,
    by: User,
    update: bool = False,
    dry_run: bool = False,
    for_nobody: bool = False,
    tell: Tell = silent,
) -> Report:
    """Load the bundle in `folder` in one transaction; raises `BundleError`, nothing written.

    With `update` an object that differs takes what the bundle says; with `dry_run` everything is
    tried, and then undone. `for_nobody` refuses new findings of people who can sign in here.
    """
    tell("reading", 0, 0)
    rows = read(folder)
    try:
        with transaction.atomic(), record.one_moment():
            loading = _Loading(rows, by=by, update=update, for_nobody=for_nobody, tell=tell)
            report = loading.run("trying" if dry_run else "writing")
            if dry_run:
                transaction.set_rollback(True)
            return report
    except IntegrityError as error:
        sentence = _("The database refuses it: %(reason)s") % {"reason": str(error).split("\n")[0]}
        raise BundleError([Problem("", "", "", sentence)]) from error
    except record.Conflict as error:
        raise BundleError([Problem("", "", "", str(error))]) from error


class _Loading:
    """One load. Builds every noun in turn, then writes if nothing was found wrong."""

    def __init__(
        self,
        rows: Mapping[str, list[dict[str, Any]]],
        *,
        by: User,
        update: bool,
        for_nobody: bool,
        tell: Tell,
    ) -> None:
        self.rows, self.by, self.update, self.for_nobody = rows, by, update, for_nobody
        self.tell = tell
        self.index = Index()
        self.problems: list[Problem] = []
        self.report = Report(updated=update)
        self.new: dict[str, list[Any]] = {}
        self.many: dict[int, dict[str, list[models.Model]]] = {}
        # By id(): measures of which the bundle says that no review is due.
        self.never_reviewed: set[int] = set()
        self.differing: list[_Differing] = []

    def run(self, writing: str) -> Report:
        """Check everything, then write it; `writing` is what whoever waits is told of that."""
        self._people()
        self._nouns()
        self._one_default()
        findings = Findings(
            self.index, self.rows.get("findings", []), self.problems, for_nobody=self.for_nobody
        )
        if self.problems:
            raise BundleError(self.problems)
        self.report.added["findings"] = len(findings.entrances)
        self.report.names["findings"] = [
            f"{each.finding.measure.code} #{each.finding.number}" for each in findings.entrances
        ]
        self.report.unchanged["findings"] = findings.unchanged
        self._set_reviews(findings)
        self._write(writing, findings.entrances)
        return self.report

    def _people(self) -> None:
        for number, row in enumerate(self.rows.get("people", []), start=1):
            try:
                self.index.add_person(row)
            except ValidationError as error:
                self._wrong("people", str(row.get("key", number)), "", error.messages[0])

    def _nouns(self) -> None:
        in_all = sum(len(self.rows.get(shape.name, [])) for shape in SHAPES)
        done = count(1)
        for shape in SHAPES:
            self._noun(shape, lambda: self.tell("checking", next(done), in_all))

    def _noun(self, shape: Shape, one_more: Callable[[], None]) -> None:
        here: set[Any] = set()
        self.new[shape.name] = []
        for number, row in enumerate(self.rows.get(shape.name, []), start=1):
            one_more()
            label = _label(shape, row, number)
            values = self._values(shape, row, label)
            if values is None:
                continue
            identity = tuple(_hashable(values[name]) for name in shape.identity)
            if identity in here:
                self._wrong(shape.name, label, "", _("It stands twice in the file."))
                continue
            here.add(identity)
            stored = self.index.find(shape, values)
            if stored is None or self.update:
                for clash in self.index.clashes(shape, values, stored):
                    self._wrong(shape.name, label, clash, _("Another record has the same one."))
            if stored is not None:
                self._compare(shape, stored, values, label)
            else:
                self._build(shape, values, label)

    def _values(self, shape: Shape, row: Mapping[str, Any], label: str) -> dict[str, Any] | None:
        """The row's values as the model takes them; None where that cannot be, problems noted."""
        before = len(self.problems)
        for name in sorted(set(row) - set(shape.fields)):
            self._wrong(shape.name, label, name, _("There is no such field."))
        row = self.index.with_source(shape, row)
        values: dict[str, Any] = {}
        for name in shape.fields:
            may_lack = name not in shape.identity and (name not in row or _may_be_none(shape, name))
            if row.get(name) is None and not may_lack:
                self._wrong(shape.name, label, name, _("It is missing."))
                continue
            if name not in row:
                continue
            try:
                values[name] = self.index.value(shape, name, row)
            except Unknown as error:
                self._wrong(shape.name, label, name, str(error))
            except ValidationError as error:
                self._wrong(shape.name, label, name, error.messages[0])
        return values if len(self.problems) == before else None

    def _build(self, shape: Shape, values: dict[str, Any], label: str) -> None:
        lists = {f.name for f in shape.model._meta.many_to_many}
        obj = shape.model(**{name: v for name, v in values.items() if name not in lists})
        if isinstance(obj, Measure) and values.get("review_on", obj) is None:
            self.never_reviewed.add(id(obj))
        missing = [
            name for name in shape.fields if name not in values and _must_be_told(shape, name)
        ]
        for name in missing:
            self._wrong(shape.name, label, name, _("It is missing."))
        if self._clean(shape, obj, label, missing):
            self.many[id(obj)] = {name: values[name] for name in lists & set(values)}
            self.new[shape.name].append(obj)
            self.report.names.setdefault(shape.name, []).append(label)
            self.report.count(self.report.added, shape.name)
        else:
            self.index.faulty.add(id(obj))
        self.index.add(shape, obj)

    def _clean(
        self, shape: Shape, obj: models.Model, label: str, missing: Collection[str] = ()
    ) -> bool:
        relations = {f.name for f in shape.model._meta.get_fields() if f.is_relation}
        try:
            obj.clean_fields(exclude={*relations, *missing})
            if missing:
                return False
            obj.clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self._wrong(shape.name, label, "" if name == "__all__" else name, sentence)
            return False
        return True

    def _compare(self, shape: Shape, stored: Any, values: dict[str, Any], label: str) -> None:
        told = {}
        for name, value in values.items():
            if shape.model._meta.get_field(name).many_to_many:
                now = sorted(str(o.record_key) for o in getattr(stored, name).all())
                then = sorted(str(o.record_key) for o in value)
            else:
                now, then = _plain(getattr(stored, name)), _plain(value)
            if now != then:
                told[name] = value
                self.report.differences.append(Difference(shape.noun, label, name, now, then))
        if not told:
            self.report.count(self.report.unchanged, shape.name)
            return
        self.report.count(self.report.differing, shape.name)
        if self.update:
            for name in told:
                if not shape.model._meta.get_field(name).many_to_many:
                    setattr(stored, name, told[name])
            if self._clean(shape, stored, label):
                self.differing.append((stored, told))

    def _one_default(self) -> None:
        """Of the sources one at most is the default one."""
        every = self.index.objects[Source].values()
        slugs = sorted(each.slug for each in every if each.is_default)
        told = {
            str(row.get("slug")) for row in self.rows.get("sources", []) if row.get("is_default")
        }
        for slug in slugs if len(slugs) > 1 else ():
            if slug in told:
                sentence = _(
                    "“%(other)s” is the default source already. Leave is_default out here, or "
                    "make it false there first."
                )
                other = next(each for each in slugs if each != slug)
                self._wrong("sources", slug, "is_default", sentence % {"other": other})

    def _set_reviews(self, findings: Findings) -> None:
        """A new measure that names no review date gets the one its newest finding asks for.

        One that says it has none keeps none, until it is judged anew.
        """
        due: dict[int, tuple[Measure, date]] = {}
        for entrance in findings.entrances:
            measure, recorded = entrance.finding.measure, entrance.finding.recorded_at
            if id(measure) in self.never_reviewed:
                entrance.moves_review = recorded is None
            elif measure.pk is None and measure.review_on is None:
                due[id(measure)] = (
                    measure,
                    workflow.review_day(measure, recorded or timezone.now()),
                )
        for measure, day in due.values():
            measure.review_on = day

    def _write(self, stage: str, entrances: Sequence[workflow.Entrance]) -> None:
        why = reasons.LOADED
        in_all = sum(self.report.added.values()) + len(self.differing)
        self.tell(stage, 0, in_all)
        for person in self.index.new_people:
            person.save()
        # What is the default source no more says so before another one becomes it.
        self._update(filter(_gives_way, self.differing), why)
        done = 0
        for shape in SHAPES:
            if new := self.new[shape.name]:
                many = [self.many[id(obj)] for obj in new]
                record.add_all(new, by=self.by, many=many, why=why)
                done += len(new)
                self.tell(stage, done, in_all)
        self._update(filterfalse(_gives_way, self.differing), why)
        self.tell(stage, done + len(self.differing), in_all)
        if entrances:
            workflow.enter(entrances, by=self.by, why=why)

    def _update(self, differing: Iterable[_Differing], why: str) -> None:
        for stored, told in differing:
            lists = {f.name for f in stored._meta.many_to_many}
            related = {name: value for name, value in told.items() if name in lists}
            record.save(stored, by=self.by, why=why, **related)

    def _wrong(self, file: str, label: str, name: str, sentence: str) -> None:
        self.problems.append(Problem(f"{file}.yaml", label, name, str(sentence)))


def _gives_way(differing: _Differing) -> bool:
    """Whether it was the default source, and is to be so no more."""
    return differing[1].get("is_default") is False


def _label(shape: Shape, row: Mapping[str, Any], number: int) -> str:
    """How a reader finds the record in its file: by its own name, or counted from 1."""
    told = [str(row[name]) for name in shape.identity if row.get(name) not in (None, "")]
    return " @ ".join(told) if told else _("record %(number)d") % {"number": number}


def _may_be_none(shape: Shape, name: str) -> bool:
    field: Any = shape.model._meta.get_field(name)
    return bool(field.null)


def _must_be_told(shape: Shape, name: str) -> bool:
    field: Any = shape.model._meta.get_field(name)
    return not (field.many_to_many or field.null or field.blank or field.has_default())


def _hashable(value: Any) -> Any:
    return value.record_key if isinstance(value, models.Model) else value  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    return value.record_key if isinstance(value, models.Model) else public(value)  # type: ignore[attr-defined]
