"""The library of documents, and the page of one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from .. import record
from ..forms import EvidenceFilter
from ..models import Attachment, Evidence, Finding, LinkCheck, RecordEntry
from ..progress import evidence_facets, library, silent
from .listing import page_of, render_list
from .time import TimedRequest, in_time

HISTORY_SHOWN = 20
CHECKS_SHOWN = 10


@in_time
def evidence_list(request: TimedRequest) -> HttpResponse:
    """Every document, newest first, with the measures that it bears on."""
    form, when = EvidenceFilter(request.GET, request.when.known), request.when
    asked = form.wanted()
    found = library(when.day, when.known, **asked).newest_first()
    page = page_of(request, found.with_measures(when.day, when.known))
    record.rewound(page.object_list, when.known)
    context = {
        "page": page,
        "total": Evidence.objects.on(when.day, when.known).count(),
        "tally": evidence_facets(when.day, when.known, **asked),
    }
    return render_list(request, "measures/evidence_list.html", form, context)


@in_time
def evidence_detail(request: TimedRequest, key: str) -> HttpResponse:
    """One document: what it is, what it shows for each measure, which findings rest on it."""
    when = request.when
    found = Evidence.objects.with_measures(when.day, when.known).prefetch_related("bodies")
    evidence = get_object_or_404(found, key=key)
    record.rewound([evidence], when.known)
    findings = Finding.objects.in_effect(when.day, when.known).resting_on(evidence)
    entries = RecordEntry.objects.about(evidence).by(when.known)
    checks = list(LinkCheck.objects.of(evidence).by(when.known)[:CHECKS_SHOWN])
    context = {
        "evidence": evidence,
        # What was found at another address says nothing about the one that is cited now.
        "last_check": next((each for each in checks[:1] if each.address == evidence.url), None),
        "checks": checks,
        "copies": _copies(request, evidence),
        "silent": silent([evidence.pk], when.known).get(evidence.pk),
        "citations": record.rewound(evidence.citations.all(), when.known),
        "findings": record.rewound(findings, when.known),
        "history": record.read(entries[:HISTORY_SHOWN], known=when.known),
    }
    return render(request, "measures/evidence_detail.html", context)


def _copies(request: TimedRequest, evidence: Evidence) -> list[Attachment]:
    """The copies that were held then: for staff all of them, for others those made public."""
    held = Attachment.objects.of(evidence, request.when.known)
    if request.user.has_perm("measures.view_attachment"):
        return record.rewound(held.select_related("added_by"), request.when.known)
    public = record.rewound(held.public(), request.when.known)
    return [each for each in public if each.is_public]
