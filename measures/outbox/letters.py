"""Messages as mails: in the language of who gets them, as text and as HTML, with a way to stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.mime.image import MIMEImage
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .. import charts, record, workflow
from ..charts.palette import palette
from ..models import Draft, JournalNote, Message, Reminder, Subscription
from ..progress import CORRECTED, LEARNT_MORE, WORLD_CHANGED
from ..text import writable
from .digest import Digest, gather

# Of each sort; beyond that a mail says how many more there are, and where.
SHOWN = 30
LANGUAGES = {"en": "en", "zh": "zh-hans"}
HALF = 0.5  # of a slide: 960 pixels wide, sharp on any screen that reads mail


class Pictured(EmailMultiAlternatives):
    """A mail whose attachments belong to its HTML."""

    mixed_subtype = "related"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, put together; `way_out` is where its reader stops more of the kind."""

    message: Message
    language: str
    subject: str
    text: str
    html: str
    way_out: str
    picture: bytes = field(default=b"", repr=False)

    def mail(self) -> EmailMultiAlternatives:
        """As it goes out: the same Message-ID however often it is tried."""
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
        mail = Pictured(
            self.subject,
            self.text,
            settings.DEFAULT_FROM_EMAIL,
            [self.message.person.email],
            headers={
                "Message-ID": f"<{self.message.uid}@{host}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "Content-Language": self.language,
                "List-Unsubscribe": f"<{self.way_out}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        mail.attach_alternative(self.html, "text/html")
        if self.picture:
            picture = MIMEImage(self.picture, "png")
            picture.add_header("Content-ID", f"<{picture_of(self.message)}>")
            picture.add_header("Content-Disposition", "inline", filename="ladder.png")
            mail.attach(picture)
        return mail


def picture_of(message: Message) -> str:
    """The name by which the HTML calls its picture."""
    return f"ladder-{message.uid}"


def compose(message: Message) -> Letter:
    """The mail of a message, in its reader's language; the same whenever it is asked."""
    subscription = message.subscription
    chosen = subscription.language if subscription else message.person.language
    with translation.override(LANGUAGES[chosen]):
        return _digest(message) if subscription else _notice(message)


def _digest(message: Message) -> Letter:
    digest = gather(message)
    now, before = charts.told(digest.comparison.later), charts.told(digest.comparison.earlier)
    has_picture = message.subscription is not None and message.subscription.subject != "measure"
    context = {
        "digest": digest,
        "shown": SHOWN,
        "reasons": _reasons(),
        "told": _("Now: %(now)s Before: %(before)s") % {"now": now, "before": before}
        if has_picture
        else "",
        "picture": picture_of(message) if has_picture else "",
        "compare": _compare(digest),
        "changes": digest.anchor.address(reverse("changes")),
        "page": digest.anchor.address(digest.subscription.get_absolute_url()),
    }
    subject = _subject(digest)
    picture = _ladders(digest) if has_picture else b""
    return _letter(message, "digest", subject, context, picture)


def _subject(digest: Digest) -> str:
    moved, name = len(digest.comparison.moves), writable(digest.subscription.followed)
    if moved:
        words = ngettext("%(number)d moved: %(name)s", "%(number)d moved: %(name)s", moved)
        return words % {"number": moved, "name": name}
    words = ngettext("%(number)d change: %(name)s", "%(number)d changes: %(name)s", digest.total)
    return words % {"number": digest.total, "name": name}


def _reasons() -> Mapping[str, str]:
    return {
        WORLD_CHANGED: _("The world changed"),
        LEARNT_MORE: _("We learnt more"),
        CORRECTED: _("Corrected"),
    }


def _compare(digest: Digest) -> str:
    """The page that shows both days, where they are two."""
    days = digest.comparison.earlier.day, digest.comparison.later.day
    if days[0] == days[1]:
        return ""
    page = digest.source.address("compare")
    return digest.anchor.address(f"{page}?from={days[0]}&to={days[1]}")


def _ladders(digest: Digest) -> bytes:
    part = writable(digest.subscription.followed) if digest.subscription.scope else ""
    earlier, later = digest.comparison.earlier, digest.comparison.later
    svg = charts.slide_of_ladders(earlier, later, source=digest.source, head=digest.last, part=part)
    return _picture(svg)


@lru_cache(maxsize=8)
def _picture(svg: str) -> bytes:
    """Drawn once for all who follow the same: drawing is half of the work of a mail."""
    return charts.png(svg, zoom=HALF)


def _notice(message: Message) -> Letter:
    """What concerns one person alone: a heading, who and what, and where to go."""
    if message.note:
        return _letter(message, "notice", *_of_a_note(message.note))
    if message.draft:
        return _letter(message, "notice", *_of_a_draft(message, message.draft))
    return _letter(message, "notice", *_of_reviews(message))


def _of_a_note(note: JournalNote) -> tuple[str, dict[str, Any]]:
    told = {"author": writable(note.author), "measure": writable(note.measure)}
    heading = _("%(author)s mentions you: %(measure)s") % told
    place = settings.SITE_URL + note.get_absolute_url()
    return heading, {"quote": note.text, "page": place, "leads": _("To the note")}


def _of_a_draft(message: Message, draft: Draft) -> tuple[str, dict[str, Any]]:
    measure = {"measure": writable(draft.measure)}
    if message.kind == Message.Kind.SUBMITTED:
        place = reverse("draft-review", args=[draft.uid])
        words = _("%(author)s has handed in a draft. It waits for a decision.")
        told = {
            "words": words % {"author": writable(draft.author)},
            "leads": _("To the decision"),
        }
        heading = _("Draft to decide on: %(measure)s") % measure
    else:
        place = reverse("draft-detail", args=[draft.uid])
        words = _("%(reviewer)s has returned it with this note.")
        told = {
            "words": words % {"reviewer": writable(draft.decided_by)},
            "quote": draft.decision_note,
            "leads": _("To the draft"),
        }
        heading = _("Draft returned: %(measure)s") % measure
    return heading, told | {"page": settings.SITE_URL + place}


def _of_reviews(message: Message) -> tuple[str, dict[str, Any]]:
    held = Reminder.objects.filter(
        message=message, measure__analyst=message.person, measure__review_on=F("day")
    )
    rows = list(held.select_related("measure__source").order_by("day", "measure__code"))
    heading = ngettext("%(number)d review is ahead", "%(number)d reviews are ahead", len(rows))
    return heading % {"number": len(rows)}, {
        "words": _("These measures are in your care. Look at each again by its day."),
        "rows": [
            (
                each.measure,
                settings.SITE_URL + each.measure.get_absolute_url(),
                date_format(each.day, "DATE_FORMAT"),
            )
            for each in rows[:SHOWN]
        ],
        "more": max(len(rows) - SHOWN, 0),
        "page": settings.SITE_URL + reverse("desk"),
        "leads": _("To the desk"),
    }


def _letter(
    message: Message, template: str, subject: str, context: dict[str, Any], picture: bytes = b""
) -> Letter:
    out = workflow.way_out(message.person, message.kind, message.subscription)
    way_out = settings.SITE_URL + reverse("unsubscribe", args=[out])
    head = context["digest"].last if "digest" in context else record.head()
    context |= {
        "message": message,
        "subject": subject,
        "why": _why(message),
        "way_out": way_out,
        "account": settings.SITE_URL + reverse("subscriptions"),
        "site": settings.SITE_URL,
        "head": head,
        "light": palette(charts.LIGHT),
        "dark": palette(charts.DARK),
    }
    return Letter(
        message=message,
        language=translation.get_language() or "en",
        subject=subject,
        text=render_to_string(f"measures/mail/{template}.txt", context),
        html=render_to_string(f"measures/mail/{template}.html", context),
        way_out=way_out,
        picture=picture,
    )


def _why(message: Message) -> str:
    """Why somebody gets this mail."""
    followed = message.subscription
    if followed is None:
        return _("You get this because it concerns your own work.")
    rhythm = {
        Subscription.Rhythm.AT_ONCE: pgettext("how often", "at once"),
        Subscription.Rhythm.DAILY: pgettext("how often", "every day"),
        Subscription.Rhythm.WEEKLY: pgettext("how often", "every Monday"),
    }[Subscription.Rhythm(followed.rhythm)]
    told = {"name": writable(followed.followed), "rhythm": rhythm}
    return _("You get this because you follow “%(name)s”: %(rhythm)s.") % told
