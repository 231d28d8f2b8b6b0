"""The record, to read."""

import json
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..models import RecordEntry
from .tracked import ReadOnly


class NounFilter(admin.AllValuesFieldListFilter):
    """The kinds of object by the names that people have for them."""

    def choices(self, changelist: Any) -> Any:
        names = {str(m._meta.model_name): m._meta.verbose_name for m in apps.get_models()}
        for choice in super().choices(changelist):
            yield {**choice, "display": names.get(str(choice["display"]), choice["display"])}


@admin.register(RecordEntry)
class RecordEntryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("sequence", "action", "named", "key", "who", "at", "why")
    list_display_links = ("sequence", "key")
    list_filter = ("action", ("noun", NounFilter), "at")
    search_fields = ("key", "why", "hash__startswith")
    search_help_text = _("Key, reason, or the beginning of a hash.")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False  # The record grows without end.
    fieldsets = (
        (None, {"fields": ("at", "who", "action", "what", "why")}),
        (_("Content"), {"fields": ("was", "became")}),
        (_("Chain"), {"fields": ("sequence", "previous", "hash", "actor", "object_id")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return RecordEntry.objects.with_names()

    @admin.display(description=_("who"))
    def who(self, entry: Any) -> str:
        return entry.actor_name or str(entry.actor)[:8]

    @admin.display(description=_("noun"), ordering="noun")
    def named(self, entry: RecordEntry) -> str:
        return entry.noun_name

    @admin.display(description=_("what"))
    def what(self, entry: RecordEntry) -> str:
        label = f"{entry.noun_name} {entry.key}"
        try:
            url = reverse(f"admin:measures_{entry.noun}_change", args=[entry.object_id])
        except NoReverseMatch:
            return label
        gone = entry.action == RecordEntry.Action.REMOVED
        return label if gone else format_html('<a href="{}">{}</a>', url, label)

    @admin.display(description=_("before"))
    def was(self, entry: RecordEntry) -> str:
        return _pretty(entry.before)

    @admin.display(description=_("after"))
    def became(self, entry: RecordEntry) -> str:
        return _pretty(entry.after)


def _pretty(content: Any) -> str:
    if not content:
        return "–"
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True)
    return format_html('<pre class="content">{}</pre>', text)
