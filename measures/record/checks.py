"""The check at start: a database that would let the past be rewritten is reported."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from . import triggers


def triggers_are_there(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each database in which a protecting trigger is missing."""
    return [
        Error(
            f"The database {alias} does not protect the record: {', '.join(gone)} missing.",
            # Without --skip-checks this very error would stop the migration.
            hint="Run `python manage.py migrate --skip-checks`, which makes the triggers anew, "
            "then `python manage.py verify_record`.",
            id="measures.E001",
        )
        for alias in databases or ()
        if (gone := triggers.missing(alias))
    ]
