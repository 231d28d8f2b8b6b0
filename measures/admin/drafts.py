"""Proposed findings on their way, and the page on which one is approved."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import record, workflow
from ..forms.drafts import MARKDOWN
from ..models import Draft
from .findings import CITED, CORRECTION, ORDER, RATIONALE, SEARCH, VERDICT, OnMeasure, concerning
from .forms import TrackedForm
from .tracked import TrackedAdmin

EDITABLE = ("writing", "returned")
WAY = (
    "measure",
    "state",
    "author",
    "begun_at",
    "submitted_at",
    "decided_by",
    "decision_note",
    "written_against",
    "finding",
)


class DraftForm(TrackedForm, OnMeasure):
    class Meta:
        help_texts = {"rationale": MARKDOWN, "rationale_zh": MARKDOWN}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.choose_on(self.instance.measure)


@admin.register(Draft)
class DraftAdmin(TrackedAdmin):
    form = DraftForm
    list_display = (
        "measure",
        "decide",
        "state",
        "status",
        "effective_on",
        "author",
        "submitted_at",
    )
    list_filter = ("state", "status", "measure__theme")
    list_select_related = ("measure", "author")
    search_fields = (
        "measure__code",
        "measure__title",
        "measure__title_zh",
        "rationale",
        "rationale_zh",
    )
    date_hierarchy = "begun_at"
    readonly_fields = WAY
    fieldsets = (
        (None, {"fields": ("measure", ("state", "author"))}),
        VERDICT,
        CITED,
        RATIONALE,
        SEARCH,
        ORDER,
        CORRECTION,
        (
            gettext_lazy("On its way"),
            {
                "fields": (
                    ("begun_at", "submitted_at"),
                    ("decided_by", "decision_note"),
                    "written_against",
                    "finding",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            return concerning(obj, fieldsets)
        return fieldsets

    def get_queryset(self, request: HttpRequest) -> Any:
        """As on the desk: one's own, and for those who decide what was handed in."""
        found: Any = super().get_queryset(request)
        user: Any = request.user
        return found if user.has_perm("measures.approve_draft") else found.of(user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A draft begins where its measure is: under “Add finding”, or on the desk."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its author writes it, until it is handed in."""
        if obj and (obj.author != request.user or obj.state not in EDITABLE):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> Any:
        approve = self.admin_site.admin_view(self.approve_view)
        return [
            path("<path:object_id>/approve/", approve, name="measures_draft_approve"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("decision"))
    def decide(self, draft: Draft) -> str:
        if draft.state != "submitted":
            return ""
        url = reverse("admin:measures_draft_approve", args=[draft.pk])
        return format_html('<a href="{}">{}</a>', url, _("Read and decide"))

    def approve_view(self, request: Any, object_id: str) -> HttpResponse:
        """The proposal beside the finding that stands, and the button that decides."""
        workflow.allowed(request.user, "approve_draft")
        draft = self.get_object(request, unquote(object_id))
        if draft is None:
            raise Http404
        if request.method == "POST" and self._approved(request, draft):
            url = reverse("admin:measures_finding_change", args=[draft.finding_id])
            return HttpResponseRedirect(url)
        if request.method == "POST":
            return HttpResponseRedirect(request.path)
        standing = workflow.latest(draft.measure)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Approve draft"),
            "opts": self.opts,
            "original": draft,
            "standing": standing,
            "overtaken": standing != draft.written_against,
            "cited": draft.citations.select_related("evidence"),
            "waits": draft.state == "submitted",
        }
        return render(request, "admin/measures/draft/approve.html", context)

    def _approved(self, request: Any, draft: Draft) -> bool:
        """Decide on the version that the person has read; say why where that fails."""
        seen = request.POST.get("seen_version", "")
        draft.version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        try:
            workflow.approve(draft, by=request.user)
        except workflow.Refused as refused:
            for objection in refused.objections:
                messages.error(request, objection.sentence)
        except (workflow.Overtaken, workflow.Outdated, workflow.Decided) as error:
            messages.error(request, str(error))
        except record.Conflict as conflict:
            theirs = conflict.theirs
            if isinstance(theirs, Draft) and theirs.state != "submitted":
                messages.error(request, str(workflow.Decided(theirs)))
            else:
                messages.error(request, str(conflict))
        else:
            messages.success(request, _("Approved: the finding is in the record."))
            return True
        return False
