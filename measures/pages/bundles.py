"""The register as one file: taken away, and loaded from a file after a look at what it would do."""

import tempfile
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from .. import bundle, record
from ..forms import BundleDecisionForm, BundleForm
from ..models import Source
from .access import StaffRequest, on_the_desk
from .uploads import SHOWN, Upload, first_of

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
    return _BundleUpload(request).answer()


class _BundleUpload(Upload):
    form, decision = BundleForm, BundleDecisionForm
    page, template = "desk-bundle", "measures/desk_bundle.html"
    left = gettext_lazy("Nothing was loaded.")
    gone = gettext_lazy(
        "The file is no longer here: it was loaded or left, or another one took its place. "
        "Look whether its records came in, or choose it again."
    )

    def around(self) -> dict[str, Any]:
        return {"every_source": Source.objects.by_day()}

    def look(
        self, file: BinaryIO, sent: dict[str, Any], *, act: str = "", seen: str = ""
    ) -> HttpResponse:
        how: Any = {"by": self.person, "for_nobody": True, "tell": self.tell}
        try:
            with bundle.unpacked(file) as folder:
                report = _tried(folder, how)
                as_seen = bool(act) and seen == report.fingerprint
                if as_seen and not report.nothing_to_do:
                    bundle.load(folder, update=act == "update", **how)
        except bundle.BundleError as error:
            self.let_go()
            context = {"sent": sent, **first_of(problems=error.problems)}
            return self.render(status=HTTPStatus.UNPROCESSABLE_ENTITY, **context)
        if act and report.nothing_to_do:
            # The button was pressed twice, or somebody else did the same.
            return self.done(_("The register says what the bundle says."), "source-list")
        if as_seen:
            return self.done(_("The bundle was loaded."), "source-list")
        return self._preview(sent, report, moved=bool(act))

    def _preview(self, sent: dict[str, Any], report: bundle.Report, *, moved: bool) -> HttpResponse:
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
            "differing": sum(report.differing.values()),
            "added": sum(report.added.values()),
            **first_of(differences=report.differences),
        }
        return self.render(status=HTTPStatus.CONFLICT if moved else HTTPStatus.OK, **context)


def _tried(folder: Path, how: dict[str, Any]) -> bundle.Report:
    """What the bundle would do; with its version of what differs, where it can do nothing else.

    So it is where it brings another default source and takes that from the one that was.
    """
    try:
        return bundle.load(folder, dry_run=True, **how)
    except bundle.BundleError as error:
        if {problem.field for problem in error.problems} != {"is_default"}:
            raise
        with suppress(bundle.BundleError):
            return bundle.load(folder, dry_run=True, update=True, **how)
        raise
