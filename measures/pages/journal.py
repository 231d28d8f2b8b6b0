"""Notes that staff leave on a measure."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import workflow
from ..forms import NoteForm
from ..models import JournalNote, Source
from .access import StaffRequest, on_the_desk, with_source
from .measures import measure_of, page_of_measure


@require_POST
@on_the_desk("add_journalnote")
@with_source
def note_create(request: StaffRequest, source: Source, code: str) -> HttpResponse:
    """Leave a note on the measure; what is refused stays in the form, with the reason."""
    measure = measure_of(source, code)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            return redirect(workflow.note(measure, by=request.user, **form.cleaned_data))
        except workflow.Refused as refused:
            form.add_error("text", str(refused))
    return page_of_measure(request, measure, status=HTTPStatus.UNPROCESSABLE_ENTITY, note_form=form)


@require_POST
@on_the_desk("view_journalnote")
def note_aside(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take a note off this person's desk."""
    workflow.put_aside(get_object_or_404(JournalNote, uid=uid), by=request.user)
    messages.success(request, _("Put aside. The note stays on the page of its measure."))
    return redirect("desk")
