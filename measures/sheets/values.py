"""What the cell of a file means to a field of a model."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ..models.fields import readable
from ..text import cleaned
from ..text import listed as in_words
from .cells import as_text, listed
from .writing import CUT

DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
YES, NO = {"yes", "true", "1", "是"}, {"no", "false", "0", "", "否"}
SHOWN = 60


class Cut(Exception):
    """The text was cut on its way out: what it was cannot be told."""


def text_of(given: Any) -> str:
    """The cell as text, its line ends alike, without space around it."""
    if isinstance(given, float):
        given = int(given) if given.is_integer() else given
    told = as_text(given) if not isinstance(given, date) else given.isoformat()
    readable(told)
    return cleaned(told).replace("\r\n", "\n").replace("\r", "\n").strip()


def alike(stored: Any, told: Any) -> bool:
    """Whether two values are the same; texts, however a spreadsheet ended their lines."""
    if not (isinstance(stored, str) and isinstance(told, str)):
        return bool(stored == told)
    return cleaned(stored).replace("\r\n", "\n").replace("\r", "\n").strip() == told


def value_of(field: Any, given: Any) -> Any:
    """The value for a field that is no relation; raises `ValidationError`."""
    if isinstance(field, models.JSONField):
        return members(given)
    if isinstance(field, models.CharField | models.TextField):
        return _words(field, given)
    told = text_of(given)
    if isinstance(field, models.BooleanField):
        if told.casefold() not in YES | NO:
            raise ValidationError(_("“%(told)s” is neither yes nor no.") % {"told": told[:SHOWN]})
        return told.casefold() in YES
    if not told:
        return None
    if isinstance(field, models.DateField):
        return _day(told)
    return number_of(told)


def _words(field: Any, given: Any) -> str:
    if isinstance(given, float) and not given.is_integer():
        raise number_for_a_code(given)
    told = text_of(given)
    if told.endswith(CUT):
        raise Cut
    if field.choices and told:
        term(told, [str(slug) for slug, _label in field.flatchoices])
    return told


def number_for_a_code(given: float) -> ValidationError:
    """Why a number does not stand for a text: its last zero may be lost."""
    sentence = _(
        "The cell holds the number %(told)s, and a code such as 4.10 would have become 4.1. "
        "Make the column text, and write it anew."
    )
    return ValidationError(sentence % {"told": given})


def term(told: str, known: Sequence[str]) -> str:
    """The slug of a term; raises `ValidationError` with those there are."""
    if told in known:
        return told
    near = get_close_matches(told[:SHOWN], known, n=1)
    sentence = _("“%(told)s” is not known here. Write one of: %(known)s.")
    if near:
        sentence = _("“%(told)s” is not known here. Is “%(near)s” meant? Known are: %(known)s.")
    values = {"told": told[:SHOWN], "near": near[0] if near else "", "known": in_words(known)}
    raise ValidationError(sentence % values)


def members(given: Any) -> list[str]:
    """The members of a list; raises `ValidationError`."""
    if isinstance(given, list):
        for each in given:
            readable(str(each))
        return [cleaned(str(each)) for each in given]
    told = text_of(given)
    try:
        return listed(told)
    except (ValueError, TypeError, RecursionError) as error:
        raise ValidationError(_("This list cannot be read. Write: one; another.")) from error


def number_of(told: str) -> int:
    """A whole number; raises `ValidationError`."""
    if not re.fullmatch(r"\d{1,9}", told, re.ASCII):
        raise ValidationError(_("“%(told)s” is no whole number.") % {"told": told[:SHOWN]})
    return int(told)


def _day(told: str) -> date:
    found = DAY.fullmatch(told)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    sentence = _("“%(told)s” is no day. Write it as 2021-06-30.")
    raise ValidationError(sentence % {"told": told[:SHOWN]})


def named(objects: Mapping[str, Any], noun: str, name: str) -> Any:
    """The object of that name; raises `ValidationError` with one that may be meant."""
    if name in objects:
        return objects[name]
    near = get_close_matches(name[:SHOWN], objects, n=1) if len(objects) < 1000 else []
    sentence = _("There is no %(noun)s named “%(name)s”. Add it first, or mend the name.")
    if near:
        sentence = _("There is no %(noun)s named “%(name)s”. Is “%(near)s” meant?")
    told = {"noun": noun, "name": name[:SHOWN], "near": near[0] if near else ""}
    raise ValidationError(sentence % told)
