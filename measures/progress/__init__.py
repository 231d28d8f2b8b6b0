"""The state of the register on a day: what holds, counted with its denominator, and what moved.

Every figure on every page comes from here. Days are calendar days in the reader's time zone;
`known` is the moment up to which the record is read, None meaning now.
"""

from .broken import Broken, all_broken, all_moved, broken, silent
from .concerns import (
    CONTRADICTED,
    LINK_SILENT,
    NO_CRITERIA,
    STALE,
    UNASSESSED,
    UNSURE,
    Concern,
    concerns,
    overdue,
)
from .coverage import Covered, Piece, coverage
from .crossing import Crossing, cross
from .facets import change_facets, changed, evidence_facets, library, measure_facets
from .hits import Found, Hit, find
from .ledger import Figures, Ledger, Sum, figures, size_of
from .lists import evidence_ordered, listed, measures_listed, measures_ordered
from .moves import (
    CORRECTED,
    LEARNT_MORE,
    WORLD_CHANGED,
    Comparison,
    Flow,
    Move,
    compare,
    latest_moves,
    moves,
)
from .schedule import OnSchedule, Schedule, schedule, schedules
from .scope import entries_about
from .stages import Rung, stages
from .states import Count, Standing, State, Tallied, first_of, listing, standings, state, states
from .story import Chapter, story
from .stretches import Ordered, Stretch, counted_to, is_long, stretch
from .timeline import Timeline, timeline
from .trend import Course, Point, Trend, month_ends, trend
from .weakness import OWN_WORD, SINGLE, Weak, weakest
from .when import When, a_year_before, end_of, with_query

__all__ = [
    "CONTRADICTED",
    "CORRECTED",
    "LEARNT_MORE",
    "LINK_SILENT",
    "NO_CRITERIA",
    "OWN_WORD",
    "SINGLE",
    "STALE",
    "UNASSESSED",
    "UNSURE",
    "WORLD_CHANGED",
    "Broken",
    "Chapter",
    "Comparison",
    "Concern",
    "Count",
    "Course",
    "Covered",
    "Crossing",
    "Figures",
    "Flow",
    "Found",
    "Hit",
    "Ledger",
    "Move",
    "OnSchedule",
    "Ordered",
    "Piece",
    "Point",
    "Rung",
    "Schedule",
    "Standing",
    "State",
    "Stretch",
    "Sum",
    "Tallied",
    "Timeline",
    "Trend",
    "Weak",
    "When",
    "a_year_before",
    "all_broken",
    "all_moved",
    "broken",
    "change_facets",
    "changed",
    "compare",
    "concerns",
    "counted_to",
    "coverage",
    "cross",
    "end_of",
    "entries_about",
    "evidence_facets",
    "evidence_ordered",
    "figures",
    "find",
    "first_of",
    "is_long",
    "latest_moves",
    "library",
    "listed",
    "listing",
    "measure_facets",
    "measures_listed",
    "measures_ordered",
    "month_ends",
    "moves",
    "overdue",
    "schedule",
    "schedules",
    "silent",
    "size_of",
    "stages",
    "standings",
    "state",
    "states",
    "story",
    "stretch",
    "timeline",
    "trend",
    "weakest",
    "with_query",
]
