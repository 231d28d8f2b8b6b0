"""A person's own drafts, as programs write them. What they propose is decided by people."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Status

from .. import workflow
from ..forms import DraftForm
from ..models import Draft
from . import answers, asked, rows
from .access import AnyToken, PersonRequest, WriteToken
from .citing import measure_of
from .conditional import shows
from .errors import Refusal
from .paging import page_of
from .reading import answered, router
from .sent import ChangedDraft, NewDraft
from .writing import at, no_body, no_query, on_what_was_read, once, takes, told_by, written

A_DRAFT = {
    "status": "implemented",
    "effective_on": "2021-06-01",
    "confidence": "high",
    "rationale": "The law has been in force since 1 June 2021.",
    "citations": ["patent-law-2020"],
}


def _own(request: PersonRequest, uid: UUID) -> Draft:
    workflow.allowed(request.user, "view_draft")
    found = Draft.objects.of(request.user).in_full().with_uid(uid)
    if found is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("You have no draft of this id."), "uid")
    return found


def _problems(draft: Draft) -> dict[str, Any]:
    found = workflow.objections(draft)
    return {"problems": [{"field": each.field, "message": each.sentence} for each in found]}


def _in_full(draft: Draft) -> dict[str, Any]:
    return rows.draft(draft) | _problems(draft)


@router.get("/drafts", response=answered(answers.Drafts), auth=AnyToken(), tags=["Drafts"])
def drafts(request: PersonRequest, query: Query[asked.DraftsAsked]) -> Any:
    """Your drafts, open and decided, the latest begun first."""
    workflow.allowed(request.user, "view_draft")
    found = Draft.objects.of(request.user).in_full().prefetch_related("citations__evidence")
    return page_of(request, query, found, ("-pk",)).told(rows.draft)


@router.post(
    "/measures/{code}/drafts",
    response=written(HTTPStatus.CREATED, answers.DraftInFull),
    auth=WriteToken(),
    tags=["Drafts"],
    openapi_extra=takes(once=True, example={"corrects": 2}),
)
def draft_start(
    request: PersonRequest,
    code: str,
    query: Query[asked.WrittenOf],
    sent: NewDraft,
    response: HttpResponse,
) -> Any:
    """Begin a draft where the measure stands, or a correction of one of its findings."""
    measure = measure_of(query.source, code)

    def start() -> Draft:
        found = None
        if sent.corrects is not None:
            found = measure.findings.known_at(None).numbered(sent.corrects)
            if found is None:
                sentence = _("There is no such finding to correct: none, or corrected already.")
                raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, "corrects")
        return workflow.begin(measure, by=request.user, uid=uuid4(), corrects=found)

    draft = once(request, response, start)
    at(request, response, draft, reverse("api:draft", args=[draft.uid]))
    return Status(HTTPStatus.CREATED, _in_full(draft))


@router.get(
    "/drafts/{uuid:uid}",
    response=answered(answers.DraftInFull),
    auth=AnyToken(),
    tags=["Drafts"],
)
def draft(request: PersonRequest, uid: UUID) -> Any:
    """One of your drafts, with what a reviewer would have against it."""
    no_query(request)
    found = _own(request, uid)
    shows(request, found)
    return _in_full(found)


@router.patch(
    "/drafts/{uuid:uid}",
    response=written(HTTPStatus.OK, answers.DraftInFull, match=True),
    auth=WriteToken(),
    tags=["Drafts"],
    openapi_extra=takes(match=True, example=A_DRAFT),
)
def draft_change(
    request: PersonRequest, uid: UUID, sent: ChangedDraft, response: HttpResponse
) -> Any:
    """Keep what you have written so far; what is left out stays as it is."""
    no_query(request)
    found, told = _own(request, uid), sent.told()
    with on_what_was_read(request, found, told, rows.draft):
        if found.state not in workflow.OPEN:
            raise workflow.Decided(found)
        form = DraftForm(_as_a_page(found, told), instance=found)
        for name in told:
            if name not in form.fields:
                sentence = _("Only a correction has this.")
                raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, name)
        told_by(form)
        workflow.save(found, by=request.user, **form.written())
    at(request, response, found, request.path)
    return Status(HTTPStatus.OK, _in_full(found))


def _as_a_page(draft: Draft, told: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent as the form of the page sends it: citations by their number."""
    held = model_to_dict(draft, DraftForm.Meta.fields)
    data = {**held, "seen_version": draft.version, **told}
    if "citations" in told:
        known = {each.evidence.key: each.pk for each in draft.measure.citations.newest_first()}
        unknown = [key for key in told["citations"] if key not in known]
        if unknown:
            sentence = _("Not cited under the measure yet: %(keys)s. Cite it there first.")
            message = sentence % {"keys": ", ".join(unknown)}
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, message, "citations")
        return data | {"citations": [known[key] for key in told["citations"]]}
    return data | {"citations": [each.pk for each in data["citations"]]}


def _moved(
    request: PersonRequest, response: HttpResponse, uid: UUID, verb: Callable[..., Draft]
) -> Any:
    no_query(request)
    no_body(request)

    def move() -> Draft:
        found = _own(request, uid)
        with on_what_was_read(request, found, {}, rows.draft):
            return verb(found, by=request.user)

    moved = once(request, response, move)
    at(request, response, moved, reverse("api:draft", args=[uid]))
    return Status(HTTPStatus.CREATED, _in_full(moved))


@router.post(
    "/drafts/{uuid:uid}/submissions",
    response=written(HTTPStatus.CREATED, answers.DraftInFull, match=True),
    auth=WriteToken(),
    tags=["Drafts"],
    openapi_extra=takes(match=True, once=True),
)
def draft_submit(request: PersonRequest, uid: UUID, response: HttpResponse) -> Any:
    """Hand a draft to a reviewer as it reads now. A second person decides, on the desk."""
    return _moved(request, response, uid, workflow.submit)


@router.post(
    "/drafts/{uuid:uid}/withdrawals",
    response=written(HTTPStatus.CREATED, answers.DraftInFull, match=True),
    auth=WriteToken(),
    tags=["Drafts"],
    openapi_extra=takes(match=True, once=True),
)
def draft_withdraw(request: PersonRequest, uid: UUID, response: HttpResponse) -> Any:
    """Take a draft back for good; it stays readable."""
    return _moved(request, response, uid, workflow.withdraw)
