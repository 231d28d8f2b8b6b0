"""The next rows of a list by the last row that was seen, not by counting.

Rows that come or go meanwhile neither hide one nor show one twice.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

Row = TypeVar("Row", bound=models.Model)


def following(
    rows: "models.QuerySet[Row]", order: Sequence[str], last: Sequence[Any] | None
) -> "models.QuerySet[Row]":
    """The rows in this order, those after the one with the values `last`; None: from the first.

    `order` names fields as `order_by` does, together unique; what is empty stands last.
    """
    keys = [
        models.F(name.lstrip("-")).desc(nulls_last=True)
        if name.startswith("-")
        else models.F(name).asc(nulls_last=True)
        for name in order
    ]
    return rows.order_by(*keys).filter(models.Q() if last is None else _after(order, last))


def beyond(
    rows: "models.QuerySet[Row]",
    order: Sequence[str],
    last: Sequence[Any] | None,
    *,
    backwards: bool = False,
) -> "models.QuerySet[Row]":
    """As `following` where nothing is empty; `backwards` gives those before, the nearest first.

    So written that an index on the fields leads straight to the first of these rows.
    """
    keys = [(name.lstrip("-"), name.startswith("-") != backwards) for name in order]
    found = rows.order_by(*(f"-{name}" if falls else name for name, falls in keys))
    if last is None:
        return found
    falling = {falls for _name, falls in keys}
    if len(keys) > 1 and len(falling) == 1:
        lookup = TupleLessThan if falling.pop() else TupleGreaterThan
        return found.filter(lookup(Tuple(*(name for name, _falls in keys)), tuple(last)))
    name, falls = keys[0]
    bound = models.Q(**{f"{name}__{'lte' if falls else 'gte'}": last[0]})
    return found.filter(bound & _further(keys, last))


def _further(keys: Sequence[tuple[str, bool]], last: Sequence[Any]) -> models.Q:
    (name, falls), *rest = keys
    further = models.Q(**{f"{name}__{'lt' if falls else 'gt'}": last[0]})
    if not rest:
        return further
    return further | (models.Q(**{name: last[0]}) & _further(rest, last[1:]))


def _after(order: Sequence[str], last: Sequence[Any]) -> models.Q:
    found, same = models.Q(pk__in=[]), models.Q()
    for name, value in zip(order, last, strict=True):
        field = name.lstrip("-")
        if value is None:
            same &= models.Q(**{f"{field}__isnull": True})
            continue
        beyond = models.Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        found |= same & (beyond | models.Q(**{f"{field}__isnull": True}))
        same &= models.Q(**{field: value})
    return found
