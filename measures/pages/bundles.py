"""The register as one file: taken away, and loaded from a file after a look at what it would do."""

import tempfile
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import bundle, files, record
from ..forms import BundleDecisionForm, BundleForm
from ..models import Source
from .access import StaffRequest, on_the_desk

SHOWN = 50
# Who may bring in a whole source may bring in a bundle of them.
PERMISSION = "add_source"


@require_safe
@on_the_desk(PERMISSION)
def bundle_file(request: StaffRequest) -> HttpResponseBase:
    """The whole register as a bundle, or the one source that `?source=` names."""
    slug = request.GET.get("source", "")
    source = Source.objects.named(slug) if slug else None
    if slug and source is None:
        raise Http404(_("There is no source of this name."))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    bundle.pack(file, source)
    file.seek(0)
    name = f"{source.slug if source else 'register'}.zip"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    answer["X-Content-Type-Options"] = "nosniff"
    if head := record.head():
        answer["X-Record-Head"] = f"{head.sequence} {head.hash}"
    return answer


@on_the_desk(PERMISSION)
def desk_bundle(request: StaffRequest) -> HttpResponse:
    """Take a bundle away; choose one, see what it would do, and load it or leave it."""
    if request.method != "POST":
        return _page(request, BundleForm())
    if "sha256" in request.POST:
        return _decided(request)
    form = BundleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    upload = form.cleaned_data["file"]
    sent = {"sha256": files.lay_by(upload, request.user.opaque_id), "name": upload.name}
    return _loaded(request, sent, "")


def _decided(request: StaffRequest) -> HttpResponse:
    decision = BundleDecisionForm(request.POST)
    told = decision.cleaned_data if decision.is_valid() else {}
    if not told or told["act"] == "leave":
        files.let_go(request.user.opaque_id)
        if not told:
            return _refused(request, _("The form came back broken. Choose the file again."))
        messages.success(request, _("Nothing was loaded."))
        return redirect("desk-bundle")
    sent = {name: told[name] for name in ("sha256", "name", "seen")}
    return _loaded(request, sent, told["act"])


def _loaded(request: StaffRequest, sent: dict[str, Any], act: str) -> HttpResponse:
    """What the bundle would do now; done where that is what was seen."""
    person = request.user
    try:
        with (
            files.laid_by(person.opaque_id, sent["sha256"]) as file,
            bundle.unpacked(file) as folder,
        ):
            report = bundle.load(folder, by=person, dry_run=True, for_nobody=True)
            as_seen = bool(act) and sent["seen"] == report.fingerprint
            if as_seen and not report.nothing_to_do:
                bundle.load(folder, by=person, update=act == "update", for_nobody=True)
    except FileNotFoundError:
        sentence = _(
            "The file is no longer here: it was loaded or left, or another one took its place. "
            "Look whether its records came in, or choose it again."
        )
        return _refused(request, sentence)
    except bundle.BundleError as error:
        files.let_go(person.opaque_id)
        return _wrong(request, sent, error)
    if act and report.nothing_to_do:
        # The button was pressed twice, or somebody else did the same.
        messages.success(request, _("The register says what the bundle says."))
    elif as_seen:
        messages.success(request, _("The bundle was loaded."))
    else:
        return _preview(request, sent, report, moved=bool(act))
    files.let_go(person.opaque_id)
    return redirect("source-list")


def _preview(
    request: StaffRequest, sent: dict[str, Any], report: bundle.Report, *, moved: bool
) -> HttpResponse:
    """The numbers by noun, the names of what is new, and what differs field by field."""
    nouns = [
        {
            "name": name,
            "added": report.added.get(name, 0),
            "differing": report.differing.get(name, 0),
            "unchanged": report.unchanged.get(name, 0),
            "names": report.names.get(name, [])[:SHOWN],
        }
        for name in bundle.NAMES
    ]
    context = {
        "report": report,
        "sent": sent,
        "moved": moved,
        "nouns": [
            each for each in nouns if each["added"] or each["differing"] or each["unchanged"]
        ],
        "differences": report.differences[:SHOWN],
        "differences_in_all": len(report.differences),
        "differing": sum(report.differing.values()),
        "added": sum(report.added.values()),
    }
    return _page(
        request, BundleForm(), status=HTTPStatus.CONFLICT if moved else HTTPStatus.OK, **context
    )


def _wrong(request: StaffRequest, sent: dict[str, Any], error: bundle.BundleError) -> HttpResponse:
    context = {
        "sent": sent,
        "problems": error.problems[:SHOWN],
        "problems_in_all": len(error.problems),
    }
    return _page(request, BundleForm(), status=HTTPStatus.UNPROCESSABLE_ENTITY, **context)


def _refused(request: StaffRequest, sentence: str) -> HttpResponse:
    form = BundleForm({})
    form.full_clean()
    form.errors.clear()
    form.add_error("file", sentence)
    return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: StaffRequest, form: BundleForm, *, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    context = {"form": form, "every_source": Source.objects.by_day(), **more}
    return render(request, "measures/desk_bundle.html", context, status=status)
