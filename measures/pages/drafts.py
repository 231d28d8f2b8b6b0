"""A finding on its way: the page of its author, and the page of its reviewer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import (
    HttpResponseClientRedirect,
    reselect,
    reswap,
    retarget,
    trigger_client_event,
)

from .. import record, workflow
from ..forms import DecisionForm, DraftForm, StartForm
from ..models import Draft, Measure, RecordEntry, Source
from ..wording import between
from .access import StaffRequest, on_the_desk, with_source

KEPT = "kept"  # Tells the script of the page that what it sent is saved.


@on_the_desk("add_draft")
@with_source
def draft_create(request: StaffRequest, source: Source, code: str) -> HttpResponse:
    """Begin a draft where the measure stands, or a correction of one of its findings."""
    measure = get_object_or_404(Measure.objects.in_full(), source=source, code=code)
    if request.method != "POST":
        return redirect(measure)  # Where a sign-in leads back to, after an expired session.
    form = StartForm(request.POST, measure=measure)
    if not form.is_valid():
        raise Http404
    try:
        draft = workflow.begin(measure, by=request.user, **form.cleaned_data)
    except workflow.Refused as refused:
        messages.error(request, str(refused))
        return redirect(measure)
    return redirect("draft-detail", draft.uid)


@vary_on_headers("HX-Request")
@on_the_desk("view_draft")
def draft_detail(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write a finding beside what it needs: kept as it is written, judged as it is written."""
    draft = _visible(request, uid)
    if request.method != "POST":
        writes = draft.author == request.user and draft.state in workflow.OPEN
        form = DraftForm(instance=draft) if writes else None
        return render(request, "measures/draft_detail.html", about(draft) | {"form": form})
    form = DraftForm(request.POST, instance=draft)
    try:
        return _write(request, draft, form)
    except workflow.Refused:
        # Kept, but not handed in: the rules beside the form say why.
        return _form(request, draft, form, status=HTTPStatus.UNPROCESSABLE_ENTITY, refused=True)
    except (workflow.Decided, record.Conflict):
        return _both(request, draft, form)


