"""The library as staff keep it: documents, and where they bear."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from .. import record, workflow
from ..forms import CitationForm, EvidenceForm
from ..forms.evidence import VersionedForm
from ..models import Citation, Evidence
from .access import StaffRequest, on_the_desk
from .copies import about


@on_the_desk("change_evidence")
def evidence_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Everything about a document but its key, and the copies that are held of it."""
    evidence = get_object_or_404(Evidence, key=key)
    context = about(evidence)
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
    status = HTTPStatus.OK
    if form.is_bound and not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif form.is_bound:
        row, told = form.instance, form.cleaned_data
        row.version = told["seen_version"]
        try:
            changed = workflow.change(row, by=request.user, why=told["why"], **form.many())
        except record.Conflict as conflict:
            if conflict.theirs is None:
                raise Http404(_("Somebody else deleted this meanwhile.")) from conflict
            context["conflict"], status = form.beside(conflict.theirs), HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect(row)
    return render(request, template, context | {"form": form}, status=status)
