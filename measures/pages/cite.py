"""A page of this tracker as somebody cites it."""

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, ResolverMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import cite as citing
from .. import record, replica
from ..models import Body, Evidence, Source, Theme
from .language import resolved
from .measures import measure_of
from .time import read_time

FINDING = re.compile(r"finding-([0-9]{1,6})")


@replica.readable
@require_safe
def cite(request: HttpRequest, form: str) -> HttpResponse:
    """The citation of `?page=`, one of our own reading pages, at the dates that it carries."""
    if form not in citing.FORMS:
        raise Http404(_("A citation is written as txt, bib or json."))
    parts, match = _own_page(request.GET.get("page", ""))
    source = _source_of(match)
    when = read_time(request, source, QueryDict(parts.query))
    head = record.head(when.known)
    known = when.known or citing.until(head)
    if known is None:
        raise Http404(_("Nothing has been recorded yet."))
    anchor = citing.Anchor.of(request, when, head, known)
    finding = FINDING.fullmatch(parts.fragment)
    subject = _subject(match, source)
    if subject:
        record.rewound([subject], when.known)
    title = citing.title_of(match.url_name or "", subject, int(finding[1]) if finding else None)
    path = parts._replace(fragment=parts.fragment if finding else "").geturl()
    return _file(anchor.reference(title, path), form)


def _own_page(address: str) -> tuple[SplitResult, ResolverMatch]:
    """The address in its parts, and what it leads to: a path of ours that is read, or a 404."""
    refused = Http404(_("Only a page of this tracker can be cited here."))
    try:
        parts = urlsplit(address)
        match = resolved(parts.path)
    except (ValueError, Resolver404):
        raise refused from None
    foreign = parts.scheme or parts.netloc or not re.fullmatch(r"/[!-~]*", parts.path)
    if foreign or match.url_name not in citing.PAGES:
        raise refused
    return parts, match


def _source_of(match: ResolverMatch) -> Source | None:
    """The source whose page it is; for pages of the whole register the one that was given first."""
    if match.url_name == "source-detail":
        return get_object_or_404(Source, slug=match.kwargs["slug"])
    if citing.PAGES[match.url_name or ""][1] in ("", "evidence"):
        return Source.objects.first_given()
    source = Source.objects.named(match.kwargs.get("source", ""))
    if source is None:
        raise Http404(_("There is no source of this name."))
    return source


def _subject(match: ResolverMatch, source: Source | None) -> Any:
    """What the page is about: it must be there."""
    told = match.kwargs
    match citing.PAGES[match.url_name or ""][1]:
        case "source":
            return source
        case "measure" if source:
            return measure_of(source, told["code"])
        case "theme":
            return get_object_or_404(Theme, source=source, slug=told["slug"])
        case "body":
            return get_object_or_404(Body, slug=told["slug"])
        case "evidence":
            return get_object_or_404(Evidence, key=told["key"])
    return ""


def _file(reference: citing.Reference, form: str) -> HttpResponse:
    response = HttpResponse(reference.written(form), content_type=citing.FORMS[form])
    kept = "inline" if form == "txt" else "attachment"
    response["Content-Disposition"] = f'{kept}; filename="{reference.key}.{form}"'
    return response
