"""Writing the register to a bundle."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from ..models import Citation, Evidence, Finding, Measure, Source, User
from ..shapes import FINDING, SHAPES, Shape, frozen_row, name_of, person_row, row
from . import files
from .findings import without_copy

# What each noun's public fields read of others, so that no row asks the database anew.
RELATIONS = {
    "passages": ("source",),
    "themes": ("source", "passage"),
    "measures": ("source", "theme", "passage"),
    "citations": ("evidence", "measure__source", "measure__theme"),
}
LISTS = {"measures": ("bodies",), "evidence": ("bodies",)}
OF_A_MEASURE = (
    "measure.source.slug",
    "measure.theme.number",
    "measure.position",
    "measure.code",
)
# Put in order here, not by the database: each engine has its own way with NULL, and each
# PostgreSQL server with letters.
ORDERS = {
    "method-texts": ("place",),
    "bodies": ("slug",),
    "sources": ("slug",),
    "passages": ("source.slug", "number"),
    "themes": ("source.slug", "number"),
    "measures": ("source.slug", "theme.number", "position", "code"),
    "evidence": ("issued_on", "key"),
    "citations": (*OF_A_MEASURE, "evidence.key"),
    "findings": (*OF_A_MEASURE, "number"),
}


def dump(folder: Path, source: Source | None = None) -> dict[str, int]:
    """Write the whole register to `folder`, or one source with all that it rests on.

    Returns how many rows each file has.
    """
    sources = 1 if source else Source.objects.count()
    rows: dict[str, list[dict[str, Any]]] = {
        shape.name: list(_rows(shape, sources, source)) for shape in SHAPES
    }
    findings = list(_findings(sources, source))
    rows[FINDING.name] = findings
    named = {each[role] for each in findings for role in ("author", "approver")}
    people = sorted(User.objects.all(), key=lambda person: str(name_of(person)))
    rows["people"] = [person_row(p) for p in people if name_of(p) in named]
    files.write(folder, rows)
    return {name: len(found) for name, found in rows.items() if found}


def _of_source(shape: Shape, source: Source) -> QuerySet[Any]:
    """What belongs to the source, or is cited or named by what does; each once."""
    cited = Q(citations__measure__source=source)
    cited |= Q(frozen__finding__measure__source=source)
    of = {
        "sources": Q(pk=source.pk),
        "citations": Q(measure__source=source),
        "evidence": cited,
    }
    objects = shape.model._default_manager.all()
    if shape.name == "method-texts":
        return objects.none()  # They are of the desk, not of a source.
    if shape.name == "bodies":
        documents = Evidence.objects.filter(cited)
        return objects.filter(Q(measures__source=source) | Q(evidence__in=documents)).distinct()
    return objects.filter(of.get(shape.name, Q(source=source))).distinct()


def _rows(shape: Shape, sources: int, source: Source | None) -> Iterator[dict[str, Any]]:
    assessed = set(Finding.objects.values_list("measure", flat=True).distinct())
    objects = _of_source(shape, source) if source else shape.model._default_manager.all()
    if shape.name in RELATIONS:
        objects = objects.select_related(*RELATIONS[shape.name])
    objects = objects.prefetch_related(*LISTS.get(shape.name, ()))
    for obj in _in_order(objects, shape.name):
        told = row(obj, shape, sources)
        if isinstance(obj, Measure) and obj.review_on is None and obj.pk in assessed:
            told["review_on"] = None  # Left out, a load would take it from the findings.
        yield told


def _in_order(objects: Iterable[Any], name: str) -> list[Any]:
    """Sorted by the order of that file, what has no value first."""
    paths = [attrgetter(path) for path in ORDERS[name]]
    return sorted(objects, key=lambda obj: [(get(obj) is not None, get(obj)) for get in paths])


def _findings(sources: int, source: Source | None) -> Iterator[dict[str, Any]]:
    citations = Citation.objects.select_related("evidence")
    now = {(c.measure_id, c.evidence_id): without_copy(c) for c in citations}
    findings = Finding.objects.select_related(
        "measure__source", "measure__theme", "author", "approver", "supersedes"
    ).prefetch_related("citations__evidence")
    if source:
        findings = findings.filter(measure__source=source)
    for finding in _in_order(findings, FINDING.name):
        told = row(finding, FINDING, sources)
        told["evidence"] = [
            frozen_row(c, now.get((finding.measure_id, c.evidence_id)))
            for c in finding.citations.all()
        ]
        yield {name: value for name, value in told.items() if value != []}
