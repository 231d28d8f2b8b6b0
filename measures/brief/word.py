"""The brief as a Word document: headings, tables and pictures that a screen reader can follow."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils import timezone
from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from .. import charts, cite, method
from ..models import Measure, site_name
from ..progress import Move
from ..text import writable
from .gathering import Brief, reasons
from .words import day_of, say, told

LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
INK, QUIET, LINK = (
    RGBColor(0x1B, 0x24, 0x30),
    RGBColor(0x4D, 0x5A, 0x6A),
    RGBColor(0x0B, 0x4F, 0x8A),
)
PICTURE = Mm(150)  # so that both stand on the first page
EVIDENCE_SHOWN = 3
LONGEST_PROPERTY = 255
# A cell is plain text, or text that leads to an address.
Cell = str | tuple[str, str]


def document(brief: Brief, anchor: cite.Anchor, reference: cite.Reference) -> bytes:
    """The .docx file in the reader's language, its links fixed to both dates by `anchor`."""
    paper = _paper(brief)

    def leads(measure: Measure) -> Cell:
        name = f"{measure.code} {told(measure, 'title')}"
        return name, anchor.address(measure.get_absolute_url())

    paper.add_heading(writable(brief.title), 1)
    for line in filter(None, (brief.period, brief.limits)):
        paper.add_paragraph(line, "Subtitle")
    paper.add_paragraph(brief.sentence, "Lead")
    _pictures(paper, brief)
    _counts(paper, brief)
    _moves(paper, brief, leads)
    _attention(paper, brief, leads)
    _themes(paper, brief)
    _about(paper, brief, reference)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()


def status(term: method.Status) -> str:
    """The shape and the word of a status."""
    return f"{term.mark} {term.label}"


def _paper(brief: Brief) -> Doc:
    """An empty A4 document with its faces, its language, its properties and its foot."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    language = "zh-CN" if method.reads_chinese() else "en-GB"
    lead = paper.styles.add_style("Lead", 1)
    lead.base_style = paper.styles["Normal"]
    faces: tuple[tuple[str, float, RGBColor], ...] = (
        ("Normal", 10.5, INK),
        ("Lead", 14, INK),
        ("Subtitle", 11, QUIET),
        ("Heading 1", 20, INK),
        ("Heading 2", 14, INK),
        ("Caption", 9, QUIET),
        ("Footer", 8, QUIET),
    )
    for name, size, colour in faces:
        _face(paper.styles[name], size, colour)
    _language(paper)
    told_in = paper.core_properties
    told_in.title, told_in.subject = writable(brief.title)[:LONGEST_PROPERTY], brief.period
    told_in.author = told_in.last_modified_by = site_name()
    told_in.language, told_in.keywords, told_in.comments = language, "", brief.witness
    told_in.created = told_in.modified = timezone.now().replace(tzinfo=None)
    _foot(section.footer.paragraphs[0], brief)
    return paper


def _face(style: Any, size: float, colour: RGBColor) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.italic, style.font.color.rgb = False, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    style.paragraph_format.space_after = Pt(6)
    if style.name.startswith("Heading"):
        style.paragraph_format.keep_with_next = True


def _language(paper: Doc) -> None:
    """In which language each script is read aloud, spelt, and broken into lines."""
    default = paper.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    for old in default.findall(qn("w:lang")):
        default.remove(old)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-GB")
    lang.set(qn("w:eastAsia"), "zh-CN")
    default.append(lang)


def _foot(line: Paragraph, brief: Brief) -> None:
    """The dates, the head of the record, and the number of the page."""
    line.add_run(f"{site_name()} · {brief.asked} {brief.witness} · ")
    before, rest = say("page", number="\0", total="\1").split("\0")
    between, after = rest.split("\1")
    line.add_run(before)
    _field(line, "PAGE")
    line.add_run(between)
    _field(line, "NUMPAGES")
    line.add_run(after)


def _field(line: Paragraph, code: str) -> None:
    """What Word counts when it lays out the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    line._p.append(field)


def _pictures(paper: Doc, brief: Brief) -> None:
    part = " · ".join(told(each, "title") for each in (*brief.themes, *brief.bodies))
    around: dict[str, Any] = {"source": brief.source, "head": brief.head, "part": part}
    ladders = charts.slide_of_ladders(brief.earlier, brief.later, **around)
    over_time = charts.slide_of_trend(brief.trend, **around)
    for name, svg, words in (
        ("ladders", ladders, f"{charts.told(brief.later)} {charts.told(brief.earlier)}"),
        ("over time", over_time, charts.told(brief.trend)),
    ):
        picture = paper.add_picture(BytesIO(charts.png(svg)), width=PICTURE)
        described = picture._inline.docPr
        # The words of the charts are in English as long as nobody has translated them.
        words = f"{say(name)}：{brief.sentence}" if method.reads_chinese() else words
        described.set("descr", writable(words))
        described.set("title", say(name))
        paper.paragraphs[-1].paragraph_format.keep_with_next = True
        paper.paragraphs[-1].paragraph_format.space_after = Pt(0)
        paper.add_paragraph(say(name), "Caption")