def _write(request: StaffRequest, draft: Draft, form: DraftForm) -> HttpResponse:
    """Save what was sent, then hand it in or withdraw it if that was asked."""
    if not form.is_valid():
        return _form(
            request, _visible(request, draft.uid), form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    # Who has read the newer version may save over it; anybody else saves over what they opened.
    draft.version = form.cleaned_data["over"] or form.cleaned_data["seen_version"]
    workflow.save(draft, by=request.user, **form.written())
    act = form.cleaned_data["act"]
    if act == "submit":
        workflow.submit(draft, by=request.user)
        messages.success(request, _("Handed in. A second person decides."))
        return _to_the_desk(request)
    if act == "withdraw":
        workflow.withdraw(draft, by=request.user)
        messages.success(request, _("Withdrawn."))
        return _to_the_desk(request)
    if request.htmx:
        return _form(request, draft, form)
    messages.success(request, _("Saved."))
    return redirect("draft-detail", draft.uid)


def _to_the_desk(request: StaffRequest) -> HttpResponse:
    """A whole new page, also where htmx sent the form."""
    if request.htmx:
        return trigger_client_event(HttpResponseClientRedirect(reverse("desk")), KEPT)
    return redirect("desk")


def _form(
    request: StaffRequest,
    draft: Draft,
    form: DraftForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    refused: bool = False,
) -> HttpResponse:
    kept = not form.errors
    context = about(draft) | {"form": form, "kept": kept, "refused": refused}
    if request.htmx:
        # htmx swaps no error: the part comes with 200 and says what is wrong.
        part = render(request, "measures/draft_detail.html#checks", context)
        return trigger_client_event(part, KEPT) if kept else part
    if kept:
        context["form"] = DraftForm(instance=draft)
    return render(request, "measures/draft_detail.html", context, status=status)


def _both(request: StaffRequest, draft: Draft, form: DraftForm) -> HttpResponse:
    """Somebody saved a newer version: show both, keep what was written here to be merged.

    Once it was handed in there is no form any more, but what was written can still be read.
    """
    theirs = _visible(request, draft.uid)
    yours = workflow.proposed(draft, workflow.in_order(form.cleaned_data["citations"]))
    merged = request.POST.copy()
    merged["seen_version"] = str(theirs.version)
    form.data = merged
    context = about(theirs) | {
        "conflict": between(workflow.proposed(theirs), yours),
        "form": form if theirs.state in workflow.OPEN else None,
    }
    if request.htmx and context["form"]:
        # Above the form, which stays: its author may have gone on typing meanwhile.
        part = render(request, "measures/draft_detail.html#conflict", context)
        return reswap(retarget(part, "#conflict-place"), "innerHTML")
    if request.htmx:
        page = render(request, "measures/draft_detail.html", context)
        return reselect(reswap(retarget(page, "main"), "outerHTML"), "main")
    return render(request, "measures/draft_detail.html", context, status=HTTPStatus.CONFLICT)


@on_the_desk("approve_draft")
def draft_review(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Old beside new, the criteria, the evidence, the rules: and the decision."""
    draft = _visible(request, uid)
    if request.method != "POST":
        return _review(request, draft, DecisionForm())
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _review(request, draft, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    draft.version = form.cleaned_data["seen_version"]
    try:
        return _decide(request, draft, form.cleaned_data)
    except workflow.Refused as refused:
        for objection in refused.objections:
            form.add_error(None, objection.sentence)
        return _review(
            request, _visible(request, uid), form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except (workflow.Overtaken, workflow.Outdated, workflow.Decided, record.Conflict) as overtaken:
        form.add_error(None, str(overtaken))
        return _review(request, _visible(request, uid), form, status=HTTPStatus.CONFLICT)


def _decide(request: StaffRequest, draft: Draft, told: Mapping[str, Any]) -> HttpResponse:
    if told["act"] == "return":
        workflow.send_back(draft, by=request.user, note=told["note"])
        messages.success(request, _("Returned to its author with your note."))
        return redirect("desk")
    finding = workflow.approve(draft, by=request.user)
    messages.success(request, _("Approved: the finding is in the record."))
    following = workflow.queue(request.user).first()
    if told["act"] == "approve-next" and following is not None:
        return redirect("draft-review", following.uid)
    return redirect(finding if told["act"] == "approve" else "desk")


def _review(
    request: StaffRequest, draft: Draft, form: DecisionForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = about(draft) | {
        "form": form,
        "own": settings.FOUR_EYES and draft.author == request.user,
    }
    now = workflow.proposed(draft)
    if draft.state == "submitted" and draft.submitted_as not in (None, now):
        context["outdated"] = between(draft.submitted_as, now)
    return render(request, "measures/draft_review.html", context, status=status)


def _visible(request: StaffRequest, uid: UUID) -> Draft:
    """The draft, if this person may see it: their own, or any for who reviews."""
    drafts = Draft.objects.in_full()
    if not request.user.has_perm("measures.approve_draft"):
        drafts = drafts.of(request.user)
    return get_object_or_404(drafts, uid=uid)


def about(draft: Draft) -> dict[str, Any]:
    """What writer and reviewer both need beside the draft itself."""
    standing = workflow.latest(draft.measure)
    before = workflow.said(standing) if standing else {}
    return {
        "draft": draft,
        "measure": draft.measure,
        "standing": standing,
        "overtaken": standing != draft.written_against and draft.state != "approved",
        "verdicts": workflow.verdicts(draft),
        "differences": between(before, workflow.proposed(draft)) if before else (),
        "citations": workflow.cited(draft),
        "history": record.read(RecordEntry.objects.about(draft)[:20], names=True),
    }
