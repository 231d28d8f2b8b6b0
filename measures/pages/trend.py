"""The trend over time: its page, its part on other pages, and its pictures to take away."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from .. import charts, record
from ..forms import PictureFilter, TrendFilter
from ..models import Body, Source, Theme, said
from ..progress import Trend, When, with_query
from ..progress import trend as trend_of
from .access import of_source
from .listing import render_list
from .time import TimedRequest, refused, unshown

KINDS = {"svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


@of_source
def trend(request: TimedRequest, source: Source) -> HttpResponse:
    """The number of commitments by status month by month, and the same for each theme."""
    form, when = TrendFilter(request.GET, source), request.when
    wanted = form.wanted()
    theme, body = wanted.get("theme"), wanted.get("body")
    whole = trend_of(source, when.day, when.known, body=body)
    shown = whole.of_theme(theme) if theme else whole
    context = over_time(source, shown, theme=theme, body=body) | {
        "theme": theme,
        "body": body,
        "multiples": [] if theme else _by_theme(source, whole),
    }
    return render_list(request, "measures/trend.html", form, context)


def _by_theme(source: Source, whole: Trend) -> list[tuple[Theme, charts.Chart]]:
    rows = source.themes.select_related("source").order_by("number")
    themes = record.rewound(rows, whole.known)
    return [(theme, charts.trend(whole.of_theme(theme), small=True)) for theme in themes]


def over_time(
    source: Source, drawn: Trend, *, theme: Theme | None = None, body: Body | None = None
) -> dict[str, Any]:
    """What the part “Over time” of a page shows: the chart, and where to get it."""
    part = {name: each.slug for name, each in (("theme", theme), ("body", body)) if each}
    return {
        "source": source,
        "trend": charts.trend(drawn),
        "trend_page": with_query(source.address("trend"), part),
        "trend_pictures": [
            (kind.upper(), with_query(source.address("trend-picture", kind), part))
            for kind in reversed(KINDS)
        ],
    }


@of_source
def trend_picture(request: TimedRequest, source: Source, kind: str) -> HttpResponse:
    """The same as a file at the size of a slide, which tells its dates, source and record."""
    if kind not in KINDS:
        raise Http404(_("A picture is an svg or a png file."))
    form, when = PictureFilter(request.GET, source), request.when
    problems = [*unshown(request), *form.problems]
    if problems:
        return refused(request, problems)
    wanted = form.wanted()
    theme, body = wanted.get("theme"), wanted.get("body")
    scheme = wanted.get("scheme", charts.LIGHT)
    svg = charts.slide_of_trend(
        trend_of(source, when.day, when.known, theme=theme, body=body),
        source=source,
        head=record.head(),
        part=", ".join(said(each, "title").text for each in (theme, body) if each),
        scheme=scheme,
    )
    content = charts.png(svg) if kind == "png" else svg.encode()
    parts = [each.slug for each in (theme, body) if each]
    name = _name(when, *parts, *([scheme] if scheme != charts.LIGHT else []))
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _name(when: When, *parts: str) -> str:
    """The name of a file that tells its dates."""
    known = ["known", when.known_on.isoformat()] if when.known_on else []
    return "-".join(["ipr-trend", *parts, when.day.isoformat(), *known])
