"""Forms that know which version of a row the person has opened."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from .. import record
from ..forms.sent import FromAPage
from ..models import RecordEntry
from ..models.fields import WrittenField
from ..models.tracked import Tracked
from ..shapes import SHAPES
from ..text import listed

# What other rows, bundles and the record know a row by: fixed once it is saved.
IDENTITY: dict[type[models.Model], tuple[str, ...]] = {s.model: s.identity for s in SHAPES}


class VersionedForm(FromAPage, forms.ModelForm):
    """A form of a tracked row. A save over a newer version is refused, and both are shown."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput, label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            seen = self.fields["seen_version"]
            seen.required, seen.initial = True, self.instance.version
            for name in IDENTITY.get(type(self.instance), ()):
                if name in self.fields:
                    self._fix(name)

    def _fix(self, name: str) -> None:
        field = self.fields[name]
        field.disabled = True
        if isinstance(field, forms.ModelChoiceField):
            # The one choice at hand, instead of a picker that asks the database for each row.
            chosen = getattr(self.instance, name)
            field.widget = forms.Select(choices=[(chosen.pk, str(chosen))])
        else:
            field.help_text = _("Fixed once saved: addresses and the record name it.")

    @property
    def is_stale(self) -> bool:
        """Whether somebody else has saved the row since this person opened it."""
        tracked = bool(self.instance.pk)
        return tracked and self.cleaned_data.get("seen_version") != self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        differing = list(self._differing()) if self.is_stale else []
        if differing:
            self.add_error(None, ValidationError(conflict(self.instance, differing)))
            # What comes next is a choice between the two: saving again is no accident any more.
            data: Any = self.data
            self.data = data = data.copy()
            data[self.add_prefix("seen_version")] = str(self.instance.version)
        return cleaned

    def _differing(self) -> Iterator[tuple[Any, str, str]]:
        """Label, their value and this person's, for each field in which the two part."""
        for name in self.changed_data:
            if name not in VersionedForm.base_fields and name in self.initial:
                field = self.fields[name]
                mine = self.cleaned_data.get(name, self[name].data)
                yield self[name].label, words(field, self.initial[name]), words(field, mine)


class TrackedForm(VersionedForm):
    """The main form of a tracked row, with room to say why it is changed."""

    entry_why = WrittenField(
        label=_("Why"),
        required=False,
        max_length=500,
        widget=AdminTextareaWidget({"rows": 2}),
        help_text=_("Kept in the record beside the change."),
    )


class TrackedFormSet(BaseInlineFormSet):
    """Rows under another one, each with its version."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["id"].error_messages["invalid_choice"] = _(
            "Somebody else deleted this one since you opened the page. Nothing was saved. "
            "Mark it for deletion to go on, and enter it anew if it is still wanted."
        )

    def clean(self) -> None:
        """A row that is to be deleted is deleted in the version that was seen."""
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) and form.instance.pk and form.is_stale:  # type: ignore[attr-defined]
                raise ValidationError(
                    _(
                        "%(row)s was changed by somebody else since you opened the page, and is "
                        "not deleted. Reload the page and look at it first."
                    )
                    % {"row": form.instance}
                )


def conflict(stored: Tracked, differing: list[tuple[Any, str, str]]) -> str:
    """Both versions side by side, and who saved the one that is stored."""
    lines = record.read(RecordEntry.objects.about(stored)[:1])
    context = {"last": lines[0] if lines else None, "differing": differing}
    return render_to_string("admin/measures/_conflict.html", context)


def words(field: Any, value: Any) -> str:
    """A field's value as people read it."""
    if value in field.empty_values:
        return "–"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return listed(value)
    if isinstance(field, forms.ModelChoiceField):
        return str(value if isinstance(value, models.Model) else field.to_python(value))
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    named = dict(getattr(field, "choices", ()))
    return str(named.get(value) or formats.localize(value))
