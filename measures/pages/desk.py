"""The desk: what waits for a person today."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .. import workflow
from ..models import Citation, Draft, Finding, JournalNote, Measure, SavedView
from ..progress import Broken, all_broken
from ..quality import quality
from .access import StaffRequest, on_the_desk

# Reviews are announced this many days ahead.
AHEAD = timedelta(days=14)
SHOWN = 20
GAPS_SHOWN = 50


@on_the_desk("view_draft")
def desk(request: StaffRequest) -> HttpResponse:
    """What to decide and who calls, what is being written, what falls due and what is new."""
    today = timezone.localdate()
    mine = Draft.objects.of(request.user).in_full()
    due = Measure.objects.due(today + AHEAD).near(request.user)
    news = Citation.objects.since_last_finding().in_care_of(request.user)
    broken = _theirs_first(request, all_broken())
    reviews = request.user.has_perm("measures.approve_draft")
    context = {
        "returned": mine.in_state("returned"),
        "writing": mine.in_state("writing"),
        "handed_in": mine.in_state("submitted"),
        "queue": workflow.queue(request.user).in_full() if reviews else [],
        "reviews": reviews,
        "notes": JournalNote.objects.waiting_for(request.user),
        "news": news[:SHOWN],
        "news_in_all": news.count(),
        "broken": broken[:SHOWN],
        "broken_in_all": len(broken),
        "due": due[:SHOWN],
        "due_in_all": due.count(),
        "now": timezone.now(),
        "start": SavedView.objects.start_of(request.user),
    }
    waits = ("notes", "queue", "returned", "writing", "handed_in", "due", "broken", "news")
    idle = not any(context[name] for name in waits)
    return render(request, "measures/desk.html", context | {"steps": _first_steps(idle)})


def _first_steps(idle: bool) -> str:
    """Which first steps the desk tells: into an empty register, to its first finding, or on."""
    if not Measure.objects.exists():
        return "empty"
    if not Finding.objects.exists():
        return "unassessed"
    return "idle" if idle else ""


def _theirs_first(request: StaffRequest, broken: tuple[Broken, ...]) -> list[Broken]:
    """Those cited under measures in the person's care, then the others."""
    theirs = set(Citation.objects.in_care_of(request.user).values_list("evidence", flat=True))
    return sorted(broken, key=lambda each: each.evidence.pk not in theirs)


@on_the_desk("view_draft")
def desk_quality(request: StaffRequest) -> HttpResponse:
    """What the register itself still lacks, each row a way to the place to mend it."""
    context = {"quality": quality(timezone.localdate()), "shown": f":{GAPS_SHOWN}"}
    return render(request, "measures/desk_quality.html", context)
