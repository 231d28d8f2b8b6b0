"""Evidence and where it bears, as programs write them: by the same rules as on the desk."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Status

from .. import record, shapes, workflow
from ..forms import CitationForm, EvidenceForm, FullCiteForm, NewEvidenceForm
from ..forms.evidence import DocumentForm
from ..models import Citation, Evidence, Measure
from ..progress import When
from . import answers, asked, rows
from .access import PersonRequest, WriteToken
from .conditional import shows
from .errors import Refusal
from .reading import answered, dated, dates_of, router, source_of
from .sent import ChangedCitation, ChangedDocument, NewCitation, NewDocument
from .writing import at, no_query, on_what_was_read, once, takes, told_by, written

SHAPES = shapes.BY_NOUN

A_DOCUMENT = {
    "title": "Patent Law, as amended in 2020",
    "kind": "law",
    "tier": 1,
    "issued_on": "2020-10-17",
    "url": "https://example.org/patent-law",
}
A_CITATION = {"evidence": "patent-law-2020", "stage": "in-force", "note": "Article 71 says so."}


def _sent_to(begun: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent as the form of a page sends it; what it says nothing of stays as begun."""
    lists = {name: told[name] for name in ("seen_at", "another") if name in told}
    return {**begun, **told, **{name: "\n".join(each) for name, each in lists.items()}}


def _by_slug(form: DocumentForm) -> DocumentForm:
    form.fields["bodies"].to_field_name = "slug"  # type: ignore[attr-defined]
    return form


def _whole(document: Evidence) -> dict[str, Any]:
    return shapes.whole(document, SHAPES["evidence"])


def _in_full(document: Evidence) -> dict[str, Any]:
    when = When.now()
    found = Evidence.objects.on(when.day, when.known).with_measures(when.day, when.known)
    # One that is dated in the future is in the library, but on no page of today.
    now = found.prefetch_related("bodies").with_key(document.key) or document
    return dated(when) | rows.evidence(now)


@router.post(
    "/evidence",
    response=written(HTTPStatus.CREATED, answers.EvidenceInFull),
    auth=WriteToken(),
    tags=["Evidence"],
    openapi_extra=takes(once=True, example=A_DOCUMENT),
)
def evidence_add(request: PersonRequest, sent: NewDocument, response: HttpResponse) -> Any:
    """Put a new document into the library."""
    no_query(request)

    def add() -> Evidence:
        data = _sent_to({"language": "zh", "checked_state": "unverified"}, sent.told())
        form = NewEvidenceForm(data)
        _by_slug(form)
        if not form.is_valid() and form.has_error("__all__", "alike"):
            sentence = form.non_field_errors()[0]
            keys = [each.key for each in form.alike]
            raise Refusal(HTTPStatus.CONFLICT, str(sentence), "another", alike=keys)
        told_by(form)
        document: Evidence = form.instance
        return workflow.add_evidence(document, by=request.user, **form.many())

    document = once(request, response, add)
    at(request, response, document, reverse("api:evidence", args=[document.key]))
    return Status(HTTPStatus.CREATED, _in_full(document))


@router.patch(
    "/evidence/{key}",
    response=written(HTTPStatus.OK, answers.EvidenceInFull, match=True),
    auth=WriteToken(),
    tags=["Evidence"],
    openapi_extra=takes(match=True, example={"url": "https://example.org/moved", "why": "Moved."}),
)
def evidence_change(
    request: PersonRequest, key: str, sent: ChangedDocument, response: HttpResponse
) -> Any:
    """Change what is said of a document; what is left out stays as it is."""
    no_query(request)
    document = Evidence.objects.with_key(key)
    if document is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("The library has no document of this key."), "key")
    told = sent.told()
    with on_what_was_read(request, document, told, _whole):
        # How often its page is looked at is for the desk to say, and stays.
        seen = {"seen_version": document.version, "check_every": document.check_every}
        form = EvidenceForm(_sent_to(seen, _whole(document) | told), instance=document)
        _by_slug(form)
        told_by(form)
        workflow.change(document, by=request.user, why=sent.why or "", **form.many())
    at(request, response, document, request.path)
    return Status(HTTPStatus.OK, _in_full(document))


