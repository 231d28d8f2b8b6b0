"""Evidence found or added where it is needed: on the way to a finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from .. import record, workflow
from ..forms import (
    CiteForm,
    DraftForm,
    FindForm,
    FullCiteForm,
    NewEvidenceForm,
    PickForm,
    PlaceForm,
)
from ..models import Citation, Draft, Evidence, Measure, Source, User
from .access import StaffRequest, on_the_desk
from .drafts import about

FOUND_AT_MOST = 10
NEW = "id_new_%s"  # The form may stand on one page with that of a draft.
IN_THE_LIBRARY = gettext_lazy("The document is in the library.")
CITED_INSTEAD = gettext_lazy("The document that was there already is cited.")
# The draft or its evidence changed while this was being decided; nothing of it was saved.
OVERTAKEN = (workflow.Refused, workflow.Decided, record.Conflict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found: how it is cited already, whether the draft rests on it."""

    evidence: Evidence
    citation: Citation | None
    chosen: bool
    form: CiteForm


@vary_on_headers("HX-Request", "HX-Target")
@on_the_desk("add_citation")
def draft_evidence(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Find a document by typing, cite it under the measure and choose it for the draft."""
    draft = get_object_or_404(Draft.objects.of(request.user).in_full(), uid=uid)
    if draft.state not in workflow.OPEN:
        return _told(request, draft, str(workflow.Decided(draft)))
    if request.method == "POST":
        return _choose(request, draft)
    find = FindForm(request.GET)
    text = find.cleaned_data["q"] if find.is_valid() else ""
    found = list(Evidence.objects.found_by(text).newest_first()[: FOUND_AT_MOST + 1])
    context = {
        "draft": draft,
        "find": find,
        "text": text,
        "hits": _hits(draft, found[:FOUND_AT_MOST]),
        "more": len(found) > FOUND_AT_MOST,
    }
    part = "#found" if request.htmx and request.htmx.target == "found" else ""
    return render(request, f"measures/draft_evidence.html{part}", context)


def _hits(draft: Draft, found: Sequence[Evidence], form: CiteForm | None = None) -> list[Hit]:
    """What was found, each proposed at the stage at which it was cited last."""
    cited = {each.evidence_id: each for each in draft.measure.citations.select_related("evidence")}
    chosen = set(draft.citations.values_list("evidence", flat=True))
    stages = Citation.objects.last_stages(found)
    return [
        Hit(
            each,
            cited.get(each.pk),
            each.pk in chosen,
            form or CiteForm(auto_id=f"id_{each.pk}_%s", initial={"stage": stages.get(each.pk)}),
        )
        for each in found
    ]


def _choose(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Cite what was picked and choose it; for htmx the row, and what of the draft has changed."""
    pick = PickForm(request.POST)
    if not pick.is_valid():
        raise Http404
    evidence = pick.cleaned_data["evidence"]
    citation = Citation(evidence=evidence, measure=draft.measure)
    form = CiteForm(request.POST, instance=citation, auto_id=f"id_{evidence.pk}_%s")
    (hit,) = _hits(draft, [evidence], form)
    if hit.citation is None and not form.is_valid():
        context = {"draft": draft, "hits": [hit], "hit": hit, "find": FindForm()}
        part, status = (
            ("#hit", HTTPStatus.OK) if request.htmx else ("", HTTPStatus.UNPROCESSABLE_ENTITY)
        )
        return render(request, f"measures/draft_evidence.html{part}", context, status=status)
    try:
        workflow.take_up(draft, citation, by=request.user)
    except OVERTAKEN as overtaken:
        return _told(request, draft, str(overtaken))
    except IntegrityError:
        return _told(request, draft, _("A colleague has just cited this document. Choose it."))
    if not request.htmx:
        messages.success(request, _("The document is cited and chosen in this draft."))
        return redirect("draft-detail", draft.uid)
    return _renewed(request, draft, citation, "chosen")


def _renewed(request: StaffRequest, draft: Draft, citation: Citation, part: str) -> HttpResponse:
    """For htmx: the document as it is cited now, and what of the draft has changed with it."""
    (hit,) = _hits(draft, [citation.evidence])
    context = about(draft) | {
        "form": DraftForm(instance=draft),
        "hit": hit,
        "arrived": True,
        "is_new": hit.citation is not None and hit.citation.pk == citation.pk,
        "kept": True,
    }
    return render(request, f"measures/draft_evidence.html#{part}", context)


def _told(request: StaffRequest, draft: Draft, sentence: str) -> HttpResponse:
    """The whole page of the draft as it is now, with the sentence above."""
    messages.error(request, sentence)
    if request.htmx:
        response = redirect("draft-detail", draft.uid)
        return HttpResponseClientRedirect(response["Location"])
    return redirect("draft-detail", draft.uid)


@vary_on_headers("HX-Request")
@on_the_desk("add_evidence")
def evidence_create(request: StaffRequest) -> HttpResponse:
    """A new document, perhaps cited under a measure and chosen for a draft at once."""
    measure, draft = _place(request)
    sent = request.POST if request.method == "POST" else None
    form = NewEvidenceForm(sent, auto_id=NEW)
    cite = FullCiteForm(sent, instance=Citation(measure=measure), auto_id=NEW) if measure else None
    context = {"form": form, "cite": cite, "measure": measure, "draft": draft}
    status = HTTPStatus.OK
    if sent is not None:
        saved = _bring_in(request, form, cite, draft)
        if saved and cite and draft and request.htmx:
            return _renewed(request, draft, cite.instance, "brought")
        if saved:
            is_new = saved is form.instance
            messages.success(request, IN_THE_LIBRARY if is_new else CITED_INSTEAD)
            return redirect("draft-detail", draft.uid) if draft else redirect(saved)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    _attend(form, cite)
    if request.htmx:
        return render(request, "measures/evidence_create.html#new", context)
    return render(request, "measures/evidence_create.html", context, status=status)


def _attend(form: NewEvidenceForm, cite: FullCiteForm | None) -> None:
    """Put the cursor where something is to be mended, else where the writing begins."""
    told = [each for each in (form, cite) if each is not None]
    wrong = [each[name] for each in told for name in each.errors if name in each.fields]
    first = wrong[0] if wrong else form["url"]
    first.field.widget.attrs["autofocus"] = True


def _place(request: StaffRequest) -> tuple[Measure | None, Draft | None]:
    """Where the document is needed: a draft of this person, or a measure, or nowhere yet."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        raise Http404
    told = place.cleaned_data
    if told["draft"]:
        drafts = Draft.objects.of(request.user).in_full()
        draft = get_object_or_404(drafts, uid=told["draft"])
        return draft.measure, draft
    if told["measure"]:
        of = {"source": Source.objects.named(told["source"]), "code": told["measure"]}
        return get_object_or_404(Measure.objects.in_full(), **of), None
    return None, None


def _bring_in(
    request: StaffRequest, form: NewEvidenceForm, cite: FullCiteForm | None, draft: Draft | None
) -> Evidence | None:
    """Save what was sent, or the citation of the document picked instead; None if refused."""
    pick = PickForm(request.POST) if cite is not None and "evidence" in request.POST else None
    valid = [form.is_valid() or pick is not None, cite is None or cite.is_valid()]
    if not all(valid):
        return None
    citation = cite.instance if cite is not None else None
    try:
        if pick is not None and citation is not None:
            return _cite_instead(pick, citation, by=request.user, draft=draft)
        workflow.bring_in(
            form.instance, by=request.user, citation=citation, draft=draft, **form.many()
        )
    except OVERTAKEN as overtaken:
        form.add_error(None, str(overtaken))
        return None
    except IntegrityError:
        form.add_error(None, _("A colleague has just added or cited this document. Look at it."))
        return None
    return form.instance


def _cite_instead(pick: PickForm, citation: Citation, *, by: User, draft: Draft | None) -> Evidence:
    """The citation as it was written, but of the document that the library held already."""
    if not pick.is_valid():
        raise Http404
    citation.evidence = evidence = pick.cleaned_data["evidence"]
    if draft is None:
        workflow.cite(citation, by=by)
    else:
        workflow.take_up(draft, citation, by=by)
    return evidence
