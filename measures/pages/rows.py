"""Rows of the list of measures as they are shown: each word and day formatted once.

A template that asks its filters for every cell takes most of what a long list costs.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..marking import otherwise, said
from ..models import Measure, Source
from ..progress import Standing, When

# Stands for a code where the address of every measure is made from that of one.
ANY = "0.0"


class Row(NamedTuple):
    """One measure in the list; `title`, `other` and `due` are markup."""

    code: str
    url: str
    title: SafeString
    other: SafeString
    css: str
    status: str
    confidence: str
    iso: str
    day: str
    kind: str
    nature: str
    due: SafeString


def measure_rows(standings: Iterable[Standing], source: Source, when: When) -> list[Row]:
    """The rows in the reader's language, at the dates of the page."""
    before, _any, after = when.carried(source.address("measure-detail", ANY)).rpartition(ANY)
    day = cache(lambda told: date_format(told, "SHORT_DATE_FORMAT"))
    label = cache(lambda term: (term.css, term.label))
    sure = cache(lambda term: _("confidence %(confidence)s") % {"confidence": term.label.lower()})
    plain = cache(lambda term: term.label)
    found = []
    for each in standings:
        measure, finding = each.measure, each.finding
        css, status = label(each.term)
        found.append(
            Row(
                measure.code,
                f"{before}{measure.code}{after}",
                said(measure, "title"),
                otherwise(measure, "title"),
                css,
                status,
                sure(finding.confidence_term) if finding else "",
                finding.effective_on.isoformat() if finding else "",
                day(finding.effective_on) if finding else "",
                plain(measure.kind_term),
                plain(measure.nature_term).lower(),
                _due(measure, source, each, day),
            )
        )
    return found


def _due(
    measure: Measure, source: Source, standing: Standing, day: Callable[[date], str]
) -> SafeString:
    """What the source says of time, and how the measure keeps it."""
    if measure.due_on and standing.schedule:
        told = SafeString(
            _('due <time datetime="%(iso)s">%(day)s</time>')
            % {"iso": measure.due_on.isoformat(), "day": escape(day(measure.due_on))}
        )
        return format_html("{}<small>{}</small>", standing.schedule.label, told)
    words = format_html('<span class="quiet">{}</span>', _("no deadline stated"))
    if measure.due_as_said:
        said_so = (source.language, measure.due_as_said)
        words += format_html('<small lang="{}">“{}”</small>', *said_so)
    return words
