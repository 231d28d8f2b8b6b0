"""Text fields that take only text which every engine stores and every reader can see.

And numbers: one that a column cannot hold is in no row of it.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from ..text import cleaned, refused


def readable(value: str) -> None:
    """Refuse characters that cannot be stored everywhere, or that deceive the eye."""
    found = refused(value)
    if found:
        place, name = found
        raise ValidationError(
            _("Character %(place)d is %(name)s, which cannot be shown. Remove it."),
            code="unreadable",
            params={"place": place, "name": name},
        )


def one_line(value: str) -> None:
    """Refuse line breaks where one line is expected."""
    if any(mark in value for mark in "\n\r\u2028\u2029"):
        raise ValidationError(_("This is one line; remove the line breaks."), code="lines")


class Cleaned(models.Field):
    """Text as it is kept. Only what is told anew: what is stored is read as it stands."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """The text in its one form; raises `ValidationError`."""
        value = self.to_python(value)
        told = cleaned(value) if isinstance(value, str) else value
        return super().clean(told, model_instance)


class LineField(Cleaned, models.CharField):
    """One line of readable text."""

    default_validators = [readable, one_line]


class ProseField(Cleaned, models.TextField):
    """Paragraphs of readable text."""

    default_validators = [readable]


class WrittenField(forms.CharField):
    """The same in a form that belongs to no row: paragraphs, or one line with `lines=False`."""

    def __init__(self, *, lines: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [readable] if lines else [readable, one_line]

    def to_python(self, value: Any) -> Any:
        """The text in its one form."""
        told = super().to_python(value)
        return cleaned(told) if isinstance(told, str) else told


class TermField(models.CharField):
    """The slug of a term of the method."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        super().__init__(*args, **kwargs)


class CodeField(models.CharField):
    """A code such as `4.7` or a slug such as `patent-law`: what an address is made of."""

    default_validators = [
        RegexValidator(
            r"\A[a-z0-9]+(?:[.-][a-z0-9]+)*\Z",
            _("Use lower-case letters, digits, single hyphens and points."),
        )
    ]


@models.IntegerField.register_lookup
class InRange(In):
    """Django's `in`, where SQLite would fail on a number of more than 64 bits; `exact` copes."""

    def get_prep_lookup(self) -> Any:
        """What is asked for, without what no row can have."""
        values = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return values
        kind = self.lhs.output_field.get_internal_type()
        least, most = connection.ops.integer_field_range(kind)
        if least is None or most is None:
            return values
        return [each for each in values if not isinstance(each, int) or least <= each <= most]
