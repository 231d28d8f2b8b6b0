"""Files made to do harm, or merely broken: refused with a sentence, before anything is kept."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from measures import sheets
from measures.sheets.incoming import read
from tests.sheets.sent import as_csv, as_excel

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rebuilt(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook of ours with one part replaced."""
    before = zipfile.ZipFile(io.BytesIO(as_excel([{"key": "outline", "title": "The outline"}])))
    after = io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in before.infolist():
            content = before.read(each)
            archive.writestr(each.filename, change(content) if each.filename == part else content)
    return after.getvalue()


def sheet_of(rows: str) -> bytes:
    text = f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'
    return rebuilt("xl/worksheets/sheet1.xml", lambda _before: text.encode())


def bomb() -> bytes:
    """One part of 90 MB in 90 kB."""
    return rebuilt("xl/sharedStrings.xml", lambda before: before + b" " * 90_000_000)


def many_strings() -> bytes:
    strings = b"".join(b"<si><t>%d</t></si>" % n for n in range(2_100_000))
    head = f'<sst xmlns="{SPACE}">'.encode()
    return rebuilt("xl/sharedStrings.xml", lambda _before: head + strings + b"</sst>")


def with_entity() -> bytes:
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst xmlns="{SPACE}"/>'
    return rebuilt("xl/sharedStrings.xml", lambda _before: text.encode())


def many_parts() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2000):
            archive.writestr(f"xl/part{number}.xml", "<a/>")
    return file.getvalue()


def hidden_sheet() -> bytes:
    """A sheet under another name, which no look at the usual names would find."""
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    text = f'<worksheet xmlns="{SPACE}"><sheetData>{cell}</sheetData></worksheet>'
    moved = rebuilt(
        "xl/_rels/workbook.xml.rels",
        lambda before: before.replace(b"worksheets/sheet1.xml", b"media/picture.png"),
    )
    file = io.BytesIO(moved)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/picture.png", text)
    return file.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("x.csv", lambda: b"", "empty"),
    "too large": ("x.csv", lambda: b"key\n" + b"x" * (sheets.BYTES + 1), "at most 20 MB"),
    "zip bomb": ("x.xlsx", bomb, "packed too tightly"),
    "strings without end": ("x.xlsx", many_strings, "more than 50000 rows"),
    "the last cell": (
        "x.xlsx",
        lambda: sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "more than",
    ),
    "the last row": (
        "x.xlsx",
        lambda: sheet_of('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "more than 50000 rows",
    ),
    "the last cell of a hidden sheet": ("x.xlsx", hidden_sheet, "more than"),
    "an external entity": ("x.xlsx", with_entity, "outside itself"),
    "many parts": ("x.xlsx", many_parts, "more than"),
    "a zip of something else": (
        "x.xlsx",
        lambda: rebuilt("xl/workbook.xml", lambda _before: b"<broken"),
        "broken",
    ),
    "half a zip": ("x.xlsx", lambda: as_excel([{"key": "x"}])[:900], "broken"),
    "an old workbook": ("x.xls", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Save it as .xlsx"),
    "many rows": ("x.csv", lambda: b"key\n" + b"x\n" * 50_001, "more than 50000 rows"),
    "many columns": ("x.csv", lambda: b",".join([b"key"] * 101) + b"\n", "more than 100 columns"),
    "a long cell": ("x.csv", lambda: b"key,title\nx," + b"y" * 120_000, "Shorten it"),
    "an endless cell": ("x.csv", lambda: b'key,title\nx,"' + b"y" * 5_000_000, "no table"),
    "deep JSON": ("x.json", lambda: b"[" * 400_000, "no JSON"),
    "empty lists": ("x.json", lambda: b"[" + b"[]," * 2_000_000 + b"[]]", "more than 50000 rows"),
    "JSON of no rows": ("x.json", lambda: b'{"a": 1}', "no list of rows"),
    "a list of numbers": ("x.json", lambda: b"[1, 2]", "no object"),
    "a huge number": ("x.json", lambda: b'[{"key": ' + b"9" * 5000 + b"}]", "no JSON"),
    "one endless line": ("x.jsonl", lambda: b'{"key": "' + b"x" * 2_000_000, "too long"),
    "no characters": ("x.csv", lambda: b"key,title\n\xff\xff\xff\n", "cannot be read"),
    "two columns of one name": ("x.csv", lambda: b"key,key\nx,y\n", "Two columns"),
    "no columns": ("x.csv", lambda: b"\n\n", "names no columns"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_a_sentence(name: str) -> None:
    file, make, sentence = HOSTILE[name]
    with pytest.raises(sheets.Unreadable, match=sentence):
        read(io.BytesIO(make()), file)


@pytest.mark.parametrize(
    "name", ["zip bomb", "strings without end", "the last cell", "empty lists"]
)
def test_it_is_refused_without_a_rise_in_memory(name: str) -> None:
    file, make, _sentence = HOSTILE[name]
    content = io.BytesIO(make())
    tracemalloc.start()
    try:
        with pytest.raises(sheets.Unreadable):
            read(content, file)
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_encoding_and_the_separator_are_found(encoding: str, mark: str) -> None:
    row = {"key": "outline", "title": "The outline, of 2021", "title_zh": "知识产权强国建设纲要"}
    sheet = read(io.BytesIO(as_csv([row], encoding, mark)), "x.csv")
    assert [line.values for line in sheet.lines] == [row]


def test_a_cell_is_named_as_a_spreadsheet_names_it() -> None:
    content = b"# list: evidence\nkey,title\n\na,b\n"
    sheet = read(io.BytesIO(content), "x.csv")
    assert sheet.cell(sheet.lines[0].number, "title") == "B4"
    told = read(io.BytesIO(json.dumps([{"key": "a"}]).encode()), "x.json")
    assert told.cell(1, "key") == "row 1"


def test_only_the_first_sheet_is_read_and_formulas_are_not(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><v>key</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>'
    )
    sheet = read(io.BytesIO(sheet_of(cells)), "x.xlsx")
    assert [line.values for line in sheet.lines] == [{"key": 2}]
