"""The words of a page, without what only a browser reads: a text to hold, never to be shown."""

import codecs
import html
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..files import MOST_TEXT
from ..text import REFUSED
from .check import HTML, agent
from .fetch import Answer, Failed, Fetcher, Limits
from .robots import OK, Manners

# A person waits for this one: less patience than a nightly run has.
LIMITS = Limits(seconds=20, silence=10, body=5 * 1024 * 1024)
ROBOTS_LIMITS = Limits(seconds=8, silence=5, body=500 * 1024)
LONGEST_PACE = 5.0
# Each branch takes what it has begun to its end or to that of the page: see `check.UNREAD`.
UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|noscript|template|svg|head)\b.*?(?:</\1\b[^>]*(?:>|\Z)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# Where a browser begins a new line.
BREAK = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|tr|table|h[1-6]|section|article|header|footer|nav|main"
    r"|aside|blockquote|pre|form|figure|td|th|option)\b[^>]*(?:>|\Z)",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<[a-z/!?][^>]*(?:>|\Z)", re.IGNORECASE)
SAID_INSIDE = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([a-z0-9_-]{1,40})", re.IGNORECASE)
HEAD = 4096
# By the rules of the web these names mean the larger set of characters.
LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}
# Python has others, which make bytes or pictures of text.
OF_THE_WEB = {"utf-8", "utf-16", "utf-16-le", "gb18030", "big5", "cp1252", "shift_jis", "euc_kr"}


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a page, and the address at which it was found in the end."""

    text: str
    address: str


def _manners() -> Manners:
    return Manners(
        Fetcher(agent(), limits=LIMITS), longest_pace=LONGEST_PACE, robots_limits=ROBOTS_LIMITS
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Brings home the words of one page while a person waits, by the rules of every request."""

    manners: Manners = field(default_factory=_manners)

    def read(self, address: str) -> Read:
        """The text of the page; raises Refused or Failed, with a sentence."""
        answer = self.manners.fetcher.get(address, before=self.manners.before)
        if answer.status not in OK:
            raise Failed(_("The site answers with %(status)d.") % {"status": answer.status})
        if answer.kind not in HTML and answer.kind != "text/plain":
            raise Failed(_("It is a file, not a page of text: attach it as a file."))
        if not answer.is_whole:
            raise Failed(_("The page could not be read to its end."))
        told = words(answer)
        if not told:
            raise Failed(_("The page holds no words before a browser has made them."))
        if len(told) > MOST_TEXT:
            raise Failed(_("The page is too long to be held as a text: attach it as a file."))
        return Read(told, answer.address)


def words(answer: Answer) -> str:
    """What a person reads of the page: paragraphs by line, no markup, nothing unreadable."""
    told = _decoded(answer)
    if answer.kind in HTML:
        told = MARKUP.sub("", BREAK.sub("\n", UNREAD.sub(" ", told)))
        told = html.unescape(told)
    told = REFUSED.sub("", told.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in told.split("\n"))
    return "\n".join(line for line in lines if line)


def _decoded(answer: Answer) -> str:
    """The text by the mark at its beginning, or by what the site or the page itself says."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
                       (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if answer.body.startswith(mark):
            return answer.body.decode(name, "replace")
    inside = SAID_INSIDE.search(answer.body[:HEAD])
    for said in (answer.charset, inside[1].decode("ascii") if inside else ""):
        if name := _known(said):
            return answer.body.decode(name, "replace")
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        return answer.body.decode("gb18030", "replace")


def _known(said: str) -> str:
    """The name of a set of characters as Python knows it, empty where it is none of the web."""
    try:
        found = codecs.lookup(said).name
    except (LookupError, ValueError):
        return ""
    name = LARGER.get(found, found)
    return name if name in OF_THE_WEB else ""
