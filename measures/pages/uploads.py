"""A file that a person sends: laid by, shown for what it would do, then done as shown, or left."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, BinaryIO

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .. import files
from .. import underway as work
from ..forms import UploadDecisionForm
from .access import StaffRequest
from .underway import shown

SHOWN = 50


class Upload(ABC):
    """One request about such a file; its kind says how it is looked at, and what is done with it.

    What a form carries from step to step is `sent`: the hash of the file, its name, and what
    `also` makes of the form.
    """

    form: type[Form]
    decision: type[UploadDecisionForm]
    page: str
    template: str
    # What is said of a file that was left, and of one that is not there any more.
    left: Any
    gone: Any

    def __init__(self, request: StaffRequest) -> None:
        self.request, self.person = request, request.user
        self.tell: work.Tell = work.silent

    def answer(self) -> HttpResponse:
        """The page; where a file or a decision was sent, what comes of it, one at a time."""
        if self.request.method != "POST":
            return self.render(self.form(), **self._underway())
        try:
            with work.working(self.person.opaque_id) as self.tell:
                return self._decided() if "sha256" in self.request.POST else self._chosen()
        except work.Busy:
            # The button was pressed twice, or the answer to an earlier press was lost.
            context = {"busy": True, **self._underway()}
            return self.render(self.form(), status=HTTPStatus.CONFLICT, **context)

    @abstractmethod
    def look(
        self, file: BinaryIO, sent: dict[str, Any], *, act: str = "", seen: str = ""
    ) -> HttpResponse:
        """What the file would do now; done where `act` says so and that is what was `seen`."""

    def also(self, form: Form) -> dict[str, Any]:
        """What else than hash and name is carried from step to step."""
        return {}

    def around(self) -> dict[str, Any]:
        """What else stands on the page, whatever was sent."""
        return {}

    def done(self, sentence: str, page: str) -> HttpResponse:
        """Nothing is left to decide: on to where what came in can be looked at."""
        self.let_go()
        messages.success(self.request, sentence)
        return redirect(page)

    def let_go(self) -> None:
        """Remove the file."""
        files.let_go(self.person.opaque_id)

    def refused(self, sentence: str) -> HttpResponse:
        """The page with this sentence at its field."""
        form = self.form({})
        form.full_clean()
        form.errors.clear()
        form.add_error("file", sentence)
        return self.render(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def render(
        self, form: Form | None = None, *, status: HTTPStatus = HTTPStatus.OK, **more: Any
    ) -> HttpResponse:
        """The page, with an empty form where none is given."""
        context = {"form": form or self.form(), **self.around(), **more}
        return render(self.request, self.template, context, status=status)

    def _underway(self) -> dict[str, Any]:
        return shown(work.step(self.person.opaque_id))

    def _chosen(self) -> HttpResponse:
        form = self.form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.render(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        upload = form.cleaned_data["file"]
        sha256 = files.lay_by(upload, self.person.opaque_id)
        return self._opened({"sha256": sha256, "name": upload.name, **self.also(form)})

    def _decided(self) -> HttpResponse:
        form = self.decision(self.request.POST)
        if not form.is_valid():
            self.let_go()
            return self.refused(_("The form came back broken. Choose the file again."))
        told = form.cleaned_data
        if told["act"] == "leave":
            return self.done(self.left, self.page)
        sent = {"sha256": told["sha256"], "name": told["name"], **self.also(form)}
        return self._opened(sent, act=told["act"], seen=told["seen"])

    def _opened(self, sent: dict[str, Any], **decision: str) -> HttpResponse:
        try:
            file = files.laid_by(self.person.opaque_id, sent["sha256"])
        except FileNotFoundError:
            return self.refused(self.gone)
        with file:
            return self.look(file, sent, **decision)


def first_of(**lists: Sequence[Any]) -> dict[str, Any]:
    """The first of each list under its name, and how many there are: `NAME_in_all`."""
    in_all = {f"{name}_in_all": len(rows) for name, rows in lists.items()}
    return {name: rows[:SHOWN] for name, rows in lists.items()} | in_all
