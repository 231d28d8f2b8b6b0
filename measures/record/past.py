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
    query, however many rows of however many kinds.
    """
    found = list(rows)
    reached = _tracked(found) if moment else {}
    if not moment or not reached:
        return found
    ids = {noun: by_id.keys() for noun, by_id in reached.items()}
    for entry in RecordEntry.objects.changing(ids, moment).only("noun", "object_id", "before"):
        for row in reached[entry.noun][entry.object_id]:
            _undo(entry, row)
    return found


def _undo(entry: RecordEntry, row: Tracked) -> None:
    for field in row._meta.concrete_fields:
        if field.name not in entry.before or field.remote_field:
            continue
        value = entry.before[field.name]
        if field.name not in row.recorded_by_hash or not value:
            setattr(row, field.name, field.to_python(value))


def _tracked(rows: Iterable[models.Model]) -> dict[str, dict[int, list[Tracked]]]:
    """Every tracked row among these and those loaded with them, by noun and id."""
    found: dict[str, dict[int, list[Tracked]]] = defaultdict(lambda: defaultdict(list))
    waiting, seen = list(rows), set[int]()
    while waiting:
        row = waiting.pop()
        if id(row) in seen:
            continue
        seen.add(id(row))
        if isinstance(row, Tracked):
            found[str(row._meta.model_name)][row.pk].append(row)
        waiting += _loaded_with(row)
    return found


def _loaded_with(row: models.Model) -> Iterator[models.Model]:
    """What select_related and prefetch_related brought along, as Django keeps it."""
    yield from (other for other in row._state.fields_cache.values() if other is not None)
    for prefetched in getattr(row, "_prefetched_objects_cache", {}).values():
        yield from prefetched
