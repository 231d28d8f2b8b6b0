"""The verbs of people: start, submit, approve. Permission, rules, version and record together.

Every door (page, admin, import, command) comes through here, so that what holds for one holds
for all. A finding enters the record by `enter` and in no other way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import method, record
from .models import Citation, Draft, Finding, FrozenCitation, Measure, RecordEntry, User
from .models.judgement import Judgement
from .models.tracked import Tracked

JUDGED = tuple(field.name for field in Judgement._meta.fields)


class Refused(Exception):
    """What was asked would break the method. `objections` say why and what would satisfy it."""

    def __init__(self, objections: Sequence[method.Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__(" ".join(objection.sentence for objection in objections))


class Overtaken(Exception):
    """Another finding was approved since the draft was begun: look at both before deciding."""

    def __init__(self, draft: Draft, standing: Finding | None) -> None:
        self.draft, self.standing = draft, standing
        super().__init__(
            _(
                "Another finding on %(measure)s was approved after this draft was begun. "
                "Compare the two, then start anew."
            )
            % {"measure": draft.measure}
        )


class Decided(Exception):
    """Somebody else has decided on the draft, or it is not waiting for a decision."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(
            _("This draft is no longer waiting for a decision: it is %(state)s.")
            % {"state": method.DRAFT_STATES[draft.state].label.lower()}
        )


def allowed(person: User, permission: str) -> None:
    """Raise `PermissionDenied` unless the person holds the permission of this app."""
    if not person.has_perm(f"measures.{permission}"):
        raise PermissionDenied(_("Your account does not allow this. Ask an administrator."))


def self_approval() -> method.Objection:
    """The objection to a finding that its author approves."""
    return method.Objection(
        "approver", _("Nobody approves their own finding. Ask another reviewer to decide.")
    )


def two_persons(author: User, approver: User) -> None:
    """Raise `Refused` where one person would write and approve, unless the desk is one of one."""
    if settings.FOUR_EYES and author == approver:
        raise Refused([self_approval()])


def latest(measure: Measure) -> Finding | None:
    """The finding that holds for the measure now, None if it was never assessed."""
    return measure.findings.standing(timezone.localdate()).first()


def check(
    proposal: Judgement,
    measure: Measure,
    cited: Sequence[Citation | FrozenCitation],
    *,
    corrects: bool = False,
) -> None:
    """Raise `Refused` if the proposal breaks a rule of the method."""
    setting = method.Setting(
        nature=measure.nature,
        source_day=measure.source.delivered_on,
        today=timezone.localdate(),
        corrects=corrects,
    )
    objections = method.objections(proposal, cited, setting)
    if objections:
        raise Refused(objections)


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
    citations = list(citations)
    _same_measure(measure, citations, corrects)
    draft = Draft(measure=measure, author=by, supersedes=corrects, **judged)
    draft.written_against = latest(measure)
    record.save(draft, by=by, citations=citations)
    return draft


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
def submit(draft: Draft, *, by: User) -> Draft:
    """Hand the draft to a reviewer; refused while it breaks a rule of the method."""
    allowed(by, "change_draft")
    if by != draft.author:
        raise PermissionDenied(_("Only its author hands in a draft."))
    if draft.state not in ("writing", "returned"):
        raise Decided(draft)
    check(draft, draft.measure, list(_cited(draft)), corrects=draft.supersedes_id is not None)
    draft.state, draft.submitted_at = "submitted", timezone.now()
    record.save(draft, by=by)
    return draft


@transaction.atomic
def approve(draft: Draft, *, by: User) -> Finding:
    """Turn a submitted draft into a finding, with its evidence frozen as it reads now.

    Exactly one decision falls: the version that the reviewer saw is compared in the update.
    """
    allowed(by, "approve_draft")
    with record.claimed(draft) as stored:
        return _approve(draft, stored, by)


