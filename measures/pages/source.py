"""The source, passage by passage."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from ..models import Source
from ..progress import coverage, state


def source_list(request: HttpRequest) -> HttpResponse:
    """The sources that the register follows; straight to it where there is one."""
    sources = list(Source.objects.by_day())
    if len(sources) == 1:
        return redirect(sources[0])
    return render(request, "measures/source_list.html", {"sources": sources})


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Each passage with the commitments that stand in it, coloured by where they stand."""
    source = get_object_or_404(Source, slug=slug)
    now = state(source, timezone.localdate())
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
