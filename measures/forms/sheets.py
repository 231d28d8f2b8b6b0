"""A sheet that somebody sends to be imported, and the decision on what it would do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .uploads import UploadDecisionForm, UploadField

NOUNS = (
    ("", _("As its columns tell")),
    ("measures", _("Measures")),
    ("evidence", _("Evidence")),
    ("citations", _("Citations")),
    ("findings", _("Findings, as drafts")),
)


class SheetForm(forms.Form):
    """The file, and what its rows are."""

    file = UploadField(
        accept=".csv,.txt,.tsv,.xlsx,.json,.jsonl",
        help_text=_("CSV, Excel (.xlsx), JSON or JSON Lines, at most 20 MB and 50,000 rows."),
        too_large=_("The file has more than 20 MB. Split it in parts."),
    )
    noun = forms.ChoiceField(label=_("Its rows are"), choices=NOUNS, required=False)


class SheetDecisionForm(UploadDecisionForm):
    """The file by its hash, what was seen of it, and what is to be done.

    `column:NAME` says for which field a column is meant.
    """

    noun = forms.ChoiceField(choices=NOUNS, required=False)
    act = forms.ChoiceField(choices=[(each, each) for each in ("again", "import", "leave")])

    def chosen(self) -> dict[str, str]:
        """The fields that columns are meant for, by column."""
        begin = "column:"
        return {
            name.removeprefix(begin): str(value)
            for name, value in self.data.items()
            if name.startswith(begin) and value
        }
