"""Long lists: a stretch of rows found by the row beside it, and counts that stop counting.

A list is long when it has more than `LONG` rows. From there on nothing that a page does may grow
with the register: rows are neither counted nor skipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from ..models import beyond

LONG = 5000

# Rows in an order whose fields together are unique and never empty, served by an index.
Ordered = tuple["models.QuerySet[Any]", tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of a long list, and the names of those beside which more are found.

    `before` is the first row's name where there is anything before it, `after` the last one's.
    """

    rows: Sequence[Any]
    before: str = ""
    after: str = ""


def counted_to(rows: "models.QuerySet[Any]") -> int:
    """How many there are; one more than `LONG` where there are more, however many."""
    return rows.order_by()[: LONG + 1].count()


def is_long(number: int) -> bool:
    """Whether a list of so many rows, as `counted_to` counts them, is a long one."""
    return number > LONG


def stretch(
    phases: Sequence[Ordered], name: str, size: int, *, after: str = "", before: str = ""
) -> Stretch:
    """`size` rows after the row of that name, or before it, else the first ones.

    The list is its phases one behind another; `name` is the field that rows are named by. A row
    that is not in the list any more leads to the beginning.
    """
    asked = after or before
    place, last = _found(phases, name, asked) if asked else (0, None)
    backwards = bool(before and not after and last)
    ways = list(enumerate(phases))[place::-1] if backwards else list(enumerate(phases))[place:]
    rows: list[Any] = []
    for number, (found, order) in ways:
        beside = last if number == place else None
        left = size + 1 - len(rows)
        rows += beyond(found, order, beside, backwards=backwards)[:left]
        if len(rows) > size:
            break
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    names = [str(getattr(row, name)) for row in rows] or [""]
    is_first = not more if backwards else last is None
    is_last = False if backwards else not more
    return Stretch(rows, "" if is_first else names[0], "" if is_last else names[-1])


def _found(phases: Sequence[Ordered], name: str, asked: str) -> tuple[int, Any]:
    """The phase of the row, and its values in the order of that phase; none: the beginning."""
    for place, (rows, order) in enumerate(phases):
        field = rows.model._meta.get_field(name)
        if isinstance(field, models.IntegerField) and not asked.isdecimal():
            break
        fields = [each.lstrip("-") for each in order]
        values = rows.order_by().filter(**{name: asked[:100]}).values_list(*fields).first()
        if values:
            return place, values
    return 0, None
