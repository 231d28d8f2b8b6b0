"""How a page is cited: a permanent link that fixes both dates, in words, as BibTeX and CSL-JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import LinkCheck, RecordEntry, site_name
from .progress import When
from .text import sentences

# What a page is called in a citation, and which of its objects it is about ("" for none).
PAGES: Mapping[str, tuple[Any, str]] = {
    "progress": (gettext_lazy("Progress: %(subject)s"), "source"),
    "compare": (gettext_lazy("Two days compared: %(subject)s"), "source"),
    "timeline": (gettext_lazy("Timeline: %(subject)s"), "source"),
    "trend": (gettext_lazy("Over time: %(subject)s"), "source"),
    "brief": (gettext_lazy("Brief: %(subject)s"), "source"),
    "measure-list": (gettext_lazy("Measures: %(subject)s"), "source"),
    "measure-detail": ("%(subject)s", "measure"),
    "measure-history": (gettext_lazy("History of %(subject)s"), "measure"),
    "theme-detail": ("%(subject)s", "theme"),
    "body-detail": ("%(subject)s", "body"),
    "evidence-list": (gettext_lazy("Evidence"), ""),
    "evidence-detail": ("%(subject)s", "evidence"),
    "evidence-history": (gettext_lazy("History of %(subject)s"), "evidence"),
    "source-list": (gettext_lazy("Sources"), ""),
    "source-detail": ("%(subject)s", "source"),
    "search": (gettext_lazy("Search: %(subject)s"), "asked"),
    "changes": (gettext_lazy("Changes"), ""),
    "method": (gettext_lazy("Method"), ""),
}
FORMS = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}

# Braces as words: BibTeX counts an escaped one too, and an odd number would end the field early.
IN_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "%&$#_"},
    }
)


def title_of(page: str, subject: object, finding: int | None = None) -> str:
    """What a page of that URL name is called; with `finding` that finding on it."""
    title = str(PAGES[page][0]) % {"subject": subject}
    if finding is None:
        return title
    return _("%(title)s, finding no. %(number)d") % {"title": title, "number": finding}


def until(head: RecordEntry | None) -> datetime | None:
    """Up to when a page of now was read: the last entry, or the last look at a link. One query."""
    looked = LinkCheck.objects.aggregate(at=Max("at"))["at"]
    return max((at for at in (head.at if head else None, looked) if at), default=None)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What fixes a page for good: both dates, and the head of the record that vouches for them.

    `origin` is the tracker's own, such as https://example.org; `known` is a moment, never "now";
    `head` None: nothing had been recorded by then. `read_on` is the reader's day.
    """

    origin: str
    day: date
    known: datetime
    head: RecordEntry | None
    read_on: date

    @classmethod
    def of(
        cls, request: HttpRequest, when: When, head: RecordEntry | None, known: datetime
    ) -> "Anchor":
        """What fixes the page that is asked for, read up to `known`."""
        origin = request.build_absolute_uri("/").rstrip("/")
        return cls(origin, when.day, known, head, when.today)

    def path(self, path: str) -> str:
        """The path with its filters and both dates, before its fragment: the same for ever."""
        parts = urlsplit(path)
        asked = [(n, v) for n, v in parse_qsl(parts.query) if n not in ("as_of", "known")]
        fixed = [("as_of", self.day.isoformat()), ("known", in_full(self.known))]
        query = urlencode([*asked, *fixed], safe=":/")
        return f"{parts.path}?{query}" + (f"#{parts.fragment}" if parts.fragment else "")

    def address(self, path: str) -> str:
        """The same with the tracker's own name before it."""
        return self.origin + self.path(path)

    def reference(self, title: str, path: str) -> "Reference":
        """How the page at this path is cited."""
        return Reference(self, " ".join(title.split()), self.path(path))


def in_full(moment: datetime) -> str:
    """The moment in UTC to the microsecond: 2026-11-23T00:00:00.123456Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Reference:
    """One citation: a title, and a path that is the same for ever."""

    anchor: Anchor
    title: str
    path: str

    @property
    def publisher(self) -> str:
        """Who is cited."""
        return site_name()

    @property
    def address(self) -> str:
        """The permanent link."""
        return self.anchor.origin + self.path

    @property
    def dates(self) -> str:
        """The two dates, and the head of the record, as one or two sentences."""
        anchor = self.anchor
        known = in_full(anchor.known).replace("T", " ").replace("Z", " UTC")
        told = _("As of %(day)s, as known on %(known)s.") % {
            "day": anchor.day.isoformat(),
            "known": known,
        }
        if anchor.head is None:
            return told
        head = {"number": anchor.head.sequence, "hash": anchor.head.hash[:12]}
        return sentences(told, _("Record %(number)d, head %(hash)s.") % head)

    @property
    def rest(self) -> str:
        """What follows the title: the dates, the link, and when it was read."""
        read = _("Read on %(day)s.") % {"day": self.anchor.read_on.isoformat()}
        return f"{self.dates} {self.address} {read}"

    @property
    def text(self) -> str:
        """The citation in words."""
        told = {"publisher": site_name(), "title": self.title, "rest": self.rest}
        return _("%(publisher)s. “%(title)s”. %(rest)s") % told

    @property
    def key(self) -> str:
        """A name for lists of references: of plain letters, digits, points and hyphens."""
        parts = urlsplit(self.path)
        words = re.sub(r"[^A-Za-z0-9.]+", "-", f"{parts.path}-{parts.fragment}").strip("-")
        return f"ipr-tracker-{words or 'progress'}-{self.anchor.day.isoformat()}"

    @property
    def bibtex(self) -> str:
        """One entry for BibTeX and biblatex; the link stands as it is, the words escaped."""
        recorded = self.anchor.known.astimezone(UTC)
        fields = {
            "author": f"{{{site_name()}}}",
            "title": f"{{{self.title.translate(IN_TEX)}}}",
            "year": str(recorded.year),
            "month": str(recorded.month),
            "url": self.address,
            "urldate": self.anchor.read_on.isoformat(),
            "note": self.dates.translate(IN_TEX),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    @property
    def csl(self) -> list[dict[str, Any]]:
        """The citation as CSL-JSON: a list of one item."""
        item = {
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "author": [{"literal": site_name()}],
            "container-title": site_name(),
            "issued": {"date-parts": [_parts(self.anchor.known.astimezone(UTC))]},
            "accessed": {"date-parts": [_parts(self.anchor.read_on)]},
            "URL": self.address,
            "note": self.dates,
        }
        return [item | ({"version": self.anchor.head.hash} if self.anchor.head else {})]

    def written(self, form: str) -> str:
        """The citation in one of `FORMS`."""
        if form == "json":
            return json.dumps(self.csl, ensure_ascii=False, indent=2) + "\n"
        return self.bibtex if form == "bib" else f"{self.text}\n"


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
