"""Pictures for other people's pages, of today or of a day that is fixed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition

from .. import charts, method, record
from ..forms import PictureFilter
from ..models import Source
from ..progress import State, state
from .access import of_source
from .measures import measure_of
from .time import TimedRequest, refused

# Of today for an hour; with both dates fixed it stays the same.
HOUR, MONTH = "public, max-age=3600", "public, max-age=2592000"


def _tag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return record.stamp(request.get_full_path())


@condition(etag_func=_tag)
@of_source
def embed_ladder(request: TimedRequest, source: Source) -> HttpResponse:
    """How many commitments stand where, of a source, a theme or a body."""
    scheme, when = PictureFilter(request.GET, source), request.when
    if problems := [*request.time_form.problems, *scheme.problems]:
        return refused(request, problems)
    wanted = scheme.wanted()
    part = {name: wanted[name] for name in ("theme", "body") if name in wanted}
    record.rewound(part.values(), when.known)
    told = charts.embedded_ladder(
        state(source, when.day, when.known, **part),
        source=source,
        head=record.head(when.known),
        part=", ".join(each.title for each in part.values()),
        **_scheme(scheme),
    )
    return _picture(request, told)


@condition(etag_func=_tag)
@of_source
def embed_measure(request: TimedRequest, source: Source, code: str) -> HttpResponse:
    """The status of one measure."""
    scheme, when = PictureFilter(request.GET, source), request.when
    if problems := [*request.time_form.problems, *scheme.problems]:
        return refused(request, problems)
    measure = measure_of(source, code)
    record.rewound([measure], when.known)
    held = measure.findings.standing(when.day, when.known).first()
    status = held.term if held else method.UNASSESSED
    at = State(when.day, when.known, ())
    return _picture(request, charts.badge(measure, status, at, **_scheme(scheme)))


def _scheme(form: PictureFilter) -> dict[str, str]:
    return {name: value for name, value in form.wanted().items() if name == "scheme"}


def _picture(request: TimedRequest, svg: str) -> HttpResponse:
    """For any page to show, and for its readers' browsers to keep."""
    fixed = request.when.is_asked and request.when.known is not None
    return HttpResponse(
        svg,
        content_type="image/svg+xml",
        headers={
            "Cache-Control": MONTH if fixed else HOUR,
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
