"""The two dates of a page: read from its address, stated on it, carried along in its links."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import record
from ..forms import TimeForm
from ..models import RecordEntry, Source
from ..progress import When
from .keeping import kept


class TimedRequest(HttpRequest):
    """A request whose two dates have been read."""

    when: When
    time_form: TimeForm


def read_time(request: HttpRequest, source: Source | None, query: QueryDict | None = None) -> When:
    """Read the dates, none before the day of the source; the source goes back to its words then.

    `query` is read instead of that of the request where a page says its dates in another way.
    """
    earliest = source.delivered_on if source else timezone.localdate()
    form = TimeForm(request.GET if query is None else query, earliest)
    request.when, request.time_form = form.when, form  # type: ignore[attr-defined]
    if source:
        record.rewound([source], form.when.known)
    return form.when


def in_time(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages of the whole register: the earliest source tells how far back they go.

    They are read alone, and kept by whoever is not known.
    """

    @wraps(view)
    def with_time(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        read_time(request, Source.objects.first_given())
        return view(request, *args, **kwargs)

    return require_safe(kept(with_time))


def head_of(request: HttpRequest) -> RecordEntry | None:
    """The newest entry of the record, looked up once for a page."""
    if not hasattr(request, "record_head"):
        request.record_head = record.head()  # type: ignore[attr-defined]
    found: RecordEntry | None = request.record_head  # type: ignore[attr-defined]
    return found


def unshown(request: TimedRequest) -> list[str]:
    """On a page such a date is said and another one is shown; a file would be mistaken."""
    if not request.time_form.problems:
        return []
    return [
        _("One of its dates cannot be shown: write it as 2021-06-30, from %(earliest)s to today.")
        % {"earliest": request.when.earliest.isoformat()}
    ]


def refused(request: HttpRequest, problems: list[str]) -> HttpResponse:
    """The page that says why a file is not made: what was asked for cannot be meant."""
    return render(request, "400.html", {"problems": problems}, status=HTTPStatus.BAD_REQUEST)
