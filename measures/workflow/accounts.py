"""Accounts: who is invited, and what signing in takes of whom."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import method, record
from ..models import Invitation, User, reasons
from .refusals import Refused, allowed

SALT = "measures.invitation"
# Recovery codes replace a lost one, and are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(person: User) -> list[str]:
    """The kind of each second factor that the person has set up, recovery codes among them."""
    return list(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def owes_factor(person: Any) -> bool:
    """Whether the person reviews or administers, and still has to set up a second factor."""
    if not settings.REQUIRE_MFA or not person.is_authenticated:
        return False
    decides = person.has_perm("measures.approve_draft") or person.has_perm("measures.change_user")
    return decides and not set(FACTORS) & set(factors_of(person))


def without_factor() -> list[User]:
    """Who reviews or administers and has set up no second factor, whether it is wanted or not."""
    may = Permission.objects.filter(
        content_type__app_label="measures", codename__in=("approve_draft", "change_user")
    )
    deciding = Q(is_superuser=True) | Q(groups__permissions__in=may) | Q(user_permissions__in=may)
    held = Authenticator.objects.filter(type__in=FACTORS).values("user")
    found = User.objects.filter(deciding, is_active=True, is_system=False)
    return list(found.exclude(pk__in=held).distinct().order_by("username"))


def locked_out(moment: datetime) -> int:
    """How many names at an address are refused at the moment, after too many wrong passwords."""
    since = moment - settings.AXES_COOLOFF_TIME
    enough = {"failures_since_start__gte": settings.AXES_FAILURE_LIMIT}
    return int(AccessAttempt.objects.filter(attempt_time__gt=since, **enough).count())


@transaction.atomic
def reset_factors(person: User, *, by: User) -> bool:
    """Take away every second factor of somebody who lost theirs; whether there was one.

    For the factors of a superuser it takes a superuser: otherwise a reset would be a way up.
    """
    allowed(by, "change_user")
    if person.is_superuser and not by.is_superuser:
        raise PermissionDenied(_("Only a superuser resets the second factors of a superuser."))
    held = Authenticator.objects.filter(user=person)
    if not held.delete()[0]:
        return False
    record.noted(person, {"second_factors": []}, by=by, why=reasons.FACTORS_RESET)
    return True


@transaction.atomic
def invite(*, by: User, uid: UUID, email: str, roles: Iterable[Group]) -> Invitation | None:
    """An invitation to the address; earlier ones to it end. None where the form was sent before.

    Raises `Refused` where somebody has an account with this address.
    """
    allowed(by, "add_user")
    if User.objects.filter(email__iexact=email).exists():
        told = _("There is an account with this address already.")
        raise Refused([method.Objection("email", told)])
    if Invitation.objects.filter(uid=uid).exists():
        return None
    for earlier in Invitation.objects.to(email).open_at(timezone.now()):
        _end(earlier, by=by)
    invitation = Invitation.objects.create(uid=uid, email=email, invited_by=by)
    invitation.roles.set(roles)
    record.added([invitation], by=by)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> bool:
    """End an invitation now; whether it had not ended before."""
    allowed(by, "add_user")
    return _end(invitation, by=by)


def _end(invitation: Invitation, *, by: User) -> bool:
    before = invitation.snapshot()
    open_now = Invitation.objects.filter(pk=invitation.pk).open_at(timezone.now())
    if not open_now.update(withdrawn_at=timezone.now()):
        return False
    invitation.refresh_from_db()
    return record.changed(invitation, before, by=by)


def link_of(invitation: Invitation) -> str:
    """What stands in the link: the id, signed, so that nobody makes one up."""
    return Signer(salt=SALT).sign(str(invitation.uid))


def invited_by_link(told: str) -> Invitation | None:
    """The invitation of a link, while it can be used."""
    try:
        uid = UUID(Signer(salt=SALT).unsign(told))
    except (BadSignature, ValueError):
        return None
    return Invitation.objects.open_at(timezone.now()).filter(uid=uid).first()


def invited_by_address(email: str) -> Invitation | None:
    """The newest invitation to an address that can be used."""
    return Invitation.objects.open_at(timezone.now()).to(email).newest_first().first()


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, username: str, display_name: str, password: str | None
) -> User | None:
    """The account of somebody who was invited; None where the invitation ended meanwhile.

    Without a password the account signs in through the provider alone. Raises `IntegrityError`
    where somebody took the user name meanwhile; the invitation can then be used still.
    """
    now = timezone.now()
    before = invitation.snapshot()
    # Whoever comes second finds it accepted, and the account below is made once.
    open_now = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not open_now.filter(expires_at__gt=now).update(accepted_at=now):
        return None
    person = User(username=username, email=invitation.email, display_name=display_name)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.is_staff = invitation.roles.filter(permissions__codename="change_user").exists()
    person.save()
    person.groups.set(invitation.roles.all())
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=person)
    record.added([person], by=person, why=reasons.INVITED)
    invitation.refresh_from_db()
    record.changed(invitation, before, by=person)
    return person
