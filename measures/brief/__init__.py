"""The manager's brief for a period: gathered once, shown as a page, a Word document, a workbook."""

from .excel import workbook
from .gathering import Brief, Part, Row, gather
from .word import document

__all__ = ["Brief", "Part", "Row", "document", "gather", "workbook"]
