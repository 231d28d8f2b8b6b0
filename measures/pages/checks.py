"""What is told at deployment."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info


def second_factors_are_wanted(**_told: Any) -> list[CheckMessage]:
    """A word, not a warning: a desk of one on its own machine may do without."""
    if settings.REQUIRE_MFA or settings.DEBUG:
        return []
    return [
        Info(
            "Reviewers and administrators sign in with a password alone.",
            hint="Set REQUIRE_MFA=on where others reach this site.",
            id="measures.I001",
        )
    ]
