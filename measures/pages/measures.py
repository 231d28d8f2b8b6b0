"""The list of measures, and the page of one."""

from collections.abc import Iterable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import record, workflow
from ..forms import CareForm, MeasureFilter, NoteForm
from ..models import Citation, Measure, RecordEntry, Source, Theme, User
from ..progress import (
    Chapter,
    When,
    counted_to,
    is_long,
    listed,
    measure_facets,
    measures_listed,
    measures_ordered,
    schedule,
    silent,
    stages,
    story,
)
from . import described
from .access import StaffRequest, of_source, on_the_desk, with_source
from .listing import Part, files_of, first_of, page_of, render_list, stretch_of
from .rows import measure_rows
from .time import TimedRequest

HISTORY_SHOWN = 20


@of_source
def measure_list(request: TimedRequest, source: Source) -> HttpResponse:
    """Every measure of the source with its status, filtered and sorted as the address says."""
    themes = list(source.themes.order_by("number"))
    form, when = MeasureFilter(request.GET, source, request.when.known, themes), request.when
    asked = form.wanted()
    total = counted_to(Measure.objects.of(source, when.day, when.known))
    page = _page(request, source, themes, total, asked)
    context = {
        "source": source,
        "page": page,
        "rows": measure_rows(listed(page.object_list, source, when.day, when.known), source, when),
        "total": total,
        "long": is_long(total),
        "tally": None if is_long(total) else measure_facets(source, when.day, when.known, **asked),
        "other_files": _other_files(source, form.query(), when),
    }
    return render_list(request, "measures/measure_list.html", form, context)


def _page(
    request: TimedRequest,
    source: Source,
    themes: Sequence[Theme],
    total: int,
    asked: dict[str, Any],
) -> Part:
    """The part of the list that is asked for; a long one in its own order by an index alone."""
    when = request.when
    if not is_long(total):
        found = measures_listed(source, when.day, when.known, **asked)
        return page_of(request, found, None if asked else total)
    if "order" in asked:
        found = measures_listed(source, when.day, when.known, **asked)
        return first_of(request, found, total - 1)
    phases = measures_ordered(source, themes, when.day, when.known, **asked)
    return stretch_of(request, phases, "code", 0 if asked else total - 1)


def _other_files(
    source: Source, asked: dict[str, Any], when: When
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is known of these measures beyond the list, where its filters mean the same."""
    one = len(asked.get("theme", ())) == 1  # Those lists are of one theme, or of all.
    query = ({"theme": asked["theme"][0]} if one else {}) | when.query
    place = source.address("measure-list").removesuffix("measures/")
    names = [(_("All findings"), "findings"), (_("All citations"), "citations")]
    if one:
        names = [(_("Findings of the theme"), "findings"), (_("Its citations"), "citations")]
    return [(label, files_of(f"{place}{name}", query)) for label, name in names]


@of_source
def measure_detail(request: TimedRequest, source: Source, code: str) -> HttpResponse:
    """One commitment: its words, its criteria, every finding, all evidence, its history."""
    return page_of_measure(request, measure_of(source, code))


@require_POST
@on_the_desk("change_measure")
@with_source
def measure_care(request: StaffRequest, source: Source, code: str) -> HttpResponse:
    """Say who keeps the measure up to date, and when it is looked at next."""
    measure = measure_of(source, code)
    form = CareForm(request.POST, measure=measure)
    if not form.is_valid():
        return page_of_measure(
            request, measure, status=HTTPStatus.UNPROCESSABLE_ENTITY, care_form=form
        )
    told = form.cleaned_data
    measure.analyst, measure.review_on = told["analyst"], told["review_on"]
    measure.version = told["seen_version"]
    try:
        changed = workflow.change(measure, by=request.user)
    except record.Conflict as conflict:
        return _both(request, measure_of(source, code), form, conflict)
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return redirect(measure)


def _both(
    request: StaffRequest, theirs: Measure, form: CareForm, conflict: record.Conflict
) -> HttpResponse:
    """Somebody saved a newer version: say what it holds; what was asked for stays in the form."""
    sentence = _(
        "%(conflict)s Now it says: %(now)s. You wrote: %(yours)s. Save again to put yours in its "
        "place."
    )
    mine = form.cleaned_data
    values = {
        "conflict": conflict,
        "now": _care(theirs.analyst, theirs.review_on),
        "yours": _care(mine["analyst"], mine["review_on"]),
    }
    form.add_error(None, sentence % values)
    merged = request.POST.copy()
    merged["seen_version"] = str(theirs.version)
    form.data = merged
    return page_of_measure(request, theirs, status=HTTPStatus.CONFLICT, care_form=form)


def _care(analyst: User | None, day: date | None) -> str:
    told = {
        "analyst": analyst or _("nobody"),
        "day": date_format(day, "SHORT_DATE_FORMAT") if day else _("no date"),
    }
    return _("analyst %(analyst)s, review by %(day)s") % told


def measure_of(source: Source, code: str) -> Measure:
    """The measure of that code, or a page that says there is none."""
    return get_object_or_404(Measure.objects.in_full(), source=source, code=code)


def page_of_measure(
    request: HttpRequest, measure: Measure, *, status: HTTPStatus = HTTPStatus.OK, **forms: Form
) -> HttpResponse:
    """The page of the measure; for staff with their forms, `forms` being those sent and refused."""
    when: When = request.when  # type: ignore[attr-defined]
    record.rewound([measure], when.known)
    chapters = story(measure, when.day, when.known)
    before, after = Measure.objects.neighbours(measure, when.day, when.known)
    staff = request.user.has_perm("measures.view_journalnote")
    entries = RecordEntry.objects.about(measure).by(when.known)
    cited = measure.citations.on(when.day, when.known).newest_first()
    citations = record.rewound(cited, when.known)
    standing = next((chapter.finding for chapter in chapters if chapter.holds), None)
    reviewed = described.review(request, measure, standing, when) if standing else None
    context = {
        "source": measure.source,
        "measure": measure,
        "chapters": chapters,
        "standing": standing,
        "described": described.block(reviewed) if reviewed else "",
        "citations": citations,
        "silent": silent(_documents(chapters, citations), when.known),
        "stages": stages(measure, citations, when.day),
        "before": before,
        "after": after,
        "is_stale": measure.is_stale(when.day),
        "schedule": schedule(measure, when.day, when.known),
        "history": record.read(entries[:HISTORY_SHOWN], names=staff, known=when.known),
        "notes": measure.notes.newest_first() if staff else (),
        **_forms(request, measure),
        **forms,
    }
    return render(request, "measures/measure_detail.html", context, status=status)


def _documents(chapters: Iterable[Chapter], citations: Iterable[Citation]) -> set[int]:
    """The ids of everything that is cited on the page, by findings and beside them."""
    rested_on = {each.evidence_id for one in chapters for each in one.finding.citations.all()}
    return rested_on | {each.evidence_id for each in citations}


def _forms(request: HttpRequest, measure: Measure) -> dict[str, Form]:
    """What this person may write on the page, still empty."""
    found: dict[str, Form] = {}
    if request.when.is_past:  # type: ignore[attr-defined]
        return found  # Nobody writes on a page of the past.
    if request.user.has_perm("measures.add_journalnote"):
        found["note_form"] = NoteForm()
    if request.user.has_perm("measures.change_measure"):
        found["care_form"] = CareForm(measure=measure)
    return found
