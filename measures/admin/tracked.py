"""What all pages of the administration share: every write is told to the record."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import record
from ..models import said
from ..models.fields import ProseField
from ..models.tracked import Tracked
from .forms import TrackedForm, TrackedFormSet, VersionedForm

KEY = re.compile("[0-9]{1,18}", re.ASCII)
# Shown last on each form of a tracked noun.
ON_THE_CHANGE = (gettext_lazy("About this change"), {"fields": ("entry_why", "seen_version")})


def once_more(view: Callable[[], HttpResponse]) -> HttpResponse:
    """What the view answers, tried a second time where another writer came in between.

    Nothing is left of the first try; the second sees what the other one wrote, and says so.
    """
    try:
        return view()
    except (record.Conflict, IntegrityError):
        return view()


class RecordedAdmin(admin.ModelAdmin):
    """Pages of rows whose every change has its entry in the record, in the same transaction."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return once_more(partial(super().changeform_view, request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return once_more(partial(super().delete_view, request, *args, **kwargs))

    # The record is the only log: Django's own would be a second one, and can be rewritten.
    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        return None

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        """The entries of the record on this row."""
        about = {"noun__exact": str(self.opts.model_name), "object_id__exact": object_id}
        url = reverse("admin:measures_recordentry_changelist")
        return HttpResponseRedirect(f"{url}?{urlencode(about)}")


def _keys(sent: Sequence[str]) -> list[str]:
    """Django asks the database even for what was sent and is no key, which fails."""
    return [each for each in sent if KEY.fullmatch(str(each))]


class _Picker(AutocompleteSelect):
    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, _keys(value), attr)


class _Pickers(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, _keys(value), attr)


def _without(nested: Any, beginnings: tuple[str, ...]) -> list[Any]:
    """Lists within lists of what is deleted, without lines that begin so."""
    lines = (_without(e, beginnings) if isinstance(e, list) else str(e) for e in nested)
    return [
        each
        for each in lines
        if each and not (isinstance(each, str) and each.startswith(beginnings))
    ]


def told(obj: Any) -> str:
    """The title of a row, in the reader's language where it is written, and marked."""
    words = said(obj, "title")
    return format_html('<span lang="{}">{}</span>', words.language, words.text)


class Picking(BaseModelAdmin):
    """Its `autocomplete_fields` are shown whatever was sent for them."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _Picker(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _Pickers(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class TrackedAdmin(Picking, RecordedAdmin):
    """Pages of a tracked noun: versions compared, deletions refused with a reason."""

    form = TrackedForm
    formfield_overrides = {
        ProseField: {"widget": AdminTextareaWidget({"rows": 5})},
        models.URLField: {"assume_scheme": "https"},
    }

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def called(self, obj: Any) -> str:
        """Its title in the reader's language, where it has one."""
        return told(obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return [*fieldsets, ON_THE_CHANGE]
        return fieldsets

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """The row with its many-to-many fields: one write, one entry."""
        names = [field.name for field in self.opts.many_to_many]
        many = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
        record.save(obj, by=request.user, why=form.cleaned_data["entry_why"], **many)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        told = {"by": request.user, "why": form.cleaned_data["entry_why"]}
        for obj in formset.save(commit=False):
            record.save(obj, **told)
        for obj in formset.deleted_objects:
            record.delete(obj, **told)

    def delete_model(self, request: Any, obj: Tracked) -> None:
        record.delete(obj, by=request.user)

    @transaction.atomic
    def delete_queryset(self, request: Any, queryset: models.QuerySet[Any]) -> None:
        for obj in queryset:
            record.delete(obj, by=request.user)

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Without the rows that only join two others: nobody knows them."""
        found, counts, *rest = super().get_deleted_objects(objs, request)
        joins = {m._meta.verbose_name for m in apps.get_models(include_auto_created=True)}
        joins -= {m._meta.verbose_name for m in apps.get_models()}
        plural = {f"{each}s" for each in joins}
        kept = {name: number for name, number in counts.items() if name not in plural}
        return _without(found, tuple(f"{capfirst(each)}: " for each in joins)), kept, *rest

    def render_delete_form(self, request: Any, context: dict[str, Any]) -> Any:
        if context["protected"]:
            context["reason"] = self.kept_because(context["object"])
        return super().render_delete_form(request, context)

    def kept_because(self, obj: Any) -> str:
        """Why `obj` cannot be deleted, and what to do instead."""
        return _("Other things rest on it, so it cannot be deleted. Move or delete them first.")


class TrackedInline(Picking, admin.StackedInline):
    """Tracked rows on the page of another one."""

    form = VersionedForm
    formset = TrackedFormSet
    formfield_overrides = {ProseField: {"widget": AdminTextareaWidget({"rows": 2})}}
    extra = 0
    show_change_link = True
    view_on_site = False


class ReadOnly:
    """Pages to read: nobody adds, changes or deletes here, not even a superuser."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
