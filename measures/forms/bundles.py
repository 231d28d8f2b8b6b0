"""A bundle that an administrator sends, and the decision on what it would do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models.fields import one_line, readable
from .sheets import HASH, MOST


class BundleForm(forms.Form):
    """The archive."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A .zip file of the files of a bundle, at most 20 MB."),
        max_length=200,
        widget=forms.FileInput({"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST:
            sentence = gettext("The file has more than 20 MB. Load its folder by command.")
            raise ValidationError(sentence, code="size")
        for check in (readable, one_line):
            check(upload.name)
        return upload


class BundleDecisionForm(forms.Form):
    """The archive by its hash, what was seen of it, and what is to be done."""

    sha256 = forms.CharField(validators=[HASH])
    name = forms.CharField(max_length=200, validators=[readable, one_line])
    seen = forms.CharField(validators=[HASH])
    act = forms.ChoiceField(choices=[(each, each) for each in ("load", "update", "leave")])
