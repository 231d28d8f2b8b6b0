"""Lists as files: taken away as CSV, Excel and JSON, and brought back in."""

from .bringing import Moved, bring, plan
from .columns import TAKEN
from .limits import BYTES, Unreadable
from .plan import CHANGED, CONFLICT, NEW, SAME, Plan, Problem
from .tables import Table, changes, citations, evidence, findings, measures, timeline
from .writing import TYPES, name_of, written

__all__ = [
    "BYTES",
    "CHANGED",
    "CONFLICT",
    "NEW",
    "SAME",
    "TAKEN",
    "TYPES",
    "Moved",
    "Plan",
    "Problem",
    "Table",
    "Unreadable",
    "bring",
    "changes",
    "citations",
    "evidence",
    "findings",
    "measures",
    "name_of",
    "plan",
    "timeline",
    "written",
]
