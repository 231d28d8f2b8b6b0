"""Importing a file: planned first, then done as planned, all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .. import record, workflow
from ..models import User
from ..underway import Tell, silent
from .columns import Columns, match
from .drafts import DraftPlanner
from .incoming import Sheet, read
from .nouns import CitationPlanner, EvidencePlanner, MeasurePlanner
from .plan import CHANGED, NEW, Plan, Planned, Planner

PLANNERS: Mapping[str, Callable[[Sheet, Columns, User], Planner]] = {
    "measures": MeasurePlanner,
    "evidence": EvidencePlanner,
    "citations": CitationPlanner,
    "findings": DraftPlanner,
}
AT_ONCE = 1000


class Moved(Exception):
    """The register changed while the import ran. Nothing was written; plan it anew."""


def plan(
    file: BinaryIO,
    name: str,
    *,
    by: User,
    noun: str = "",
    chosen: Mapping[str, str] | None = None,
    tell: Tell = silent,
) -> Plan:
    """What importing the file would do; raises `Unreadable` where it cannot be read."""
    tell("reading", 0, 0)
    sheet = read(file, name)
    columns = match(sheet, noun, chosen)
    return PLANNERS[columns.noun](sheet, columns, by).run(tell)


def bring(found: Plan, *, by: User, why: str = "", tell: Tell = silent) -> int:
    """Do what was planned, in one transaction; how many rows were added or changed.

    Raises `Moved` where somebody was quicker with one of the rows.
    """
    if not found.possible:
        raise ValueError("a plan with problems, or with nothing in it, is not done")
    new, changed = found.of_kind(NEW), found.of_kind(CHANGED)
    in_all = len(new) + len(changed)
    tell("writing", 0, in_all)
    try:
        with transaction.atomic(), record.one_moment():
            if found.columns.noun == "findings":
                for done, row in enumerate(new, start=1):
                    workflow.propose(row.object, by=by, citations=row.many["citations"])
                    tell("writing", done, in_all)
            else:
                _add(new, by, why, lambda done: tell("writing", done, in_all))
            for done, row in enumerate(changed, start=len(new) + 1):
                workflow.change(row.object, by=by, why=why, **row.many)
                tell("writing", done, in_all)
    except (record.Conflict, IntegrityError) as error:
        raise Moved(_("The register was changed meanwhile. Nothing was imported.")) from error
    return in_all


def _add(new: Sequence[Planned], by: User, why: str, tell: Callable[[int], None]) -> None:
    """A thousand at a time, so that somebody can be told how far it is."""
    done = 0
    for first in range(0, len(new), AT_ONCE):
        some = new[first : first + AT_ONCE]
        rows, many = [row.object for row in some], [row.many for row in some]
        workflow.add_all(rows, by=by, many=many, why=why)
        done += len(some)
        tell(done)
