"""What was told to whom and what became of it, to read: nothing is written or sent from here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ..models import Message
from .tracked import ReadOnly


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("made_at", "kind", "person", "state", "attempts", "due_at", "trouble")
    list_filter = ("state", "kind")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__display_name")
    date_hierarchy = "made_at"
    fields = (
        "kind",
        "person",
        "state",
        "made_at",
        "due_at",
        "ended_at",
        "attempts",
        "trouble",
        "first",
        "last",
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who looks after people looks after what reaches them."""
        return request.user.has_perm("measures.change_user")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same."""
        return self.has_view_permission(request)
