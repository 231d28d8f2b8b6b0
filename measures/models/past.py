"""A field as it stood at an earlier moment, for queries."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from .record_entry import RecordEntry


def value_at(
    noun: str,
    field: str,
    known: datetime | None,
    output: "models.Field[Any, Any] | None" = None,
    row: str = "pk",
) -> models.F | models.Case:
    """The value at `known`, None meaning now: what the first change since replaced.

    `output` is the kind of value where it is no text; `row` the way to a noun that is joined.
    """
    place = row.removesuffix("pk") + field
    if known is None:
        return models.F(place)
    since = RecordEntry.objects.changing_since(noun, field, known, row)
    was: Any = models.Subquery(since.annotate(was=KT(f"before__{field}")).values("was")[:1])
    kind = output or models.CharField()
    return models.Case(
        models.When(models.Exists(since), then=Cast(was, kind) if output else was),
        default=models.F(place),
        output_field=kind,
    )
