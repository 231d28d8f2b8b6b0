"""Every check, once: what the doctor, `/readyz` and the administration ask for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Flag, auto

from django.db import Error
from django.utils.translation import gettext as _

from . import kept, machine
from .outcomes import Outcome, State, failing


class Part(Flag):
    """Who asks: the doctor for all; a load balancer, the administration and a quick doctor."""

    READY = auto()
    PAGE = auto()
    QUICK = auto()
    LONG = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """`stops`: with it failing this machine cannot serve, and should get no requests."""

    name: str
    look: Callable[[datetime], Outcome | None]
    parts: Part = Part.QUICK
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one check."""

    name: str
    state: State
    told: str
    mend: str
    stops: bool


EVERYWHERE = Part.READY | Part.PAGE | Part.QUICK
# A new check is one line here. The database comes first: without it nothing else is asked.
CHECKS = (
    Check("database", kept.database, Part.READY | Part.QUICK, stops=True),
    Check("migrations", kept.migrations, EVERYWHERE, stops=True),
    Check("triggers", kept.protection, Part.READY | Part.QUICK, stops=True),
    Check("record", kept.head, Part.READY | Part.QUICK, stops=True),
    Check("disk", machine.disk, EVERYWHERE, stops=True),
    Check("links", machine.links, Part.READY | Part.QUICK),
    Check("digests", machine.digests, EVERYWHERE),
    Check("backups", machine.backups, Part.PAGE | Part.QUICK),
    Check("search", kept.index, Part.PAGE | Part.QUICK),
    Check("settings", machine.environment),
    Check("hosts", machine.hosts),
    Check("time-zone", machine.clock),
    Check("second-factors", machine.factors),
    Check("mail", machine.mail),
    Check("record-verified", kept.chain, Part.LONG),
    Check("search-words", kept.words, Part.LONG),
    Check("sums", kept.sums, Part.LONG),
    Check("held-copies", kept.copies, Part.LONG),
)


def look(parts: Part, now: datetime) -> Iterator[Line]:
    """What comes of each of these checks, in their order; no fault of one gets out of here."""
    for check in CHECKS:
        if not check.parts & parts:
            continue
        outcome = _outcome(check, now)
        if outcome is None:
            continue
        yield Line(check.name, outcome.state, outcome.told, outcome.mend, check.stops)
        if check.name == "database" and outcome.state is State.FAILING:
            return


def _outcome(check: Check, now: datetime) -> Outcome | None:
    try:
        return check.look(now)
    except Exception as error:
        told = _("It could not be looked at (%(fault)s).") % {"fault": type(error).__name__}
        if isinstance(error, Error):
            mend = _("See that the database of DATABASE_URL runs, lets us in and can be written.")
        else:
            mend = _("The log of this command says more with --traceback.")
        return failing(told, mend)
