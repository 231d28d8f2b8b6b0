"""What needs an administrator: people, pages that are cited, the register, this installation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from .. import record, underway, workflow
from ..models import Draft, Invitation, Measure, Message, RecordEntry, User
from ..quality import Quality, quality
from ..record import triggers
from . import machine
from .checks import Line, Part, look
from .outcomes import State

# A draft that has waited so long has been forgotten.
LONG = timedelta(days=7)
# So long is told that a message was given up.
RECENTLY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The state of one installation at one moment; every number is a count of all there are."""

    people: int
    without_factor: tuple[User, ...]
    locked_out: int
    invitations_open: int
    invitations_expired: int
    waiting: int
    waiting_long: int
    under_way: int
    measures: int
    in_nobodys_care: int
    gaps: Quality
    last_check: datetime | None
    checks_stopped: bool
    given_up: int
    forgotten: int
    head: RecordEntry | None
    unprotected: int
    lines: tuple[Line, ...]
    settings: tuple[str, ...]

    @property
    def days(self) -> int:
        """After how many days a draft has waited long."""
        return LONG.days


def upkeep(now: datetime) -> Upkeep:
    """All of it, in as many queries whatever the register holds."""
    waiting = Draft.objects.queue()
    in_use = Measure.objects.in_use()
    checked = machine.last_link_check()
    return Upkeep(
        people=User.objects.filter(is_active=True, is_system=False).count(),
        without_factor=tuple(workflow.without_factor()),
        locked_out=workflow.locked_out(now),
        invitations_open=Invitation.objects.open_at(now).count(),
        invitations_expired=Invitation.objects.expired_at(now).count(),
        waiting=waiting.count(),
        waiting_long=waiting.submitted_before(now - LONG).count(),
        under_way=underway.everybodys(),
        measures=in_use.count(),
        in_nobodys_care=in_use.in_nobodys_care().count(),
        gaps=quality(timezone.localdate(now)),
        last_check=checked,
        checks_stopped=machine.is_unchecked(checked, now),
        given_up=Message.objects.failed_since(now - RECENTLY).count(),
        forgotten=Message.objects.forgotten(now).count(),
        head=record.head(),
        unprotected=len(triggers.missing()) + len(triggers.altered()),
        lines=tuple(each for each in look(Part.PAGE, now) if each.state is not State.OK),
        settings=tuple(machine.weak_settings()),
    )