def _counts(paper: Doc, brief: Brief) -> None:
    paper.add_heading(say("counts"), 2)
    head = [say("status"), day_of(brief.earlier.day), day_of(brief.later.day), say("change")]
    rows = [
        [
            status(row.term),
            say("of", number=row.before, total=row.before_total),
            say("of", number=row.after, total=row.after_total),
            row.signed,
        ]
        for row in brief.rows
    ]
    rows.append([say("all"), str(len(brief.earlier)), str(len(brief.later)), ""])
    _table(paper, head, rows, (70, 38, 38, 24), numbers=3)


def _moves(paper: Doc, brief: Brief, leads: Callable[[Measure], Cell]) -> None:
    paper.add_heading(say("movers"), 2)
    paper.add_paragraph(brief.movement).paragraph_format.keep_with_next = bool(brief.moves)
    rows = [
        [
            leads(move.measure),
            f"{status(move.before.term)} → {status(move.after.term)}",
            _why(move),
            _evidence(move),
        ]
        for move in brief.moves
    ]
    if rows:
        head = [say(name) for name in ("measure", "change", "why", "evidence")]
        _table(paper, head, rows, (46, 36, 30, 58))


def _why(move: Move) -> str:
    found = [say(move.reason)]
    if move.after.finding:
        found.append(say("effective", day=day_of(move.after.finding.effective_on)))
    return say("joint").join(found)


def _evidence(move: Move) -> str:
    """The first documents that moved it; the page of the measure has them all."""
    found = [told(each, "title") for each in move.evidence[:EVIDENCE_SHOWN]]
    if len(move.evidence) > EVIDENCE_SHOWN:
        found.append(say("more", number=len(move.evidence) - EVIDENCE_SHOWN))
    return say("joint").join(found)


def _attention(paper: Doc, brief: Brief, leads: Callable[[Measure], Cell]) -> None:
    for name, found, nothing in (
        ("attention", brief.concerns, "no concerns"),
        ("weakest", brief.weakest, "no weak"),
    ):
        paper.add_heading(say(name), 2)
        rows: list[list[Cell]] = [
            [leads(each.standing.measure), status(each.standing.term), reasons(each)]
            for each in found
        ]
        if rows:
            head = [say("measure"), say("status"), say("why")]
            _table(paper, head, rows, (80, 36, 54))
        else:
            paper.add_paragraph(say(nothing))


def _themes(paper: Doc, brief: Brief) -> None:
    paper.add_heading(say("themes"), 2)
    rows = [
        [
            f"{part.theme.number}. {told(part.theme, 'title')}",
            say("of", number=part.before.achieved, total=len(part.before)),
            say("of", number=part.after.achieved, total=len(part.after)),
            str(part.moved),
        ]
        for part in brief.parts
    ]
    days = [f"{say('achieved')}, {day_of(s.day)}" for s in (brief.earlier, brief.later)]
    _table(paper, [say("theme"), *days, say("moves")], rows, (70, 40, 40, 20), numbers=3)


def _about(paper: Doc, brief: Brief, reference: cite.Reference) -> None:
    paper.add_heading(say("about"), 2)
    for line in (brief.dates, brief.witness, say("method")):
        if line:
            paper.add_paragraph(line)
    last = paper.add_paragraph(f"{say('cite')}: ")
    before, after = writable(reference.text).split(reference.address, 1)
    last.add_run(before)
    _link(last, reference.address, reference.address)
    last.add_run(after)


def _table(
    paper: Doc,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int],
    numbers: int = 0,
) -> None:
    """A table whose head is repeated on each page.

    `widths` in mm; the last `numbers` columns stand to the right.
    """
    table = paper.add_table(rows=1, cols=len(head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _rule(table.rows[0], "w:tblHeader")
    for cell, name in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(writable(name)).bold = True
        shade = OxmlElement("w:shd")
        for key, setting in (("val", "clear"), ("color", "auto"), ("fill", "EBE8DF")):
            shade.set(qn(f"w:{key}"), setting)
        cell._tc.get_or_add_tcPr().append(shade)
    for values in rows:
        row = table.add_row()
        for cell, value in zip(row.cells, values, strict=True):
            if isinstance(value, tuple):
                _link(cell.paragraphs[0], *value)
            else:
                cell.paragraphs[0].add_run(writable(value))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        _rule(row, "w:cantSplit")
        for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            if place >= len(head) - numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph().paragraph_format.space_after = Pt(0)


def _rule(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _link(line: Paragraph, words: str, address: str) -> None:
    """Words that lead to an address."""
    link = OxmlElement("w:hyperlink")
    related = line.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), related)
    run = line.add_run(writable(words))
    run.font.color.rgb, run.font.underline = LINK, True
    link.append(run._r)
    line._p.append(link)
