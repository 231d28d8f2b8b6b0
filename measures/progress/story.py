"""The story of one measure: its findings, each seen from the one before it."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from .. import method
from ..models import Finding, Measure
from .moves import CORRECTED


@dataclass(frozen=True, slots=True)
class Chapter:
    """A finding in the story of its measure: what it brought, seen from the one before it.

    `turn` is first, up, down, aside (the ladder does not say), confirmed or corrected;
    `holds` marks the one that stands, `undone` those that were corrected since.
    """

    finding: Finding
    turn: str
    holds: bool
    undone: bool


def story(measure: Measure, day: date, known: datetime | None = None) -> tuple[Chapter, ...]:
    """Every finding in effect by `day` as recorded by `known`, the latest in the world first.

    Two queries.
    """
    recorded = list(measure.findings.in_full().recorded_by(known).latest_first())
    undone = {f.supersedes_id for f in recorded if f.supersedes_id}
    findings = [f for f in recorded if f.effective_on <= day]
    standing = [f for f in findings if f.pk not in undone]
    holds = next(iter(standing), None)
    before = dict(pairwise(standing))
    return tuple(Chapter(f, _turn(f, before.get(f)), f == holds, f.pk in undone) for f in findings)


def _turn(finding: Finding, before: Finding | None) -> str:
    if finding.supersedes_id:
        return CORRECTED
    if before is None:
        return "first"
    if before.status == finding.status:
        return "confirmed"
    return {1: "up", -1: "down", 0: "aside"}[method.direction(before.status, finding.status)]
