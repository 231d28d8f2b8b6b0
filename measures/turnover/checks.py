"""The check at start: a database whose sums cannot be right is reported."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections, models

from ..models import BEGINNING, MONTH, Measure, Turnover


def every_measure_is_counted(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each database whose sums hold another number of measures than there are.

    Quick, and for the start. `differences` holds all of them against the findings.
    """
    return [
        Error(
            f"The database {alias} counts {counted} measures where there are {there}.",
            hint="Run `python manage.py rebuild_rollups --skip-checks`.",
            id="measures.E004",
        )
        for alias in databases or ()
        if _is_there(alias)
        for counted, there in [(_counted(alias), Measure.objects.using(alias).count())]
        if counted != there
    ]


def _is_there(alias: str) -> bool:
    present = connections[alias].introspection.table_names()
    return Turnover._meta.db_table in present


def _counted(alias: str) -> int:
    rows = Turnover.objects.using(alias).filter(span=MONTH, day=BEGINNING)
    return int(rows.aggregate(number=models.Sum("came"))["number"] or 0)
