"""How this installation presents itself: one row, which every page shows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import Installation
from ..models.installation import kind_of_logo
from .forms import TrackedForm
from .tracked import TrackedAdmin


class InstallationForm(TrackedForm):
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG or JPEG, at most 200 kB; it is shown 28 pixels high beside the name."),
    )
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    def clean_new_logo(self) -> bytes:
        """Its bytes; none where no file came."""
        upload = self.cleaned_data["new_logo"]
        content: bytes = upload.read() if upload else b""
        if content:
            kind_of_logo(content)
        return content

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        content = self.cleaned_data.get("new_logo")
        if content or self.cleaned_data.get("no_logo"):
            self.instance.take_logo(content or b"")


@admin.register(Installation)
class InstallationAdmin(TrackedAdmin):
    form = InstallationForm
    list_display = ("__str__", "languages", "contact")
    search_fields = ("name", "name_zh", "contact")
    fieldsets = (
        (
            None,
            {
                "fields": (("name", "name_zh"), "contact", "languages"),
                "description": _(
                    "What is left empty is as the tracker comes. Every page has it within ten "
                    "seconds."
                ),
            },
        ),
        (
            _("Look"),
            {
                "fields": (("accent", "accent_dark"), "new_logo", "no_logo"),
                "description": _(
                    "Colours of statuses stay as they are: they are part of the method. Without "
                    "one for dark paper it is made from the one for light paper."
                ),
            },
        ),
        (_("First page"), {"fields": ("home", "home_zh")}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request) and not Installation.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
