"""Filters of which several values may be chosen, and how many rows each choice would show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from .. import method
from .filters import Filter

# More values than any list offers; what asks for more was not written by a reader.
MOST = 200


class _Ticks(forms.CheckboxSelectMultiple):
    """Ticks; empty values ask for nothing."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        told = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name) or ""]
        return [
            value
            for each in told
            for value in (each if isinstance(each, list) else [each])
            if value
        ]


class Several(forms.TypedMultipleChoiceField):
    """Any of the choices, in their order."""

    widget = _Ticks

    def __init__(self, label: Any, choices: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(required=False, label=label, choices=list(choices))
        self.values: Mapping[str, Any] = {}
        self.grows = False

    def offer(
        self,
        choices: Iterable[tuple[str, Any]],
        values: Mapping[str, Any] | None = None,
        *,
        grows: bool = True,
    ) -> None:
        """The choices there are, and what each means where that is not its own name.

        `grows` says that the register may hold more of them tomorrow.
        """
        self.choices = list(choices)
        self.values, self.grows = values or {}, grows

    def validate(self, value: list[str]) -> None:
        """Each is one of the choices, and there are not more than anybody would tick."""
        if len(value) > MOST:
            raise forms.ValidationError(
                _("Ask for at most %(most)d values."), code="many", params={"most": MOST}
            )
        super().validate(value)

    def clean(self, value: Any) -> list[Any]:
        """What is asked for: each once, in the order of the choices."""
        told = self.to_python(value)
        self.validate(told)
        return [self.meant(each) for each in self.readable(told)]

    def readable(self, told: list[str]) -> list[str]:
        """Those of the values that are choices, each once, in their order."""
        wanted = set(told[:MOST])
        return [key for key, _label in self.offered if str(key) in wanted]

    @property
    def offered(self) -> list[tuple[str, Any]]:
        """The choices, one by one."""
        choices: Any = self.choices
        return list(choices)

    def meant(self, key: str) -> Any:
        """What the choice stands for in a question to the register."""
        return self.values.get(key, key)


class Choice(NamedTuple):
    """One choice and the number of rows that it would show; None where they are not counted."""

    value: str
    label: str
    number: int | None
    is_chosen: bool
    id: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is asked for, and the query of the list without it."""

    label: str
    value: str
    without: str


class FacetFilter(Filter):
    """A filter of which several values may be chosen: any of one filter, all of the filters.

    Choices are named as they were at `known`, None meaning now.
    """

    def __init__(self, data: Any, known: datetime | None = None) -> None:
        super().__init__(data)
        self.known = known

    def wanted(self) -> dict[str, Any]:
        """What was asked for, by name; of several values those that could be read."""
        found = super().wanted()
        for name, field in self.fields.items():
            if name in self.errors and isinstance(field, Several):
                told = field.readable(self[name].data)
                if told:
                    found[name] = [field.meant(each) for each in told]
        return {name: found[name] for name in self.fields if name in found}

    def query(self) -> dict[str, Any]:
        """The same as it stands in an address: in one order, however it was asked for."""
        return {
            name: self.fields[name].readable(self[name].data)  # type: ignore[attr-defined]
            if isinstance(self.fields[name], Several)
            else self.data[name].strip()
            for name in self.wanted()
        }

    @property
    def alone(self) -> list[forms.BoundField]:
        """The fields of which there is one value."""
        return [self[name] for name in self.fields if not isinstance(self.fields[name], Several)]

    def facets(self, tally: Mapping[str, Mapping[Any, int]] | None) -> list[Facet]:
        """The filters of which several may be chosen, each choice with its number of rows.

        `tally` None: the list is too long for counting them on each page.
        """
        asked = self.query()
        told = tally or {}
        return [
            Facet(name, str(field.label), tuple(self._choices(name, field, told.get(name), asked)))
            for name, field in self.fields.items()
            if isinstance(field, Several)
        ]

    def _choices(
        self,
        name: str,
        field: Several,
        numbers: Mapping[Any, int] | None,
        asked: Mapping[str, Any],
    ) -> Iterable[Choice]:
        for key, label in field.offered:
            is_chosen = key in asked.get(name, ())
            if numbers is None:
                yield Choice(str(key), str(label), None, is_chosen, f"{name}-{key}")
                continue
            meant = field.meant(key)
            number = numbers.get(meant.pk if isinstance(meant, models.Model) else meant, 0)
            if self.known and field.grows and not number and not is_chosen:
                continue  # It may have come into the register since.
            yield Choice(str(key), str(label), number, is_chosen, f"{name}-{key}")

    def chips(self, more: Mapping[str, Any]) -> list[Chip]:
        """What is asked for, one by one; `more` are the dates that the address keeps."""
        asked, found = self.query(), []
        for name, values in asked.items():
            field = self.fields[name]
            if name == "order":
                continue
            for value in values if isinstance(field, Several) else [values]:
                rest = {**asked, name: [other for other in values if other != value]}
                if not isinstance(field, Several):
                    del rest[name]
                labels = dict(getattr(field, "choices", ()))
                label = str(labels.get(value, value))
                found.append(
                    Chip(str(field.label), label, urlencode(rest | dict(more), doseq=True))
                )
        return found


def by_slug(rows: Iterable[Any]) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Objects as choices by their slugs, and what each slug stands for."""
    found = {row.slug: row for row in rows}
    return [(slug, str(row)) for slug, row in found.items()], found


def labels(terms: Mapping[str, Any], *more: tuple[str, Any]) -> list[tuple[str, Any]]:
    """The terms of the method as choices, and what stands for their absence."""
    return [*method.choices(terms), *more]
