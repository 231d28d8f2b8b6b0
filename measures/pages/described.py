"""What a page is about in the words of schema.org, for search engines: data, never run."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import method
from ..models import Finding, Measure, Source, site_name
from ..progress import When
from .time import head_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# In a block of data, what could end it.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _us() -> dict[str, str]:
    return {"@type": "Organization", "name": site_name()}


def block(told: dict[str, Any]) -> SafeString:
    """The words as a block of data for the head of a page."""
    text = json.dumps({"@context": "https://schema.org", **told}, ensure_ascii=False)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(ESCAPED)),  # noqa: S308 - what could end the block is escaped
    )


def register(request: HttpRequest, sources: Sequence[Source], when: When) -> dict[str, Any]:
    """The whole register as a Dataset, with the ways to take it away."""
    return {
        "@type": "Dataset",
        "name": site_name(),
        "description": _(
            "How far the commitments on intellectual property of a speech or plan have been "
            "carried out, on what evidence, since when; on any day and as known on any day."
        ),
        "url": _whole(request, reverse("data"), when),
        "isBasedOn": [_work(source) for source in sources],
        "distribution": [
            _download(request, "/api/v1/measures", "application/json"),
            _download(request, reverse("changes-feed"), "application/atom+xml"),
        ],
        **_terms(),
        **_dates(request, when, sources),
    }


def source_as_data(request: HttpRequest, source: Source, when: When) -> dict[str, Any]:
    """The measures and findings of one source as a Dataset, at the two dates."""
    files = [
        _download(request, when.carried(source.address(name, kind)), mime)
        for name in ("measure-file", "finding-file")
        for kind, mime in (("csv", "text/csv"), ("json", "application/json"))
    ]
    description = _(
        "Every commitment in “%(title)s”, judged against written criteria: its status, since when, "
        "with what confidence and on what evidence."
    )
    return {
        "@type": "Dataset",
        "name": _("Progress on “%(title)s”") % {"title": source},
        "description": description % {"title": source},
        "url": _whole(request, source.address("progress"), when),
        "isBasedOn": [_work(source)],
        "isPartOf": {
            "@type": "Dataset",
            "name": site_name(),
            "description": _("Commitments on intellectual property and how far they are kept."),
            "url": request.build_absolute_uri(reverse("data")),
        },
        "distribution": files,
        **_terms(),
        **_dates(request, when, [source]),
    }


def review(request: HttpRequest, measure: Measure, finding: Finding, when: When) -> dict[str, Any]:
    """What was promised as a Claim, and the finding that holds as its ClaimReview.

    The rating is the word of the ladder; a number only where the status is a rung of it.
    """
    source, term = measure.source, finding.term
    claim: dict[str, Any] = {
        "@type": "Claim",
        "datePublished": source.delivered_on.isoformat(),
        "appearance": _work(source),
    }
    if author := _author(source):
        claim["author"] = author
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": str(term.label)}
    if term.rung is not None:
        rungs = [each.rung for each in method.STATUSES.values() if each.rung is not None]
        rating |= {
            "ratingValue": term.rung,
            "bestRating": max(rungs),
            "worstRating": min(rungs),
        }
    return {
        "@type": "ClaimReview",
        "url": _whole(request, measure.get_absolute_url(), when),
        "claimReviewed": measure.quotation,
        "itemReviewed": claim,
        "reviewRating": rating,
        "reviewBody": finding.rationale,
        "datePublished": finding.recorded_at.isoformat(),
        "author": _us(),
        "license": LICENCE,
    }


def _whole(request: HttpRequest, address: str, when: When) -> str:
    return request.build_absolute_uri(when.carried(address))


def _terms() -> dict[str, Any]:
    return {
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": _us(),
        "inLanguage": get_language(),
    }


def _author(source: Source) -> dict[str, str] | None:
    """Who made the promise: the speaker where the source names one, else who published it."""
    if source.speaker:
        return {"@type": "Person", "name": source.speaker}
    return {"@type": "Organization", "name": source.publisher} if source.publisher else None


def _work(source: Source) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": str(source),
        "datePublished": source.delivered_on.isoformat(),
        "inLanguage": source.language,
    }


def _download(request: HttpRequest, address: str, kind: str) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "encodingFormat": kind,
        "contentUrl": request.build_absolute_uri(address),
    }


def _dates(request: HttpRequest, when: When, sources: Sequence[Source]) -> dict[str, str]:
    if not sources:
        return {}
    first = min(source.delivered_on for source in sources)
    # Search engines ask when the data of today changed; the past has its own date.
    head = None if when.known else head_of(request)
    covered = {"temporalCoverage": f"{first.isoformat()}/{when.day.isoformat()}"}
    return covered | ({"dateModified": head.at.isoformat()} if head else {})
