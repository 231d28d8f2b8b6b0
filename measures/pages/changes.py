"""The record, newest first, and the method by which findings are judged."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .. import method as the_method
from .. import record
from ..forms import ChangesFilter
from ..models import RecordEntry
from .listing import page_of, render_list

# What the public record tells of: accounts and drafts are for those who work here.
NOUNS = ("finding", "measure", "evidence", "citation", "source", "passage", "theme", "body")


def changes(request: HttpRequest) -> HttpResponse:
    """Who did what, when and why, newest first."""
    form = ChangesFilter(request.GET)
    noun = form.wanted().get("noun")
    page = page_of(
        request, RecordEntry.objects.of_nouns(*([noun] if noun else NOUNS)).newest_first()
    )
    context = {"page": page, "lines": record.read(page.object_list)}
    return render_list(request, "measures/changes.html", form, context)


def method(request: HttpRequest) -> HttpResponse:
    """The definitions and rules, from the one place where they are written."""
    context = {"method": the_method, "four_eyes": settings.FOUR_EYES}
    return render(request, "measures/method.html", context)
