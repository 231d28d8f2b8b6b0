"""Progress: of the whole source, of a theme, of a body."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from .. import charts, record
from ..method import NOT_ASSESSED
from ..models import Body, Evidence, Source
from ..progress import State, When, concerns, moves, schedules, state, trend
from . import described
from .access import of_source
from .time import TimedRequest
from .trend import over_time

MOVES_SHOWN = 7
EVIDENCE_SHOWN = 15


@of_source
def progress(request: TimedRequest, source: Source) -> HttpResponse:
    """Where every commitment stands, beside where it stood on the day of the source."""
    now, then = _now_and_then(source, request.when)
    themes = record.rewound(source.themes.order_by("number"), request.when.known)
    moved = moves(then, now)
    context = (
        ladders(now, then)
        | _trend(source, request.when)
        | {
            "themes": [(theme, now.of_theme(theme)) for theme in themes],
            "directions": {move.measure.pk: move.direction for move in moved},
            "moves": moved[:MOVES_SHOWN],
            "moved": len(moved),
            "unassessed": bool(now) and now.number_of(NOT_ASSESSED) == len(now),
            "concerns": concerns(now),
            "schedules": schedules(source, request.when.day, request.when.known),
            "described": described.block(described.source_as_data(request, source, request.when)),
        }
    )
    return render(request, "measures/progress.html", context)


@of_source
def theme_detail(request: TimedRequest, source: Source, slug: str) -> HttpResponse:
    """Where the commitments of one theme stand."""
    rows = source.themes.select_related("source", "passage__source").order_by("number")
    themes = record.rewound(rows, request.when.known)
    theme = next((each for each in themes if each.slug == slug), None)
    if theme is None:
        raise Http404(_("This source has no theme of this name."))
    now, then = _now_and_then(source, request.when, theme=theme)
    context = (
        ladders(now, then)
        | _trend(source, request.when, theme=theme)
        | {
            "theme": theme,
            "themes": themes,
            "directions": {move.measure.pk: move.direction for move in moves(then, now)},
        }
    )
    return render(request, "measures/theme_detail.html", context)


@of_source
def body_detail(request: TimedRequest, source: Source, slug: str) -> HttpResponse:
    """Where the commitments stand that one body is responsible for, and what it issued."""
    body = get_object_or_404(Body, slug=slug)
    record.rewound([body], request.when.known)
    now, then = _now_and_then(source, request.when, body=body)
    when = request.when
    issued = Evidence.objects.on(when.day, when.known).matching(body=body).newest_first()
    context = (
        ladders(now, then)
        | _trend(source, when, body=body)
        | {
            "body": body,
            "beside": record.rewound(body.sources_beside(source), when.known),
            "directions": {move.measure.pk: move.direction for move in moves(then, now)},
            "evidence": record.rewound(issued[:EVIDENCE_SHOWN], when.known),
            "issued": issued.count(),
        }
    )
    return render(request, "measures/body_detail.html", context)


def _now_and_then(source: Source, when: When, **part: Any) -> tuple[State, State]:
    """The state on the day asked for and on the day of the source, both as known then."""
    return (
        state(source, when.day, when.known, **part),
        state(source, source.delivered_on, when.known, **part),
    )


def _trend(source: Source, when: When, **part: Any) -> dict[str, Any]:
    """How they came to stand so; of a theme or a body if given."""
    return over_time(source, trend(source, when.day, when.known, **part), **part)


def ladders(now: State, then: State) -> dict[str, Any]:
    """Two states one above the other: the ladders, and their counts with the change between."""
    rows = [
        {"now": count, "then": earlier, "change": count.number - earlier.number}
        for count, earlier in zip(now.counts, then.counts, strict=True)
    ]
    return {
        "now": now,
        "then": then,
        "ladder_now": charts.ladder(now),
        "ladder_then": charts.ladder(then),
        "rows": rows,
    }
