"""The schedule: does a measure keep the day that its source states? Never part of its status."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from .. import method
from ..models import Finding, Measure, Source, value_at
from ..models.measure import MeasureQuerySet


@dataclass(frozen=True, slots=True)
class Schedule:
    """How one measure keeps its day. `met_on` is None unless it stands as met on the day asked."""

    term: method.Term
    met_on: date | None


@dataclass(frozen=True, slots=True)
class OnSchedule:
    """How many of `total` measures keep their day in one way."""

    term: method.Term
    number: int
    total: int


def schedule(measure: Measure, day: date, known: datetime | None = None) -> Schedule:
    """How the measure keeps its day, seen on `day` as known at `known`. One query."""
    rows = Measure.objects.filter(pk=measure.pk).standing_on(day, known).with_standing()
    told: models.QuerySet[Any, Any] = with_schedule(rows, day, known)
    slug, met_on, status = told.values_list("schedule", "met_on", "standing_status").get()
    return Schedule(method.SCHEDULES[slug], met_on if status in method.ACHIEVED else None)


def schedules(
    source: Source, day: date, known: datetime | None = None, **part: Any
) -> tuple[OnSchedule, ...]:
    """Every schedule with its number of measures, the absent ones with 0. One query.

    `part` is a theme or a body: see `MeasureQuerySet.matching`.
    """
    rows = Measure.objects.of(source, day, known).standing_on(day, known).with_standing()
    found: models.QuerySet[Any, Any] = with_schedule(rows.matching(**part), day, known)
    tally = Counter(found.values_list("schedule", flat=True))
    return tuple(
        OnSchedule(term, tally[slug], tally.total()) for slug, term in method.SCHEDULES.items()
    )


def with_schedule(
    rows: MeasureQuerySet, day: date, known: datetime | None = None
) -> MeasureQuerySet:
    """After `with_standing`: `schedule`, a slug of `method.SCHEDULES`, and `met_on`.

    `met_on` is the first day on which a finding that counts reached implemented or sustained. It is
    what the schedule rests on only while the measure still stands so.
    """
    reached = Finding.objects.filter(measure=models.OuterRef("pk"), status__in=method.ACHIEVED)
    first = reached.standing(day, known).order_by("effective_on")
    met = models.Q(standing_status__in=method.ACHIEVED)
    soon = day + timedelta(days=method.DUE_SOON_DAYS)
    slugs = (
        (models.Q(due_then=None), "none-stated"),
        (met & models.Q(met_on__lte=models.F("due_then")), "met-on-time"),
        (met, "met-late"),
        (models.Q(due_then__lt=day), "overdue"),
        (models.Q(due_then__lte=soon), "due-soon"),
    )
    return rows.annotate(
        due_then=value_at("measure", "due_on", known, models.DateField()),
        met_on=models.Subquery(first.values("effective_on")[:1]),
    ).annotate(
        schedule=models.Case(
            *(models.When(test, then=models.Value(slug)) for test, slug in slugs),
            default=models.Value("not-due"),
        )
    )
