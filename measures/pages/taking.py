"""Every list as a file: the same rows as on its page, with the same filters and dates."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from .. import record, sheets
from ..forms import (
    NOUNS,
    ChangesFilter,
    EvidenceFilter,
    Filter,
    MeasureFilter,
    TimelineFilter,
    TrendFilter,
)
from ..models import Source, site_name
from ..progress import When
from .access import of_source
from .time import TimedRequest, in_time, refused, unshown

LICENCE = "CC BY 4.0; quotations belong to their publisher"


@of_source
def measure_file(request: TimedRequest, source: Source, kind: str) -> HttpResponseBase:
    """The measures of a source with where they stand."""
    form = MeasureFilter(request.GET, source)
    return _file(request, kind, form, partial(sheets.measures, source))


@of_source
def finding_file(request: TimedRequest, source: Source, kind: str) -> HttpResponseBase:
    """Every finding on them, corrected since or not."""
    form = TrendFilter(request.GET, source)
    return _file(request, kind, form, partial(sheets.findings, source))


@of_source
def citation_file(request: TimedRequest, source: Source, kind: str) -> HttpResponseBase:
    """Which documents bear on them, and how."""
    form = TimelineFilter(request.GET, source)
    return _file(request, kind, form, partial(sheets.citations, source))


@of_source
def timeline_file(request: TimedRequest, source: Source, kind: str) -> HttpResponseBase:
    """The same of dated documents alone, the newest first."""
    form = TimelineFilter(request.GET, source)
    return _file(request, kind, form, partial(sheets.timeline, source))


@in_time
def evidence_file(request: TimedRequest, kind: str) -> HttpResponseBase:
    """The library of documents."""
    return _file(request, kind, EvidenceFilter(request.GET), sheets.evidence)


@in_time
def changes_file(request: TimedRequest, kind: str) -> HttpResponseBase:
    """The public record, newest first."""

    def table(day: date, known: datetime | None, **wanted: Any) -> sheets.Table:
        return sheets.changes(known, tuple(NOUNS), **wanted)

    return _file(request, kind, ChangesFilter(request.GET), table)


def _file(
    request: TimedRequest, kind: str, form: Filter, table_of: Callable[..., sheets.Table]
) -> HttpResponseBase:
    """The file, streamed. What cannot be read is refused: without it the file would be mistaken."""
    if kind not in sheets.TYPES:
        raise Http404(_("A list is a csv, xlsx, json or jsonl file."))
    asked = form.wanted()
    problems = [*unshown(request), *form.problems]
    if problems:
        return refused(request, problems)
    table = table_of(request.when.day, request.when.known, **asked)
    about = _about(request, table, form.query())
    name = sheets.name_of(table.name, about["dates"], form.query(), kind)
    if request.method == "HEAD":
        pieces: Any = ()
    else:
        switches = {each: request.GET.get(each) == "on" for each in ("bom", "about")}
        pieces = sheets.written(table, about, kind, bom=switches["bom"], told=switches["about"])
    response = StreamingHttpResponse(pieces, content_type=sheets.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Record-Head"] = about["record"]
    for each, value in about["dates"].items():
        response[f"X-{each.replace('_', '-').title()}"] = value
    return response


def _about(request: TimedRequest, table: sheets.Table, filters: dict[str, Any]) -> dict[str, Any]:
    """What the file says of itself: its list, filters, dates, record and address."""
    when = request.when
    head = record.head(when.known)
    return {
        "list": table.name,
        "publisher": site_name(),
        "told": when.told,
        "dates": _dates(when),
        "filters": filters,
        "record": f"{head.sequence} {head.hash}" if head else "",
        "address": request.build_absolute_uri(),
        "licence": LICENCE,
    }


def _dates(when: When) -> dict[str, str]:
    dates = {"as_of": when.day.isoformat()}
    if when.known_on:
        dates["known"] = when.known_on.isoformat()
    return dates
