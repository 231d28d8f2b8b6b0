"""The turnover as the findings themselves tell it: to make it anew, and to hold it against."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from ..method import NOT_ASSESSED
from ..models import BEGINNING, DAY, MONTH, Finding, Measure, Turnover

COLUMNS = "source_id, theme_id, span, day, status, came, went"
MONTH_OF = {
    "sqlite": "strftime('%%Y-%%m-01', day)",
    "postgresql": "date_trunc('month', day)::date",
}
AS_DAY = {"sqlite": "%s", "postgresql": "%s::date"}
# By whole sets, in one statement: of the findings that count, the last of each day is a step where
# its status is another one than that before; every step is one that came and one that went.
TOLD = """
WITH last_of_day AS (
    SELECT f.measure_id, f.effective_on AS day, f.status, ROW_NUMBER() OVER (
        PARTITION BY f.measure_id, f.effective_on ORDER BY f.recorded_at DESC, f.number DESC
    ) AS place
    FROM {finding} f
    WHERE NOT EXISTS (SELECT 1 FROM {finding} later WHERE later.supersedes_id = f.id)
), step AS (
    SELECT m.id, m.source_id, m.theme_id, m.retired_on, l.day, l.status,
        LAG(l.status, 1, '{unassessed}') OVER (PARTITION BY l.measure_id ORDER BY l.day) AS was,
        ROW_NUMBER() OVER (PARTITION BY l.measure_id ORDER BY l.day DESC) AS from_the_end
    FROM last_of_day l JOIN {measure} m ON m.id = l.measure_id
    WHERE l.place = 1 AND (m.retired_on IS NULL OR l.day < m.retired_on)
), moved AS (
    SELECT source_id, theme_id, {beginning} AS day, '{unassessed}' AS status, 1 AS came, 0 AS went
    FROM {measure}
    UNION ALL
    SELECT source_id, theme_id, day, status, 1, 0 FROM step WHERE status <> was
    UNION ALL
    SELECT source_id, theme_id, day, was, 0, 1 FROM step WHERE status <> was
    UNION ALL
    SELECT m.source_id, m.theme_id, m.retired_on, COALESCE(s.status, '{unassessed}'), 0, 1
    FROM {measure} m LEFT JOIN step s ON s.id = m.id AND s.from_the_end = 1
    WHERE m.retired_on IS NOT NULL
), by_day AS (
    SELECT source_id, theme_id, day, status, SUM(came) AS came, SUM(went) AS went
    FROM moved GROUP BY source_id, theme_id, day, status
), told AS (
    SELECT source_id, theme_id, '{day}' AS span, day, status, came, went FROM by_day
    UNION ALL
    SELECT source_id, theme_id, '{a_month}', {month}, status, SUM(came), SUM(went)
    FROM by_day GROUP BY source_id, theme_id, {month}, status
)
"""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A day or month on which the kept figures are not those that the findings tell."""

    source: int
    theme: int
    span: str
    day: date
    status: str

    def __str__(self) -> str:
        return f"source {self.source}, theme {self.theme}, {self.span} {self.day}, {self.status}"


@transaction.atomic
def rebuild() -> int:
    """Make all of the turnover anew; returns the number of its rows. See `record.add_up`.

    Whoever calls it keeps writers of the register out: what they add meanwhile would be lost.
    """
    table = connection.ops.quote_name(Turnover._meta.db_table)
    Turnover.objects.all()._raw_delete(connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({COLUMNS}) {_told()} SELECT {COLUMNS} FROM told",  # noqa: S608
            _beginning(),
        )
    return Turnover.objects.count()


def differences() -> list[Difference]:
    """Where the kept turnover differs from what the findings tell; empty as it should be.

    Reads every finding: seconds for a million of them.
    """
    table = connection.ops.quote_name(Turnover._meta.db_table)
    kept = f"SELECT {COLUMNS} FROM {table} WHERE came <> 0 OR went <> 0"  # noqa: S608
    told = f"SELECT {COLUMNS} FROM told"  # noqa: S608
    found: set[Difference] = set()
    with connection.cursor() as cursor:
        for here, there in ((told, kept), (kept, told)):
            cursor.execute(f"{_told()} {here} EXCEPT {there}", _beginning())
            found |= {_difference(*row[:5]) for row in cursor.fetchall()}
    return sorted(found)


def _difference(source: int, theme: int, span: str, day: Any, status: str) -> Difference:
    on: Any = Turnover._meta.get_field("day").to_python(day)
    return Difference(source, theme, span, on, status)


def _told() -> str:
    vendor = connection.vendor
    return TOLD.format(
        finding=connection.ops.quote_name(Finding._meta.db_table),
        measure=connection.ops.quote_name(Measure._meta.db_table),
        unassessed=NOT_ASSESSED,
        beginning=AS_DAY[vendor],
        month=MONTH_OF[vendor],
        day=DAY,
        a_month=MONTH,
    )


def _beginning() -> list[str]:
    return [BEGINNING.isoformat()]
