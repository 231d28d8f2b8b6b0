"""Two days side by side: what moved between them, and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from .. import charts, record
from ..forms import CompareForm
from ..models import Body, Source, in_order
from ..progress import CORRECTED, LEARNT_MORE, WORLD_CHANGED, Comparison
from ..progress import compare as compared
from .access import of_source
from .progress import ladders
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


@of_source
def compare(request: TimedRequest, source: Source) -> HttpResponse:
    """What the register said of one day beside what it says of another."""
    form = CompareForm(request.GET, source, request.when, usual=source.delivered_on)
    request.when = when = form.when
    comparison = compared(source, form.first, form.last, when.known, hindsight=form.looks_back)
    context = {
        "source": source,
        "form": form,
        "comparison": comparison,
        "kinds": [(KINDS[kind], moved) for kind, moved in comparison.by_kind.items()],
        "reasons": REASONS,
        **ladders(comparison.later, comparison.earlier),
        "flow": charts.flow(comparison),
        **_parts(source, comparison),
    }
    return render(request, "measures/compare.html", context)


def _parts(source: Source, comparison: Comparison) -> dict[str, Any]:
    """The same by theme and by body. Two queries."""
    known = comparison.later.known
    themes = record.rewound(source.themes.select_related("source").order_by("number"), known)
    bodies = Body.objects.responsibilities(source)
    record.rewound(bodies, known)
    return {
        "by_theme": [(theme, comparison.of_theme(theme)) for theme in themes],
        "by_body": [(body, comparison.of_measures(bodies[body])) for body in in_order(bodies)],
    }
