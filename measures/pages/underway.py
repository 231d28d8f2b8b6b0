"""How far the work is that somebody waits for; each person sees their own alone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from .. import underway as work
from .access import StaffRequest, on_the_desk

# How often a page asks whether its file has come, before it takes it that none will.
OFTEN = 90


@require_safe
@vary_on_headers("HX-Request")
@on_the_desk("view_draft")
def underway(request: StaffRequest) -> HttpResponse:
    """The stage and the numbers; a page that waits asks again and again, and is told the end."""
    asked = request.GET.get("asked", "")
    times = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    context = shown(work.step(request.user.opaque_id)) | {
        "waits": times < OFTEN and bool(asked),
        "times": times + 1,
        "ended": "seen" in request.GET,
        "told": request.GET.get("told", ""),
    }
    part = "#step" if request.htmx else ""
    return render(request, f"measures/underway.html{part}", context)


def shown(step: work.Step | None) -> dict[str, Any]:
    """The step and its words; `key` changes where it is worth saying aloud."""
    if step is None:
        return {"step": None}
    words = {
        "reading": _("Reading the file"),
        "checking": _("Checking the rows"),
        "trying": _("Trying it out"),
        "writing": _("Writing into the register"),
    }
    key = f"{step.stage}-{step.quarter}"
    return {"step": step, "stage": words.get(step.stage, _("Under way")), "key": key}
