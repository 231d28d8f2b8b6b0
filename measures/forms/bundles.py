"""A bundle that an administrator sends, and the decision on what it would do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .uploads import UploadDecisionForm, UploadField


class BundleForm(forms.Form):
    """The archive."""

    file = UploadField(
        accept=".zip,application/zip",
        help_text=_("A .zip file of the files of a bundle, at most 20 MB."),
        too_large=_("The file has more than 20 MB. Load its folder by command."),
    )


class BundleDecisionForm(UploadDecisionForm):
    """The archive by its hash, what was seen of it, and what is to be done."""

    act = forms.ChoiceField(choices=[(each, each) for each in ("load", "update", "leave")])
