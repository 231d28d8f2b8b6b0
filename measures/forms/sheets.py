"""A sheet that somebody sends to be imported, and the decision on what it would do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models.fields import WrittenField, one_line, readable

HASH = RegexValidator(r"\A[0-9a-f]{64}\Z")
NOUNS = (
    ("", _("As its columns tell")),
    ("measures", _("Measures")),
    ("evidence", _("Evidence")),
    ("citations", _("Citations")),
    ("findings", _("Findings, as drafts")),
)
MOST = 20 * 2**20


class SheetForm(forms.Form):
    """The file, and what its rows are."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel (.xlsx), JSON or JSON Lines, at most 20 MB and 50,000 rows."),
        max_length=200,
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx,.json,.jsonl"}),
    )
    noun = forms.ChoiceField(label=_("Its rows are"), choices=NOUNS, required=False)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST:
            sentence = gettext("The file has more than 20 MB. Split it in parts.")
            raise ValidationError(sentence, code="size")
        for check in (readable, one_line):
            check(upload.name)
        return upload


class SheetDecisionForm(forms.Form):
    """The file by its hash, what was seen of it, and what is to be done.

    `column:NAME` says for which field a column is meant.
    """

    sha256 = forms.CharField(validators=[HASH])
    name = WrittenField(max_length=200, lines=False)
    noun = forms.ChoiceField(choices=NOUNS, required=False)
    seen = forms.CharField(required=False, validators=[HASH])
    act = forms.ChoiceField(choices=[(each, each) for each in ("again", "import", "leave")])

    def chosen(self) -> dict[str, str]:
        """The fields that columns are meant for, by column."""
        begin = "column:"
        return {
            name.removeprefix(begin): str(value)
            for name, value in self.data.items()
            if name.startswith(begin) and value
        }
