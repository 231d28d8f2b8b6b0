"""Bringing a sheet in: what it would do is shown first, and done only as it was shown."""

from http import HTTPStatus
from typing import Any, BinaryIO

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import sheets
from ..forms import SheetDecisionForm, SheetForm
from .access import StaffRequest, on_the_desk
from .uploads import Upload, first_of

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
    return _SheetUpload(request).answer()


class _SheetUpload(Upload):
    form, decision = SheetForm, SheetDecisionForm
    page, template = "desk-import", "measures/desk_import.html"
    left = gettext_lazy("Nothing was imported.")
    gone = gettext_lazy(
        "The file is no longer here: it was imported or left, or another one took its place. "
        "Look whether its rows came in, or choose it again."
    )

    def also(self, form: Form) -> dict[str, Any]:
        chosen = form.chosen() if isinstance(form, SheetDecisionForm) else {}
        return {"noun": form.cleaned_data["noun"], "chosen": chosen}

    def around(self) -> dict[str, Any]:
        return {"many": MANY}

    def look(
        self, file: BinaryIO, sent: dict[str, Any], *, act: str = "", seen: str = ""
    ) -> HttpResponse:
        try:
            plan = self._planned(file, sent)
        except sheets.Unreadable as error:
            self.let_go()
            return self.refused(str(error))
        if act != "import":
            return self._preview(sent, plan)
        page = PLACES[plan.columns.noun]
        if not plan.possible and not plan.in_the_way:
            # The button was pressed twice, or somebody else did the same.
            return self.done(_("The register says what the file says."), page)
        if seen != plan.fingerprint or not plan.possible:
            return self._preview(sent, plan, moved=True)
        try:
            why = _("Imported from %(name)s.") % {"name": sent["name"]}
            number = sheets.bring(plan, by=self.person, why=why, tell=self.tell)
        except sheets.Moved:
            return self._preview(sent, self._planned(file, sent), moved=True)
        sentence = ngettext(
            "%(number)d row was imported.", "%(number)d rows were imported.", number
        )
        return self.done(sentence % {"number": number}, page)

    def _planned(self, file: BinaryIO, sent: dict[str, Any]) -> sheets.Plan:
        file.seek(0)
        asked = {"noun": sent["noun"], "chosen": sent["chosen"]}
        return sheets.plan(file, sent["name"], by=self.person, tell=self.tell, **asked)

    def _preview(
        self, sent: dict[str, Any], plan: sheets.Plan, *, moved: bool = False
    ) -> HttpResponse:
        """The rows of each kind, the first of many; all of them are counted."""
        new, changed, conflicts = (
            plan.of_kind(kind) for kind in (sheets.NEW, sheets.CHANGED, sheets.CONFLICT)
        )
        context = {
            "plan": plan,
            "sent": sent,
            "moved": moved,
            "same_in_all": plan.numbers[sheets.SAME],
            "to_do": len(new) + len(changed),
            "noun": dict(SheetForm.base_fields["noun"].choices)[plan.columns.noun],  # type: ignore[attr-defined]
            **first_of(problems=plan.problems, conflicts=conflicts, changed=changed, new=new),
        }
        return self.render(status=HTTPStatus.CONFLICT if moved else HTTPStatus.OK, **context)
