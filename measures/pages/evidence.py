"""The library of documents, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from .. import record
from ..forms import EvidenceFilter
from ..models import Evidence, Finding, RecordEntry
from .listing import page_of, render_list

HISTORY_SHOWN = 20


def evidence_list(request: HttpRequest) -> HttpResponse:
    """Every document, newest first, with the measures that it bears on."""
    form = EvidenceFilter(request.GET)
    found = Evidence.objects.matching(**form.wanted()).newest_first().with_measures()
    context = {"page": page_of(request, found), "total": Evidence.objects.count()}
    return render_list(request, "measures/evidence_list.html", form, context)


def evidence_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One document: what it is, what it shows for each measure, which findings rest on it."""
    evidence = get_object_or_404(
        Evidence.objects.with_measures().prefetch_related("bodies"), key=key
    )
    context = {
        "evidence": evidence,
        "citations": evidence.citations.all(),
        "findings": Finding.objects.resting_on(evidence),
        "history": record.read(RecordEntry.objects.about(evidence)[:HISTORY_SHOWN]),
    }
    return render(request, "measures/evidence_detail.html", context)
