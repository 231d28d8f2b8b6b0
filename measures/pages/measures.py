"""The list of measures, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from .. import record
from ..forms import MeasureFilter
from ..models import Measure, RecordEntry, Source
from ..progress import listing, standings, story
from .access import of_source
from .listing import page_of, render_list

HISTORY_SHOWN = 20


@of_source
def measure_list(request: HttpRequest, source: Source) -> HttpResponse:
    """Every measure of the source with its status, filtered and sorted as the address says."""
    form = MeasureFilter(request.GET, source)
    page = page_of(request, listing(source, timezone.localdate(), **form.wanted()))
    context = {
        "source": source,
        "page": page,
        "standings": standings(page.object_list),
        "total": Measure.objects.of(source).count(),
    }
    return render_list(request, "measures/measure_list.html", form, context)


@of_source
def measure_detail(request: HttpRequest, source: Source, code: str) -> HttpResponse:
    """One commitment: its words, its criteria, every finding, all evidence, its history."""
    measure = get_object_or_404(Measure.objects.in_full(), source=source, code=code)
    chapters = story(measure, timezone.localdate())
    before, after = Measure.objects.neighbours(measure)
    context = {
        "source": source,
        "measure": measure,
        "chapters": chapters,
        "standing": next((chapter.finding for chapter in chapters if chapter.holds), None),
        "citations": measure.citations.newest_first(),
        "before": before,
        "after": after,
        "is_stale": measure.is_stale(timezone.localdate()),
        "history": record.read(RecordEntry.objects.about(measure)[:HISTORY_SHOWN]),
    }
    return render(request, "measures/measure_detail.html", context)
