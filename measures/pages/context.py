"""What every page shows around its own content."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from .. import cite, record, workflow
from ..models import Draft, JournalNote
from ..progress import When

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


def masthead(request: HttpRequest) -> dict[str, Any]:
    """The navigation with the current room marked, the day, and the head of the record."""
    reads = settings.PUBLIC_PAGES or request.user.is_authenticated
    here = request.resolver_match.url_name or "" if request.resolver_match else ""
    when = getattr(request, "when", None)
    known = when.known if when else None
    head: Any = SimpleLazyObject(record.head) if reads else None
    return {
        "waiting": SimpleLazyObject(lambda: _waiting(request.user)),
        "rooms": [
            {
                "label": label,
                "url": when.carried(reverse(name)) if when else reverse(name),
                "current": here.startswith(names),
            }
            for label, name, names in ROOMS
        ],
        "present": When.now(),
        "when": when,
        "time_form": getattr(request, "time_form", None),
        "record_head": head,
        # The record as the page reads it, for whoever cites the page: looked up once, if at all.
        "read_until": cache(lambda: cite.until(head)),
        "head_then": SimpleLazyObject(lambda: record.head(known)) if known and reads else head,
    }


def _waiting(person: Any) -> int:
    """How much waits for this person: notes, drafts to mend, and drafts to decide on."""
    waiting = JournalNote.objects.waiting_for(person).count()
    waiting += Draft.objects.of(person).in_state("returned").count()
    if person.has_perm("measures.approve_draft"):
        waiting += workflow.queue(person).count()
    return waiting
