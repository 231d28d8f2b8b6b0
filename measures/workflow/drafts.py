"""Proposed findings on their way: started, saved, handed in, sent back, approved, withdrawn."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import method, record
from ..models import Citation, Draft, Evidence, Finding, FrozenCitation, Measure, User
from ..models.draft import DraftQuerySet
from ..models.judgement import JUDGED
from ..models.tracked import snapshot_of
from . import notices
from .findings import Entrance, enter, latest, self_approval, setting_of
from .refusals import Decided, Outdated, Overtaken, Refused, allowed
from .register import add_evidence, cite

OPEN = ("writing", "returned")
# A copy that is attached meanwhile makes no other wording: the finding keeps the newest one.
KEPT_OUT = frozenset({"finding", "position", "copy_sha256"})


@transaction.atomic
def start(
    measure: Measure,
    *,
    by: User,
    citations: Iterable[Citation] = (),
    corrects: Finding | None = None,
    **judged: Any,
) -> Draft:
    """Begin a draft on the measure, or a correction of one of its findings."""
    allowed(by, "add_draft")
    if measure.retired_on:
        sentence = _("This measure is retired: it is no longer judged.")
        raise Refused([method.Objection("measure", sentence)])
    citations = list(citations)
    _same_measure(measure, citations, corrects)
    draft = Draft(measure=measure, author=by, supersedes=corrects, **judged)
    draft.written_against = latest(measure)
    record.save(draft, by=by, citations=citations)
    return draft


def propose(draft: Draft, *, by: User, citations: Iterable[Citation] = ()) -> Draft:
    """Begin the draft that this unsaved one describes; see `start`."""
    judged = {name: getattr(draft, name) for name in JUDGED}
    return start(draft.measure, by=by, citations=citations, corrects=draft.supersedes, **judged)


@transaction.atomic
def begin(measure: Measure, *, by: User, uid: UUID, corrects: Finding | None = None) -> Draft:
    """A draft that says what holds now: the same status, on the same evidence.

    `uid` comes with the form, so that a form sent twice gives the one draft.
    """
    if begun := _begun(uid, by):
        return begun
    origin = corrects or latest(measure)
    try:
        return start(
            measure,
            by=by,
            uid=uid,
            corrects=corrects,
            citations=_citations_of(origin),
            status=origin.status if origin else method.NO_EVIDENCE,
            confidence=origin.confidence if origin else "moderate",
            effective_on=corrects.effective_on if corrects else timezone.localdate(),
        )
    except IntegrityError:
        # The same form, sent a second time, was quicker.
        if begun := _begun(uid, by):
            return begun
        raise


def _begun(uid: UUID, by: User) -> Draft | None:
    begun = Draft.objects.filter(uid=uid).first()
    if begun and begun.author != by:
        raise PermissionDenied(_("This draft is somebody else's."))
    return begun


def _citations_of(finding: Finding | None) -> models.QuerySet[Citation]:
    """The citations of today for the evidence that a finding rests on."""
    if finding is None:
        return Citation.objects.none()
    evidence = finding.citations.values("evidence")
    return Citation.objects.filter(measure=finding.measure_id, evidence__in=evidence)


def _same_measure(
    measure: Measure, citations: Sequence[Citation], corrects: Finding | None
) -> None:
    objections = []
    if any(citation.measure_id != measure.pk for citation in citations):
        sentence = _("Evidence is cited under the measure itself. Attach it there first.")
        objections.append(method.Objection("citations", sentence))
    if corrects is not None and corrects.measure_id != measure.pk:
        sentence = _("A correction corrects a finding of the same measure.")
        objections.append(method.Objection("supersedes", sentence))
    if objections:
        raise Refused(objections)


@transaction.atomic
def save(
    draft: Draft, *, by: User, citations: Iterable[Citation] | None = None, **judged: Any
) -> bool:
    """Keep what its author has written so far, rules or not; whether anything was new.

    Raises `Decided` once it is handed in, and `record.Conflict` over a newer version.
    """
    _written_by(draft, by)
    if draft.state not in OPEN:
        raise Decided(draft)
    many: dict[str, Any] = {}
    if citations is not None:
        many["citations"] = list(citations)
        _same_measure(draft.measure, many["citations"], None)
    for name, value in judged.items():
        setattr(draft, name, value)
    return record.save(draft, by=by, **many)


@transaction.atomic
def take_up(draft: Draft, citation: Citation, *, by: User) -> Citation:
    """Choose a document for the draft, citing it under the measure first if nobody has yet.

    Where it is cited already, the citation that stands is taken and the one given is left.
    """
    _written_by(draft, by)
    if draft.state not in OPEN:
        raise Decided(draft)
    held = draft.measure.citations.filter(evidence=citation.evidence).first()
    chosen = held or cite(citation, by=by)
    save(draft, by=by, citations=[*draft.citations.all(), chosen])
    return chosen


@transaction.atomic
def bring_in(
    evidence: Evidence,
    *,
    by: User,
    bodies: Iterable[models.Model] = (),
    citation: Citation | None = None,
    draft: Draft | None = None,
) -> Evidence:
    """A new document, cited under a measure and chosen for a draft where these are given.

    All of it or nothing: no document without its citation is left where the draft is closed.
    """
    add_evidence(evidence, by=by, bodies=bodies)
    if citation is not None:
        citation.evidence = evidence
        if draft is None:
            cite(citation, by=by)
        else:
            take_up(draft, citation, by=by)
    return evidence


def verdicts(draft: Draft) -> tuple[method.Verdict, ...]:
    """Every rule that can be tested, with what the draft has against it as it stands."""
    setting = setting_of(
        draft.measure,
        corrects=draft.supersedes_id is not None,
        is_late=draft.is_late,
        standing=draft.written_against,
    )
    return method.verdicts(draft, list(cited(draft)), setting)


def objections(draft: Draft) -> tuple[method.Objection, ...]:
    """Why the draft cannot be handed in as it stands; empty if it can."""
    return tuple(objection for verdict in verdicts(draft) for objection in verdict.objections)


@transaction.atomic
def submit(draft: Draft, *, by: User) -> Draft:
    """Hand the draft to a reviewer, as it reads now; refused while it breaks a rule."""
    _written_by(draft, by)
    if draft.state not in OPEN:
        raise Decided(draft)
    if broken := objections(draft):
        raise Refused(broken)
    draft.state, draft.submitted_at = "submitted", timezone.now()
    draft.submitted_as = proposed(draft)
    record.save(draft, by=by)
    notices.handed_in(draft)
    return draft


def queue(reviewer: User) -> DraftQuerySet:
    """The drafts that wait for this reviewer: their own only where no second person decides."""
    return Draft.objects.queue(reviewer if settings.FOUR_EYES else None)


def proposed(draft: Draft, citations: Iterable[Citation] | None = None) -> dict[str, Any]:
    """The whole proposal as a reviewer reads it, with the evidence as it reads now.

    `citations` are those that its author has chosen and not saved yet.
    """
    chosen = cited(draft) if citations is None else citations
    told = snapshot_of(draft, frozenset({"citations"}))
    told = {name: told[name] for name in (*JUDGED, "is_late", "supersedes")}
    told["citations"] = [snapshot_of(FrozenCitation.of(citation), KEPT_OUT) for citation in chosen]
    return told


def said(finding: Finding) -> dict[str, Any]:
    """What a finding says, in the form of `proposed`, so that the two can be compared."""
    told = snapshot_of(finding)
    told = {name: told[name] for name in (*JUDGED, "supersedes")} | {"is_late": False}
    told["citations"] = [snapshot_of(each, KEPT_OUT) for each in finding.citations.all()]
    return told


@transaction.atomic
def withdraw(draft: Draft, *, by: User) -> Draft:
    """Take the draft back for good; it stays readable on the desk."""
    _written_by(draft, by)
    if draft.state not in (*OPEN, "submitted"):
        raise Decided(draft)
    draft.state = "withdrawn"
    record.save(draft, by=by)
    return draft


@transaction.atomic
def send_back(draft: Draft, *, by: User, note: str) -> Draft:
    """Return a submitted draft to its author with a note that says what is missing."""
    allowed(by, "approve_draft")
    if not note.strip():
        raise Refused([method.Objection("decision_note", _("Say what should be mended."))])
    with _decision(draft, by):
        draft.state, draft.decision_note = "returned", note
    notices.returned(draft)
    return draft


@transaction.atomic
def approve(draft: Draft, *, by: User) -> Finding:
    """Turn a submitted draft into a finding, with exactly the evidence that was handed in.

    Exactly one decision falls: the version that the reviewer saw is compared in the update.
    """
    allowed(by, "approve_draft")
    with _decision(draft, by):
        # The row of the measure is the queue: approvals on one measure go one after the other.
        locked = Measure.objects.select_for_update().select_related("source")
        measure = locked.get(pk=draft.measure_id)
        _still_as_handed_in(draft, measure)
        entrance = Entrance(
            finding=Finding(
                measure=measure,
                author=draft.author,
                approver=by,
                supersedes=draft.supersedes,
                **{name: getattr(draft, name) for name in JUDGED},
            ),
            citations=[FrozenCitation.of(citation) for citation in cited(draft)],
        )
        (finding,) = enter([entrance], by=by)
        draft.state, draft.finding = "approved", finding
    return finding


@contextmanager
def _decision(draft: Draft, by: User) -> Iterator[None]:
    """Claim the draft at the version that was seen, let the block decide, and record it."""
    with record.claimed(draft) as stored:
        if not isinstance(stored, Draft) or stored.state != "submitted":
            raise Decided(stored if isinstance(stored, Draft) else draft)
        if settings.FOUR_EYES and by == stored.author:
            raise Refused([self_approval()])
        before = stored.snapshot()
        draft.decided_by = by
        yield
        draft.save()
        record.changed(draft, before, by=by)


def _still_as_handed_in(draft: Draft, measure: Measure) -> None:
    standing = latest(measure)
    corrected = Finding.objects.filter(supersedes=draft.supersedes_id or 0)
    if standing != draft.written_against or corrected.exists():
        raise Overtaken(draft, standing)
    now = proposed(draft)
    if draft.submitted_as is not None and draft.submitted_as != now:
        raise Outdated(draft, draft.submitted_as, now)


def _written_by(draft: Draft, person: User) -> None:
    allowed(person, "change_draft")
    if person != draft.author:
        raise PermissionDenied(_("Only its author writes, hands in or withdraws a draft."))


def cited(draft: Draft) -> models.QuerySet[Citation]:
    """The citations of the draft with their evidence, in the order that a finding keeps."""
    return in_order(draft.citations.all())


def in_order(citations: models.QuerySet[Citation]) -> models.QuerySet[Citation]:
    """The citations with their evidence, the oldest document first."""
    full = citations.select_related("evidence").prefetch_related("evidence__attachments")
    return full.order_by(models.F("evidence__issued_on").asc(nulls_last=True), "evidence__key")
