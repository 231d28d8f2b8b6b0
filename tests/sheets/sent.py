"""Files as people send them, made in memory."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone

from measures import sheets
from measures.models import Source, User

KINDS = ("csv", "xlsx", "json", "jsonl")
TABLES = ("measures", "evidence", "citations", "timeline", "findings")


def table(name: str, source: Source) -> sheets.Table:
    day = timezone.localdate()
    if name == "evidence":
        return sheets.evidence(day, None)
    return getattr(sheets, name)(source, day, None)  # type: ignore[no-any-return]


def exported(name: str, source: Source, kind: str, **asked: Any) -> bytes:
    """The file of a list, as a reader takes it away."""
    return b"".join(sheets.written(table(name, source), {"list": name}, kind, **asked))


def planned(content: bytes, name: str, by: User, **asked: Any) -> sheets.Plan:
    return sheets.plan(io.BytesIO(content), name, by=by, **asked)


def as_csv(rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8", mark: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def as_json(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps(list(rows)).encode()


def as_excel(rows: Sequence[Mapping[str, Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, list(row.values()))
    return file.getvalue()
