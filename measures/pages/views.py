"""The views that staff keep of lists, and where each of them starts."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import workflow
from ..forms import SaveViewForm, ViewForm
from ..models import SavedView
from .access import StaffRequest, on_the_desk


@on_the_desk("view_draft")
def views(request: StaffRequest) -> HttpResponse:
    """Their own and those that others share; sent, the list that they looked at."""
    form = SaveViewForm(request.POST, request.user) if request.method == "POST" else None
    if form and form.is_valid():
        told = form.cleaned_data
        kept = {name: told[name] for name in ("name", "place", "source", "query", "is_shared")}
        try:
            view = workflow.save_view(by=request.user, **kept)
        except workflow.NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view})
            return redirect("views")
    context = {
        "form": form,
        "views": SavedView.objects.seen_by(request.user),
        "start": SavedView.objects.start_of(request.user),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "measures/views.html", context, status=status)


@on_the_desk("view_draft")
def view_edit(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Rename a view of one's own, share it or keep it to oneself."""
    view = get_object_or_404(SavedView.objects.owned_by(request.user), uid=uid)
    form = ViewForm(request.POST or None, request.user, view)
    if request.method != "POST":
        return render(request, "measures/view_edit.html", {"form": form, "view": view})
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        same = request.POST.get("seen_version") == str(view.version)
        try:
            if same and workflow.change_view(view, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
                return redirect("views")
            form.add_error(None, _("It was changed in another window. Look at it and save again."))
        except workflow.NameTaken as error:
            form.add_error("name", str(error))
        status = HTTPStatus.CONFLICT
    context = {"form": form, "view": view}
    return render(request, "measures/view_edit.html", context, status=status)


@require_POST
@on_the_desk("view_draft")
def view_delete(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Delete a view of one's own."""
    view = get_object_or_404(SavedView.objects.owned_by(request.user), uid=uid)
    workflow.delete_view(view, by=request.user)
    messages.success(request, _("Deleted."))
    return redirect("views")


@require_POST
@on_the_desk("view_draft")
def view_start(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Start with a view; with the front page again, where one starts with it already."""
    view = get_object_or_404(SavedView.objects.seen_by(request.user), uid=uid)
    now = SavedView.objects.start_of(request.user)
    workflow.start_with(None if now == view else view, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("views")
