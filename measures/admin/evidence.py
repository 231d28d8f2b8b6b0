"""Documents in the world, and where each bears on a measure."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..forms import LinesField
from ..models import Attachment, Citation, Evidence
from .forms import TrackedForm
from .tracked import ReadOnly, TrackedAdmin, TrackedInline

SHOWN = (("note", "note_zh"), ("quotation", "locator"))


class CitationInline(TrackedInline):
    """Citations on the page of what they join."""

    model = Citation
    verbose_name = gettext_lazy("citation")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("evidence", "measure")


class EvidenceInline(CitationInline):
    """The evidence of a measure."""

    verbose_name_plural = gettext_lazy("evidence cited")
    autocomplete_fields = ("evidence",)
    fieldsets = ((None, {"fields": ("evidence", ("stage", "bearing"), *SHOWN, "seen_version")}),)


class MeasureInline(CitationInline):
    """The measures on which a document bears."""

    verbose_name_plural = gettext_lazy("measures on which it bears")
    autocomplete_fields = ("measure",)
    fieldsets = ((None, {"fields": ("measure", ("stage", "bearing"), *SHOWN, "seen_version")}),)


class EvidenceForm(TrackedForm):
    seen_at = LinesField(
        label=gettext_lazy("Seen at"),
        required=False,
        help_text=gettext_lazy("Other pages on which the text was read, one address a line."),
    )


@admin.register(Evidence)
class EvidenceAdmin(TrackedAdmin):
    form = EvidenceForm
    list_display = ("called", "kind", "tier", "issued_on", "document_number", "checked_state")
    list_filter = ("kind", "tier", "checked_state", "language", "bodies")
    search_fields = ("key", "title", "title_zh", "document_number", "issuer", "issuer_zh", "url")
    date_hierarchy = "issued_on"
    autocomplete_fields = ("bodies",)
    inlines = (MeasureInline,)
    actions = ("delete_selected",)
    fieldsets = (
        (None, {"fields": ("key", "title", ("title_zh", "title_zh_ours"), "language")}),
        (
            gettext_lazy("The document"),
            {
                "fields": (
                    ("kind", "tier"),
                    "issuer",
                    "issuer_zh",
                    "bodies",
                    "document_number",
                    ("issued_on", "effective_on"),
                    "url",
                    ("archive_url", "archived_on"),
                )
            },
        ),
        (
            gettext_lazy("How it was checked"),
            {"fields": (("checked_state", "checked_on"), "checked_how", "seen_at", "check_every")},
        ),
    )

    def kept_because(self, obj: Any) -> str:
        if obj.frozen.exists():
            return _(
                "Findings rest on this document, so it cannot be deleted: what they cite stays. "
                "Where it is wrong, correct it here, and correct the finding by another one."
            )
        return _(
            "Measures cite this document, so it cannot be deleted. Delete the citations first."
        )


@admin.register(Citation)
class CitationAdmin(TrackedAdmin):
    list_display = ("evidence", "measure", "stage", "bearing", "locator")
    list_filter = ("stage", "bearing", "evidence__tier", "measure__theme")
    list_select_related = ("evidence", "measure")
    search_fields = (
        "evidence__key",
        "evidence__title",
        "evidence__title_zh",
        "measure__code",
        "measure__title",
        "note",
        "note_zh",
        "quotation",
    )
    autocomplete_fields = ("evidence", "measure")
    actions = ("delete_selected",)
    fieldsets = (
        (None, {"fields": ("evidence", "measure", ("stage", "bearing"))}),
        (gettext_lazy("What it shows"), {"fields": SHOWN}),
    )


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly, admin.ModelAdmin):
    """Held copies, to read: they are added on the page of their document."""

    list_display = ("name", "evidence", "kind", "size", "is_public", "added_by", "added_at")
    list_filter = ("is_public", "how", "kind")
    list_select_related = ("evidence", "added_by")
    search_fields = ("name", "sha256", "evidence__key", "evidence__title", "evidence__title_zh")
    date_hierarchy = "added_at"
    fields = (
        "evidence",
        ("name", "how", "is_public"),
        ("kind", "size"),
        "address",
        "sha256",
        ("added_by", "added_at"),
    )
