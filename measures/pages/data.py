"""How to take the data away: the API, feeds, calendars, pictures to embed, and the licence."""

import json
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .. import record
from ..models import Body, Evidence, Measure, Source
from ..progress import When
from .time import TimedRequest, in_time

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
KINDS = (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"), ("JSON Lines", "jsonl"))
LISTS_OF_SOURCE = (
    (_lazy("Measures"), "measure-file"),
    (_lazy("Findings"), "finding-file"),
    (_lazy("Citations"), "citation-file"),
    (_lazy("Timeline"), "timeline-file"),
)
LISTS = ((_lazy("Evidence"), "evidence-file"), (_lazy("Changes"), "changes-file"))
# In a block of data, what could end it.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
# The pages of the whole register that a search engine should know.
PAGES = ("progress", "measure-list", "evidence-list", "changes", "source-list", "method", "data")


@in_time
def data(request: TimedRequest) -> HttpResponse:
    """Every way in which the register leaves the tracker, with examples that can be copied."""
    known = request.when.known
    sources = record.rewound(Source.objects.by_day().prefetch_related("themes"), known)
    found = [
        (source, source.themes.all(), record.rewound(Body.objects.responsible(source), known))
        for source in sources
    ]
    context = {
        "sources": found,
        "kinds": KINDS,
        "lists_of_source": LISTS_OF_SOURCE,
        "lists": LISTS,
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "example": _first_measure(),
        "described": _described(request, sources),
    }
    return render(request, "measures/data.html", context)


def _first_measure() -> Measure | None:
    source = Source.objects.named()
    rows = Measure.objects.of(source).select_related("source") if source else Measure.objects.none()
    return rows.first()


def _described(request: TimedRequest, sources: list[Source]) -> SafeString:
    """The register as schema.org describes a data set, for search engines: data, never run."""
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "IPR Tracker",
        "description": _(
            "How far the commitments on intellectual property of a speech or plan have been "
            "carried out, on what evidence, since when; on any day and as known on any day."
        ),
        "url": request.build_absolute_uri(reverse("data")),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "IPR Tracker"},
        "isBasedOn": [_work(source) for source in sources],
        "distribution": [
            _download(request, "/api/v1/measures", "application/json"),
            _download(request, reverse("changes-feed"), "application/atom+xml"),
        ],
    } | _dates(request.when, sources)
    block = json.dumps(told, ensure_ascii=False).translate(ESCAPED)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(block),  # noqa: S308 - what could end the block is escaped above
    )


def _work(source: Source) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "datePublished": source.delivered_on.isoformat(),
    }


def _download(request: HttpRequest, address: str, kind: str) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "encodingFormat": kind,
        "contentUrl": request.build_absolute_uri(address),
    }


def _dates(when: When, sources: list[Source]) -> dict[str, str]:
    if not sources:
        return {}
    first = min(source.delivered_on for source in sources)
    head = record.head(when.known)
    covered = {"temporalCoverage": f"{first.isoformat()}/{when.day.isoformat()}"}
    return covered | ({"dateModified": head.at.date().isoformat()} if head else {})


def sitemap(request: HttpRequest) -> HttpResponse:
    """The addresses of every reading page, for search engines."""
    places = [reverse(name) for name in PAGES]
    for source in Source.objects.by_day().prefetch_related("themes"):
        places.append(source.get_absolute_url())
        places += [theme.get_absolute_url() for theme in source.themes.all()]
        measures = Measure.objects.of(source).select_related("source")
        places += [measure.get_absolute_url() for measure in measures]
    places += [each.get_absolute_url() for each in Evidence.objects.newest_first()]
    root = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for place in places:
        address = SubElement(SubElement(root, "url"), "loc")
        address.text = request.build_absolute_uri(place)
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, content_type="application/xml; charset=utf-8")
