"""What people follow, which notices they want, and how they stop both; none of it is recorded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import record
from ..models import NoticeChoice, Subscription, User
from ..models.notice_choice import NOTICES

SALT = "measures.unsubscribe"
OF_A_SUBSCRIPTION, OF_A_NOTICE = "s", "n"


def follow(*, by: User, uid: UUID, **told: Any) -> Subscription | None:
    """Follow something from now on. `uid` comes with the form: None where it was sent before."""
    head = record.head()
    try:
        with transaction.atomic():
            return Subscription.objects.create(
                person=by, uid=uid, told_to=head.sequence if head else 0, **told
            )
    except IntegrityError:
        if Subscription.objects.filter(uid=uid).exists():
            return None
        raise


def change_subscription(subscription: Subscription, **told: Any) -> None:
    """How often, when, in which language and how; what was told already stays told."""
    Subscription.objects.filter(pk=subscription.pk).update(**told)


def pause(subscription: Subscription) -> bool:
    """Stop for a while, or go on and tell of the time between; whether it is paused now."""
    paused = None if subscription.paused_at else timezone.now()
    Subscription.objects.filter(pk=subscription.pk).update(paused_at=paused)
    return paused is not None


def stop_following(subscription: Subscription) -> None:
    """For good; what waits to be sent for it is not sent."""
    subscription.delete()


@transaction.atomic
def choose_notices(wanted: Mapping[str, bool], *, by: User) -> None:
    """Which notices the person wants, by kind; those that are not named stay as they are."""
    for kind, is_wanted in wanted.items():
        told = {"is_wanted": is_wanted}
        NoticeChoice.objects.update_or_create(person=by, kind=kind, defaults=told)


def way_out(person: User, kind: str, subscription: Subscription | None) -> str:
    """The signed words by which whoever got a message stops more of its kind."""
    if subscription:
        return _signer().sign(f"{OF_A_SUBSCRIPTION}.{subscription.uid}")
    return _signer().sign(f"{OF_A_NOTICE}.{person.opaque_id}.{kind}")


def leads_out(signed: str) -> bool:
    """Whether the words are ours; for how long they hold is not limited."""
    return _read(signed) is not None


def unsubscribe(signed: str) -> bool:
    """Stop what the words name, whoever brings them; whether they are ours.

    What is stopped already, or was of an account that is gone, is stopped.
    """
    match _read(signed):
        case None:
            return False
        case [sort, uid] if sort == OF_A_SUBSCRIPTION:
            Subscription.objects.filter(uid=uid).delete()
        case [sort, opaque_id, kind] if sort == OF_A_NOTICE and kind in NOTICES:
            person = User.objects.filter(opaque_id=opaque_id, is_active=True).first()
            if person:
                choose_notices({kind: False}, by=person)
    return True


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _read(signed: str) -> list[str] | None:
    try:
        return _signer().unsign(signed).split(".")
    except signing.BadSignature:
        return None
