"""Getting messages out: each held by one sender, tried until it goes or patience ends, sent once.

The one honest window: where a sender dies after the mail server has taken a mail and before that is
written down, the mail is sent a second time once the lease is over, under the same Message-ID.
"""

import logging
import smtplib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from ..models import Message, NoticeChoice
from . import hooks
from .letters import compose

log = logging.getLogger(__name__)

# How long is kept what became of a message; after that nobody asks.
KEPT = timedelta(days=90)
BATCH = 200
CLOSED, NO_ADDRESS = "The account is closed.", "The account has no e-mail address."
NOT_ALLOWED, NOT_WANTED = "The account may not see this any more.", "It is not wanted any more."
SETTLED = "It was settled before it could be sent."
RIGHTS = {
    "mention": "view_journalnote",
    "returned": "change_draft",
    "submitted": "approve_draft",
    "review": "add_draft",
}
STATES = {"returned": "returned", "submitted": "submitted"}


def send(clock: Callable[[], datetime] = timezone.now) -> Counter[str]:
    """Send whatever waits and is due, and tidy up; how many were sent, put off, dropped, held."""
    done: Counter[str] = Counter()
    tried: set[int] = set()
    with Line() as line:
        while True:
            due = Message.objects.due(clock()).exclude(pk__in=tried).order_by("due_at", "pk")
            batch = list(due.values_list("pk", flat=True)[:BATCH])
            if not batch:
                break
            for number in batch:
                tried.add(number)
                done[_sent(number, line, clock)] += 1
    Message.objects.ended_before(clock() - KEPT).delete()
    return done


def send_one(message: Message) -> str:
    """Try this one now: sent, put off, given up, dropped, or held by another sender."""
    with Line() as line:
        return _sent(message.pk, line, timezone.now)


def _sent(number: int, line: "Line", clock: Callable[[], datetime]) -> str:
    message = Message.objects.in_full().filter(pk=number).first()
    if message is None or not message.claimed(clock()):
        return "held"
    if why := refusal(message):
        message.dropped(clock(), why)
        return "dropped"
    try:
        trouble = hooks.hand_over(message) if message.webhook else _mailed(message, line)
    except Exception as error:
        # One message that cannot be put together keeps no other one back.
        log.exception("Message %s could not be put together.", message.uid)
        trouble = f"It could not be put together ({type(error).__name__})."
    if not trouble:
        message.sent(clock())
        return "sent"
    message.put_off(clock(), trouble)
    return "given up" if message.state == Message.State.FAILED else "put off"


def refusal(message: Message) -> str:
    """Why it may not go out, empty if it may: asked at the last moment."""
    person, kind = message.person, message.kind
    if not person.is_active or person.is_system:
        return CLOSED
    if message.webhook:
        return "" if person.has_perm("measures.add_user") else NOT_ALLOWED
    if not person.email:
        return NO_ADDRESS
    if kind in RIGHTS:
        if not person.has_perm(f"measures.{RIGHTS[kind]}"):
            return NOT_ALLOWED
        if not NoticeChoice.objects.wanted_by(person)[kind]:
            return NOT_WANTED
    if message.draft and message.draft.state != STATES[kind]:
        return SETTLED
    return ""


def _mailed(message: Message, line: "Line") -> str:
    """Why it is to be tried again, or nothing. What a server said may hold an address: not kept."""
    letter = compose(message)
    try:
        line.send(letter.mail())
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({str(code) for code, _said in error.recipients.values()})
        return f"The mail server refused the address ({', '.join(codes)})."
    except smtplib.SMTPResponseException as error:
        return f"The mail server answered {error.smtp_code}."
    except OSError as error:
        return f"The mail server was not reached, or hung up ({type(error).__name__})."
    return ""


class Line:
    """One connection to the mail server for all of a run, opened when the first mail goes.

    Django closes a connection that it opened itself, and a server that answers badly to the
    good-bye would make a mail that was taken look as if it had failed.
    """

    def __init__(self) -> None:
        self.connection = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Hand over one mail; raises OSError, as all of smtplib does, where it was not taken."""
        try:
            self.connection.open()
            if not self.connection.send_messages([mail]):
                raise OSError("no mail was taken")
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up, whatever the server says to that; the next mail finds a new connection."""
        with suppress(OSError):
            self.connection.close()
        self.connection = get_connection()
