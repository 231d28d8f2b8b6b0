"""Findings, to read; and the form that proposes a new one by the same rules as everywhere."""

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import prose, workflow
from ..forms.drafts import MARKDOWN
from ..models import Citation, Draft, Finding, FrozenCitation, Measure
from ..models.fields import ProseField
from ..text import listed
from .tracked import ReadOnly, RecordedAdmin, once_more, told

# A fieldset: its heading and what is in it.
Part = tuple[Any, Any]

# The parts of a judgement, in the order in which it is thought out; drafts show the same.
VERDICT: Part = (
    gettext_lazy("Verdict"),
    {
        "fields": (
            ("status", "effective_on"),
            "confidence",
            "confidence_reason",
            "confidence_reason_zh",
        )
    },
)
RATIONALE: Part = (gettext_lazy("Rationale"), {"fields": ("rationale", "rationale_zh")})
SEARCH: Part = (
    gettext_lazy("Search, for “No evidence found”"),
    {
        "fields": (
            "search_where",
            "search_terms",
            ("search_languages", "searched_until"),
        )
    },
)
CORRECTION: Part = (
    gettext_lazy("Correction of an earlier finding"),
    {"fields": ("supersedes", "correction_reason")},
)
ORDER: Part = (gettext_lazy("Order of findings"), {"fields": ("is_late",)})
CITED: Part = (gettext_lazy("Evidence"), {"fields": ("citations",)})


def concerning(judgement: Any, parts: Iterable[Part]) -> list[Part]:
    """The parts without those that have nothing to say of this judgement."""
    idle = [SEARCH] if not judgement.searched_until else []
    idle += [CORRECTION] if not judgement.supersedes_id else []
    return [part for part in parts if part not in idle]


class CitationChoice(forms.ModelMultipleChoiceField):
    """Pick from the evidence that a measure cites."""

    def label_from_instance(self, obj: Any) -> str:
        evidence = obj.evidence
        terms = [str(evidence.issued_on or ""), _("tier %(tier)d") % {"tier": obj.tier}]
        terms += [obj.get_stage_display(), obj.get_bearing_display()]
        told = {"evidence": evidence, "terms": listed(term for term in terms if term)}
        return _("%(evidence)s (%(terms)s)") % told


class FindingChoice(forms.ModelChoiceField):
    """Pick one of the findings of a measure."""

    def label_from_instance(self, obj: Any) -> str:
        return f"#{obj.number} · {obj.term.label} · {obj.effective_on}"


