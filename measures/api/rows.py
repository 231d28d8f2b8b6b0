"""The objects of the register as the API tells them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from .. import shapes
from ..models import Citation, Draft, Evidence, Finding, Measure
from ..models.judgement import JUDGED
from ..progress import Chapter, OnSchedule, Standing, Trend

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


def kept(found: Iterable[OnSchedule]) -> list[dict[str, Any]]:
    """Every schedule with its number."""
    return [
        {"schedule": each.term.slug, "label": str(each.term.label), "number": each.number}
        for each in found
    ]


def trend(found: Trend) -> list[dict[str, Any]]:
    """Every month's end."""
    return [
        {"day": shapes.public(each.day), "total": each.total, "counts": shapes.counts(each.counts)}
        for each in found.points
    ]
