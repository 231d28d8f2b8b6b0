"""Bringing a sheet in: what it would do is shown first, and done only as it was shown."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import files, sheets
from .. import underway as work
from ..forms import SheetDecisionForm, SheetForm
from .access import StaffRequest, on_the_desk
from .underway import shown

UNPROCESSABLE, CONFLICT = 422, 409
SHOWN = 50
MANY = 500
# Where a person goes to look at what came in.
PLACES = {
    "measures": "measure-list",
    "evidence": "evidence-list",
    "citations": "evidence-list",
    "findings": "desk",
}


@on_the_desk("add_evidence")
def desk_import(request: StaffRequest) -> HttpResponse:
    """Choose a file; see what it would do; let it be done, or leave it."""
    if request.method != "POST":
        return _page(request, SheetForm())
    try:
        with work.working(request.user.opaque_id) as tell:
            return _sent(request, tell)
    except work.Busy:
        # The button was pressed twice, or the answer to an earlier press was lost.
        return _page(request, SheetForm(), status=CONFLICT, busy=True)


def _sent(request: StaffRequest, tell: work.Tell) -> HttpResponse:
    if "sha256" in request.POST:
        return _decided(request, tell)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    upload = form.cleaned_data["file"]
    sent = {
        "sha256": files.lay_by(upload, request.user.opaque_id),
        "name": upload.name,
        "noun": form.cleaned_data["noun"],
        "chosen": {},
    }
    return _previewed(request, sent, tell)


def _decided(request: StaffRequest, tell: work.Tell) -> HttpResponse:
    decision = SheetDecisionForm(request.POST)
    told = decision.cleaned_data if decision.is_valid() else {}
    if not told or told["act"] == "leave":
        files.let_go(request.user.opaque_id)
        if not told:
            return _refused(request, _("The form came back broken. Choose the file again."))
        messages.success(request, _("Nothing was imported."))
        return redirect("desk-import")
    sent = {name: told[name] for name in ("sha256", "name", "noun")}
    sent["chosen"] = decision.chosen()
    seen = told["seen"] if told["act"] == "import" else None
    return _previewed(request, sent, tell, seen)


def _previewed(
    request: StaffRequest, sent: dict[str, Any], tell: work.Tell, seen: str | None = None
) -> HttpResponse:
    """What the file would do now; done where that is what was `seen`."""
    person = request.user
    try:
        plan = _planned(request, sent, tell)
    except FileNotFoundError:
        sentence = _(
            "The file is no longer here: it was imported or left, or another one took its place. "
            "Look whether its rows came in, or choose it again."
        )
        return _refused(request, sentence)
    except sheets.Unreadable as error:
        files.let_go(person.opaque_id)
        return _refused(request, str(error))
    if seen is None:
        return _preview(request, sent, plan)
    if not plan.possible and not plan.in_the_way:
        # The button was pressed twice, or somebody else did the same.
        files.let_go(person.opaque_id)
        messages.success(request, _("The register says what the file says."))
        return redirect(PLACES[plan.columns.noun])
    if seen != plan.fingerprint or not plan.possible:
        return _preview(request, sent, plan, moved=True)
    try:
        why = _("Imported from %(name)s.") % {"name": sent["name"]}
        number = sheets.bring(plan, by=person, why=why, tell=tell)
    except sheets.Moved:
        return _preview(request, sent, _planned(request, sent, tell), moved=True)
    files.let_go(person.opaque_id)
    sentence = ngettext("%(number)d row was imported.", "%(number)d rows were imported.", number)
    messages.success(request, sentence % {"number": number})
    return redirect(PLACES[plan.columns.noun])


def _planned(request: StaffRequest, sent: dict[str, Any], tell: work.Tell) -> sheets.Plan:
    person = request.user
    with files.laid_by(person.opaque_id, sent["sha256"]) as file:
        asked = {"noun": sent["noun"], "chosen": sent["chosen"]}
        return sheets.plan(file, sent["name"], by=person, tell=tell, **asked)


def _preview(
    request: StaffRequest, sent: dict[str, Any], plan: sheets.Plan, *, moved: bool = False
) -> HttpResponse:
    """The rows of each kind, the first of many; all of them are counted."""
    kinds = {kind: plan.of_kind(kind) for kind in (sheets.NEW, sheets.CHANGED, sheets.CONFLICT)}
    context = {
        "plan": plan,
        "sent": sent,
        "moved": moved,
        "problems": plan.problems[:SHOWN],
        "problems_in_all": len(plan.problems),
        "conflicts_in_all": len(kinds[sheets.CONFLICT]),
        "conflicts": kinds[sheets.CONFLICT][:SHOWN],
        "changed_in_all": len(kinds[sheets.CHANGED]),
        "changed": kinds[sheets.CHANGED][:SHOWN],
        "new_in_all": len(kinds[sheets.NEW]),
        "new": kinds[sheets.NEW][:SHOWN],
        "same_in_all": plan.numbers[sheets.SAME],
        "to_do": len(kinds[sheets.NEW]) + len(kinds[sheets.CHANGED]),
        "noun": dict(SheetForm.base_fields["noun"].choices)[plan.columns.noun],  # type: ignore[attr-defined]
    }
    return _page(request, SheetForm(), status=CONFLICT if moved else 200, **context)


def _refused(request: StaffRequest, sentence: str) -> HttpResponse:
    form = SheetForm({})
    form.full_clean()
    form.errors.clear()
    form.add_error("file", sentence)
    return _page(request, form, status=UNPROCESSABLE)


def _page(
    request: StaffRequest, form: SheetForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    # Of a file that is shown now nothing is under way any more.
    step = None if "plan" in more else work.step(request.user.opaque_id)
    context = {"form": form, "many": MANY, **shown(step), **more}
    return render(request, "measures/desk_import.html", context, status=status)
