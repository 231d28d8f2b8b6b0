"""How a finding enters the record: by `enter`, and in no other way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import method, record
from ..models import Citation, Finding, FrozenCitation, Measure, RecordEntry, User, reasons
from ..models.judgement import Judgement
from .refusals import Refused


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
    objections = method.objections(proposal, cited, setting_of(measure, corrects=corrects))
    if objections:
        raise Refused(objections)


def setting_of(
    measure: Measure,
    *,
    corrects: bool = False,
    is_late: bool = False,
    standing: Finding | None = None,
) -> method.Setting:
    """What a proposal on the measure is judged against today.

    `standing` is given where the order of findings matters: on the desk, not in a bundle that
    brings a whole history.
    """
    return method.Setting(
        nature=measure.nature,
        source_day=measure.source.delivered_on,
        today=timezone.localdate(),
        corrects=corrects,
        is_late=is_late,
        latest_day=standing.effective_on if standing else None,
    )


@dataclass(slots=True)
class Entrance:
    """A finding about to enter the record with its frozen evidence, neither saved yet.

    `finding.recorded_at` None means now. It is set only where a whole register comes home from a
    bundle, so that what was known on a past day stays so. There a review date may have been
    cleared, too: then `moves_review` is false.
    """

    finding: Finding
    citations: list[FrozenCitation]
    moves_review: bool = True


@transaction.atomic
def enter(entrances: Sequence[Entrance], *, by: User, why: str = "") -> list[Finding]:
    """Write findings, their frozen evidence, the record and the review dates in one transaction.

    Raises `Refused` for the first that breaks a rule. Findings of one measure are numbered on
    from its last one unless they bring their number along.
    """
    _number(entrances)
    now = record.moment()
    fresh = {e.finding.measure_id for e in entrances if e.finding.recorded_at is None}
    for entrance in entrances:
        finding = entrance.finding
        corrects = finding.supersedes is not None
        check(finding, finding.measure, entrance.citations, corrects=corrects)
        two_persons(finding.author, finding.approver)
        finding.citation_count = len(entrance.citations)
        finding.method_version = finding.method_version or method.METHOD_VERSION
        finding.recorded_at = finding.recorded_at or now
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
    _move_reviews([e.finding for e in entrances if e.moves_review], fresh, by)
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
    """The day by which a finding recorded then is to be looked at again; the desk sets how soon."""
    return timezone.localdate(recorded) + timedelta(days=settings.REVIEW_DAYS[measure.nature])


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
            record.save(measure, by=by, why=reasons.REVIEW_MOVED)
