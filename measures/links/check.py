"""What came of asking for a page, and how it compares with what was read before."""

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from ..models import Evidence, LinkCheck
from .fetch import Answer, Failed, Fetcher
from .guard import Refused
from .robots import NAME, OK, Manners

logger = logging.getLogger(__name__)

NO_SUCH_PAGE = frozenset({404, 410})
NOT_FOR_US = frozenset({401, 402, 403, 407, 429, 451})
HTML = frozenset({"text/html", "application/xhtml+xml"})
# Of a page, what nobody reads: scripts and the like with all they hold, and markup. Each branch
# takes what it has begun to its end or to that of the page, so no page takes longer than its
# length; a parser of HTML can be made to.
UNREAD = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(script|style|noscript|template|svg)\b.*?(?:</\1[^>]*(?:>|\Z)|\Z)"
    rb"|<[a-z/!?][^>]*(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def agent() -> str:
    """How the tracker names itself to the sites it asks: with its own address, where it has one."""
    origins = (each for each in settings.CSRF_TRUSTED_ORIGINS if "*" not in each)
    ours = next(origins, "")
    return f"{NAME}/{settings.VERSION}" + (f" (+{ours}/)" if ours else "")


@dataclass(frozen=True, slots=True)
class Checker:
    """Looks at the pages of documents, one after the other, and keeps what came of it."""

    manners: Manners = field(default_factory=lambda: Manners(Fetcher(agent())))

    def look(self, evidence: Evidence) -> LinkCheck:
        """The page of one document now, unsaved. No failure of a site gets out of here."""
        check = LinkCheck(evidence=evidence, address=evidence.url, at=timezone.now())
        try:
            answer = self.manners.fetcher.get(evidence.url, before=self.manners.before)
            check.content_hash = fingerprint(answer)
        except Refused as refusal:
            check.outcome, check.note = "refused", str(refusal)
        except Failed as failure:
            check.outcome, check.note = "unreachable", str(failure)
        except Exception:
            # Whatever a page does to us, the next page still has its turn.
            logger.exception("%s could not be checked", evidence.key)
            check.outcome, check.note = "unreachable", "It could not be read."
        else:
            check.status = answer.status
            check.final_address = answer.address if answer.address != evidence.url else ""
            check.outcome, check.note = judged(answer, evidence.url)
            if check.outcome in ("answers", "moved") and _differs(evidence, check):
                check.outcome = "changed"
        return check


def check(
    checker: Checker,
    *,
    limit: int | None = None,
    older_than: timedelta | None = None,
    everything: bool = False,
) -> Iterator[LinkCheck]:
    """Look at the pages that are due, the longest unchecked first, and keep each result at once.

    With `older_than` those whose last check is older, with `everything` all. Another run
    at the same time may be at work on the same pages: what was looked at since this one began is
    left out.
    """
    begun = timezone.now()
    waiting = Evidence.objects.longest_unchecked()
    if older_than is not None:
        waiting = waiting.unchecked_since(begun - older_than)
    elif not everything:
        waiting = waiting.due(begun)
    for evidence in list(waiting[:limit]):
        if LinkCheck.objects.since(evidence, evidence.url, begun).exists():
            continue
        found = checker.look(evidence)
        try:
            found.save()
        except IntegrityError:
            continue  # The document was removed while its page was asked for.
        yield found


def judged(answer: Answer, asked: str) -> tuple[str, str]:
    """The outcome that an answer means, taken by itself, and a note on it."""
    if answer.status in NO_SUCH_PAGE:
        return "gone", ""
    if answer.status in NOT_FOR_US:
        return "refused", "The site does not admit programs."
    if answer.status not in OK:
        return "unreachable", "The site answers with an error."
    if _is_front(answer.address) and not _is_front(asked):
        return "gone", "The address leads to a front page."
    note = "" if answer.is_whole else "Not read to its end, so not compared."
    return "answers" if _same_place(answer.address, asked) else "moved", note


def fingerprint(answer: Answer) -> str:
    """The SHA-256 of the words of a page, or of the bytes of a file; empty for half of one."""
    if answer.status not in OK or not answer.is_whole:
        return ""
    read = answer.body
    if answer.kind in HTML:
        read = b" ".join(UNREAD.sub(b" ", read).split())
    return hashlib.sha256(read).hexdigest()


def _differs(evidence: Evidence, check: LinkCheck) -> bool:
    """Whether the page reads otherwise than it did.

    It is held against the last reading that a person could have had in view: that by the day on
    which somebody checked the document, or else the first.
    """
    read = LinkCheck.objects.read(evidence, check.address)
    seen = evidence.checked_on
    by_then = [each for each in read if seen and timezone.localdate(each.at) <= seen]
    first = by_then[-1] if by_then else read.first()
    return bool(check.content_hash and first and first.content_hash != check.content_hash)


def _is_front(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.query and bool(
        re.fullmatch(r"/?((index|default|home)\.[a-z]{2,5})?", parts.path, re.IGNORECASE)
    )


def _same_place(one: str, other: str) -> bool:
    """Whether two addresses differ in http and https, www and a last stroke at most."""
    return _place(one) == _place(other)


def _place(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host, unquote(parts.path).rstrip("/"), unquote(parts.query)
