"""What needs an administrator: people, pages that are cited, the register, this installation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from . import record, underway, workflow
from .models import Draft, Invitation, LinkCheck, Measure, RecordEntry, User
from .quality import Quality, quality
from .record import triggers

# A draft that has waited so long has been forgotten.
LONG = timedelta(days=7)
# After so long without a check of any page, whatever runs the checks has stopped.
UNCHECKED = timedelta(days=8)


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
    head: RecordEntry | None
    unprotected: int
    settings: tuple[str, ...]

    @property
    def days(self) -> int:
        """After how many days a draft has waited long."""
        return LONG.days


def upkeep(now: datetime) -> Upkeep:
    """All of it, in as many queries whatever the register holds."""
    waiting = Draft.objects.queue()
    in_use = Measure.objects.in_use()
    checked = LinkCheck.objects.newest_first().values_list("at", flat=True).first()
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
        checks_stopped=checked is None or checked < now - UNCHECKED,
        head=record.head(),
        unprotected=len(triggers.missing()) + len(triggers.altered()),
        settings=tuple(_weak_settings()),
    )


def _weak_settings() -> list[str]:
    """What of the settings weakens the installation, by name."""
    weak = {
        "DEBUG": settings.DEBUG,
        "HTTPS": not settings.HTTPS,
        "FOUR_EYES": not settings.FOUR_EYES,
        "REQUIRE_MFA": not settings.REQUIRE_MFA,
        "EMAIL_URL": settings.EMAIL_BACKEND.endswith("console.EmailBackend"),
    }
    return [name for name, is_weak in weak.items() if is_weak]
