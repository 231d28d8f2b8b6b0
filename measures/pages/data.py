"""How to take the data away: the API, feeds, calendars, and the licence."""

from django.http import HttpResponse
from django.shortcuts import render

from .. import record
from ..models import Body, Source
from .time import TimedRequest, in_time


@in_time
def data(request: TimedRequest) -> HttpResponse:
    """Every way in which the register leaves the tracker, with examples that can be copied."""
    known = request.when.known
    sources = record.rewound(Source.objects.by_day().prefetch_related("themes"), known)
    found = [
        (source, source.themes.all(), record.rewound(Body.objects.responsible(source), known))
        for source in sources
    ]
    origin = request.build_absolute_uri("/").rstrip("/")
    return render(request, "measures/data.html", {"sources": found, "origin": origin})
