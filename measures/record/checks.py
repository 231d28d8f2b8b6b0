"""The checks at start: a database that would let the past be rewritten is reported."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from . import triggers

# Without --skip-checks these very errors would stop the migration.
HINT = (
    "Run `python manage.py migrate --skip-checks`, which makes the triggers anew, "
    "then `python manage.py verify_record`."
)


def triggers_are_there(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each database in which a protecting trigger is missing."""
    return [
        Error(
            f"The database {alias} does not protect the record: {', '.join(gone)} missing.",
            hint=HINT,
            id="measures.E001",
        )
        for alias in databases or ()
        if (gone := triggers.missing(alias))
    ]


def triggers_are_whole(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each database in which a protecting trigger does not read as it was made."""
    return [
        Error(
            f"The database {alias} may not protect the record: {', '.join(other)} changed.",
            hint=HINT,
            id="measures.E002",
        )
        for alias in databases or ()
        if (other := triggers.altered(alias))
    ]
