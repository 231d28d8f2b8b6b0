"""The source, its passages and themes, institutions, and measures."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Body, Measure, MethodText, Passage, Source, Theme
from .evidence import EvidenceInline
from .forms import TrackedForm
from .tracked import TrackedAdmin

CHINESE = gettext_lazy("In Chinese")


@admin.register(Source)
class SourceAdmin(TrackedAdmin):
    list_display = ("title", "slug", "speaker", "delivered_on", "is_default")
    list_filter = ("is_default", "language", "delivered_on")
    search_fields = ("slug", "title", "title_zh", "speaker", "publisher")
    fieldsets = (
        (None, {"fields": ("slug", "title", "title_zh", "language", "is_default")}),
        (
            gettext_lazy("Delivery and publication"),
            {
                "fields": (
                    "speaker",
                    "delivered_on",
                    "reported_as",
                    ("publisher", "reported_on"),
                )
            },
        ),
    )


@admin.register(Passage)
class PassageAdmin(TrackedAdmin):
    list_display = ("__str__", "source", "role", "gist")
    list_filter = ("role", "source")
    list_select_related = ("source",)
    search_fields = ("=number", "gist", "gist_zh", "source__slug")
    autocomplete_fields = ("source",)
    fieldsets = (
        (None, {"fields": (("source", "number"), "role", "gist", "gist_zh")}),
        (gettext_lazy("Context"), {"fields": ("why", "why_zh")}),
        (
            gettext_lazy("Text of the source"),
            {
                "fields": ("text",),
                "classes": ("collapse",),
                "description": gettext_lazy(
                    "It belongs to its publisher: load it only if you hold it lawfully. Bundles "
                    "never contain it."
                ),
            },
        ),
    )


@admin.register(Theme)
class ThemeAdmin(TrackedAdmin):
    list_display = ("__str__", "title_zh", "source", "passage")
    list_filter = ("source",)
    list_select_related = ("source", "passage")
    search_fields = ("slug", "title", "title_zh", "summary", "summary_zh")
    autocomplete_fields = ("source", "passage")
    fieldsets = (
        (None, {"fields": ("source", ("number", "slug"), "passage")}),
        (gettext_lazy("In English"), {"fields": ("title", "summary")}),
        (CHINESE, {"fields": ("title_zh", "summary_zh")}),
    )


@admin.register(MethodText)
class MethodTextAdmin(TrackedAdmin):
    list_display = ("place", "edition", "text")
    search_fields = ("place", "edition", "text", "text_zh")
    fieldsets = (
        (
            None,
            {
                "fields": (("place", "edition"), "text", "text_zh"),
                "description": gettext_lazy(
                    "They stand on the page of the method, beside the words of that part. The "
                    "rules themselves stay as they are. Markdown is understood."
                ),
            },
        ),
    )


@admin.register(Body)
class BodyAdmin(TrackedAdmin):
    list_display = ("title", "title_zh", "abbreviation", "slug")
    search_fields = ("slug", "title", "title_zh", "abbreviation")
    fieldsets = ((None, {"fields": ("slug", "title", "title_zh", "abbreviation")}),)


class MeasureForm(TrackedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "analyst" in self.fields:
            self.fields["analyst"].queryset = self.instance.possible_analysts()  # type: ignore[attr-defined]


@admin.register(Measure)
class MeasureAdmin(TrackedAdmin):
    form = MeasureForm
    list_display = ("code", "called", "theme", "kind", "nature", "review_on", "retired_on")
    list_display_links = ("code", "called")
    list_filter = (
        "source",
        "theme",
        "kind",
        "nature",
        "baseline",
        "verifiability",
        "analyst",
        ("retired_on", admin.EmptyFieldListFilter),
    )
    list_select_related = ("theme",)
    search_fields = ("code", "slug", "title", "title_zh", "short", "short_zh", "quotation")
    date_hierarchy = "review_on"
    autocomplete_fields = ("source", "theme", "passage", "bodies")
    inlines = (EvidenceInline,)
    fieldsets = (
        (None, {"fields": (("source", "code"), "theme", ("position", "slug"))}),
        (gettext_lazy("Words of the source"), {"fields": ("passage", "quotation")}),
        (gettext_lazy("In English"), {"fields": ("title", "short", "done_when")}),
        (CHINESE, {"fields": ("title_zh", "short_zh", "done_when_zh")}),
        (
            gettext_lazy("Assessment"),
            {"fields": (("kind", "nature"), ("baseline", "verifiability"), "bodies")},
        ),
        (
            gettext_lazy("Schedule"),
            {"fields": ("due_on", ("due_as_said", "due_as_said_zh"))},
        ),
        (gettext_lazy("Care"), {"fields": ("analyst", ("review_on", "retired_on"))}),
    )

    def kept_because(self, obj: Any) -> str:
        if obj.findings.exists():
            return _(
                "This measure has findings, so it cannot be deleted: what was judged stays. "
                "Retire it instead: set “Retired on”."
            )
        return _(
            "Evidence or drafts rest on this measure, so it cannot be deleted. Delete its "
            "citations first; where there are drafts, retire it instead: set “Retired on”."
        )
