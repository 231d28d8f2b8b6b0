"""The words of the past: rows as they read at an earlier moment, told by the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from ..models import RecordEntry
from ..models.tracked import Tracked

Row = TypeVar("Row", bound=Tracked)


def rewound(rows: Iterable[Row], moment: datetime | None) -> list[Row]:
    """The rows in the words they had at `moment`; None means now, and costs nothing.

    In memory, for reading: whoever saved such a row would write the past over the present. What
    it refers to (theme, bodies, people) stays as it is today. One query; `rows` are of one model.
    """
    found = list(rows)
    if moment is None or not found:
        return found
    meta = found[0]._meta
    by_id: dict[int, list[Row]] = {}
    for row in found:
        by_id.setdefault(row.pk, []).append(row)
    plain = {field.name: field for field in meta.concrete_fields if not field.is_relation}
    since = RecordEntry.objects.changing(str(meta.model_name), by_id, moment)
    for object_id, before in since.values_list("object_id", "before"):
        for row in by_id[object_id]:
            for name in before.keys() & plain.keys():
                setattr(row, name, plain[name].to_python(before[name]))
    return found
