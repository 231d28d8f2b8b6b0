"""A file that somebody sends to be looked at first, and the decision on what it would do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from ..models.fields import WrittenField, one_line, readable

HASH = RegexValidator(r"\A[0-9a-f]{64}\Z")
MOST = 20 * 2**20


class UploadField(forms.FileField):
    """A file of at most 20 MB, with a name of one readable line.

    `accept` is what it may end on, `too_large` what is said of one of more.
    """

    def __init__(self, *, accept: str, too_large: Any, **options: Any) -> None:
        self.too_large = too_large
        widget = forms.FileInput({"accept": accept})
        super().__init__(label=_("File"), max_length=200, widget=widget, **options)

    def validate(self, value: Any) -> None:
        """Raise `ValidationError` where the file is missing, too large, or named to deceive."""
        super().validate(value)
        if value.size > MOST:
            raise ValidationError(self.too_large, code="size")
        for check in (readable, one_line):
            check(value.name)


class UploadDecisionForm(forms.Form):
    """The file by its hash, what was seen of it; the forms of each kind say what can be done."""

    sha256 = forms.CharField(validators=[HASH])
    name = WrittenField(max_length=200, lines=False)
    seen = forms.CharField(required=False, validators=[HASH])
