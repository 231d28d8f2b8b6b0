"""The lists of measures, documents and changes: what each is made of, long or not."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from .. import method
from ..models import Evidence, Finding, Measure, Source, Theme
from ..models.evidence import EvidenceQuerySet
from .facets import library
from .states import Standing, listing, standings
from .stretches import Ordered

# What a list of measures is narrowed by without asking where any of them stands.
PLAIN = {"theme", "body"}


def measures_listed(
    source: Source, day: date, known: datetime | None = None, *, order: str = "", **wanted: Any
) -> "models.QuerySet[Measure]":
    """As `listing`, by fewer words to the database where none of them is asked for."""
    if order or set(wanted) - PLAIN:
        return listing(source, day, known, order=order, **wanted)
    rows = Measure.objects.of(source, day, known).matching(**wanted)
    return rows.standing_on(day, known)


def measures_ordered(
    source: Source,
    themes: Sequence[Theme],
    day: date,
    known: datetime | None = None,
    **wanted: Any,
) -> list[Ordered]:
    """The same as long lists are read: in the order of the source, by the index for it.

    Themes are entered in their order; where one was put between others later, theme by theme.
    """
    rows = measures_listed(source, day, known, **wanted)
    ids = [theme.pk for theme in themes]
    if ids == sorted(ids):
        return [(rows, ("theme_id", "position", "code"))]
    return [(rows.filter(theme=theme), ("position", "code")) for theme in ids]


def evidence_ordered(
    day: date, known: datetime | None = None, **wanted: Any
) -> list[tuple[EvidenceQuerySet, tuple[str, ...]]]:
    """The documents as long lists are read: by the day of issue, then the undated ones."""
    rows = library(day, known, **wanted) if wanted else Evidence.objects.on(day, known)
    dated, undated = rows.exclude(issued_on=None), rows.filter(issued_on=None)
    return [(dated, ("-issued_on", "key")), (undated, ("key",))]


def listed(
    rows: Iterable[Measure], source: Source, day: date, known: datetime | None = None
) -> tuple[Standing, ...]:
    """The measures of one page of the list with their findings and, as `schedule`, how each keeps
    its day: a slug of `method.SCHEDULES`. Two queries, three where `known` is given.
    """
    found = list(rows)
    for measure in found:
        measure.source = source
    told = standings(found, known)
    missing = [each for each in told if not hasattr(each.measure, "schedule")]
    met = _met([each for each in missing if _needs_day(each)], day, known)
    for each in missing:
        kept = _kept(each, met.get(each.measure.pk), day)
        each.measure.schedule = kept  # type: ignore[attr-defined]
    return told


def _needs_day(standing: Standing) -> bool:
    return bool(standing.measure.due_on) and standing.slug in method.ACHIEVED


def _met(standing: Sequence[Standing], day: date, known: datetime | None) -> dict[int, date]:
    """The first day on which each of these was achieved, by the measure's id."""
    if not standing:
        return {}
    reached = Finding.objects.standing(day, known).filter(
        measure__in=[each.measure.pk for each in standing], status__in=method.ACHIEVED
    )
    days = reached.order_by().values_list("measure").annotate(models.Min("effective_on"))
    return dict(days)


def _kept(standing: Standing, met: date | None, day: date) -> str:
    """As `schedule.with_schedule` says it to the database; a test holds the one to the other."""
    due = standing.measure.due_on
    if due is None:
        return "none-stated"
    if standing.slug in method.ACHIEVED:
        return "met-on-time" if met and met <= due else "met-late"
    if due < day:
        return "overdue"
    return "due-soon" if due <= day + timedelta(days=method.DUE_SOON_DAYS) else "not-due"
