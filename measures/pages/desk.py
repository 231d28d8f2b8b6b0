"""The desk: what waits for a person today."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .. import workflow
from ..models import Citation, Draft, JournalNote, Measure
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
        "due": due[:SHOWN],
        "due_in_all": due.count(),
        "now": timezone.now(),
    }
    return render(request, "measures/desk.html", context)


@on_the_desk("view_draft")
def desk_quality(request: StaffRequest) -> HttpResponse:
    """What the register itself still lacks, each row a way to the place to mend it."""
    context = {"quality": quality(timezone.localdate()), "shown": f":{GAPS_SHOWN}"}
    return render(request, "measures/desk_quality.html", context)
