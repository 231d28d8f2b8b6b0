"""News of the register: Atom feeds of what was changed, a calendar of reviews and deadlines."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from html import escape
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe
from icalendar import Calendar, Event

from . import record, replica
from .forms import NOUNS, TimeForm
from .models import Body, Measure, RecordEntry, Source, said, site_name
from .progress import When, entries_about
from .record import Line
from .text import writable

SHOWN = 50
ATOM, ICALENDAR = Atom1Feed.content_type, "text/calendar; charset=utf-8"
LICENCE = "CC BY 4.0"

Feed = Callable[..., HttpResponse]


class DatedRequest(HttpRequest):
    """A request whose two dates have been read."""

    when: When


def _tag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    """Who polls a feed is answered with 304 until the record goes on, or the day ends."""
    return record.stamp(request.get_full_path())


def news(feed: Feed) -> Feed:
    """Hand the feed its source and the dates asked for; refused in a sentence where they cannot be.

    An unknown source is not found.
    """

    @replica.readable
    @wraps(feed)
    @require_safe
    @condition(etag_func=_tag)
    def with_source(
        request: HttpRequest, *args: Any, source: str = "", **kwargs: Any
    ) -> HttpResponse:
        found = Source.objects.named(source)
        if found is None:
            raise Http404(_("There is no source of this name."))
        form = TimeForm(request.GET, found.delivered_on)
        request.when = form.when  # type: ignore[attr-defined]
        if form.refusals:
            sentences = [error.messages[0] for error in form.refusals.values()]
            return HttpResponse(
                sentences, status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8"
            )
        record.rewound([found], request.when.known)  # type: ignore[attr-defined]
        response = feed(request, found, *args, **kwargs)
        response["Cache-Control"] = "no-cache"
        return response

    return with_source


@news
def changes_feed(request: DatedRequest, source: Source) -> HttpResponse:
    """Every change of the register."""
    return _atom(request, _("Changes"), reverse("changes"), RecordEntry.objects.of_nouns(*NOUNS))


@news
def source_feed(request: DatedRequest, source: Source) -> HttpResponse:
    """What was changed on one source and the measures of it."""
    return _atom(request, str(source), source.address("progress"), entries_about(source))


@news
def theme_feed(request: DatedRequest, source: Source, slug: str) -> HttpResponse:
    """What was changed on one theme and the measures of it."""
    theme = get_object_or_404(source.themes, slug=slug)
    record.rewound([theme], request.when.known)
    entries, page = entries_about(source, theme=theme), source.address("theme-detail", slug)
    return _atom(request, said(theme, "title").text, page, entries)


@news
def body_feed(request: DatedRequest, source: Source, slug: str) -> HttpResponse:
    """What was changed on the measures of one body, and on the documents that it issued."""
    body = get_object_or_404(Body, slug=slug)
    record.rewound([body], request.when.known)
    entries = entries_about(source, body=body)
    return _atom(request, str(body), source.address("body-detail", slug), entries)


@news
def measure_feed(request: DatedRequest, source: Source, code: str) -> HttpResponse:
    """What was changed on one measure, its citations and its findings."""
    measure = get_object_or_404(source.measures, code=code)
    record.rewound([measure], request.when.known)
    entries = entries_about(source, measure=measure)
    return _atom(request, str(measure), source.address("measure-detail", code), entries)


def _atom(request: DatedRequest, title: str, page: str, entries: Any) -> HttpResponse:
    """The newest of the entries as an Atom feed; `page` is where people read of it."""
    known = request.when.known
    head = record.head(known)
    told = _("Record %(number)d, head %(hash)s.")
    feed = Atom1Feed(
        title=writable(f"{title} · {site_name()}"),
        link=request.build_absolute_uri(request.when.carried(page)),
        feed_url=request.build_absolute_uri(),
        feed_guid=_permanent(request, f"feed{request.path}"),
        description=None,
        subtitle=told % {"number": head.sequence, "hash": head.hash} if head else None,
        language=get_language(),
        author_name=writable(site_name()),
        feed_copyright=LICENCE,
    )
    for line in record.read(entries.by(known).newest_first()[:SHOWN], known=known):
        feed.add_item(
            title=writable(_headline(line)),
            link=request.build_absolute_uri(request.when.carried(line.url or page)),
            description=escape(writable(_story(line))),
            author_name=writable(line.actor),
            pubdate=line.entry.at,
            updateddate=line.entry.at,
            unique_id=_permanent(request, f"record/{line.entry.sequence}-{line.entry.hash[:12]}"),
            categories=[line.entry.noun],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=ATOM)


def _permanent(request: HttpRequest, name: str) -> str:
    """A name that stays the same whatever becomes of addresses; see RFC 4151."""
    return f"tag:{request.get_host().partition(':')[0]},2020-11-30:{name}"


def _headline(line: Line) -> str:
    if line.status and line.object:
        return _("%(measure)s: %(status)s") % {
            "measure": line.object.measure,
            "status": line.status.label,
        }
    words = {
        "noun": line.noun,
        "done": line.entry.get_action_display(),
        "object": line.object or line.entry.key,
    }
    return capfirst(_("%(noun)s %(done)s: %(object)s") % words)


def _story(line: Line) -> str:
    told = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": change.label, "before": change.before, "after": change.after}
        for change in line.changes
    ]
    if line.is_finding and line.object:
        day = date_format(line.object.effective_on, "DATE_FORMAT")
        told.append(_("In effect since %(day)s") % {"day": day})
    return " · ".join(filter(None, [line.entry.reason, *told]))


@news
def calendar(request: DatedRequest, source: Source) -> HttpResponse:
    """When the measures of a source are reviewed next, and the last days that it states."""
    when = request.when
    head = record.head(when.known)
    told = Calendar()
    told.add("prodid", "-//IPR Tracker//Reviews and deadlines//EN")
    told.add("version", "2.0")
    told.add("x-wr-calname", writable(str(source)))
    if head:
        told.add("x-record-head", f"{head.sequence} {head.hash}")
    for measure in record.rewound(source.measures.of(source, when.day, when.known), when.known):
        measure.source = source
        for kind, words, day in (
            ("review", _("Review: %(measure)s"), measure.review_on),
            ("deadline", _("Deadline: %(measure)s"), measure.due_on),
        ):
            if day:
                event = _event(request, measure, kind, words % {"measure": measure}, day)
                event.add("dtstamp", head.at if head else timezone.now())
                told.add_component(event)
    return HttpResponse(told.to_ical(), content_type=ICALENDAR)


def _event(request: DatedRequest, measure: Measure, kind: str, words: str, day: date) -> Event:
    host = request.get_host().partition(":")[0]
    event = Event()
    event.add("uid", f"{kind}-{measure.record_key.replace('/', '-')}@{host}")
    event.add("summary", writable(words))
    event.add("dtstart", day)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [kind])
    page = request.when.carried(measure.get_absolute_url())
    event.add("url", request.build_absolute_uri(page))
    return event
