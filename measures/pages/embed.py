"""Pictures for other people's pages, of today or of a day that is fixed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from .. import charts, method, record, replica
from ..forms import PictureFilter
from ..models import Source, said
from ..progress import State, figures
from .access import with_source
from .measures import measure_of
from .time import TimedRequest, refused

# Of today for an hour; with both dates fixed it stays the same.
HOUR, MONTH = "public, max-age=3600", "public, max-age=2592000"


def _tag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return record.stamp(request.get_full_path())


@replica.readable
@require_safe
@condition(etag_func=_tag)
@with_source
def embed_ladder(request: TimedRequest, source: Source) -> HttpResponse:
    """How many commitments stand where, of a source, a theme or a body."""
    return _ladder(request, source)


@replica.readable
@require_safe
@condition(etag_func=_tag)
@with_source
def card_ladder(request: TimedRequest, source: Source) -> HttpResponse:
    """The same as a picture for previews of the page elsewhere."""
    return _ladder(request, source, card=True)


def _ladder(request: TimedRequest, source: Source, *, card: bool = False) -> HttpResponse:
    scheme, when = PictureFilter(request.GET, source), request.when
    if problems := [*request.time_form.problems, *scheme.problems]:
        return refused(request, problems)
    wanted = scheme.wanted()
    part = {name: wanted[name] for name in ("theme", "body") if name in wanted}
    record.rewound(part.values(), when.known)
    told = charts.embedded_ladder(
        figures(source, when.day, when.known, **part),
        source=source,
        head=record.head(when.known),
        part=", ".join(said(each, "title").text for each in part.values()),
        **_scheme(scheme),
        card=card,
    )
    return _picture(request, told, card=card)


@replica.readable
@require_safe
@condition(etag_func=_tag)
@with_source
def embed_measure(request: TimedRequest, source: Source, code: str) -> HttpResponse:
    """The status of one measure."""
    return _badge(request, source, code)


@replica.readable
@require_safe
@condition(etag_func=_tag)
@with_source
def card_measure(request: TimedRequest, source: Source, code: str) -> HttpResponse:
    """The same as a picture for previews of the page elsewhere."""
    return _badge(request, source, code, card=True)


def _badge(request: TimedRequest, source: Source, code: str, *, card: bool = False) -> HttpResponse:
    scheme, when = PictureFilter(request.GET, source), request.when
    if problems := [*request.time_form.problems, *scheme.problems]:
        return refused(request, problems)
    measure = measure_of(source, code)
    record.rewound([measure], when.known)
    held = measure.findings.standing(when.day, when.known).first()
    status = held.term if held else method.UNASSESSED
    at = State(when.day, when.known, ())
    told = charts.badge(measure, status, at, **_scheme(scheme), card=card)
    return _picture(request, told, card=card)


def _scheme(form: PictureFilter) -> dict[str, Any]:
    return {name: value for name, value in form.wanted().items() if name == "scheme"}


def _picture(request: TimedRequest, svg: str, *, card: bool) -> HttpResponse:
    """For any page to show, and for its readers' browsers to keep."""
    fixed = request.when.is_asked and request.when.known is not None
    return HttpResponse(
        charts.png(svg) if card else svg,
        content_type="image/png" if card else "image/svg+xml",
        headers={
            "Cache-Control": MONTH if fixed else HOUR,
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
