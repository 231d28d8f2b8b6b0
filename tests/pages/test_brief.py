"""The brief for a period: its page, and that Word and Excel say the same."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from docx.oxml.ns import qn

from measures import method, record
from measures.models import Measure, Source, Theme
from tests.pages.reader import HAN, Node, inline_code, unmarked_chinese
from tests.world import SPEECH_DAY, World, cite

PERIOD = "from=2021-06-30&to=2022-12-31"

pytestmark = pytest.mark.usefixtures("world", "today")


@dataclass
class Files:
    """The brief three times."""

    page: Node
    word: Any
    book: Any


@pytest.fixture
def taken(visitor: Client) -> Callable[[str], Files]:
    def get(query: str = PERIOD) -> Files:
        word, book = (visitor.get(f"/brief/brief.{kind}?{query}") for kind in ("docx", "xlsx"))
        assert (word.status_code, book.status_code) == (200, 200)
        return Files(
            Node.of(visitor.get(f"/brief/?{query}")),
            Document(BytesIO(word.content)),
            openpyxl.load_workbook(BytesIO(book.content)),
        )

    return get


def after_heading(word: Any, heading: str) -> list[list[str]]:
    """The rows of the table that follows this heading, without its head."""
    seen = False
    for block in word.iter_inner_content():
        if not hasattr(block, "rows"):
            seen = block.text == heading or (seen and not block.style.name.startswith("Heading"))
        elif seen:
            return [[cell.text for cell in row.cells] for row in block.rows[1:]]
    return []


def rows_of(book: Any, sheet: str) -> list[dict[str, Any]]:
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def block(book: Any, heading: str) -> list[tuple[Any, ...]]:
    """The rows under this head on the first sheet, up to an empty one."""
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    begin = next(n for n, row in enumerate(rows) if row[0] == heading) + 1
    end = next((n for n in range(begin, len(rows)) if not any(rows[n])), len(rows))
    return rows[begin:end]


def test_the_sentence_says_how_many_of_how_many_and_how_many_before(
    page: Callable[..., Node],
) -> None:
    shown = page(f"/brief/?{PERIOD}")
    assert shown.one("p", cls="headline").text == (
        "Of 3 commitments, 2 are implemented or sustained on 31 December 2022; "
        "on 30 June 2021 it was 0 of 2."
    )
    assert "2 moved: 2 as the world changed" in shown.one("main").text


def test_page_word_and_excel_agree_on_every_status(taken: Callable[..., Files]) -> None:
    files = taken()
    page = {
        row.one("th").text: [cell.text for cell in row.all("td")]
        for row in files.page.section("by-status").one("tbody").all("tr")
    }
    word = {
        cells[0].split(" ", 1)[-1]: cells[1:] for cells in after_heading(files.word, "By status")
    }
    assert word.pop("Commitments") == ["2", "3", ""]
    book = {
        method_label(told): [f"{a} of {m}", f"{b} of {n}", signed(change)]
        for told, a, m, b, n, change in block(files.book, "Status")
    }
    assert page == word == book
    assert page["Implemented"] == ["0 of 2", "1 of 3", "+1"]
    assert page["Limited"] == ["1 of 2", "0 of 3", "−1"]
    assert len(page) == len(method.SHOWN_STATUSES)


def method_label(told: str) -> str:
    return told[: HAN.search(told).start()].strip()  # type: ignore[union-attr]


def signed(change: int) -> str:
    return f"{change:+d}".replace("-", "−") if change else "0"


def test_they_agree_on_what_moved_and_on_what_moved_it(taken: Callable[..., Files]) -> None:
    files = taken()
    page = [li.links() for li in files.page.section("what-moved").all("li")]
    word = after_heading(files.word, "What moved")
    book = rows_of(files.book, "Movers")
    assert [next(iter(links)) for links in page] == ["1.2 The training", "1.1 The plan"]
    assert [row[0] for row in word] == ["1.2 The training", "1.1 The plan"]
    assert [f"{row['Code']} {row['Title']}" for row in book] == [row[0] for row in word]
    assert page[1]["The outline"].startswith("/evidence/outline/")
    assert word[1][1:] == [
        "○ Not started → ● Implemented",
        "The world changed; in effect 22 September 2021",
        "The outline",
    ]
    assert (book[1]["From"], book[1]["To"]) == ("Not started", "Implemented")
    assert book[1]["Evidence"] == "The outline"
    assert book[1]["In effect since"] == datetime(2021, 9, 22)  # noqa: DTZ001
    assert "THE WORLD CHANGED" in files.page.section("what-moved").text.upper()


def test_they_agree_on_themes_concerns_and_weak_evidence(taken: Callable[..., Files]) -> None:
    files = taken()
    for heading, page_id, label in (
        ("Needs attention", "needs-attention", "Needs attention"),
        ("Weakest evidence", "weakest-evidence", "Weakest evidence"),
    ):
        page = [next(iter(li.links())) for li in files.page.section(page_id).all("li")]
        assert page == [row[0] for row in after_heading(files.word, heading)]
        assert page == [row[0] for row in block(files.book, label)]
    assert after_heading(files.word, "Weakest evidence")[0] == [
        "1.1 The plan",
        "● Implemented",
        "rests on a single document",
    ]
    themes = after_heading(files.word, "By theme")
    assert themes == [
        ["1. Design", "0 of 2", "2 of 2", "2"],
        ["2. Courts", "0 of 0", "0 of 1", "0"],
    ]
    page_rows = files.page.section("by-theme").one("tbody").all("tr")
    assert [[td.text for td in tr.all("td")] for tr in page_rows] == [row[1:] for row in themes]
    assert [row[1:] for row in block(files.book, "Theme")] == [
        (0, 2, 2, 2, 2),
        (0, 0, 0, 1, 0),
    ]


def test_all_three_name_their_dates_the_record_and_how_to_cite_them(
    taken: Callable[..., Files],
) -> None:
    head = record.head()
    assert head
    files = taken(f"{PERIOD}&known=2023-12-31T00:00:00Z")
    texts = (
        files.page.section("about-this-brief").text,
        "\n".join(p.text for p in files.word.paragraphs),
        "\n".join(str(c) for row in files.book["Summary"].values for c in row if c),
    )
    for text in texts:
        assert "as known on 31 December 2023 00:00 UTC" in text
        assert "known=2023-12-31T00:00:00.000000Z" in text
        assert "as_of=2022-12-31" in text
    for text in (
        taken().page.section("about-this-brief").text,
        "\n".join(p.text for p in taken().word.paragraphs),
    ):
        assert f"Record {head.sequence}, head {head.hash[:12]}." in text
    assert ("Record", head.sequence, head.hash[:12]) in [
        row[:3] for row in taken().book["Summary"].values
    ]


def test_the_page_without_dates_tells_of_the_last_year(page: Callable[..., Node]) -> None:
    shown = page("/brief/")
    assert shown.one("h1").text == "Brief, 1 March 2023 to 1 March 2024"
    assert shown.one("input", name="from", type="date")["value"] == "2023-03-01"


def test_as_of_means_the_end_and_to_wins(page: Callable[..., Node]) -> None:
    assert page("/brief/?as_of=2022-06-30").one("h1").text == "Brief, 30 June 2021 to 30 June 2022"
    shown = page("/brief/?as_of=2022-06-30&to=2023-06-30")
    assert shown.one("h1").text == "Brief, 30 June 2022 to 30 June 2023"
    assert shown.one("section", aria_labelledby="by-theme").links()["1. Design"] == (
        "/themes/design/?as_of=2023-06-30"
    )


@pytest.mark.parametrize(
    ("query", "sentence", "title"),
    [
        ("from=x", "“x” is no date", "1 March 2023 to 1 March 2024"),
        ("to=2022-02-30", "“2022-02-30” is no date", "1 March 2023 to 1 March 2024"),
        ("to=2030-01-01", "in the future", "1 March 2023 to 1 March 2024"),
        ("from=2030-01-01", "in the future", "1 March 2023 to 1 March 2024"),
        ("from=9999-12-31", "in the future", "1 March 2023 to 1 March 2024"),
        (
            "from=2019-01-01&to=2022-01-01",
            "before 30 November 2020",
            "30 November 2020 to 1 January 2022",
        ),
        ("to=0001-01-01", "before 30 November 2020", "30 November 2020 to 30 November 2020"),
        (
            "from=2023-01-01&to=2022-01-01",
            "after 1 January 2022",
            "1 January 2021 to 1 January 2022",
        ),
        ("theme=nothing", "Select a valid choice", "1 March 2023 to 1 March 2024"),
        ("body=nothing", "Select a valid choice", "1 March 2023 to 1 March 2024"),
        ("known=2030-01-01", "in the future", "1 March 2023 to 1 March 2024"),
    ],
)
def test_what_cannot_be_meant_is_said_on_the_page_and_makes_no_file(
    query: str, sentence: str, title: str, visitor: Client
) -> None:
    shown = Node.of(visitor.get(f"/brief/?{query}"))
    assert sentence in " ".join(note.text for note in shown.all("p", cls="is-error"))
    assert shown.one("h1").text == f"Brief, {title}"
    for kind in ("docx", "xlsx"):
        response = visitor.get(f"/brief/brief.{kind}?{query}")
        assert response.status_code == 400
        assert sentence in " ".join(response.content.decode().split())


def test_a_leap_day_has_a_year_before_it(page: Callable[..., Node]) -> None:
    shown = page("/brief/?to=2024-02-29")
    assert shown.one("h1").text == "Brief, 28 February 2023 to 29 February 2024"


def test_a_day_without_a_period_moves_nothing(taken: Callable[..., Files]) -> None:
    files = taken("from=2022-12-31&to=2022-12-31&known=2022-12-31")
    assert "No commitment moved" in files.page.section("what-moved").text
    assert after_heading(files.word, "What moved") == []
    assert rows_of(files.book, "Movers") == []


def test_themes_and_bodies_limit_all_three(taken: Callable[..., Files]) -> None:
    for part, total in (
        ("theme=design", 2),
        ("theme=courts", 1),
        ("theme=design&theme=courts", 3),
        ("body=patent-office", 2),
        ("body=patent-office&body=supreme-court", 3),
        ("theme=courts&body=supreme-court", 1),
        ("theme=courts&body=patent-office", 0),
    ):
        files = taken(f"{PERIOD}&{part}")
        assert f"Of {total} commitments" in files.page.one("p", cls="headline").text
        assert f"Of {total} commitments" in "".join(p.text for p in files.word.paragraphs)
        assert len(rows_of(files.book, "Measures")) == total
        assert "Limited to: " in files.page.one("main").text


def test_the_form_keeps_what_was_chosen_and_links_to_the_same(page: Callable[..., Node]) -> None:
    shown = page(f"/brief/?{PERIOD}&theme=design&body=patent-office&known=2023-12-31")
    ticked = {box["value"] for box in shown.all("input", type="checkbox", checked="")}
    assert ticked == {"design", "patent-office"}
    links = shown.links()
    query = f"{PERIOD}&theme=design&body=patent-office&known=2023-12-31"
    assert links["Word"] == f"/brief/brief.docx?{query}"
    assert links["Word · 中文"] == f"/brief/brief.docx?{query}&lang=zh"
    assert links["Excel"] == f"/brief/brief.xlsx?{query}"
    (quarter,) = [href for label, href in links.items() if label.startswith("Last quarter")]
    assert quarter == (
        "?from=2023-09-30&to=2023-12-31&theme=design&body=patent-office&known=2023-12-31"
    )


def test_a_finding_learnt_later_is_not_the_world_changing(
    world: World, taken: Callable[..., Files]
) -> None:
    cited = [world.yearbook_on_rulings]
    recorded = datetime(2023, 7, 1, tzinfo=UTC)
    world.find(world.rulings, "partial", date(2021, 3, 1), cited, recorded_at=recorded)
    files = taken("from=2023-06-30&to=2023-12-31")
    assert after_heading(files.word, "What moved")[0][2] == "We learnt more; in effect 1 March 2021"
    assert rows_of(files.book, "Movers")[0]["Why"] == "We learnt more"
    assert files.page.section("what-moved").chips() == ["we learnt more"]


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
    moved = after_heading(word, "发生的变化")
    assert moved[1] == ["1.1 措施", "○ 未启动 → ● 已落实", "事实变化；自2021年9月22日起", "文件"]
    assert after_heading(word, "按状态")[0][:2] == ["● 已落实", "0／2"]
    assert language_of(word).get(qn("w:val")) == "zh-CN"
    assert language_of(taken().word).get(qn("w:val")) == "en-GB"
    for style in ("Normal", "Heading 1", "Heading 2"):
        fonts = word.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_an_unknown_language_makes_no_document(visitor: Client) -> None:
    assert visitor.get("/brief/brief.docx?lang=fr").status_code == 400


def test_files_are_named_after_their_period(visitor: Client) -> None:
    for kind in ("docx", "xlsx"):
        response = visitor.get(f"/brief/brief.{kind}?{PERIOD}")
        name = f'attachment; filename="ipr-brief-2021-06-30-2022-12-31.{kind}"'
        assert response["Content-Disposition"] == name
        assert zipfile.ZipFile(BytesIO(response.content)).testzip() is None


def test_each_source_has_a_brief_of_its_own(
    second_source: Source, visitor: Client, page: Callable[..., Node]
) -> None:
    shown = page("/s/plan-2021/brief/?to=2022-01-01")
    assert shown.one("p", cls="headline").text.startswith("Of 2 commitments, none are")
    assert shown.links()["Word"].startswith("/s/plan-2021/brief/brief.docx?from=2021-06-01&to=")
    for kind in ("docx", "xlsx"):
        assert visitor.get(f"/s/plan-2021/brief/brief.{kind}").status_code == 200


def test_the_page_is_sound_and_offered_beside_progress(page: Callable[..., Node]) -> None:
    shown = page("/brief/")
    assert len(shown.all("h1")) == 1
    assert inline_code(shown) == []
    assert unmarked_chinese(shown) == []
    assert page("/").links()["Brief for a meeting"] == "/brief/"
    past = page("/", as_of="2022-01-01").links()["Brief for a meeting"]
    assert past == "/brief/?as_of=2022-01-01"


def test_a_source_without_measures_has_a_brief(world: World, visitor: Client) -> None:
    record.save(Source(slug="bare", title="Bare", delivered_on=date(2021, 1, 1)), by=world.ana)
    assert Node.of(visitor.get("/s/bare/brief/")).one("h1").text.startswith("Brief, ")
    for kind in ("docx", "xlsx"):
        assert visitor.get(f"/s/bare/brief/brief.{kind}").status_code == 200


def test_a_character_that_xml_cannot_hold_is_left_out(
    world: World, taken: Callable[..., Files]
) -> None:
    Measure.objects.filter(pk=world.rulings.pk).update(title="Swift\ufffe & <b>")
    Theme.objects.filter(pk=world.courts.pk).update(title="Courts\uffff")
    files = taken("to=2024-03-01")
    assert after_heading(files.word, "By theme")[1][0] == "2. Courts"
    assert "2.1 Swift & <b>" in [row[0] for row in after_heading(files.word, "Needs attention")]
    assert "Swift & <b>" in [row["Title"] for row in rows_of(files.book, "Measures")]


@pytest.mark.parametrize("path", ["/brief/", "/brief/brief.docx", "/brief/brief.xlsx"])
def test_the_number_of_questions_does_not_grow(
    path: str, world: World, visitor: Client, crowd: Callable[[int], list[Measure]]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert visitor.get(f"{path}?from=2020-11-30&theme=design").status_code == 200
        return len(questions)

    crowd(3)
    asked()
    few = asked()
    crowd(60)
    for document in (world.yearbook, world.statement):
        cite(world.plan, document, by=world.ana)
    world.find(world.plan, "partial", SPEECH_DAY, world.plan.citations.all())
    assert asked() <= few <= 24
