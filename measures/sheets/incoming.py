"""A file that somebody sends, read into rows: within limits, or not at all.

What is read is bounded before it is read: bytes, rows, columns, the length of a cell. A file that
goes beyond is refused with a sentence; nothing in it is trusted or run.
"""

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from . import workbook
from .cells import unmarked
from .limits import BYTES, COLUMNS, LONGEST, ROWS, Unreadable, too_many_rows

LETTERS = 26
ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# So many brackets or commas no list within the limits has; parsed, each would take memory.
MOST_BRACKETS, MOST_COMMAS = 500_000, 3_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its number as a spreadsheet counts it, and its values by column."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read: its columns in their order, its rows, and what it calls its list."""

    columns: tuple[str, ...]
    lines: list[Line]
    list: str = ""
    tabular: bool = True

    def cell(self, number: int, column: str) -> str:
        """How a reader finds a cell: C5 in a table, the number of the row in JSON."""
        if not self.tabular or column not in self.columns:
            return _("row %(number)d") % {"number": number}
        return f"{letters(self.columns.index(column))}{number}"


def letters(place: int) -> str:
    """The name of a column in a spreadsheet, counted from 0: A, B, ... AA."""
    before, last = divmod(place, LETTERS)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def read(file: BinaryIO, name: str = "") -> Sheet:
    """The rows of a CSV, Excel, JSON or JSON Lines file; raises `Unreadable` with a sentence."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not size:
        raise Unreadable(_("The file is empty. Choose another one."))
    if size > BYTES:
        sentence = _("The file has %(size).1f MB; at most %(most)d MB are read. Split it in parts.")
        raise Unreadable(sentence % {"size": size / 2**20, "most": BYTES // 2**20})
    if head.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old or a protected Excel file. Save it as .xlsx or CSV."))
    if head.startswith(b"PK"):
        return _table(_of_workbook(workbook.rows(file)))
    ending = name.lower().rpartition(".")[2]
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        if ending in ("jsonl", "ndjson"):
            return _objects(_json_lines(text))
        if ending == "json":
            return _json(text.read())
        return _table(_csv(text))
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("The characters of the file cannot be read. Save it as CSV UTF-8.")
        ) from error
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8, UTF-16 or GB18030, whichever the whole file can be."""
    head = file.read(4096)
    file.seek(0)
    for mark, encoding in ENCODINGS:
        if head.startswith(mark):
            return encoding
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := file.read(2**16):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        else:
            return encoding
        finally:
            file.seek(0)
    raise Unreadable(_("The characters of the file cannot be read. Save it as CSV UTF-8."))


def _of_workbook(rows: Iterable[Iterable[Any]]) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows, start=1):
        yield number, list(row)


def _csv(text: io.TextIOWrapper) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a CSV file, without the lines in front that tell what it is."""
    begin = text.readline(LONGEST)
    number = 1
    while begin.startswith("# "):
        begin = text.readline(LONGEST)
        number += 1
    marks = {mark: begin.count(mark) for mark in ",;\t"}
    rows = csv.reader(chain([begin], text), delimiter=max(marks, key=lambda mark: marks[mark]))
    try:
        for place, row in enumerate(rows, start=number):
            yield place, [unmarked(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable(
            _("This is no table that can be read: %(reason)s. Save it as CSV UTF-8 or Excel.")
            % {"reason": error}
        ) from error


def _table(rows: Iterator[tuple[int, list[Any]]]) -> Sheet:
    head = next(rows, (1, []))[1]
    columns = [str(each or "").strip() for each in head]
    while columns and not columns[-1]:
        columns.pop()
    _check_columns(columns)
    lines: list[Line] = []
    for number, row in rows:
        if len(lines) >= ROWS:
            raise too_many_rows()
        values = {name: _short(value) for name, value in zip(columns, row, strict=False) if name}
        if any(value not in (None, "") for value in values.values()):
            lines.append(Line(number, values))
    return Sheet(tuple(columns), lines)


def _check_columns(columns: list[str]) -> None:
    if len(columns) > COLUMNS:
        sentence = _("The file has more than %(most)d columns. Leave out those not meant.")
        raise Unreadable(sentence % {"most": COLUMNS})
    named = [name for name in columns if name]
    if not named:
        raise Unreadable(_("The first row names no columns. Put their names there."))
    for name in named:
        if named.count(name) > 1:
            sentence = _("Two columns are called “%(name)s”. Leave one of them out.")
            raise Unreadable(sentence % {"name": name[:40]})


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST:
        sentence = _("A cell holds more than %(most)d characters. Shorten it.")
        raise Unreadable(sentence % {"most": LONGEST})
    return value


def _json(text: str) -> Sheet:
    if text.count("[") + text.count("{") > MOST_BRACKETS or text.count(",") > MOST_COMMAS:
        raise too_many_rows()
    found = _parsed(text)
    told = ""
    if isinstance(found, dict):
        about = found.get("about")
        told = str(about.get("list", "")) if isinstance(about, dict) else ""
        found = found.get("rows")
    if not isinstance(found, list):
        raise Unreadable(_("The JSON holds no list of rows, nor “rows”. Take an export as model."))
    return _objects(enumerate(found, start=1), told)


def _json_lines(text: io.TextIOWrapper) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(iter(lambda: text.readline(LONGEST * 10), ""), start=1):
        if len(line) >= LONGEST * 10 or line.count("[") + line.count("{") > LONGEST:
            raise Unreadable(_("Line %(number)d is too long to be a row.") % {"number": number})
        if line.strip():
            yield number, _parsed(line)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = _("The file is no JSON that can be read: %(reason)s.")
        raise Unreadable(sentence % {"reason": str(error)[:120]}) from error


def _objects(rows: Iterable[tuple[int, Any]], told: str = "") -> Sheet:
    lines: list[Line] = []
    columns: dict[str, None] = {}
    for number, row in rows:
        if len(lines) >= ROWS:
            raise too_many_rows()
        if not isinstance(row, dict):
            sentence = _("Row %(number)d is no object with fields. Take an export as model.")
            raise Unreadable(sentence % {"number": number})
        columns |= dict.fromkeys(row)
        if len(columns) > COLUMNS:
            _check_columns(list(columns))
        lines.append(Line(number, {name: _short(value) for name, value in row.items()}))
    return Sheet(tuple(columns), lines, told, tabular=False)
