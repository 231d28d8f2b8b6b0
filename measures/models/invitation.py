import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TERM = timedelta(days=7)


def in_a_term() -> datetime:
    """When an invitation made now ends."""
    return timezone.now() + TERM


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, moment: datetime) -> Self:
        """Those that can still be used; one of a person who left cannot."""
        return self.filter(
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=moment,
            invited_by__is_active=True,
        )

    def expired_at(self, moment: datetime) -> Self:
        """Those that ran out before anybody used them."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__lte=moment)

    def to(self, email: str) -> Self:
        """Those to the address, the newest first."""
        return self.filter(email__iexact=email)

    def newest_first(self) -> Self:
        """With who invited and who came, the newest first."""
        rows = self.select_related("invited_by", "accepted_by").prefetch_related("roles")
        return rows.order_by("-made_at", "-pk")


class Invitation(models.Model):
    """What an administrator sends to somebody who is to have an account: used once, for a week.

    Nothing secret is kept here: the link is this row's id, signed.
    """

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    roles = models.ManyToManyField(Group, verbose_name=_("roles"), blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="invitations",
        verbose_name=_("invited by"),
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("holds until"), default=in_a_term)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitation",
        verbose_name=_("account"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar[tuple[str, ...]] = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.email

    @property
    def record_key(self) -> str:
        """Its id: never the address."""
        return str(self.uid)

    def snapshot(self) -> dict[str, Any]:
        """What the record keeps of it: the rights that it gives, nothing personal."""
        return {
            "roles": sorted(self.roles.values_list("name", flat=True)),
            "expires_at": self.expires_at.isoformat(),
            "accepted": self.accepted_at is not None,
            "withdrawn": self.withdrawn_at is not None,
        }

    def is_open(self, moment: datetime) -> bool:
        """Whether it can still be used."""
        ended = self.accepted_at or self.withdrawn_at
        return not ended and self.expires_at > moment and self.invited_by.is_active
