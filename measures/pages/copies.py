"""Held copies of documents: attached, captured as text, marked public, and taken away."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import files, links, workflow
from ..forms import CopyForm, EvidenceForm, MarkForm, TextForm
from ..models import Attachment, Evidence
from .access import StaffRequest, on_the_desk


def about(evidence: Evidence) -> dict[str, Any]:
    """What stays in view while a document is edited, as it was before."""
    return {
        "evidence": evidence,
        "title": str(evidence),
        "attachments": Attachment.objects.of(evidence),
        "copy": CopyForm(),
        "capture": TextForm(),
        "may_mark": True,
    }


@require_POST
@on_the_desk("add_attachment")
def attachment_create(request: StaffRequest, key: str) -> HttpResponse:
    """Hold a copy of a document: first the file, whole and on disk, then the row that names it."""
    evidence = get_object_or_404(Evidence, key=key)
    copy = CopyForm(request.POST, request.FILES)
    if not copy.is_valid():
        return _refused(request, evidence, copy=copy)
    return _hold(request, evidence, copy.cleaned_data["file"])


@require_POST
@on_the_desk("add_attachment")
def text_capture(request: StaffRequest, key: str) -> HttpResponse:
    """Hold the text of the page of a document, as it was pasted or as it is fetched now."""
    evidence = get_object_or_404(Evidence, key=key)
    capture = TextForm(request.POST)
    if not capture.is_valid():
        return _refused(request, evidence, capture=capture)
    text, how, address = capture.cleaned_data["text"], "pasted", evidence.url
    if capture.cleaned_data["fetch"]:
        try:
            found = links.Reader().read(evidence.url)
        except (links.Refused, links.Failed) as failure:
            sentence = _("The page was not fetched. %(reason)s You may paste its text instead.")
            capture.add_error("text", sentence % {"reason": failure})
            return _refused(request, evidence, capture=capture)
        text, how, address = found.text, "fetched", found.address
    name = f"{key}-{timezone.localdate():%Y-%m-%d}.txt"
    upload = ContentFile(text.encode(), name)
    return _hold(request, evidence, upload, how=how, address=address)


def _hold(
    request: StaffRequest, evidence: Evidence, upload: ContentFile | UploadedFile, **told: str
) -> HttpResponse:
    try:
        held = files.store(upload)
    except files.Unwelcome as unwelcome:
        messages.error(request, str(unwelcome))
        return redirect("evidence-edit", evidence.key)
    attachment = Attachment(
        evidence=evidence,
        sha256=held.sha256,
        name=upload.name or "",
        kind=held.kind,
        size=held.size,
        added_by=request.user,
        **told,
    )
    if workflow.attach(attachment, by=request.user) is attachment:
        messages.success(request, _("The copy is held."))
    else:
        messages.success(request, _("This very copy is held already."))
    return redirect("evidence-edit", evidence.key)


def _refused(request: StaffRequest, evidence: Evidence, **sent: Any) -> HttpResponse:
    """The page of the document again, with what was sent and what is wrong with it."""
    context = about(evidence) | {"form": EvidenceForm(instance=evidence)} | sent
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "measures/evidence_edit.html", context, status=status)


@require_POST
@on_the_desk("change_attachment")
def attachment_mark(request: StaffRequest, key: str, sha256: str) -> HttpResponse:
    """Let everybody have a held copy, or staff alone again."""
    attachment = _named(key, sha256)
    mark = MarkForm(request.POST)
    if not mark.is_valid():
        return _refused(request, attachment.evidence, mark=mark, marked=attachment.pk)
    why = mark.cleaned_data["why"]
    if not mark.cleaned_data["public"]:
        workflow.withdraw_copy(attachment, by=request.user, why=why)
        messages.success(request, _("The copy is for staff only."))
        return redirect("evidence-edit", key)
    try:
        workflow.publish(attachment, by=request.user, why=why)
    except workflow.Refused as refusal:
        mark.add_error("why", str(refusal))
        return _refused(request, attachment.evidence, mark=mark, marked=attachment.pk)
    messages.success(request, _("The copy is public: everybody may have it."))
    return redirect("evidence-edit", key)


@require_safe
def attachment_download(request: HttpRequest, key: str, sha256: str) -> HttpResponseBase:
    """A held copy, as a file to keep: never shown here, whatever it is.

    Whoever may not have it learns nothing of it, not even whether it is there.
    """
    public = Attachment.objects.public().named(key, sha256)
    return _as_file(public) if public is not None else _for_staff(request, key, sha256)


@on_the_desk("view_attachment")
def _for_staff(request: StaffRequest, key: str, sha256: str) -> HttpResponseBase:
    return _as_file(_named(key, sha256))


def _named(key: str, sha256: str) -> Attachment:
    found = Attachment.objects.all().named(key, sha256)
    if found is None:
        raise Http404(_("No such copy is held of this document."))
    return found


def _as_file(attachment: Attachment) -> HttpResponseBase:
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
