"""Importing a file: planned first, then done as planned, all of it or nothing."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .. import record, workflow
from ..models import User
from .columns import Columns, match
from .drafts import DraftPlanner
from .incoming import Sheet, read
from .nouns import CitationPlanner, EvidencePlanner, MeasurePlanner
from .plan import CHANGED, NEW, Plan, Planner

PLANNERS: Mapping[str, Callable[[Sheet, Columns, User], Planner]] = {
    "measures": MeasurePlanner,
    "evidence": EvidencePlanner,
    "citations": CitationPlanner,
    "findings": DraftPlanner,
}


class Moved(Exception):
    """The register changed while the import ran. Nothing was written; plan it anew."""


def plan(
    file: BinaryIO,
    name: str,
    *,
    by: User,
    noun: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Plan:
    """What importing the file would do; raises `Unreadable` where it cannot be read."""
    sheet = read(file, name)
    columns = match(sheet, noun, chosen)
    return PLANNERS[columns.noun](sheet, columns, by).run()


def bring(found: Plan, *, by: User, why: str = "") -> int:
    """Do what was planned, in one transaction; how many rows were added or changed.

    Raises `Moved` where somebody was quicker with one of the rows.
    """
    if not found.possible:
        raise ValueError("a plan with problems, or with nothing in it, is not done")
    new, changed = found.of_kind(NEW), found.of_kind(CHANGED)
    try:
        with transaction.atomic():
            if found.columns.noun == "findings":
                for row in new:
                    workflow.propose(row.object, by=by, citations=row.many["citations"])
            elif new:
                rows, many = [row.object for row in new], [row.many for row in new]
                workflow.add_all(rows, by=by, many=many, why=why)
            for row in changed:
                workflow.change(row.object, by=by, why=why, **row.many)
    except (record.Conflict, IntegrityError) as error:
        raise Moved(_("The register was changed meanwhile. Nothing was imported.")) from error
    return len(new) + len(changed)
