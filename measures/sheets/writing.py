"""Tables as files: CSV, Excel, JSON and JSON Lines, piece by piece."""

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from ..shapes import shape_of
from .cells import as_text, safe
from .tables import Row, Table

About = Mapping[str, Any]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "jsonl": "application/jsonl; charset=utf-8",
}
BOM = "\ufeff"
LINES = 200
PIECE = 64 * 1024
# More than this no cell of Excel holds, counted as Excel does, in UTF-16.
CELL = 32_767
CUT = "… [cut: a cell of Excel holds no more]"
ROWS = 1_048_575
# Beyond this, a file's name says only that there were filters; the file says which.
LONGEST_NAME = 80
WIDE = {"title", "title_zh", "quotation", "note", "note_zh", "rationale", "done_when", "changes"}
WIDTHS = {True: 48, False: 16}


def written(table: Table, about: About, kind: str, *, bom: bool = False, told: bool = False) -> Any:
    """The file in pieces of bytes; `kind` is one of `TYPES`.

    For CSV, `bom` begins it as Excel likes to, and `told` says in lines with # what the file is.
    """
    if kind == "csv":
        return _csv(table, about, bom=bom, told=told)
    return {"xlsx": _excel, "json": _json, "jsonl": _json_lines}[kind](table, about)


class _Line:
    """What the csv module writes a line to: it is handed on."""

    def write(self, text: str) -> str:
        return text


def _csv(table: Table, about: About, *, bom: bool, told: bool) -> Iterator[bytes]:
    writer = csv.writer(_Line())
    head = BOM if bom else ""
    if told:
        pairs = ((name, as_text(value)) for name, value in _flat(about))
        head += "".join(f"# {name}: {' '.join(value.split())}\r\n" for name, value in pairs)
    lines = [head, writer.writerow(table.columns)]
    for row in table.rows:
        lines.append(writer.writerow([_cell(row[name]) for name in table.columns]))
        if len(lines) > LINES:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()


def _cell(value: Any) -> Any:
    return safe(as_text(value))


def _flat(about: About) -> Iterator[tuple[str, Any]]:
    """What the file says of itself, one level deep."""
    for name, value in about.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        else:
            yield name, value


def _json(table: Table, about: About) -> Iterator[bytes]:
    head = {"about": dict(about), "columns": table.columns}
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "rows": ['
    mark = "\n"
    for lines in _json_rows(table):
        yield (mark + ",\n".join(lines)).encode()
        mark = ",\n"
    yield b"\n]}\n"


def _json_lines(table: Table, about: About) -> Iterator[bytes]:
    for lines in _json_rows(table):
        yield "".join(f"{line}\n" for line in lines).encode()


def _json_rows(table: Table) -> Iterator[list[str]]:
    lines = []
    for row in table.rows:
        lines.append(json.dumps({name: row[name] for name in table.columns}, ensure_ascii=False))
        if len(lines) >= LINES:
            yield lines
            lines = []
    if lines:
        yield lines


def _excel(table: Table, about: About) -> Iterator[bytes]:
    """Written to the disk row by row, since a workbook is whole only at its end."""
    with tempfile.TemporaryFile() as file:
        _workbook(table, about, file)
        file.seek(0)
        yield from iter(partial(file.read, PIECE), b"")


def _workbook(table: Table, about: About, file: IO[bytes]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(table.name.capitalize())
        facts = book.add_worksheet("About")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        days = {name for name in table.columns if name in _days(table.name)}
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(table.columns):
            sheet.set_column(place, place, WIDTHS[name in WIDE])
            sheet.write_string(0, place, name, bold)
        number = cut = 0
        for number, row in enumerate(table.rows, start=1):
            if number > ROWS:
                raise OverflowError(_("A sheet of Excel holds no more rows. Take the CSV file."))
            for place, name in enumerate(table.columns):
                cut += _put(sheet, number, place, row[name], day if name in days else None)
        if table.columns:
            sheet.autofilter(0, 0, number, len(table.columns) - 1)
        facts.set_column(0, 0, 24)
        facts.set_column(1, 1, 90)
        told = [*_flat(about), ("rows", number)]
        if cut:
            told.append(("cut", _("%(number)d cells, longer than Excel holds") % {"number": cut}))
        for place, (name, value) in enumerate(told):
            facts.write_string(place, 0, name, bold)
            facts.write_string(place, 1, _fitting(as_text(value)))


def _days(name: str) -> set[str]:
    """The columns of days, by the fields of the models."""
    shape = {"timeline": "citations", "changes": "evidence"}.get(name, name)
    of_shape = {
        field.name
        for field in shape_of(shape).model._meta.fields
        if field.get_internal_type() == "DateField"
    }
    return of_shape | {"effective_on", "issued_on", "in_force_on"}


def _put(sheet: Any, row: int, place: int, value: Any, day: Any) -> bool:
    """Write a cell; whether its text had to be cut."""
    if value in (None, "", []):
        return False
    if day is not None and isinstance(value, str):
        found = date.fromisoformat(value)
        if found.year >= 1900:
            sheet.write_datetime(row, place, found, day)
            return False
    if isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, place, value)
        return False
    text = as_text(value)
    sheet.write_string(row, place, _fitting(text))
    return len(text.encode("utf-16-le")) // 2 > CELL


def _fitting(text: str) -> str:
    """The text as a cell can hold it."""
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # Else the writer would take it for markup of its own.
    units = text.encode("utf-16-le")
    if len(units) // 2 <= CELL:
        return text
    return units[: 2 * (CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def name_of(table: str, when: Mapping[str, str], parts: Row, kind: str) -> str:
    """What a file is called: the list, its filters and its dates."""
    dates = [when["as_of"], *(["known", when["known"]] if "known" in when else [])]
    told = [
        str(one) for part in parts.values() for one in (part if isinstance(part, list) else [part])
    ]
    if len("-".join(told)) > LONGEST_NAME:
        told = ["filtered"]
    return "-".join(["ipr", table, *told, *dates]) + f".{kind}"
