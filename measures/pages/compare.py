"""Two days side by side: what moved between them, and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from .. import charts, record
from ..forms import CompareForm
from ..models import Body, Source, in_order
from ..progress import CORRECTED, LEARNT_MORE, WORLD_CHANGED, Comparison, cross, size_of
from ..progress import compare as compared
from .access import of_source
from .progress import MOST_TILES, ladders
from .time import TimedRequest

KINDS = {
    "up": _("Up"),
    "down": _("Down"),
    "new": _("New: assessed for the first time"),
    "corrected": _("Corrected: what was said before was wrong"),
    "aside": _("Changed beside the ladder"),
}
REASONS = {
    WORLD_CHANGED: (_("world changed"), _("It took effect between the two days.")),
    LEARNT_MORE: (_("learnt more"), _("It was in effect before, and recorded only since.")),
    CORRECTED: (_("corrected"), _("An earlier finding was wrong, and this one supersedes it.")),
}


MOVES_SHOWN = 20


@of_source
def compare(request: TimedRequest, source: Source) -> HttpResponse:
    """What the register said of one day beside what it says of another."""
    form = CompareForm(request.GET, source, request.when, usual=source.delivered_on)
    request.when = when = form.when
    days, looks_back = (form.first, form.last, when.known), form.looks_back
    if size_of(source, form.last) > MOST_TILES:
        found: Any = cross(source, *days, hindsight=looks_back, most=MOVES_SHOWN)
        more: dict[str, Any] = {"latest": found.moves}
    else:
        found = compared(source, *days, hindsight=looks_back)
        kinds = [(KINDS[kind], moved) for kind, moved in found.by_kind.items()]
        more = {"kinds": kinds, "by_body": _by_body(source, found)}
    themes = source.themes.select_related("source").order_by("number")
    context = more | {
        "source": source,
        "form": form,
        "comparison": found,
        "reasons": REASONS,
        **ladders(found.later, found.earlier),
        "flow": charts.flow(found),
        "by_theme": [
            (theme, found.of_theme(theme)) for theme in record.rewound(themes, when.known)
        ],
    }
    return render(request, "measures/compare.html", context)


def _by_body(source: Source, comparison: Comparison) -> list[tuple[Body, Comparison]]:
    known = comparison.later.known
    bodies = Body.objects.responsibilities(source)
    record.rewound(bodies, known)
    return [(body, comparison.of_measures(bodies[body])) for body in in_order(bodies)]
