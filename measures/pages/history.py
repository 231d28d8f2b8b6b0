"""The history of a measure and of a document: what was done to it, and under it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from .. import record
from ..forms import Filter, HistoryFilter
from ..models import Evidence, RecordEntry, Source
from .access import of_source
from .listing import page_of, render_list
from .measures import measure_of
from .time import TimedRequest, in_time


@of_source
def measure_history(request: TimedRequest, source: Source, code: str) -> HttpResponse:
    """Everything that was changed on the measure, its citations and its findings."""
    measure = measure_of(source, code)
    form = HistoryFilter(request.GET)
    entries = RecordEntry.objects.around(measure)
    if form.wanted():
        entries = entries.of_nouns("finding")
    context = {"measure": measure, **_read(request, entries)}
    record.rewound([measure], request.when.known)
    return render_list(request, "measures/measure_history.html", form, context)


@in_time
def evidence_history(request: TimedRequest, key: str) -> HttpResponse:
    """Everything that was changed on the document and its citations."""
    evidence = get_object_or_404(Evidence, key=key)
    context = {"evidence": evidence, **_read(request, RecordEntry.objects.around(evidence))}
    record.rewound([evidence], request.when.known)
    return render_list(request, "measures/evidence_history.html", Filter(request.GET), context)


def _read(request: TimedRequest, entries: Any) -> dict[str, Any]:
    page = page_of(request, entries.by(request.when.known))
    names = request.user.has_perm("measures.view_journalnote")
    lines = record.read(page.object_list, names=names, known=request.when.known)
    return {"page": page, "lines": lines, "unfolded": True}
