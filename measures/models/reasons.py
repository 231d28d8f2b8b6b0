"""Reasons that the tracker itself gives: recorded in English, told in the reader's language."""

from django.utils.translation import gettext, gettext_noop

LOADED = gettext_noop("Loaded from a bundle.")
TEXT_LOADED = gettext_noop("Full text loaded.")
FACTORS_RESET = gettext_noop("Second factors were reset.")
INVITED = gettext_noop("Accepted an invitation.")
REVIEW_MOVED = gettext_noop("A new finding moves the review date.")
ANALYST_ERASED = gettext_noop("The analyst was erased.")
ERASED = gettext_noop("Erased.")
PERSON_ERASED = gettext_noop("The person was erased.")
DEMONSTRATION = gettext_noop("Demonstration account.")

OURS = {
    LOADED,
    TEXT_LOADED,
    FACTORS_RESET,
    INVITED,
    REVIEW_MOVED,
    ANALYST_ERASED,
    ERASED,
    PERSON_ERASED,
    DEMONSTRATION,
}


def told(why: str) -> str:
    """A reason as its reader meets it: what a person wrote is left as it is."""
    return gettext(why) if why in OURS else why
