"""The measure before and the one after, without reading all that stand around them."""

from typing import TYPE_CHECKING, Any

from django.db import models

from .keyset import beyond

if TYPE_CHECKING:
    from .measure import Measure

ORDER = ("position", "code")


def nearest(
    rows: "models.QuerySet[Measure]", measure: "Measure", *, backwards: bool = False
) -> "Measure | None":
    """The nearest of these rows after the measure, or before it: of its theme, else of the next."""
    here = (measure.position, measure.code)
    theirs = rows.filter(theme=measure.theme_id)
    if near := beyond(theirs, ORDER, here, backwards=backwards).first():
        return near
    themes: Any = measure.source.themes.filter(
        **{f"number__{'lt' if backwards else 'gt'}": measure.theme.number}
    )
    for theme in themes.order_by("-number" if backwards else "number"):
        theirs = rows.filter(theme=theme)
        if near := beyond(theirs, ORDER, None, backwards=backwards).first():
            return near
    return None
