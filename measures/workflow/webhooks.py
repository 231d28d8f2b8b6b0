"""Where machines are told of changes: administrators say where, and the record that they did."""

from uuid import UUID

from django.db import IntegrityError, transaction

from .. import record
from ..models import Message, User, Webhook
from .refusals import allowed

# Who lets others in may let news out.
MAY = "add_user"


@transaction.atomic
def make_webhook(*, by: User, uid: UUID, name: str, address: str) -> tuple[Webhook, str] | None:
    """A new one with its secret, which nobody is told again.

    `uid` comes with the form: None where the same form was sent before.
    """
    allowed(by, MAY)
    webhook, secret = Webhook.fresh(owner=by, uid=uid, name=name, address=address)
    try:
        with transaction.atomic():
            webhook.save()
    except IntegrityError:
        if Webhook.objects.filter(uid=uid).exists():
            return None
        raise
    record.added([webhook], by=by)
    return webhook, secret


@transaction.atomic
def delete_webhook(webhook: Webhook, *, by: User) -> None:
    """Tell this machine nothing more; what follows something by it goes with it."""
    held = Webhook.objects.select_for_update().select_related("owner").get(pk=webhook.pk)
    number, before = held.pk, held.snapshot()
    held.delete()
    record.removed(held, number, before, by=by)


def try_webhook(webhook: Webhook, *, by: User, uid: UUID) -> Message | None:
    """A message that tells nothing, to see whether it arrives; None where it was asked before."""
    allowed(by, MAY)
    made = Message.objects.bulk_create(
        [Message(uid=uid, kind="test", key=f"test:{uid}", person=by, webhook=webhook)],
        ignore_conflicts=True,
    )
    return Message.objects.filter(uid=made[0].uid, attempts=0).first()
