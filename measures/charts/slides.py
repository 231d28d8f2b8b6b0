"""Charts at slide size, each a whole SVG file: title, dates, source, record and legend inside."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import method
from ..method.terms import in_the_readers_language
from ..models import RecordEntry, Source
from ..progress import Tallied, Trend
from .area import trend as areas
from .ladder import ladder
from .palette import LIGHT, palette
from .picture import SLIDE
from .words import as_of, day_of, headline, lines, told

MARGIN = 96
TITLE, LINE = 50, 62
CHART_WIDTH, CHART_TOP, CHART_HEIGHT = 1210, 356, 528
ROW, COLUMNS = 46, 4
HASH_SHOWN = 12
# What stands beside the ladder is hatched, each in its way, so that greyscale tells it.
HATCHED = ("sustained", "reversed", "dropped", "not-assessable", "no-evidence")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: where it stands, and the numbers that it tells."""

    term: method.Status
    number: int
    before: int
    x: float
    y: float


def slide_of_trend(
    drawn: Trend,
    *,
    source: Source,
    head: RecordEntry | None,
    part: str = "",
    scheme: str = LIGHT,
) -> str:
    """The trend as an SVG file of the size `SLIDE`.

    `part` names the theme or body that it is of, `head` is the head of the record, `scheme` one
    of `SCHEMES`.
    """
    first, last = drawn.points[0], drawn.points[-1]
    pairs = zip(first.counts, last.counts, strict=True)
    context = _around(_("Commitments over time"), source, head, part, scheme) | {
        "title": lines(headline(first.counts, last.counts, first.day), _room(TITLE), 2),
        "dates": as_of(last.day, drawn.known),
        "told": told(drawn),
        "chart": areas(drawn, CHART_WIDTH, CHART_HEIGHT),
        "top": CHART_TOP,
        "legend": [
            Entry(after.term, after.number, before.number, 0, ROW * place)
            for place, (before, after) in enumerate(pairs)
        ],
        "total": last.total,
        "all": _("Commitments"),
        "total_at": ROW * len(last.counts) + 10,
    }
    return render_to_string("measures/_slide_trend.svg", context)


def slide_of_ladders(
    earlier: Tallied,
    later: Tallied,
    *,
    source: Source,
    head: RecordEntry | None,
    part: str = "",
    scheme: str = LIGHT,
) -> str:
    """Two ladders one above the other, the later first, as an SVG file of the size `SLIDE`.

    Those of one day are told apart as now and before. The arguments are those of `slide_of_trend`.
    """
    same_day = earlier.day == later.day
    names = (_("Now"), _("Before")) if same_day else ("", "")
    since = None if same_day else earlier.day
    pairs = zip(earlier.counts, later.counts, strict=True)
    across = (SLIDE[0] - 2 * MARGIN) / COLUMNS
    context = _around(_("Where the commitments stand"), source, head, part, scheme) | {
        "title": lines(headline(earlier.counts, later.counts, since), _room(TITLE), 2),
        "dates": as_of(later.day, later.known),
        "told": f"{told(later)} {told(earlier)}",
        "ladders": [
            {"name": _named(each, name), "steps": ladder(each), "y": y, "high": h}
            for each, name, y, h in ((later, names[0], 392, 170), (earlier, names[1], 644, 110))
        ],
        "legend": [
            Entry(
                after.term,
                after.number,
                before.number,
                MARGIN + across * (place % COLUMNS),
                812 + ROW * (place // COLUMNS),
            )
            for place, (before, after) in enumerate(pairs)
        ],
    }
    return render_to_string("measures/_slide_ladders.svg", context)


def _named(state: Tallied, name: str = "") -> str:
    number = len(state)
    words = ngettext("%(day)s: %(number)d commitment", "%(day)s: %(number)d commitments", number)
    told = words % {"day": day_of(state.day), "number": number}
    return " · ".join(filter(None, [name, told]))


def _room(size: float) -> float:
    """How wide a line may be, in heights of letters of that size."""
    return (SLIDE[0] - 2 * MARGIN) / size


def _around(
    kicker: str, source: Source, head: RecordEntry | None, part: str, scheme: str
) -> dict[str, Any]:
    """What every slide has around its chart."""
    record = ""
    if head is not None:
        words = _("record %(number)s, head %(hash)s")
        record = words % {
            "number": head.sequence,
            "hash": head.hash[:HASH_SHOWN],
        }
    named = _("Source: %(title)s, %(day)s") % {
        "title": in_the_readers_language(source.title, source.title_zh or source.title),
        "day": day_of(source.delivered_on),
    }
    return {
        "width": SLIDE[0],
        "height": SLIDE[1],
        "margin": MARGIN,
        "edge": SLIDE[0] - MARGIN,
        "kicker": lines(_(": ").join(filter(None, [kicker, part])), _room(28), 1)[0],
        "source": lines(named, _room(24), 1)[0],
        "record": record,
        "line": LINE,
        "colours": palette(scheme),
        "hatched": HATCHED,
    }
