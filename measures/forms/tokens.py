"""What people say of a token that they make."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import workflow
from ..models import ApiToken, User
from ..models.fields import WrittenField

USUAL_DAYS, MOST_DAYS = 90, 365


class TokenForm(forms.Form):
    """A name, a term and, for those who write, what it may do.

    The id is made with the page: sent twice, one token is made.
    """

    uid = forms.UUIDField(widget=forms.HiddenInput)
    name = WrittenField(
        lines=False,
        max_length=60,
        label=_("What it is for"),
        help_text=ApiToken._meta.get_field("name").help_text,
    )
    days = forms.IntegerField(
        min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS, label=_("Days it holds")
    )
    scope = forms.ChoiceField(
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READ,
        label=_("What it may do"),
        help_text=_("With one that writes, a program adds evidence and writes drafts as you."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not workflow.may_write(person):
            del self.fields["scope"]
