"""The brief as people take it away: its page, its document and its workbook, as rows of words."""

from functools import cached_property
from io import BytesIO
from typing import Any

import openpyxl
from django.test import Client
from docx import Document

from tests.pages.reader import Node

PERIOD = "from=2021-06-30&to=2022-12-31"


class Files:
    """The brief three times; each is made when it is first looked into."""

    def __init__(self, visitor: Client, query: str) -> None:
        self.visitor, self.query = visitor, query

    def _file(self, kind: str) -> BytesIO:
        answer = self.visitor.get(f"/brief/brief.{kind}?{self.query}")
        assert answer.status_code == 200
        return BytesIO(answer.content)

    @cached_property
    def page(self) -> Node:
        return Node.of(self.visitor.get(f"/brief/?{self.query}"))

    @cached_property
    def word(self) -> Any:
        return Document(self._file("docx"))

    @cached_property
    def book(self) -> Any:
        return openpyxl.load_workbook(self._file("xlsx"))


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
