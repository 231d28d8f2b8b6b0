"""What a picture shows, told in words: for those who cannot see it, and for its own title."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .. import method
from ..progress import Comparison, Count, Crossing, Tallied, Trend
from ..text import writable

# Of the height of the letters; Chinese characters are as wide as high.
WIDTH_OF_A_LETTER = 0.52
LONGEST_WORD = 40
BLANKS = re.compile(r"[^\S\xa0]+")  # A line breaks at every other blank.


def told(shown: Tallied | Trend | Comparison | Crossing) -> str:
    """A sentence for alternative text: every status that a measure has, with its number."""
    if isinstance(shown, Tallied):
        words = _("Commitments by status on %(day)s: %(counts)s; %(total)s in all.")
        return words % {
            "day": day_of(shown.day),
            "counts": counted(shown.counts),
            "total": len(shown),
        }
    if isinstance(shown, Comparison | Crossing):
        return _flows_of(shown)
    first, last = shown.points[0], shown.points[-1]
    return _(
        "Commitments by status at each month’s end from %(first)s to %(last)s. "
        "At first: %(before)s; %(before_total)s in all. "
        "At last: %(after)s; %(after_total)s in all."
    ) % {
        "first": day_of(first.day),
        "last": day_of(last.day),
        "before": counted(first.counts),
        "before_total": first.total,
        "after": counted(last.counts),
        "after_total": last.total,
    }


def _flows_of(shown: Comparison | Crossing) -> str:
    moved = [flow for flow in shown.flows if flow.before != flow.after]
    pairs = [
        _("%(before)s to %(after)s %(number)s")
        % {"before": flow.before.label, "after": flow.after.label, "number": flow.number}
        for flow in moved
    ]
    words = _("Of %(total)s commitments %(moved)s moved from %(first)s to %(last)s: %(pairs)s.")
    return words % {
        "total": len(shown.later),
        "moved": sum(flow.number for flow in moved),
        "first": day_of(shown.earlier.day),
        "last": day_of(shown.later.day),
        "pairs": _(", ").join(pairs) or _("none"),
    }


def counted(counts: Iterable[Count]) -> str:
    """The statuses that a measure has, furthest first, each with its number."""
    some = [f"{count.term.label} {count.number}" for count in counts if count.number]
    return _(", ").join(some) or _("none")


def headline(before: Sequence[Count], after: Sequence[Count], since: date | None) -> str:
    """How many are achieved, and how many were; `since` None: earlier on the same day."""
    first, last = (
        sum(count.number for count in counts if count.term.slug in method.ACHIEVED)
        for counts in (before, after)
    )
    told_of = {
        "number": last,
        "total": after[0].total,
        "day": day_of(since).replace(" ", "\N{NO-BREAK SPACE}") if since else "",
        "before": first or pgettext("how many", "none"),
    }
    if since is None:
        words = ngettext(
            "%(number)s of %(total)s commitment is implemented or sustained; before it was "
            "%(before)s.",
            "%(number)s of %(total)s commitments are implemented or sustained; before it was "
            "%(before)s.",
            after[0].total,
        )
        return words % told_of
    words = ngettext(
        "%(number)s of %(total)s commitment is implemented or sustained; on %(day)s it was "
        "%(before)s.",
        "%(number)s of %(total)s commitments are implemented or sustained; on %(day)s it was "
        "%(before)s.",
        after[0].total,
    )
    return words % told_of


def as_of(day: date, known: datetime | None) -> str:
    """The two dates of a picture, which outlives the page that it was taken from."""
    if known is None:
        words = _("As of %(day)s, as known today (%(today)s)")
        return words % {"day": day_of(day), "today": day_of(timezone.localdate())}
    local = timezone.localtime(known)
    # A day asked for is read to its end; any other moment is told to the minute.
    minute = "" if local.time() == time.max else f" {local:%H:%M}"
    words = _("As of %(day)s, as known on %(known)s")
    return words % {"day": day_of(day), "known": day_of(local.date()) + minute}


def day_of(day: date) -> str:
    """A day as people write it."""
    return date_format(day, "DATE_FORMAT")


def wide(words: str) -> float:
    """About how wide the words are, in heights of their letters."""
    return sum(
        1.0 if unicodedata.east_asian_width(each) in "WF" else WIDTH_OF_A_LETTER for each in words
    )


def lines(words: str, width: float, most: int) -> list[str]:
    """The words cut into at most so many lines of that width; what is left out is marked."""
    found = [""]
    for piece in _pieces(words):
        if found[-1] and wide((found[-1] + piece).rstrip()) > width:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    if len(found) > most:
        last = found[most - 1].rstrip()
        while wide(last + "…") > width:
            last = last[:-1]
        found = [*found[: most - 1], last + "…"]
    return [line.rstrip() for line in found]


def _pieces(words: str) -> Iterable[str]:
    """Where a line may break: after a space, and around every Chinese character; a word that is
    longer than any line breaks anywhere."""
    piece = ""
    for each in BLANKS.sub(" ", writable(BLANKS.sub(" ", words))).strip():
        if unicodedata.east_asian_width(each) in "WF":
            yield from (piece, each) if piece else (each,)
            piece = ""
            continue
        piece += each
        if each == " " or len(piece) >= LONGEST_WORD:
            yield piece
            piece = ""
    if piece:
        yield piece
