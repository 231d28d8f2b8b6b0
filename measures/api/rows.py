"""The objects of the register as the API tells them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from .. import shapes
from ..models import Citation, Draft, Evidence, Finding, Measure, RecordEntry
from ..models.judgement import JUDGED
from ..progress import Chapter, Comparison, Count, Move, OnSchedule, Standing, State, Trend

SHAPES = shapes.BY_NOUN


def standing(held: Finding | None, schedule: str) -> dict[str, Any]:
    """Where a measure stands."""
    return {
        "status": held.status if held else "not-assessed",
        "since": shapes.public(held.effective_on) if held else None,
        "confidence": held.confidence if held else None,
        "finding": held.number if held else None,
        "schedule": schedule,
    }


def measure(row: Measure, held: Finding | None, schedule: str) -> dict[str, Any]:
    """A measure and where it stands."""
    told = shapes.whole(row, SHAPES["measure"])
    return told | {"standing": standing(held, schedule), "url": row.get_absolute_url()}


def listed_measure(each: Standing) -> dict[str, Any]:
    """A measure of a listing."""
    return measure(each.measure, each.finding, each.schedule.slug if each.schedule else "")


def finding(row: Finding) -> dict[str, Any]:
    """A finding with its frozen evidence."""
    return {
        "source": row.measure.source.slug,
        **shapes.whole(row, shapes.FINDING),
        "evidence": [shapes.frozen_whole(each) for each in row.citations.all()],
        "url": row.get_absolute_url(),
    }


def chapter(each: Chapter) -> dict[str, Any]:
    """A finding in the story of its measure."""
    return finding(each.finding) | {"holds": each.holds, "corrected": each.undone}


def citation(row: Citation) -> dict[str, Any]:
    """A document under a measure."""
    return {"source": row.measure.source.slug, **shapes.whole(row, SHAPES["citation"])}


def evidence(row: Evidence) -> dict[str, Any]:
    """A document with its citations."""
    cited = [citation(each) for each in row.citations.all()]
    return shapes.whole(row, SHAPES["evidence"]) | {"citations": cited}


def draft(row: Draft) -> dict[str, Any]:
    """A draft as its author reads it."""
    return {
        "id": str(row.uid),
        "source": row.measure.source.slug,
        "measure": row.measure.code,
        "state": row.state,
        **{name: shapes.public(getattr(row, name)) for name in (*JUDGED, "is_late")},
        "corrects": row.supersedes.number if row.supersedes else None,
        "citations": sorted(each.evidence.key for each in row.citations.all()),
        "decision_note": row.decision_note,
        "finding": row.finding.number if row.finding else None,
        "begun_at": shapes.public(row.begun_at),
        "submitted_at": shapes.public(row.submitted_at),
        "url": reverse("draft-detail", args=[row.uid]),
    }


def counts(found: Iterable[Count]) -> list[dict[str, Any]]:
    """Every status with its number."""
    return [
        {"status": each.term.slug, "label": str(each.term.label), "number": each.number}
        for each in found
    ]


def kept(found: Iterable[OnSchedule]) -> list[dict[str, Any]]:
    """Every schedule with its number."""
    return [
        {"schedule": each.term.slug, "label": str(each.term.label), "number": each.number}
        for each in found
    ]


def trend(found: Trend) -> list[dict[str, Any]]:
    """Every month's end."""
    return [
        {"day": shapes.public(each.day), "total": each.total, "counts": counts(each.counts)}
        for each in found.points
    ]


def comparison(found: Comparison) -> dict[str, Any]:
    """Two days and what moved between them."""
    return {
        "earlier": _side(found.earlier),
        "later": _side(found.later),
        "moves": [_move(each) for each in found.moves],
    }


def _side(state: State) -> dict[str, Any]:
    return {
        "day": shapes.public(state.day),
        "known": shapes.public(state.known),
        "total": len(state),
        "counts": counts(state.counts),
    }


def _move(each: Move) -> dict[str, Any]:
    return {
        "measure": each.measure.code,
        "title": each.measure.title,
        "before": each.before.slug,
        "after": each.after.slug,
        "direction": each.direction,
        "kind": each.kind,
        "reason": each.reason,
        "evidence": [cited.evidence.key for cited in each.evidence],
    }


def entry(row: RecordEntry) -> dict[str, Any]:
    """An entry with the public fields that it changed: who takes care of what is for staff."""
    public = SHAPES[row.noun].fields if row.noun in SHAPES else ()
    changed = row.after if row.action == RecordEntry.Action.CHANGED else ()
    return {
        "sequence": row.sequence,
        "at": shapes.public(row.at),
        "actor": str(row.actor),
        "action": row.action,
        "noun": row.noun,
        "key": row.key,
        "why": row.why,
        "changes": [
            {"field": name, "before": row.before.get(name), "after": row.after[name]}
            for name in changed
            if name in public
        ],
        "previous": row.previous,
        "hash": row.hash,
    }
