"""The brief as a Word document and as a workbook."""

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from measures import record
from measures.models import Measure, Theme
from tests.pages.reader import HAN, Node
from tests.pages.take_away import PERIOD, Files, after_heading, rows_of
from tests.world import World

pytestmark = pytest.mark.usefixtures("world", "today")


def test_text_in_the_workbook_stays_text(world: World, taken: Callable[..., Files]) -> None:
    for title in ("=1+1", "http://example.org/", "@SUM(A1)", "007"):
        world.rulings.refresh_from_db()
        world.rulings.title = title
        record.save(world.rulings, by=world.ana)
        row = next(
            row
            for row in taken("to=2024-03-01").book["Measures"].iter_rows()
            if row[0].value == "2.1"
        )
        assert (row[2].value, row[2].data_type) == (title, "s")
        assert row[0].data_type == "s"


def test_no_cell_is_longer_than_a_workbook_takes(world: World, taken: Callable[..., Files]) -> None:
    world.rulings.done_when = "x" * 40_000
    record.save(world.rulings, by=world.ana)
    told = {
        row["Code"]: row["Criteria"] for row in rows_of(taken("to=2024-03-01").book, "Measures")
    }
    assert len(told["2.1"]) == 32_767
    assert told["2.1"].endswith("…")


def test_every_sheet_is_filtered_and_keeps_its_head(taken: Callable[..., Files]) -> None:
    book = taken().book
    assert book.sheetnames == ["Summary", "Measures", "Findings", "Evidence", "Movers"]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
    findings = rows_of(book, "Findings")
    assert len(findings) == 4
    assert {(r["Measure"], r["No."]) for r in findings if r["Holds"] == "yes"} == {
        ("1.1", 2),
        ("1.2", 2),
    }
    assert isinstance(findings[0]["In effect since"], datetime)
    evidence = rows_of(book, "Evidence")
    assert [(r["Measure"], r["Finding"], r["Document"]) for r in evidence] == [
        ("1.1", 2, "outline"),
        ("1.2", 1, "statement"),
        ("1.2", 2, "yearbook"),
    ]
    assert evidence[0]["Issued"] == datetime(2021, 9, 22)  # noqa: DTZ001


def test_the_document_can_be_followed_without_seeing_it(taken: Callable[..., Files]) -> None:
    word = taken().word
    headings = [p.style.name for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["Heading 1", *["Heading 2"] * 6]
    assert word.tables
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(described) == 2
    assert "Implemented 1" in described[0]
    assert "Commitments by status at each month’s end" in described[1]
    assert word.core_properties.title == "Brief: A speech on intellectual property"
    assert word.core_properties.subject == "30 June 2021 to 31 December 2022"
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    codes = [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_each_measure_leads_to_its_page_at_the_same_two_dates(taken: Callable[..., Files]) -> None:
    word = taken().word
    head = record.head()
    assert head
    targets = {r.target_ref for r in word.part.rels.values() if r.is_external}
    moment = head.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert f"http://testserver/measures/1.1/?as_of=2022-12-31&known={moment}" in targets


def language_of(word: Any) -> Any:
    return next(word.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang")))


def test_the_document_in_chinese(taken: Callable[..., Files]) -> None:
    word = taken(f"{PERIOD}&lang=zh").word
    texts = [p.text for p in word.paragraphs]
    assert texts[0] == "进展简报：关于知识产权的讲话"
    assert "截至2022年12月31日，3项承诺中有2项已落实或持续落实；2021年6月30日为0／2。" in texts
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert headings
    assert all(HAN.search(each) for each in headings)
    moved = after_heading(word, "状态变化")
    assert moved[1] == ["1.1 措施", "○ 未启动 → ● 已落实", "事实变化；自2021年9月22日起", "文件"]
    assert after_heading(word, "按状态")[0][:2] == ["● 已落实", "0／2"]
    assert language_of(word).get(qn("w:eastAsia")) == "zh-CN"
    assert word.core_properties.language == "zh-CN"
    assert taken().word.core_properties.language == "en-GB"
    for style in ("Normal", "Heading 1", "Heading 2"):
        fonts = word.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_each_language_offers_the_document_of_the_other_too(
    taken: Callable[..., Files], visitor: Client
) -> None:
    offered = {}
    for prefix in ("", "/zh"):
        files = Node.of(visitor.get(f"{prefix}/brief/?{PERIOD}")).one("ul", cls="files")
        offered[prefix] = files.links()
    assert "lang=zh" in offered[""]["Word · 中文"]
    assert "lang=en" in offered["/zh"]["Word · English"]
    for label, language in (("Word", "zh-CN"), ("Word · English", "en-GB")):
        content = visitor.get(offered["/zh"][label]).content
        assert Document(BytesIO(content)).core_properties.language == language


def test_an_unknown_language_makes_no_document(visitor: Client) -> None:
    assert visitor.get("/brief/brief.docx?lang=fr").status_code == 400


def test_files_are_named_after_their_period(visitor: Client) -> None:
    for kind in ("docx", "xlsx"):
        response = visitor.get(f"/brief/brief.{kind}?{PERIOD}")
        name = f'attachment; filename="ipr-brief-2021-06-30-2022-12-31.{kind}"'
        assert response["Content-Disposition"] == name
        assert zipfile.ZipFile(BytesIO(response.content)).testzip() is None


def test_a_character_that_xml_cannot_hold_is_left_out(
    world: World, taken: Callable[..., Files]
) -> None:
    Measure.objects.filter(pk=world.rulings.pk).update(title="Swift\ufffe & <b>")
    Theme.objects.filter(pk=world.courts.pk).update(title="Courts\uffff")
    files = taken("to=2024-03-01")
    assert after_heading(files.word, "By theme")[1][0] == "2. Courts"
    assert "2.1 Swift & <b>" in [row[0] for row in after_heading(files.word, "Needs attention")]
    assert "Swift & <b>" in [row["Title"] for row in rows_of(files.book, "Measures")]
