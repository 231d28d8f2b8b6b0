"""Progress: of the whole source, of a theme, of a body."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from .. import charts, record
from ..method import NOT_ASSESSED, SCHEDULES
from ..models import Body, Evidence, Source, Theme
from ..progress import (
    Tallied,
    Trend,
    When,
    concerns,
    first_of,
    latest_moves,
    moves,
    overdue,
    schedules,
    states,
    trend,
)
from . import described
from .access import of_source
from .time import TimedRequest
from .trend import over_time

MOVES_SHOWN = 7
EVIDENCE_SHOWN = 15
# Up to so many commitments each has its own square; a register of more is shown in bars.
MOST_TILES = 500
ROWS_SHOWN = 50
OVERDUE_SHOWN = 10
# Overdue reviews are counted up to here: nobody goes through more one by one.
MANY = 1000


@of_source
def progress(request: TimedRequest, source: Source) -> HttpResponse:
    """Where every commitment stands, beside where it stood on the day of the source."""
    when = request.when
    drawn = trend(source, when.day, when.known)
    themes = record.rewound(source.themes.order_by("number"), when.known)
    shown = _in_bars if len(drawn.last) > MOST_TILES else _in_tiles
    described_as = described.source_as_data(request, source, when)
    context = {
        **shown(source, when, drawn, themes),
        **over_time(source, drawn),
        "described": described.block(described_as),
    }
    return render(request, "measures/progress.html", context)


def _in_tiles(source: Source, when: When, drawn: Trend, themes: list[Theme]) -> dict[str, Any]:
    """Each commitment by itself."""
    then, now = states(source, source.delivered_on, when.day, when.known)
    moved = moves(then, now, with_evidence=False)
    return ladders(now, then) | {
        "themes": [(theme, now.of_theme(theme)) for theme in themes],
        "directions": {move.measure.pk: move.direction for move in moved},
        "moves": moved[:MOVES_SHOWN],
        "moved": len(moved),
        "unassessed": bool(now) and now.number_of(NOT_ASSESSED) == len(now),
        "concerns": concerns(now),
        "schedules": schedules(source, when.day, when.known),
    }


def _in_bars(source: Source, when: When, drawn: Trend, themes: list[Theme]) -> dict[str, Any]:
    """Sums alone, and of what moved and waits the first few: the register may be of any size."""
    parts = [(theme, drawn.last_of(theme)) for theme in themes]
    context = ladders(drawn.last, drawn.first) | {
        "bars": [(theme, part, charts.ladder(part)) for theme, part in parts],
        "moves": latest_moves(source, drawn.first.day, when.day, when.known, most=MOVES_SHOWN),
        "changes": drawn.changes,
        "unassessed": drawn.last.number_of(NOT_ASSESSED) == len(drawn.last),
        "schedule_terms": list(SCHEDULES.values()),
    }
    if when.known is None:
        found, number = overdue(source, when.day, most=OVERDUE_SHOWN, counted=MANY)
        context |= {"overdue": found, "overdue_number": number, "many": MANY}
    return context


@of_source
def theme_detail(request: TimedRequest, source: Source, slug: str) -> HttpResponse:
    """Where the commitments of one theme stand."""
    when = request.when
    rows = source.themes.select_related("source", "passage__source").order_by("number")
    themes = record.rewound(rows, when.known)
    theme = next((each for each in themes if each.slug == slug), None)
    if theme is None:
        raise Http404(_("This source has no theme of this name."))
    drawn = trend(source, when.day, when.known, theme=theme)
    if len(drawn.last) > MOST_TILES:
        context = ladders(drawn.last, drawn.first)
        context["standings"] = first_of(source, when.day, when.known, ROWS_SHOWN, theme=theme)
    else:
        then, now = states(source, source.delivered_on, when.day, when.known, theme=theme)
        context = ladders(now, then) | {"standings": now.standings}
    context |= over_time(source, drawn, theme=theme) | {"theme": theme, "themes": themes}
    return render(request, "measures/theme_detail.html", context)


@of_source
def body_detail(request: TimedRequest, source: Source, slug: str) -> HttpResponse:
    """Where the commitments stand that one body is responsible for, and what it issued."""
    body = get_object_or_404(Body, slug=slug)
    record.rewound([body], request.when.known)
    when = request.when
    then, now = states(source, source.delivered_on, when.day, when.known, body=body)
    moved = moves(then, now, with_evidence=False)
    drawn = trend(source, when.day, when.known, body=body)
    issued = Evidence.objects.on(when.day, when.known).matching(body=body).newest_first()
    context = (
        ladders(now, then)
        | over_time(source, drawn, body=body)
        | {
            "body": body,
            "beside": record.rewound(body.sources_beside(source), when.known),
            "directions": {move.measure.pk: move.direction for move in moved},
            "evidence": record.rewound(issued[:EVIDENCE_SHOWN], when.known),
            "issued": issued.count(),
        }
    )
    return render(request, "measures/body_detail.html", context)


def ladders(now: Tallied, then: Tallied) -> dict[str, Any]:
    """Two days one above the other: the ladders, and their counts with the change between."""
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
