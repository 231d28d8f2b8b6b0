"""First steps: what this is, the user guide, and who can use it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import guide as the_guide
from ..method import readers_language
from .time import TimedRequest, in_time


@in_time
def about(request: TimedRequest) -> HttpResponse:
    """What this is and how it is read, in a minute."""
    return render(request, "measures/about.html", _told(request, "about"))


@in_time
def accessibility(request: TimedRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "measures/accessibility.html", _told(request, "accessibility"))


@in_time
def guide(request: TimedRequest) -> HttpResponse:
    """The contents of the user guide."""
    return render(
        request, "measures/guide.html", {"chapters": the_guide.chapters(readers_language())}
    )


@in_time
def guide_chapter(request: TimedRequest, name: str) -> HttpResponse:
    """One chapter, with the way to all the others."""
    if name not in the_guide.CHAPTERS:
        raise Http404(_("The guide has no chapter of this name."))
    language = readers_language()
    before, after = the_guide.neighbours(name)
    context = _told(request, name) | {
        "chapters": the_guide.chapters(language),
        "before": the_guide.chapter(before, language) if before else None,
        "after": the_guide.chapter(after, language) if after else None,
    }
    return render(request, "measures/guide_chapter.html", context)


def _told(request: TimedRequest, name: str) -> dict[str, Any]:
    """A file of the guide in the reader's language; its links carry the dates of the page."""

    def page(name: str) -> str:
        name, _hash, place = name.partition("#")
        view, _colon, argument = name.partition(":")
        if view == "admin":
            return reverse(name)
        address = reverse(view, args=[argument] if argument else [])
        return request.when.carried(address) + (f"#{place}" if place else "")

    language = readers_language()
    chapter = the_guide.chapter(name, language)
    return {
        "chapter": chapter,
        "told": the_guide.shown(chapter.text, language, page, static),
    }
