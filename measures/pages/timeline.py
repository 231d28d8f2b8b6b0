"""All dated evidence of a source along the years."""

from django.http import HttpResponse

from .. import method, progress, record
from ..forms import TimelineFilter
from ..models import Source
from .access import of_source
from .listing import page_of, render_list
from .time import TimedRequest


@of_source
def timeline(request: TimedRequest, source: Source) -> HttpResponse:
    """What was issued and when, by theme and legal stage: a picture, and the same as a list."""
    form, when = TimelineFilter(request.GET, source), request.when
    told = progress.timeline(source, when.day, when.known, **form.wanted())
    page = page_of(request, told.documents)
    record.rewound(page.object_list, when.known)
    cited = [citation for evidence in page for citation in evidence.citations.all()]
    record.rewound(cited, when.known)
    context = {"source": source, "timeline": told, "page": page, "stages": method.STAGES.values()}
    return render_list(request, "measures/timeline.html", form, context)
