"""The notes of staff, to read: they are written on the page of their measure."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ..models import JournalNote, Mention
from .tracked import ReadOnly


@admin.register(JournalNote)
class JournalNoteAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("written_at", "measure", "author", "text")
    list_display_links = ("written_at", "measure")
    list_filter = ("author", "written_at")
    list_select_related = ("measure", "author")
    search_fields = ("text", "measure__code", "measure__title", "author__display_name")
    date_hierarchy = "written_at"
    fields = ("measure", "author", "written_at", "text")


@admin.register(Mention)
class MentionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("note", "person", "seen_at")
    list_filter = ("person",)
    list_select_related = ("note__measure", "person")
    search_fields = ("note__text", "person__username", "person__display_name")
    fields = ("note", "person", "seen_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who reads the notes reads whom they call."""
        return request.user.has_perm("measures.view_journalnote")
