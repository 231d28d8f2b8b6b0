from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import TermField

# From before every day on: where a measure that nobody has judged yet comes from.
BEGINNING = date(1, 1, 1)
DAY, MONTH = "day", "month"


class TurnoverQuerySet(models.QuerySet["Turnover"]):
    def of(self, source: models.Model, theme: models.Model | None = None) -> Self:
        """That of one source; of one of its themes if given."""
        found = self.filter(source=source)
        return found if theme is None else found.filter(theme=theme)

    def told(
        self, first: date, last: date, *by: str
    ) -> "models.QuerySet[Turnover, tuple[Any, ...]]":
        """What tells how things stood on both days, and at each end of a month between them.

        Of which span, day, status, came, went, in no order: the months up to the last day's, those
        before the first day's as one, and the single days of both. With the columns `by` before
        them, for each of their values.
        """
        before = models.When(day__lt=first.replace(day=1), then=models.Value(BEGINNING))
        on = models.Case(before, default="day", output_field=models.DateField())
        # As text, 2021-06-30: a date costs several times as much to read.
        told_as = Cast(on, models.CharField(max_length=10))
        ends = {day.replace(day=1): day for day in (first, last)}
        # Each for itself: of several at once SQLite would look through every day that there is.
        parts = [self.filter(span=MONTH, day__lte=last.replace(day=1))]
        parts += [
            self.filter(span=DAY, day__gte=begins, day__lte=day) for begins, day in ends.items()
        ]
        told, *others = (
            part.order_by()
            .annotate(on=told_as)
            .values_list(*by, "span", "on", "status")
            .annotate(models.Sum("came"), models.Sum("went"))
            for part in parts
        )
        return told.union(*others, all=True)

    def standing(self, day: date) -> "models.QuerySet[Turnover, tuple[int, str, int]]":
        """How many measures stood where on the day: theme, status and number."""
        begins = day.replace(day=1)
        months = models.Q(span=MONTH, day__lt=begins)
        single = models.Q(span=DAY, day__gte=begins, day__lte=day)
        number = models.Sum("came") - models.Sum("went")
        rows = self.filter(months | single).order_by().values_list("theme", "status")
        return rows.annotate(number=number)


class Turnover(models.Model):
    """How many measures of a theme came to a status on a day, or in a month, and how many left it.

    Of a month `day` is its first. A measure comes to “not yet assessed” at `BEGINNING`, goes from
    status to status with its findings as they are known now, and leaves on the day it is retired.
    Derived from measures and findings: kept by `turnover` with each of them, and all of it can be
    made anew.
    """

    source = models.ForeignKey(
        "Source", models.CASCADE, related_name="+", db_index=False, verbose_name=_("source")
    )
    theme = models.ForeignKey("Theme", models.CASCADE, related_name="+", verbose_name=_("theme"))
    # A word, not a yes or no: SQLite finds no row by a column that is its own condition.
    span = models.CharField(_("span"), max_length=5, choices=((DAY, _("day")), (MONTH, _("month"))))
    day = models.DateField(_("day"))
    status = TermField(_("status"), choices=method.choices(method.SHOWN_STATUSES))
    came = models.IntegerField(_("came"), default=0)
    went = models.IntegerField(_("went"), default=0)

    objects = TurnoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("turnover")
        verbose_name_plural = _("turnovers")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "span", "day", "theme", "status"], name="turnover_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.status} +{self.came} -{self.went}"
