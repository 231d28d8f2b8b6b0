"""What every page shows around its own content."""

from copy import copy
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from .. import cite, record, workflow
from ..models import Draft, JournalNote, Source
from ..progress import When
from .language import offered
from .time import head_of

# Name on the page, URL name, and the beginnings of the URL names that belong to it.
ROOMS = (
    (_("Progress"), "progress", ("progress", "theme", "body", "trend")),
    (_("Compare"), "compare", ("compare",)),
    (_("Measures"), "measure-list", ("measure", "note")),
    (_("Changes"), "changes", ("changes",)),
    (_("Evidence"), "evidence-list", ("evidence",)),
    (_("Timeline"), "timeline", ("timeline",)),
    (_("Source"), "source-list", ("source",)),
    (_("Method"), "method", ("method",)),
)
# The pages that every source has of its own, and that need no more than its name.
OF_A_SOURCE = {"progress", "compare", "measure-list", "timeline", "trend", "brief"}


def masthead(request: HttpRequest) -> dict[str, Any]:
    """The navigation with the current room marked, the day, and the head of the record."""
    reads = settings.PUBLIC_PAGES or request.user.is_authenticated
    here = request.resolver_match.url_name or "" if request.resolver_match else ""
    when = getattr(request, "when", None)
    known = when.known if when else None
    head: Any = SimpleLazyObject(lambda: head_of(request)) if reads else None
    source = getattr(request, "source", None)
    sources = cache(lambda: _sources(request, source)) if reads else tuple
    return {
        "languages": SimpleLazyObject(lambda: offered(request)),
        "waiting": SimpleLazyObject(lambda: _waiting(request.user)),
        "rooms": [
            {
                "label": label,
                "url": _carried(when, _of_source(source, name)),
                "current": here.startswith(names),
            }
            for label, name, names in ROOMS
        ],
        "source_links": sources,
        "several_sources": SimpleLazyObject(lambda: bool(sources())),
        "present": When.now(),
        "when": when,
        "time_form": getattr(request, "time_form", None),
        "record_head": head,
        # The record as the page reads it, for whoever cites the page: looked up once, if at all.
        "read_until": cache(lambda: cite.until(head)),
        "head_then": SimpleLazyObject(lambda: record.head(known)) if known and reads else head,
    }


def _carried(when: When | None, address: str) -> str:
    return when.carried(address) if when else address


def _of_source(source: Source | None, name: str) -> str:
    """The address of a room: of the source that is being read, where the room is one of its own."""
    if source is None or name not in OF_A_SOURCE:
        return reverse(name)
    return source.address(name)


def _sources(request: HttpRequest, current: Source | None) -> tuple[dict[str, Any], ...]:
    """Every source with the address of this very page on it, or of its progress page."""
    when = getattr(request, "when", None)
    match = request.resolver_match
    name = match.url_name if match and match.url_name in OF_A_SOURCE else "progress"
    if match and match.url_name == "source-detail":
        name = match.url_name
    known = getattr(request, "sources", None)
    found = known if known is not None else list(Source.objects.by_day())
    if len(found) < 2:
        return ()
    newest_first = sorted(found, key=lambda each: (-each.delivered_on.toordinal(), each.slug))
    # Copies: what the page itself says of its source is its own affair.
    found = record.rewound([copy(each) for each in newest_first], when.known if when else None)
    return tuple(
        {
            "source": each,
            "url": _carried(
                when,
                each.get_absolute_url() if name == "source-detail" else each.address(str(name)),
            ),
            "current": each == current,
        }
        for each in found
    )


def _waiting(person: Any) -> int:
    """How much waits for this person: notes, drafts to mend, and drafts to decide on."""
    waiting: list[QuerySet[Any]] = [
        JournalNote.objects.waiting_for(person),
        Draft.objects.of(person).in_state("returned"),
    ]
    if person.has_perm("measures.approve_draft"):
        waiting.append(workflow.queue(person))
    # Counted in one question, which every page of staff asks.
    first, *others = (each.order_by().values_list("pk") for each in waiting)
    return first.union(*others, all=True).count()
