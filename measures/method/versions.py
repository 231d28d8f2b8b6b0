"""The versions of the method; each finding keeps the one it was judged under."""

from dataclasses import dataclass
from datetime import date

METHOD_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Revision:
    """One published version of the method and what it brought."""

    version: str
    since: date
    en: str
    zh: str


METHOD_HISTORY = (
    Revision(
        "1.0",
        date(2026, 11, 23),
        "First version: ten statuses, three levels of confidence, five tiers of source.",
        "首个版本：十种状态、三级把握程度、五级来源。",
    ),
)
