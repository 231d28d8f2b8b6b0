"""Small pictures for other people's pages: an SVG each that needs nothing beside itself.

Colours stand in attributes, since a page that embeds a picture may allow no stylesheet in it.
"""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .. import method
from ..models import Measure, RecordEntry, Source, said
from ..progress import Tallied
from .ladder import ladder
from .palette import LIGHT, Ink, palette
from .slides import HASH_SHOWN
from .words import as_of, counted, lines, wide

WIDTH, MARGIN, COLUMNS, ROW = 720, 16, 3, 26
BAR, BAR_TOP = 44, 76
BADGE, LONGEST = 28, 40
# What a preview of a page shows, in pixels: all of it, its margin, and the letters of its title.
CARD, CARD_MARGIN, CARD_TITLE = (1200, 630), 80, 54
# Which face a reader has is not known: room for a wide one.
LETTER, TITLE = 13 * 1.2, 16 * 1.3


@dataclass(frozen=True, slots=True)
class Sign:
    """A status of the legend, with its number and its place."""

    ink: Ink
    number: int
    x: int
    y: int


def embedded_ladder(
    state: Tallied,
    *,
    source: Source,
    head: RecordEntry | None,
    part: str = "",
    scheme: str = LIGHT,
    card: bool = False,
) -> str:
    """Where the commitments stand, as a small SVG file with its legend, dates and record.

    `part` names the theme or body that it is of; a `card` has the shape of a preview.
    """
    colours = palette(scheme)
    across = (WIDTH - 2 * MARGIN) // COLUMNS
    legend = [
        Sign(
            _ink(scheme, count.term),
            count.number,
            MARGIN + across * (place % COLUMNS),
            BAR_TOP + BAR + 30 + ROW * (place // COLUMNS),
        )
        for place, count in enumerate(state.counts)
    ]
    foot = legend[-1].y + 34
    context = {
        "width": WIDTH,
        "height": foot + 14,
        "frame": _frame(WIDTH, foot + 14) if card else None,
        "margin": MARGIN,
        "inner": WIDTH - 2 * MARGIN,
        "bar": BAR,
        "bar_top": BAR_TOP,
        "title": lines(part or str(source), (WIDTH - 2 * MARGIN) / TITLE, 1)[0],
        "told": _("%(counts)s; %(total)s in all.")
        % {"counts": counted(state.counts), "total": len(state)},
        "achieved": _("%(number)d of %(total)d implemented or sustained")
        % {"number": state.achieved, "total": len(state)},
        "steps": [(step, _ink(scheme, step.term)) for step in ladder(state)],
        "legend": legend,
        "foot": foot,
        "dates": as_of(state.day, state.known),
        "record": _record(head),
        "colours": colours,
    }
    return render_to_string("measures/_embed_ladder.svg", context)


def badge(
    measure: Measure,
    status: method.Status,
    state: Any,
    *,
    scheme: str = LIGHT,
    card: bool = False,
) -> str:
    """The status of one measure as a badge; `state` has the day and the moment it holds for.

    A `card` has the shape of a preview, with the title, as far as it fits, and its dates.
    """
    if card:
        return _card(measure, status, state, scheme)
    name = lines(f"{measure.code} {said(measure, 'short').text}", LONGEST, 1)[0]
    left = round(wide(name) * LETTER) + 2 * 10
    right = round(wide(str(status.label)) * LETTER) + 2 * 10 + 18
    context = {
        "name": name,
        "ink": _ink(scheme, status),
        "title": _("%(measure)s: %(status)s") % {"measure": measure, "status": status.label},
        "dates": as_of(state.day, state.known),
        "left": left,
        "right": right,
        "width": left + right,
        "height": BADGE,
        "colours": palette(scheme),
    }
    return render_to_string("measures/_embed_badge.svg", context)


def _card(measure: Measure, status: method.Status, state: Tallied, scheme: str) -> str:
    """A measure as other sites preview it: to be read at a third of its size."""
    title = lines(str(measure), (CARD[0] - 2 * CARD_MARGIN) / (CARD_TITLE * 1.05), 3)
    context = {
        "width": CARD[0],
        "height": CARD[1],
        "margin": CARD_MARGIN,
        "size": CARD_TITLE,
        "title": _("%(measure)s: %(status)s") % {"measure": measure, "status": status.label},
        "lines": [(190 + round(1.3 * CARD_TITLE) * row, line) for row, line in enumerate(title)],
        "ink": _ink(scheme, status),
        "dates": as_of(state.day, state.known),
        "colours": palette(scheme),
    }
    return render_to_string("measures/_embed_card.svg", context)


def _frame(width: int, height: int) -> dict[str, int]:
    """The window through which a picture is seen as a card: some room around, and its shape."""
    across = max(width + 80, round((height + 60) * CARD[0] / CARD[1]))
    down = round(across * CARD[1] / CARD[0])
    x, y = -(across - width) // 2, -(down - height) // 2
    return {"x": x, "y": y, "across": across, "down": down, "width": CARD[0], "height": CARD[1]}


def _ink(scheme: str, term: method.Status) -> Ink:
    return next(each for each in palette(scheme).statuses if each.term.slug == term.slug)


def _record(head: RecordEntry | None) -> str:
    if head is None:
        return ""
    told = {"number": head.sequence, "hash": head.hash[:HASH_SHOWN]}
    return _("record %(number)s, head %(hash)s") % told
