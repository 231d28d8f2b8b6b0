"""The next rows of a list by the last row that was seen, not by counting.

Rows that come or go meanwhile neither hide one nor show one twice.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models

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
