"""How to take the data away: the API, feeds, calendars, pictures to embed, and the licence."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from .. import record, replica
from ..models import Body, Evidence, Measure, Source, in_order
from . import described
from .time import TimedRequest, in_time

KINDS = (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"), ("JSON Lines", "jsonl"))
LISTS_OF_SOURCE = (
    (_lazy("Measures"), "measure-file"),
    (_lazy("Findings"), "finding-file"),
    (_lazy("Citations"), "citation-file"),
    (_lazy("Timeline"), "timeline-file"),
)
LISTS = ((_lazy("Evidence"), "evidence-file"), (_lazy("Changes"), "changes-file"))
# The pages of the whole register that a search engine should know.
PAGES = (
    "progress",
    "measure-list",
    "evidence-list",
    "changes",
    "source-list",
    "method",
    "data",
    "about",
    "guide",
)


@in_time
def data(request: TimedRequest) -> HttpResponse:
    """Every way in which the register leaves the tracker, with examples that can be copied."""
    known = request.when.known
    sources = record.rewound(Source.objects.by_day().prefetch_related("themes"), known)
    found = [
        (
            source,
            source.themes.all(),
            in_order(record.rewound(Body.objects.responsible(source), known)),
        )
        for source in sources
    ]
    context = {
        "sources": found,
        "kinds": KINDS,
        "lists_of_source": LISTS_OF_SOURCE,
        "lists": LISTS,
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "example": _first_measure(),
        "described": described.block(described.register(request, sources, request.when)),
    }
    return render(request, "measures/data.html", context)


def _first_measure() -> Measure | None:
    source = Source.objects.named()
    rows = Measure.objects.of(source).select_related("source") if source else Measure.objects.none()
    return rows.first()


@replica.readable
@require_safe
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
