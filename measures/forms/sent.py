"""What a page sends along with what people write; where it is missing, a sentence says so."""

from django import forms
from django.utils.translation import gettext_lazy as _

MISSING = {
    "seen_version": _(
        "The form came without the version that you had opened, so nothing was changed. Copy what "
        "you wrote, open this page anew and send it from there."
    ),
    "act": _(
        "The form came without one of its buttons, so nothing was changed. Press one of those "
        "below."
    ),
}


class FromAPage(forms.BaseForm):
    """A form whose hidden parts are named by no field: what is wrong with them stands above."""

    def full_clean(self) -> None:
        super().full_clean()
        for name, sentence in MISSING.items():
            if name in self.errors:
                del self.errors[name]
                self.add_error(None, sentence)
