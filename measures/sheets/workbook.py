"""The rows of an Excel workbook, which may be made to do harm.

A workbook is a ZIP archive of XML. First its list of contents is held against limits, then every
part is walked through without being kept; only then does openpyxl read the first sheet.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext as _

from .limits import COLUMNS, ROWS, Unreadable, too_many_rows

PARTS = 1000
UNPACKED = 100 * 2**20
# A part of some size that shrinks to less than a hundredth is made to burst.
RATIO, SMALL = 100, 2**20
# Anything but sheets and their strings is read whole.
OTHER_PART = 4 * 2**20
CELLS = ROWS * 25
PIECE = 2**16
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def rows(file: BinaryIO) -> list[list[Any]]:
    """The values of the first sheet row by row; raises `Unreadable`."""
    try:
        with zipfile.ZipFile(file) as archive:
            shares = _check(archive)
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of styles and extensions that do not concern us.
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            return list(_values(book, shares))
    except Unreadable:
        raise
    except Exception as error:
        # Whatever a broken workbook does to its reader, to the sender it is one thing.
        raise Unreadable(
            _("The workbook is broken or not one of Excel. Save it anew as .xlsx, or as CSV.")
        ) from error


def _values(book: Any, shares: bool) -> Iterator[list[Any]]:
    if not book.worksheets:
        raise Unreadable(_("The workbook has no sheet."))
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # What a sheet says of its own size may be anything.
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number > ROWS:
            raise too_many_rows()
        if len(row) > COLUMNS:
            raise _too_many_columns()
        yield [_value(value, shares) for value in row]


def _value(value: Any, shares: bool) -> Any:
    """A cell's value; days without their hour, and texts without the escapes of their XML."""
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, str) and "_x" in value:
        # openpyxl has undone the escapes of shared strings by half.
        return value.replace("_x000D_", "\r") if shares else ESCAPED.sub(_character, value)
    if value is None or isinstance(value, str | int | float | bool | date):
        return value
    return str(value)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _check(archive: zipfile.ZipFile) -> bool:
    """Hold the archive against the limits; whether it has shared strings."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS or unpacked > UNPACKED:
        sentence = _("Unpacked, the workbook has more than %(most)d MB. Split it in parts.")
        raise Unreadable(sentence % {"most": UNPACKED // 2**20})
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names or len(set(names)) < len(names):
        raise Unreadable(_("The file is no Excel workbook. Save it as .xlsx, or as CSV."))
    for part in parts:
        if part.file_size > SMALL and part.file_size > RATIO * max(part.compress_size, 1):
            raise Unreadable(_("The workbook is packed too tightly to be honest. Save it as CSV."))
    scan = _Scan()
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".vml")):
            scan.walk(archive, part)
        elif part.filename.lower().endswith((".xml", ".rels")):
            raise Unreadable(_("The file is no Excel workbook. Save it as .xlsx, or as CSV."))
    return "xl/sharedStrings.xml" in names


class _Scan:
    """A walk through the parts that keeps nothing but counts."""

    def __init__(self) -> None:
        self.strings = self.cells = self.rows = 0

    def walk(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        tells = part.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
        if part.file_size > OTHER_PART and not tells:
            raise Unreadable(_("The workbook carries too much beside its sheets. Save it as CSV."))
        self.rows = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = self._element
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.cells += 1
            found = CELL.fullmatch(attributes.get("r", "A1"))
            if found is None or _place(found[1]) > COLUMNS:
                raise _too_many_columns()
            if self.cells > CELLS or int(found[2]) > ROWS + 1:
                raise too_many_rows()
        elif name == "row":
            self.rows += 1
            if max(self.rows, int(attributes.get("r", 0))) > ROWS + 1:
                raise too_many_rows()
        elif name in ("si", "r", "t"):
            self.strings += 1
            if self.strings > CELLS:
                raise too_many_rows()


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


def _too_many_columns() -> Unreadable:
    sentence = _("The sheet has more than %(most)d columns. Leave out those not meant.")
    return Unreadable(sentence % {"most": COLUMNS})


def _no_doctype(*_args: Any) -> None:
    raise Unreadable(
        _("The workbook names things outside itself, which is not read. Save it as CSV.")
    )
