"""Who is invited, and what somebody who was invited says of themselves."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from ..models import User, role_name
from ..models.fields import one_line, readable


class RolesField(forms.ModelMultipleChoiceField):
    """Roles by their names in the reader's language."""

    def label_from_instance(self, obj: Group) -> str:
        return role_name(obj)


class InvitationForm(forms.Form):
    """An address and roles. The id is made with the page: sent twice, one person is invited."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    email = forms.EmailField(max_length=254, label=_("E-mail address"))
    roles = RolesField(
        Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Roles"),
        help_text=_("Without a role the account reads."),
    )


class NewPassword(forms.CharField):
    """A password as it is chosen: every character counts, and the browser may suggest one."""

    def __init__(self, **told: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, max_length=1000, widget=widget, **told)


class InvitedForm(forms.Form):
    """A user name, a name to show, and a password twice."""

    username = forms.CharField(
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        label=_("User name"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    display_name = forms.CharField(
        max_length=80,
        required=False,
        validators=[readable, one_line],
        label=_("Name to show"),
        help_text=_("Stands beside what you write and approve."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = NewPassword(label=_("Password"), help_text=_("Twelve characters or more."))
    again = NewPassword(label=_("The password again"))

    def clean_username(self) -> str:
        """The name, if nobody has it; in whatever case, so that nobody passes for another."""
        name = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This user name is taken. Choose another one."))
        return name

    def clean(self) -> None:
        told = self.cleaned_data
        if "password" not in told or "again" not in told:
            return
        if told["password"] != told["again"]:
            self.add_error("again", _("The two passwords differ."))
        person = User(username=told.get("username", ""), display_name=told.get("display_name", ""))
        try:
            password_validation.validate_password(told["password"], person)
        except forms.ValidationError as error:
            self.add_error("password", error)
