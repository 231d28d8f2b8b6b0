"""Lists as files: taken away as CSV, Excel and JSON, and brought back in."""

from .tables import Table, changes, citations, evidence, findings, measures, timeline
from .writing import TYPES, name_of, written

__all__ = [
    "TYPES",
    "Table",
    "changes",
    "citations",
    "evidence",
    "findings",
    "measures",
    "name_of",
    "timeline",
    "written",
]