def _approve(draft: Draft, stored: Tracked, by: User) -> Finding:
    if not isinstance(stored, Draft) or stored.state != "submitted":
        raise Decided(draft)
    before = stored.snapshot()
    two_persons(draft.author, by)
    # The row of the measure is the queue: two approvals on one measure go one after the other.
    measure = Measure.objects.select_for_update().select_related("source").get(pk=draft.measure_id)
    standing = latest(measure)
    corrected = Finding.objects.filter(supersedes=draft.supersedes_id or 0)
    if standing != draft.written_against or corrected.exists():
        raise Overtaken(draft, standing)
    entrance = Entrance(
        finding=Finding(
            measure=measure,
            author=draft.author,
            approver=by,
            supersedes=draft.supersedes,
            **{name: getattr(draft, name) for name in JUDGED},
        ),
        citations=[FrozenCitation.of(citation) for citation in _cited(draft)],
    )
    (finding,) = enter([entrance], by=by)
    draft.state, draft.decided_by, draft.finding = "approved", by, finding
    draft.save()
    record.changed(draft, before, by=by)
    return finding


def _cited(draft: Draft) -> models.QuerySet[Citation]:
    return draft.citations.select_related("evidence").order_by(
        models.F("evidence__issued_on").asc(nulls_last=True), "evidence__key"
    )


@dataclass(slots=True)
class Entrance:
    """A finding about to enter the record with its frozen evidence, neither saved yet.

    `finding.recorded_at` None means now. It is set only where a whole register comes home from a
    bundle, so that what was known on a past day stays so.
    """

    finding: Finding
    citations: list[FrozenCitation]


@transaction.atomic
def enter(entrances: Sequence[Entrance], *, by: User, why: str = "") -> list[Finding]:
    """Write findings, their frozen evidence, the record and the review dates in one transaction.

    Raises `Refused` for the first that breaks a rule. Findings of one measure are numbered on
    from its last one unless they bring their number along.
    """
    _number(entrances)
    fresh = {e.finding.measure_id for e in entrances if e.finding.recorded_at is None}
    for entrance in entrances:
        finding = entrance.finding
        corrects = finding.supersedes is not None
        check(finding, finding.measure, entrance.citations, corrects=corrects)
        two_persons(finding.author, finding.approver)
        finding.citation_count = len(entrance.citations)
        finding.method_version = finding.method_version or method.METHOD_VERSION
        finding.recorded_at = finding.recorded_at or timezone.now()
        finding.four_eyes = finding.author != finding.approver
    _insert(entrances)
    findings = [entrance.finding for entrance in entrances]
    record.added(
        findings,
        by=by,
        why=why,
        action=RecordEntry.Action.FOUND,
        snapshots=[e.finding.snapshot(e.citations) for e in entrances],
    )
    _move_reviews(findings, fresh, by)
    return findings


def _number(entrances: Sequence[Entrance]) -> None:
    measures = {e.finding.measure_id for e in entrances}
    last = dict(
        Finding.objects.filter(measure__in=measures)
        .values_list("measure")
        .annotate(models.Max("number"))
    )
    for entrance in entrances:
        finding = entrance.finding
        if not finding.number:
            finding.number = last.get(finding.measure_id, 0) + 1
        last[finding.measure_id] = max(finding.number, last.get(finding.measure_id, 0))


def _insert(entrances: Sequence[Entrance]) -> None:
    """Insert all findings, then all frozen evidence; a correction after what it corrects."""
    plain = [e.finding for e in entrances if e.finding.supersedes is None]
    Finding.objects.bulk_create(plain, batch_size=500)
    for entrance in entrances:
        if entrance.finding.supersedes is not None:
            entrance.finding.save(force_insert=True)
    frozen = []
    for entrance in entrances:
        for position, citation in enumerate(entrance.citations, start=1):
            citation.finding, citation.position = entrance.finding, position
            frozen.append(citation)
    FrozenCitation.objects.bulk_create(frozen, batch_size=500)


def review_day(measure: Measure, recorded: datetime) -> date:
    """The day by which a finding recorded then is to be looked at again."""
    return timezone.localdate(recorded) + timedelta(days=method.REVIEW_AFTER_DAYS[measure.nature])


def _move_reviews(findings: Sequence[Finding], fresh: set[int], by: User) -> None:
    """Set review dates on from the newest finding: on measures without one, and on `fresh` ones."""
    newest = {finding.measure_id: finding for finding in findings}
    measures = Measure.objects.filter(pk__in=newest).select_related(
        "source", "theme__source", "passage__source"
    )
    for measure in measures:
        due = review_day(measure, newest[measure.pk].recorded_at)
        if measure.review_on is None or (measure.pk in fresh and measure.review_on < due):
            measure.review_on = due
            record.save(measure, by=by, why=_("A new finding moves the review date."))
