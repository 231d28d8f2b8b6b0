"""Writing the register to a bundle."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..models import Citation, Finding, FrozenCitation, Source, User
from ..shapes import FINDING, SHAPES, Shape, frozen_row, name_of, person_row, row
from . import files

# What each noun's public fields read of others, so that no row asks the database anew.
RELATIONS = {
    "passages": ("source",),
    "themes": ("source", "passage"),
    "measures": ("source", "theme", "passage"),
    "citations": ("evidence", "measure__source"),
}
LISTS = {"measures": ("bodies",), "evidence": ("bodies",)}
ORDERS = {
    "bodies": ("slug",),
    "sources": ("slug",),
    "passages": ("source__slug", "number"),
    "themes": ("source__slug", "number"),
    "measures": ("source__slug", "theme__number", "position", "code"),
    "evidence": ("issued_on", "key"),
    "citations": (
        "measure__source__slug",
        "measure__theme__number",
        "measure__position",
        "evidence__key",
    ),
}


def dump(folder: Path) -> dict[str, int]:
    """Write the whole register to `folder`; returns how many rows each file has."""
    sources = Source.objects.count()
    rows: dict[str, list[dict[str, Any]]] = {
        shape.name: list(_rows(shape, sources)) for shape in SHAPES
    }
    findings = list(_findings(sources))
    rows[FINDING.name] = findings
    named = {each[role] for each in findings for role in ("author", "approver")}
    people = User.objects.order_by("username")
    rows["people"] = [person_row(p) for p in people if name_of(p) in named]
    files.write(folder, rows)
    return {name: len(found) for name, found in rows.items() if found}


def _rows(shape: Shape, sources: int) -> Iterator[dict[str, Any]]:
    objects = shape.model._default_manager.order_by(*ORDERS[shape.name])
    if shape.name in RELATIONS:
        objects = objects.select_related(*RELATIONS[shape.name])
    objects = objects.prefetch_related(*LISTS.get(shape.name, ()))
    for obj in objects:
        yield row(obj, shape, sources)


def _findings(sources: int) -> Iterator[dict[str, Any]]:
    citations = Citation.objects.select_related("evidence")
    now = {(c.measure_id, c.evidence_id): FrozenCitation.of(c) for c in citations}
    findings = (
        Finding.objects.select_related("measure__source", "author", "approver", "supersedes")
        .prefetch_related("citations__evidence")
        .order_by("measure__source__slug", "measure__theme__number", "measure__position", "number")
    )
    for finding in findings:
        told = row(finding, FINDING, sources)
        told["evidence"] = [
            frozen_row(c, now.get((finding.measure_id, c.evidence_id)))
            for c in finding.citations.all()
        ]
        yield {name: value for name, value in told.items() if value != []}
