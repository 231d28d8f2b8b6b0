"""The check at start: a database in which search would go stale unnoticed is reported."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from . import engine


def index_is_followed(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error for each database in which something that search needs is missing."""
    return [
        Error(
            f"The database {alias} does not keep the index of search: {', '.join(gone)} missing.",
            hint=(
                "Run `python manage.py migrate --skip-checks`, then "
                "`python manage.py rebuild_search --skip-checks`."
            ),
            id="measures.E003",
        )
        for alias in databases or ()
        if (gone := engine.missing(alias))
    ]
