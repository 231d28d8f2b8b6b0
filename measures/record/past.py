"""The words of the past: rows as they read at an earlier moment, told by the record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db import models

from ..models import RecordEntry
from ..models.tracked import Tracked

Row = TypeVar("Row", bound=models.Model)


def rewound(rows: Iterable[Row], moment: datetime | None) -> list[Row]:
    """The rows in the words they had at that moment; None means now, and costs nothing.

    The rows that were loaded with them go back as well. In memory, for reading: whoever saved such
    a row would write the past over the present. What refers to what stays as it is today. One
    query for each kind of row.
    """
    found = list(rows)
    if moment is None:
        return found
    for model, by_id in _tracked(found).items():
        plain = {
            field.name: field for field in model._meta.concrete_fields if not field.remote_field
        }
        since = RecordEntry.objects.changing(str(model._meta.model_name), by_id, moment)
        for object_id, before in since.values_list("object_id", "before"):
            hashed = {name for name in model.recorded_by_hash if before.get(name)}
            for row in by_id[object_id]:
                for name in (before.keys() & plain.keys()) - hashed:
                    setattr(row, name, plain[name].to_python(before[name]))
    return found


def _tracked(rows: Iterable[models.Model]) -> dict[type[Tracked], dict[int, list[Tracked]]]:
    """Every tracked row among these and those loaded with them, by kind and id."""
    found: dict[type[Tracked], dict[int, list[Tracked]]] = defaultdict(lambda: defaultdict(list))
    waiting, seen = list(rows), set[int]()
    while waiting:
        row = waiting.pop()
        if id(row) in seen:
            continue
        seen.add(id(row))
        if isinstance(row, Tracked):
            found[type(row)][row.pk].append(row)
        waiting += _loaded_with(row)
    return found


def _loaded_with(row: models.Model) -> Iterator[models.Model]:
    """What select_related and prefetch_related brought along, as Django keeps it."""
    yield from (other for other in row._state.fields_cache.values() if other is not None)
    for prefetched in getattr(row, "_prefetched_objects_cache", {}).values():
        yield from prefetched
