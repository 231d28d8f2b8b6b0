"""What people say of a token that they make."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ApiToken
from ..models.fields import one_line, readable

USUAL_DAYS, MOST_DAYS = 90, 365


class TokenForm(forms.Form):
    """A name and a term. The id is made with the page: sent twice, one token is made."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=60,
        validators=[readable, one_line],
        label=_("What it is for"),
        help_text=ApiToken._meta.get_field("name").help_text,
    )
    days = forms.IntegerField(
        min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS, label=_("Days it holds")
    )
