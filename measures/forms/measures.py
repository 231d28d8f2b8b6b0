"""What staff write on the page of a measure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Measure, User
from ..models.fields import WrittenField
from .sent import FromAPage


class NoteForm(forms.Form):
    """A note on a measure, with the id made with its page."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    text = WrittenField(
        max_length=5000,
        label=_("Note"),
        help_text=_("Readers never see it. @name brings it to a colleague's desk."),
        error_messages={"required": _("Write the note first.")},
        widget=forms.Textarea({"rows": 4}),
    )


class CareForm(FromAPage, forms.Form):
    """Who keeps a measure up to date, and when it is looked at next."""

    analyst = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Analyst"), empty_label=_("nobody")
    )
    review_on = forms.DateField(
        required=False,
        label=_("Review by"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, measure: Measure) -> None:
        now = {
            "analyst": measure.analyst_id,
            "review_on": measure.review_on,
            "seen_version": measure.version,
        }
        super().__init__(data, initial=now)
        self.fields["analyst"].queryset = measure.possible_analysts()  # type: ignore[attr-defined]