class OnMeasure(forms.Form):
    """What a proposal chooses from: the evidence and the standing findings of its measure."""

    citations = CitationChoice(
        Citation.objects.none(),
        required=False,
        label=gettext_lazy("Evidence cited"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Evidence that is missing here is first cited under the measure."),
    )
    supersedes = FindingChoice(
        Finding.objects.none(),
        required=False,
        label=gettext_lazy("Corrects"),
        empty_label=gettext_lazy("Nothing: the world moved on, or we learnt more"),
    )

    def choose_on(self, measure: Measure) -> None:
        """Limit the choices to those of `measure`."""
        cited = measure.citations.select_related("evidence")
        self.fields["citations"].queryset = cited  # type: ignore[attr-defined]
        standing = measure.findings.known_at(None).latest_first()
        self.fields["supersedes"].queryset = standing  # type: ignore[attr-defined]


class ProposalForm(forms.ModelForm, OnMeasure):
    # Made with the empty form, so that sending it twice hands in one draft.
    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Draft
        fields = (*workflow.JUDGED, "is_late", "citations", "supersedes")
        help_texts = {"rationale": MARKDOWN, "rationale_zh": MARKDOWN}

    def object_to(self, objections: Any) -> None:
        """Put each objection of the method beside its field."""
        for objection in objections:
            field = objection.field if objection.field in self.fields else None
            self.add_error(field, objection.sentence)


class FrozenInline(ReadOnly, admin.StackedInline):
    """The evidence as the finding froze it."""

    model = FrozenCitation
    verbose_name_plural = gettext_lazy("evidence, as it read then")
    fields = (
        "title",
        "title_zh",
        ("document_number", "issued_on"),
        "url",
        ("tier", "stage", "bearing"),
        "note",
        "note_zh",
        ("quotation", "locator"),
    )


@admin.register(Finding)
class FindingAdmin(ReadOnly, RecordedAdmin):
    list_display = (
        "measure",
        "status",
        "effective_on",
        "number",
        "confidence",
        "recorded_at",
        "author",
        "approver",
    )
    list_display_links = ("measure", "status")
    list_filter = (
        "status",
        "confidence",
        "measure__theme",
        "coding",
        "four_eyes",
        ("supersedes", admin.EmptyFieldListFilter),
        "method_version",
    )
    list_select_related = ("measure", "author", "approver")
    search_fields = (
        "measure__code",
        "measure__title",
        "measure__title_zh",
        "rationale",
        "rationale_zh",
    )
    date_hierarchy = "effective_on"
    inlines = (FrozenInline,)
    readonly_fields = ("rationale_shown", "rationale_zh_shown")
    formfield_overrides = {ProseField: {"widget": AdminTextareaWidget({"rows": 5})}}
    fieldsets = (
        (None, {"fields": (("measure", "number"),)}),
        VERDICT,
        (RATIONALE[0], {"fields": ("rationale_shown", "rationale_zh_shown")}),
        SEARCH,
        CORRECTION,
        (
            gettext_lazy("How it came about"),
            {
                "fields": (
                    ("author", "approver"),
                    "recorded_at",
                    ("method_version", "coding"),
                    "four_eyes",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return concerning(obj, self.fieldsets)

    @admin.display(description=gettext_lazy("Rationale"))
    def rationale_shown(self, finding: Finding) -> str:
        return prose.shown(finding.rationale) or self.get_empty_value_display()

    @admin.display(description=gettext_lazy("Rationale (zh)"))
    def rationale_zh_shown(self, finding: Finding) -> str:
        if not finding.rationale_zh:
            return self.get_empty_value_display()
        return format_html('<div lang="zh">{}</div>', prose.shown(finding.rationale_zh))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perms(["measures.add_finding", "measures.add_draft"])

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Choose a measure, then propose a finding on it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = request.GET.get("measure", "")
        found = Measure.objects.filter(pk=asked) if asked.isdecimal() and len(asked) < 16 else None
        measure = found.select_related("source").first() if found is not None else None
        if measure is None:
            return self._choose(request, asked)
        return once_more(partial(self._propose, request, measure))

    def _choose(self, request: HttpRequest, asked: str) -> HttpResponse:
        if asked:
            messages.error(request, _("There is no such measure. Choose one from the list."))
        picker = AutocompleteSelect(Finding._meta.get_field("measure"), self.admin_site)
        field = forms.ModelChoiceField(Measure.objects.all(), label=_("Measure"), widget=picker)
        form = type("MeasureForm", (forms.Form,), {"measure": field})()
        return self._page(request, "choose", form, [(None, {"fields": ("measure",)})])

    def _propose(self, request: Any, measure: Measure) -> HttpResponse:
        callback = partial(self.formfield_for_dbfield, request=request)
        form_class = forms.modelform_factory(Draft, ProposalForm, formfield_callback=callback)
        form: Any = form_class(request.POST or None)
        form.choose_on(measure)
        if request.method == "POST" and form.is_valid():
            draft = Draft.objects.filter(uid=form.cleaned_data["uid"], author=request.user).first()
            draft = draft or self._hand_in(request, measure, form)
            if draft is not None:
                return self._handed_in(request, draft)
        uid = (None, {"fields": ("uid",)})
        fieldsets = [VERDICT, CITED, RATIONALE, SEARCH, ORDER, CORRECTION, uid]
        return self._page(request, "propose", form, fieldsets, measure=measure)

    def _hand_in(self, request: Any, measure: Measure, form: Any) -> Draft | None:
        """Write and submit in one step; where one person is the whole desk, approve as well."""
        told = form.cleaned_data
        judged = {name: told[name] for name in (*workflow.JUDGED, "is_late", "uid")}
        evidence, corrects, person = told["citations"], told["supersedes"], request.user
        try:
            with transaction.atomic():
                draft = workflow.start(
                    measure, by=person, citations=evidence, corrects=corrects, **judged
                )
                workflow.submit(draft, by=person)
                if self._alone(request):
                    workflow.approve(draft, by=person)
        except workflow.Refused as refused:
            form.object_to(refused.objections)
        except (workflow.Overtaken, workflow.Outdated, workflow.Decided) as error:
            form.add_error(None, str(error))
        else:
            return draft
        return None

    def _alone(self, request: Any) -> bool:
        return not settings.FOUR_EYES and request.user.has_perm("measures.approve_draft")

    def _handed_in(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        if draft.finding_id:
            sentence = _(
                "The finding is in the record. Its author approved it: this desk has one person, "
                "and the finding says so."
            )
            url = reverse("admin:measures_finding_change", args=[draft.finding_id])
        else:
            sentence = _(
                "The proposal is handed in and waits for a second person, who approves it. "
                "It is not in the register yet."
            )
            url = reverse("admin:measures_draft_change", args=[draft.pk])
        messages.success(request, sentence)
        return HttpResponseRedirect(url)

    def _page(
        self, request: HttpRequest, name: str, form: Any, fieldsets: Any, **more: Any
    ) -> HttpResponse:
        adminform = helpers.AdminForm(form, fieldsets, {}, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add finding"),
            "opts": self.opts,
            "adminform": adminform,
            "media": self.media + adminform.media,
            "errors": form.errors,
            "alone": self._alone(request),
            **more,
        }
        return render(request, f"admin/measures/finding/{name}.html", context)


@admin.register(FrozenCitation)
class FrozenCitationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("called", "finding", "tier", "stage", "bearing", "issued_on")
    list_filter = ("tier", "stage", "bearing")
    list_select_related = ("finding__measure",)
    search_fields = (
        "title",
        "title_zh",
        "document_number",
        "evidence__key",
        "finding__measure__code",
    )
    date_hierarchy = "issued_on"

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def called(self, citation: FrozenCitation) -> str:
        return told(citation)

    fieldsets = (
        (None, {"fields": (("finding", "position"), "evidence", "title", "title_zh")}),
        (
            gettext_lazy("The document"),
            {"fields": (("document_number", "issued_on"), "url", "copy_sha256")},
        ),
        (
            gettext_lazy("What it showed"),
            {"fields": (("tier", "stage", "bearing"), "note", "note_zh", ("quotation", "locator"))},
        ),
    )