def measure_of(slug: str | None, code: str) -> Measure:
    """The measure of that code; see `source_of`."""
    measure = source_of(slug).measures.in_full().with_code(code)
    if measure is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("This source has no measure of this code."), "code")
    return measure


def _citation(measure: Measure, key: str) -> Citation:
    found = measure.citations.select_related("evidence", "measure__source").of_document(key)
    if found is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("It is not cited under this measure."), "evidence")
    return found


def _place(citation: Citation) -> str:
    """Where a citation is; under the default source without naming it."""
    source = citation.measure.source
    address = reverse("api:citation", args=[citation.measure.code, citation.evidence.key])
    return address if source.is_default else f"{address}?{urlencode({'source': source.slug})}"


@router.post(
    "/measures/{code}/citations",
    response=written(HTTPStatus.CREATED, answers.CitationInFull),
    auth=WriteToken(),
    tags=["Evidence"],
    openapi_extra=takes(once=True, example=A_CITATION),
)
def citation_add(
    request: PersonRequest,
    code: str,
    query: Query[asked.WrittenOf],
    sent: NewCitation,
    response: HttpResponse,
) -> Any:
    """Cite a document of the library under a measure."""
    measure = measure_of(query.source, code)
    told = sent.told()

    def cite() -> Citation:
        evidence = Evidence.objects.with_key(told.pop("evidence"))
        if evidence is None:
            sentence = _("The library has no document of this key. Add it first.")
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, "evidence")
        citation = Citation(measure=measure, evidence=evidence)
        form = FullCiteForm({"bearing": "supports", **told}, instance=citation)
        told_by(form)
        return workflow.cite(citation, by=request.user)

    citation = once(request, response, cite)
    at(request, response, citation, _place(citation))
    return Status(HTTPStatus.CREATED, dated(When.now()) | rows.citation(citation))


@router.get(
    "/measures/{code}/citations/{key}",
    response=answered(answers.CitationInFull),
    tags=["Evidence"],
)
def citation(request: PersonRequest, code: str, key: str, query: Query[asked.MeasureAsked]) -> Any:
    """What one document shows of a measure."""
    when = dates_of(request, source_of(query.source))
    measure = measure_of(query.source, code)
    found = measure.citations.on(when.day, when.known)
    held = found.select_related("evidence", "measure__source").of_document(key)
    if held is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("It is not cited under this measure."), "key")
    if when.known is None:
        shows(request, held)
    record.rewound([held], when.known)
    return dated(when) | rows.citation(held)


@router.patch(
    "/measures/{code}/citations/{key}",
    response=written(HTTPStatus.OK, answers.CitationInFull, match=True),
    auth=WriteToken(),
    tags=["Evidence"],
    openapi_extra=takes(match=True, example={"locator": "Article 71", "why": "More exact."}),
)
def citation_change(
    request: PersonRequest,
    code: str,
    key: str,
    query: Query[asked.WrittenOf],
    sent: ChangedCitation,
    response: HttpResponse,
) -> Any:
    """Change what is said of a document under a measure; what is left out stays as it is."""
    held = _citation(measure_of(query.source, code), key)
    told = sent.told()
    with on_what_was_read(request, held, told, rows.citation):
        data = model_to_dict(held, CitationForm.Meta.fields) | {"seen_version": held.version}
        form = CitationForm(data | told, instance=held)
        told_by(form)
        workflow.change(held, by=request.user, why=sent.why or "")
    at(request, response, held, request.get_full_path())
    return Status(HTTPStatus.OK, dated(When.now()) | rows.citation(held))
