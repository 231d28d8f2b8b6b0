"""How much of a file is read at most, and the refusal of one that goes beyond."""

from django.utils.translation import gettext as _

BYTES = 20 * 2**20
ROWS = 50_000
COLUMNS = 100
LONGEST = 100_000  # characters in a cell


class Unreadable(Exception):
    """A file that is not read; the sentence says why and what to do."""


def too_many_rows() -> Unreadable:
    """The refusal of a file with more rows than are read at once."""
    sentence = _("The file has more than %(most)d rows. Split it in parts.")
    return Unreadable(sentence % {"most": ROWS})
