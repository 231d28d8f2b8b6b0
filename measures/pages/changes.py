"""The record, newest first, and the method by which findings are judged."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from .. import method as the_method
from .. import record
from ..forms import NOUNS, ChangesFilter
from ..models import MethodText, RecordEntry
from ..progress import change_facets, changed, counted_to, is_long
from .listing import page_of, render_list, stretch_of
from .time import TimedRequest, in_time


@in_time
def changes(request: TimedRequest) -> HttpResponse:
    """Who did what, when and why, newest first."""
    form, known = ChangesFilter(request.GET, request.when.known), request.when.known
    asked = form.wanted()
    nouns = tuple(NOUNS)
    found = changed(known, nouns, **asked)
    total = counted_to(RecordEntry.objects.by(known).of_nouns(*nouns))
    if is_long(total):
        page = stretch_of(request, [(found, ("-sequence",))], "sequence", 0 if asked else total - 1)
    else:
        page = page_of(request, found, None if asked else total)
    context = {
        "page": page,
        "lines": record.read(page.object_list, known=known),
        "tally": None if is_long(total) else change_facets(known, nouns, **asked),
    }
    return render_list(request, "measures/changes.html", form, context)


@in_time
def method(request: TimedRequest) -> HttpResponse:
    """The definitions and rules, from the one place where they are written."""
    reviews = [(the_method.NATURES[name], days) for name, days in settings.REVIEW_DAYS.items()]
    texts = MethodText.objects.known_on(request.when.known)
    context = {
        "method": the_method,
        "four_eyes": settings.FOUR_EYES,
        "reviews": reviews,
        "ours": {each.place: each for each in record.rewound(texts, request.when.known)},
    }
    return render(request, "measures/method.html", context)
