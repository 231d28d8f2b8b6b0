"""What somebody looks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..progress.hits import KINDS
from .filters import Filter

LONGEST = 100


class SearchForm(Filter):
    """The question, and the one kind of hit that is shown in full."""

    q = forms.CharField(
        required=False,
        label=_("Search"),
        max_length=LONGEST,
        error_messages={
            "max_length": _("Ask in at most %(limit_value)d characters; these are %(show_value)d.")
        },
    )
    kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", ""), *((noun, label) for noun, (label, _rows) in KINDS.items())]
