"""The brief as a workbook: what it tells, and every row behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .. import cite
from ..models import Finding, FrozenCitation, site_name
from ..text import writable
from .gathering import Brief, reasons
from .words import say

LONGEST = 32_767  # characters in a cell
LINE, MOST_LINES, MOST = 15, 12, 2_000
SUMMARY_WIDTHS = (52, 14, 14, 14, 14, 14)
LAST = len(SUMMARY_WIDTHS) - 1
MAKING = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column, and its width in characters."""

    label: str
    width: int = 14


class Sheets:
    """A workbook being written: its formats, and one way to write a cell of each kind."""

    def __init__(self) -> None:
        self.file = BytesIO()
        self.book = xlsxwriter.Workbook(self.file, MAKING)
        top = {"valign": "top", "text_wrap": True}
        self.text = self.book.add_format({**top, "num_format": "@"})
        self.line = self.book.add_format({"valign": "top", "num_format": "@"})
        self.number = self.book.add_format({"valign": "top"})
        self.day = self.book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"})
        self.bold = self.book.add_format({**top, "bold": True, "bg_color": "#EBE8DF"})
        self.bold_right = self.book.add_format(
            {
                "valign": "top",
                "text_wrap": True,
                "bold": True,
                "bg_color": "#EBE8DF",
                "align": "right",
            }
        )
        self.title = self.book.add_format({"bold": True, "font_size": 16})

    def put(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """Write one value as what it is: a number, a day, a moment in UTC, or text."""
        match value:
            case None | "":
                sheet.write_blank(row, column, None)
            case bool():
                sheet.write_string(row, column, _("yes") if value else _("no"), self.text)
            case int():
                sheet.write_number(row, column, value, self.number)
            case datetime():
                told = value.astimezone(UTC).replace(tzinfo=None)
                sheet.write_datetime(row, column, told, self.moment)
            case date():
                sheet.write_datetime(row, column, value, self.day)
            case str() if value.startswith(("https://", "http://")):
                sheet.write_string(row, column, _cut(writable(value)), self.line)
            case _:
                sheet.write_string(row, column, _cut(writable(value)), self.text)

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet with a head that stays, filters, and these rows."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.label, self.bold)
        last = 0
        for last, values in enumerate(rows, start=1):
            for place, value in enumerate(values):
                self.put(sheet, last, place, value)
            sheet.set_row(last, _height(values, [column.width for column in columns]))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def close(self) -> bytes:
        """The file."""
        self.book.close()
        return self.file.getvalue()


def workbook(brief: Brief, anchor: cite.Anchor, reference: cite.Reference) -> bytes:
    """The .xlsx file, its links fixed to both dates by `anchor`. Three queries."""
    sheets = Sheets()
    sheets.book.set_properties(
        {
            "title": writable(brief.title),
            "subject": brief.period,
            "author": site_name(),
            "comments": reference.text,
        }
    )
    findings = list(
        Finding.objects.in_effect(brief.later.day, brief.known)
        .filter(measure__in=[s.measure.pk for s in brief.later.standings])
        .select_related("author", "approver", "supersedes", "measure__source")
        .order_by("measure__theme__number", "measure__position", "measure__code", "number")
    )
    _summary(sheets, brief, reference)
    _measures(sheets, brief, anchor)
    _findings(sheets, brief, findings, anchor)
    _evidence(sheets, findings)
    _movers(sheets, brief, anchor)
    return sheets.close()


def _height(values: Sequence[Any], widths: Sequence[int]) -> int:
    """The height of a row, in points, that shows its texts; not every program reckons it."""
    lines = 1
    for value, width in zip(values, widths, strict=False):
        text = str(value or "")
        if not text.startswith(("https://", "http://")):
            wide = sum(2 if east_asian_width(each) in "WF" else 1 for each in text[:MOST])
            # Lines break at words: a little is lost on each.
            lines = max(lines, -(-int(wide * 1.15) // width))
    return LINE * min(lines, MOST_LINES)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _summary(sheets: Sheets, brief: Brief, reference: cite.Reference) -> None:
    """What the brief tells, with its dates, the head of the record and how to cite it."""
    sheet = sheets.book.add_worksheet(_("Summary"))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for place, width in enumerate(SUMMARY_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, writable(brief.title), sheets.title)
    lines: list[Sequence[Any]] = [
        (_("From"), brief.earlier.day),
        (_("To"), brief.later.day),
        *([(brief.limits,)] if brief.limits else []),
        (brief.sentence,),
        (brief.movement,),
        (brief.dates,),
        *([(_("Record"), brief.head.sequence, brief.head.hash[:12])] if brief.head else []),
        (_("Cite"), reference.text),
        (),
    ]
    row = 1
    for line in lines:
        for place, value in enumerate(line):
            if isinstance(value, str) and place == len(line) - 1 and len(value) > 20:
                # A sentence goes across the sheet instead of making a column of its own.
                sheet.merge_range(row, place, row, LAST, "", sheets.text)
                across = (SUMMARY_WIDTHS[0] if place == 0 else 0) + sum(SUMMARY_WIDTHS[1:])
                sheet.set_row(row, _height([value], [across]))
            sheets.put(sheet, row, place, value)
        row += 1
    days = (brief.earlier.day.isoformat(), brief.later.day.isoformat())
    counts = [
        (f"{r.term.en} {r.term.zh}", r.before, r.before_total, r.after, r.after_total, r.change)
        for r in brief.rows
    ]
    both = (days[0], _("Of"), days[1], _("Of"))
    head = (_("Status"), *both, pgettext("of a number", "Change"))
    row = _block(sheets, sheet, row, head, counts)
    row = _block(
        sheets,
        sheet,
        row,
        (_("Theme"), *both, _("Moved")),
        [
            (
                f"{part.theme.number}. {part.theme.title} {part.theme.title_zh}",
                part.before.achieved,
                len(part.before),
                part.after.achieved,
                len(part.after),
                part.moved,
            )
            for part in brief.parts
        ],
    )
    for label, found in ((say("attention"), brief.concerns), (say("weakest"), brief.weakest)):
        rows = [(str(e.standing.measure), e.standing.term.label, reasons(e)) for e in found]
        row = _block(sheets, sheet, row, (label, _("Status"), _("Why")), rows)


def _block(
    sheets: Sheets, sheet: Any, row: int, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """A small table on the sheet; the row after it."""
    rows = list(rows)
    for place, label in enumerate(head):
        counted = bool(rows) and isinstance(rows[0][place], int)
        sheet.write_string(row, place, label, sheets.bold_right if counted else sheets.bold)
    for values in rows:
        row += 1
        sheet.set_row(row, _height(values[:1], SUMMARY_WIDTHS))
        for place, value in enumerate(values):
            if isinstance(value, str) and place == 2:
                sheet.merge_range(row, place, row, LAST, "", sheets.text)
            sheets.put(sheet, row, place, value)
    return row + 2


def _measures(sheets: Sheets, brief: Brief, anchor: cite.Anchor) -> None:
    columns = (
        Column(_("Code"), 8),
        Column(_("Theme"), 24),
        Column(_("Title"), 48),
        Column(_("Title (zh)"), 32),
        Column(f"{_('Status')} {brief.earlier.day.isoformat()}", 20),
        Column(f"{_('Status')} {brief.later.day.isoformat()}", 20),
        Column(_("Status (zh)")),
        Column(_("Since")),
        Column(_("Confidence")),
        Column(_("Finding"), 9),
        Column(_("Review by")),
        Column(_("Criteria"), 60),
        Column(_("Quotation"), 60),
        Column(_("Link"), 50),
    )
    before = {s.measure.pk: s.term.en for s in brief.earlier.standings}

    def row(standing: Any) -> tuple[Any, ...]:
        measure, finding = standing.measure, standing.finding
        return (
            measure.code,
            measure.theme.title,
            measure.title,
            measure.title_zh,
            before.get(measure.pk),
            standing.term.en,
            standing.term.zh,
            finding and finding.effective_on,
            finding and finding.confidence_term.en,
            finding and finding.number,
            measure.review_on,
            measure.done_when,
            measure.quotation,
            anchor.address(measure.get_absolute_url()),
        )

    sheets.table(_("Measures"), columns, map(row, brief.later.standings))


def _findings(
    sheets: Sheets, brief: Brief, findings: Sequence[Finding], anchor: cite.Anchor
) -> None:
    columns = (
        Column(_("Measure"), 9),
        Column(_("No."), 6),
        Column(_("Status"), 16),
        Column(_("Status (zh)")),
        Column(_("Holds"), 8),
        Column(_("In effect since")),
        Column(_("Recorded (UTC)"), 20),
        Column(_("Corrects no."), 10),
        Column(_("Confidence")),
        Column(_("Reason for the confidence"), 40),
        Column(_("Rationale"), 80),
        Column(_("Rationale (zh)"), 60),
        Column(_("Author"), 18),
        Column(_("Approver"), 18),
        Column(_("Method")),
        Column(_("Link"), 50),
    )
    holding = {s.finding.pk for s in brief.later.standings if s.finding}
    rows = (
        (
            finding.measure.code,
            finding.number,
            finding.term.en,
            finding.term.zh,
            finding.pk in holding,
            finding.effective_on,
            finding.recorded_at,
            finding.supersedes.number if finding.supersedes else None,
            finding.confidence_term.en,
            finding.confidence_reason,
            finding.rationale,
            finding.rationale_zh,
            finding.author,
            finding.approver,
            finding.method_version,
            anchor.address(finding.get_absolute_url()),
        )
        for finding in findings
    )
    sheets.table(_("Findings"), columns, rows)


def _evidence(sheets: Sheets, findings: Sequence[Finding]) -> None:
    columns = (
        Column(_("Measure"), 9),
        Column(_("Finding"), 9),
        Column(_("Document"), 30),
        Column(_("Title"), 60),
        Column(_("Title (zh)"), 40),
        Column(_("Number"), 24),
        Column(_("Issued")),
        Column(_("Tier"), 6),
        Column(_("Stage")),
        Column(_("Bearing")),
        Column(_("What it shows"), 60),
        Column(_("What it shows (zh)"), 50),
        Column(_("Quotation"), 60),
        Column(_("Locator"), 16),
        Column(_("Address"), 50),
        Column(_("SHA-256 of the held copy"), 20),
    )
    by_id = {finding.pk: finding for finding in findings}
    cited: dict[int, list[FrozenCitation]] = {}
    for each in FrozenCitation.objects.of_findings(by_id):
        cited.setdefault(each.finding_id, []).append(each)
    rows = (
        (
            finding.measure.code,
            finding.number,
            each.evidence.key,
            each.title,
            each.title_zh,
            each.document_number,
            each.issued_on,
            each.tier,
            each.stage_term.en,
            each.bearing_term.en,
            each.note,
            each.note_zh,
            each.quotation,
            each.locator,
            each.url,
            each.copy_sha256,
        )
        for finding in findings
        for each in cited.get(finding.pk, ())
    )
    sheets.table(_("Evidence"), columns, rows)


def _movers(sheets: Sheets, brief: Brief, anchor: cite.Anchor) -> None:
    columns = (
        Column(_("Code"), 8),
        Column(_("Title"), 48),
        Column(_("Title (zh)"), 32),
        Column(_("From"), 18),
        Column(_("To"), 18),
        Column(_("Kind"), 12),
        Column(_("Why"), 20),
        Column(_("In effect since")),
        Column(_("Recorded (UTC)"), 20),
        Column(_("Evidence"), 60),
        Column(_("Link"), 50),
    )
    rows = (
        (
            move.measure.code,
            move.measure.title,
            move.measure.title_zh,
            move.before.term.en,
            move.after.term.en,
            move.kind,
            say(move.reason),
            move.after.finding and move.after.finding.effective_on,
            move.after.finding and move.after.finding.recorded_at,
            "; ".join(each.title for each in move.evidence),
            anchor.address(move.measure.get_absolute_url()),
        )
        for move in brief.moves
    )
    sheets.table(_("Movers"), columns, rows)
