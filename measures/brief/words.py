"""The fixed words of the brief, and how it writes days and titles."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..charts import day_of
from ..models import said
from ..text import writable

WORDS: dict[str, Any] = {
    "brief": _("Brief: %(source)s"),
    "period": _("%(first)s to %(last)s"),
    "limited": _("Limited to: %(parts)s"),
    "joint": _("; "),
    "one": _(
        "Of %(total)d commitments, 1 is implemented or sustained on %(last)s; on "
        "%(first)s it was %(before)s."
    ),
    "many": _(
        "Of %(total)d commitments, %(achieved)s are implemented or sustained on "
        "%(last)s; on %(first)s it was %(before)s."
    ),
    "number": pgettext_lazy("how many commitments", "%(number)d"),
    "none": pgettext_lazy("how many commitments", "none"),
    "moved": _(
        "%(number)d moved: %(world)d as the world changed, %(learnt)d as we learnt more, "
        "%(corrected)d corrected."
    ),
    "counts": _("By status"),
    "status": _("Status"),
    "change": pgettext_lazy("of a number", "Change"),
    "of": _("%(number)d of %(total)d"),
    "all": pgettext_lazy("in all", "Commitments"),
    "movers": _("What moved"),
    "measure": _("Commitment"),
    "why": _("Why"),
    "evidence": _("Evidence"),
    "effective": _("in effect %(day)s"),
    "more": _("and %(number)d more"),
    "nothing moved": _("No commitment moved in this period."),
    "world-changed": _("The world changed"),
    "learnt-more": _("We learnt more"),
    "corrected": _("Corrected"),
    "attention": _("Needs attention"),
    "no concerns": _("Nothing needs attention."),
    "unassessed": _("not yet assessed"),
    "stale": _("review overdue by %(days)d days"),
    "contradicted": _("contradicting evidence is unresolved"),
    "unsure": _("low confidence"),
    "one silent": _("one cited page no longer answers; %(held)s"),
    "many silent": _("%(number)d cited pages no longer answer; %(held)s"),
    "held none": _("no copy held"),
    "held one": _("copy held"),
    "held all": _("copies held"),
    "held single": _("1 copy held"),
    "held some": _("%(number)d copies held"),
    "no-criteria": _("no written criteria"),
    "weakest": _("Weakest evidence"),
    "no weak": _("No finding rests on little."),
    "own-word": _("rests on statements or reports of tier 3 and beyond alone"),
    "single": _("rests on a single document"),
    "themes": _("By theme"),
    "theme": _("Theme"),
    "achieved": _("Implemented or sustained"),
    "moves": _("Moved"),
    "over time": _("Commitments over time"),
    "ladders": _("Where the commitments stand"),
    "about": _("About this brief"),
    "as of today": _("As of %(day)s, as known today."),
    "as of": _("As of %(day)s, as known on %(known)s."),
    "earlier": _("The state of %(first)s is told as it was known on %(known)s."),
    "both": _("Both days are told by the same knowledge."),
    "head": _("Record %(number)d, head %(hash)s."),
    "cite": _("How to cite"),
    "method": _(
        "Status by the published method; roll-ups are counts with their denominator, and "
        "what is not yet assessed or not assessable is counted, too."
    ),
    "page": _("Page %(number)s of %(total)s"),
}


def say(name: str, **values: Any) -> str:
    """These words in the reader's language."""
    return str(WORDS[name]) % values


def moment_of(moment: datetime | None) -> str:
    """The moment in UTC to the minute; None is now."""
    moment = (moment or timezone.now()).astimezone(UTC)
    return f"{day_of(moment.date())} {moment:%H:%M} UTC"


def told(thing: Any, field: str) -> str:
    """A field in the reader's language where it is written in it, without what no file can hold."""
    return writable(said(thing, field).text)
