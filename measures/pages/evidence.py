"""The library of documents, and the page of one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from .. import record
from ..forms import EvidenceFilter
from ..models import Attachment, Evidence, Finding, LinkCheck, RecordEntry
from ..progress import (
    Ordered,
    counted_to,
    evidence_facets,
    evidence_ordered,
    is_long,
    library,
    silent,
)
from .listing import Part, page_of, render_list, stretch_of
from .time import TimedRequest, in_time

HISTORY_SHOWN = 20
CHECKS_SHOWN = 10


@in_time
def evidence_list(request: TimedRequest) -> HttpResponse:
    """Every document, newest first, with the measures that it bears on."""
    form, when = EvidenceFilter(request.GET, request.when.known), request.when
    asked = form.wanted()
    total = counted_to(Evidence.objects.on(when.day, when.known))
    page = _page(request, total, asked)
    record.rewound(page.object_list, when.known)
    context = {
        "page": page,
        "total": total,
        "long": is_long(total),
        "tally": None if is_long(total) else evidence_facets(when.day, when.known, **asked),
    }
    return render_list(request, "measures/evidence_list.html", form, context)


def _page(request: TimedRequest, total: int, asked: dict[str, Any]) -> Part:
    when = request.when
    if not is_long(total):
        found = library(when.day, when.known, **asked).newest_first()
        return page_of(request, found.with_measures(when.day, when.known), None if asked else total)
    phases: list[Ordered] = [
        (rows.with_measures(when.day, when.known), order)
        for rows, order in evidence_ordered(when.day, when.known, **asked)
    ]
    return stretch_of(request, phases, "key", 0 if asked else total - 1)


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
