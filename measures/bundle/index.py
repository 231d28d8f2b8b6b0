"""Who is who while a bundle is read: what stands in the register, and what the bundle adds."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import (
    Body,
    Citation,
    Evidence,
    Finding,
    Measure,
    MethodText,
    Passage,
    Source,
    Theme,
    User,
)
from ..models.fields import Cleaned, readable
from ..shapes import Shape, name_of
from ..text import cleaned


class Unknown(Exception):
    """A row names an object that neither the bundle nor the register has."""


class Index:
    """Every object by the name that others use for it, stored or about to be."""

    def __init__(self) -> None:
        self.objects: dict[type[models.Model], dict[str, Any]] = {
            MethodText: {each.place: each for each in MethodText.objects.all()},
            Body: {b.slug: b for b in Body.objects.all()},
            Source: {s.slug: s for s in Source.objects.all()},
            Passage: _keyed(Passage.objects.select_related("source")),
            Theme: _keyed(Theme.objects.select_related("source", "passage__source")),
            Measure: _keyed(
                Measure.objects.select_related(
                    "source", "theme__source", "passage__source"
                ).prefetch_related("bodies")
            ),
            Evidence: _keyed(Evidence.objects.prefetch_related("bodies")),
            Citation: _keyed(
                Citation.objects.select_related("evidence", "measure__source").prefetch_related(
                    "evidence__attachments"
                )
            ),
        }
        people = User.objects.all()
        self.people = {str(name_of(person)): person for person in people}
        self.by_opaque_id = {str(person.opaque_id): person for person in people}
        self.new_people: list[User] = []
        self.people_told: set[str] = set()
        self.sources_told: list[Source] = []
        # By id(): objects with a problem of their own, about which nothing more can be said.
        self.faulty: set[int] = set()
        self.taken: dict[tuple[Any, ...], Any] = {}
        for model, known in self.objects.items():
            for obj in known.values():
                for key in _unique_keys(model, vars_of(obj)):
                    self.taken[key] = obj

    def clashes(self, shape: Shape, values: Mapping[str, Any], stored: Any) -> list[str]:
        """The fields whose value must be unique and is another record's already."""
        told = {**vars_of(stored), **values} if stored is not None else values
        found = []
        for key in _unique_keys(shape.model, told):
            owner = self.taken.setdefault(key, stored if stored is not None else values)
            names = key[1]
            if owner is not stored and owner is not values and set(names) != set(shape.identity):
                found.append(names[-1])
        return found

    def find(self, shape: Shape, values: Mapping[str, Any]) -> Any | None:
        """The stored object with this identity, if there is one."""
        obj = self.objects[shape.model].get(_key_of(shape, values))
        if obj is None or obj.pk is None:
            return None
        if isinstance(obj, Source):
            self.sources_told.append(obj)
        return obj

    def add(self, shape: Shape, obj: Any) -> None:
        """Make an object that is about to be stored known to those after it."""
        self.objects[shape.model].setdefault(obj.record_key, obj)
        if isinstance(obj, Source):
            self.sources_told.append(obj)

    def add_person(self, row: Mapping[str, Any]) -> None:
        """Take a person of the bundle: known by the opaque id, or a new account without login."""
        if unknown := sorted(set(row) - {"key", "id", "name", "system"}):
            raise ValidationError(_("There is no field %(name)s.") % {"name": unknown[0]})
        key, name = str(row.get("key", "")), str(row.get("name", ""))
        if key in self.people_told:
            raise ValidationError(_("It stands twice in the file."))
        self.people_told.add(key)
        try:
            opaque_id = uuid.UUID(str(row.get("id", "")))
        except ValueError:
            raise ValidationError(_("The id is not a UUID.")) from None
        if not key or not name:
            raise ValidationError(_("A person has a key, an id and a name."))
        person = self.by_opaque_id.get(str(opaque_id))
        if person is None:
            if User.objects.filter(username=key).exists():
                raise ValidationError(_("Another account has this key and another id."))
            person = User(
                username=key,
                opaque_id=opaque_id,
                display_name=name,
                is_active=False,
                is_system=bool(row.get("system", False)),
            )
            person.set_unusable_password()
            person.clean_fields()
            self.new_people.append(person)
            self.by_opaque_id[str(opaque_id)] = person
        self.people[key] = person

    def only_source(self) -> Source | None:
        """The source meant where none is named: the bundle's one, else the register's one."""
        sources = self.sources_told or list(self.objects[Source].values())
        return sources[0] if len(sources) == 1 else None

    def with_source(self, shape: Shape, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row with its source named, where a bundle of one source leaves it out."""
        if "source" not in shape.fields or "source" in row:
            return row
        source = self.only_source()
        return {"source": source.slug, **row} if source else row

    def value(self, shape: Shape, name: str, row: Mapping[str, Any]) -> Any:
        """The row's value for a field, as the model takes it; related objects as objects."""
        field = shape.model._meta.get_field(name)
        given = row[name]
        if field.many_to_many:
            if not isinstance(given, Sequence) or isinstance(given, str):
                raise ValidationError(_("This is a list."))
            return [self.named(field.related_model, str(each), row) for each in given]
        if isinstance(given, float):
            raise ValidationError(_("A code is a text; put it in quotation marks."))
        if given is None:
            return None
        if field.is_relation:
            return self.named(field.related_model, str(given), row)
        if isinstance(field, models.CharField | models.TextField) and not isinstance(given, str):
            raise ValidationError(_("This is a text; put it in quotation marks."))
        if isinstance(field, models.BooleanField) and not isinstance(given, bool):
            raise ValidationError(_("This is true or false."))
        if isinstance(field, models.DateField) and not isinstance(given, str):
            raise ValidationError(_("Write the day as YYYY-MM-DD."))
        if isinstance(field, models.JSONField):
            return _texts(given)
        if isinstance(field, Cleaned):
            given = cleaned(given)
        value = field.to_python(given)  # type: ignore[union-attr]
        if isinstance(value, datetime) and timezone.is_naive(value):
            raise ValidationError(_("Say the time zone, too: 2021-01-15T09:00:00+00:00."))
        return value

    def named(self, model: Any, name: str, row: Mapping[str, Any]) -> Any:
        """The object that the row names; raises `Unknown`."""
        key = name
        if model in (Passage, Theme):
            key = f"{row.get('source', '')}/{name}"
        elif model is Measure and "/" not in name:
            source = self.only_source()
            key = f"{source.slug if source else ''}/{name}"
        found = self.objects[model].get(key)
        if found is None:
            sentence = _("There is no %(noun)s named “%(name)s” in the bundle or the register.")
            raise Unknown(sentence % {"noun": model._meta.verbose_name, "name": name})
        return found

    def person(self, key: Any) -> User:
        """The person that a finding names; raises `Unknown`."""
        found = self.people.get(str(key))
        if found is None:
            raise Unknown(_("people.yaml has nobody with the key “%(key)s”.") % {"key": key})
        return found

    def recorded(self) -> dict[tuple[int, int], Finding]:
        """The findings in the register by id of the measure and number."""
        findings = Finding.objects.select_related(
            "measure__source", "author", "approver", "supersedes"
        )
        return {
            (f.measure_id, f.number): f for f in findings.prefetch_related("citations__evidence")
        }


def _texts(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ValidationError(_("This is a list of texts."))
    for each in given:
        readable(each)
    return [cleaned(each) for each in given]


def _keyed(objects: models.QuerySet[Any]) -> dict[str, Any]:
    return {obj.record_key: obj for obj in objects}


def _key_of(shape: Shape, values: Mapping[str, Any]) -> str:
    return shape.model(**{name: values[name] for name in shape.identity}).record_key  # type: ignore[attr-defined]


def vars_of(obj: Any) -> dict[str, Any]:
    """The stored values of an object by field name, related objects as objects."""
    return {field.name: getattr(obj, field.name) for field in obj._meta.concrete_fields}


def _unique_keys(model: type[models.Model], values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What must be unique about a record with these values: model, field names, values."""
    unique: list[tuple[str, ...]] = [
        (f.name,) for f in model._meta.concrete_fields if f.unique and not f.primary_key
    ]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            unique.append(tuple(constraint.fields))
    for names in unique:
        if all(name in values for name in names):
            yield (model, names, *(_comparable(values[name]) for name in names))


def _comparable(value: Any) -> Any:
    return value.record_key if isinstance(value, models.Model) else value  # type: ignore[attr-defined]
