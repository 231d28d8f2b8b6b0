"""The keys that people make for programs of theirs."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import record
from ..models import ApiToken, User
from .refusals import may_write, not_allowed


@transaction.atomic
def make_token(
    *, by: User, uid: UUID, name: str, days: int, scope: str = ApiToken.Scope.READ
) -> tuple[ApiToken, str] | None:
    """A new token with its secret, which nobody can be told again.

    `uid` comes with the form: None where the same form was sent before.
    """
    if scope == ApiToken.Scope.WRITE and not may_write(by):
        raise not_allowed()
    token, secret = ApiToken.fresh(person=by, uid=uid, name=name, days=days, scope=scope)
    try:
        with transaction.atomic():
            token.save()
    except IntegrityError:
        return None
    record.added([token], by=by)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> bool:
    """End a token now; whether it had not ended before."""
    held = ApiToken.objects.select_for_update().get(pk=token.pk)
    if held.revoked_at:
        return False
    before = held.snapshot()
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at"])
    return record.changed(held, before, by=by)
