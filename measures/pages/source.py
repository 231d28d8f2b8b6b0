"""The source, passage by passage."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from ..models import Source
from ..progress import coverage, state
from .keeping import kept
from .time import TimedRequest, in_time, read_time


@in_time
def source_list(request: TimedRequest) -> HttpResponse:
    """The sources that the register follows; straight to it where there is one."""
    sources = list(Source.objects.by_day())
    if len(sources) == 1:
        return redirect(request.when.carried(sources[0].get_absolute_url()))
    return render(request, "measures/source_list.html", {"sources": sources})


@require_safe
@kept
def source_detail(request: TimedRequest, slug: str) -> HttpResponse:
    """Each passage with the commitments that stand in it, coloured by where they stand."""
    source = get_object_or_404(Source, slug=slug)
    request.source = source  # type: ignore[attr-defined]
    read_time(request, source)
    now = state(source, request.when.day, request.when.known)
    covered = coverage(source, now)
    carrying = sum(bool(each.standings) for each in covered)
    context = {
        "source": source,
        "now": now,
        "coverage": covered,
        "carrying": carrying,
        "context": len(covered) - carrying,
        "has_text": any(each.pieces for each in covered),
    }
    return render(request, "measures/source_detail.html", context)
