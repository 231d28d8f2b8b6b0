"""The library as staff keep it: documents, where they bear, and held copies of them."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import files, record, workflow
from ..forms import CitationForm, CopyForm, EvidenceForm
from ..forms.evidence import VersionedForm
from ..models import Attachment, Citation, Evidence
from .access import StaffRequest, on_the_desk
from .drafts import CONFLICT, UNPROCESSABLE


@on_the_desk("change_evidence")
def evidence_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Everything about a document but its key, and the copies that are held of it."""
    evidence = get_object_or_404(Evidence, key=key)
    context = _about(evidence)
    form = EvidenceForm(_sent(request), instance=evidence)
    return _edited(request, form, "measures/evidence_edit.html", context)


@on_the_desk("change_citation")
def citation_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """How a document bears on a measure."""
    citations = Citation.objects.select_related("evidence", "measure__source", "measure__theme")
    citation = get_object_or_404(citations, pk=pk)
    form = CitationForm(_sent(request), instance=citation)
    return _edited(request, form, "measures/citation_edit.html", {"citation": citation})


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _edited(
    request: StaffRequest, form: VersionedForm, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Save what was sent; over a newer version show both, and let the next save be a merge."""
    status = 200
    if form.is_bound and not form.is_valid():
        status = UNPROCESSABLE
    elif form.is_bound:
        row, told = form.instance, form.cleaned_data
        row.version = told["seen_version"]
        try:
            changed = workflow.change(row, by=request.user, why=told["why"], **form.many())
        except record.Conflict as conflict:
            if conflict.theirs is None:
                raise Http404(_("Somebody else deleted this meanwhile.")) from conflict
            context["conflict"], status = form.beside(conflict.theirs), CONFLICT
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect(row)
    return render(request, template, context | {"form": form}, status=status)


def _about(evidence: Evidence) -> dict[str, Any]:
    """What stays in view while a document is edited, as it was before."""
    return {
        "evidence": evidence,
        "title": evidence.title,
        "attachments": evidence.attachments.all(),
        "copy": CopyForm(),
    }


@require_POST
@on_the_desk("add_attachment")
def attachment_create(request: StaffRequest, key: str) -> HttpResponse:
    """Hold a copy of a document: first the file, whole and on disk, then the row that names it."""
    evidence = get_object_or_404(Evidence, key=key)
    copy = CopyForm(request.POST, request.FILES)
    if not copy.is_valid():
        context = _about(evidence) | {"form": EvidenceForm(instance=evidence), "copy": copy}
        return render(request, "measures/evidence_edit.html", context, status=UNPROCESSABLE)
    upload = copy.cleaned_data["file"]
    held = files.store(upload)
    attachment = Attachment(
        evidence=evidence,
        sha256=held.sha256,
        name=upload.name,
        kind=held.kind,
        size=held.size,
        added_by=request.user,
    )
    workflow.attach(attachment, by=request.user)
    messages.success(request, _("The copy is held."))
    return redirect("evidence-edit", key)


@require_safe
@on_the_desk("view_attachment")
def attachment_download(request: StaffRequest, key: str, sha256: str) -> HttpResponseBase:
    """A held copy, as a file to keep: never shown here, whatever it is."""
    attachment = get_object_or_404(Attachment, evidence__key=key, sha256=sha256)
    try:
        file = files.opened(attachment.sha256)
    except FileNotFoundError as missing:
        raise Http404(_("The register knows this copy, but its file is not here.")) from missing
    response = FileResponse(
        file,
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
