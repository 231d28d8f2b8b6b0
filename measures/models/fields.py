"""Text fields that take only text which every engine stores and every reader can see."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# C0 and C1 controls but tab and newlines, lone surrogates, and the marks that reorder or hide text.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def readable(value: str) -> None:
    """Refuse characters that cannot be stored everywhere, or that deceive the eye."""
    found = UNREADABLE.search(value)
    if found:
        code = ord(found.group())
        raise ValidationError(
            _("Character %(place)d is %(name)s, which cannot be shown. Remove it."),
            code="unreadable",
            params={
                "place": found.start() + 1,
                "name": f"U+{code:04X} {unicodedata.name(found.group(), '')}".strip(),
            },
        )


def one_line(value: str) -> None:
    """Refuse line breaks where one line is expected."""
    if any(mark in value for mark in "\n\r\u2028\u2029"):
        raise ValidationError(_("This is one line; remove the line breaks."), code="lines")


class LineField(models.CharField):
    """One line of readable text."""

    default_validators = [readable, one_line]


class ProseField(models.TextField):
    """Paragraphs of readable text."""

    default_validators = [readable]


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
