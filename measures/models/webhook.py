import secrets
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..seals import seal, unseal
from .fields import LineField

PREFIX = "whsec_"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, person: models.Model) -> Self:
        """Those of the person, by name."""
        return self.filter(owner=person).order_by("name", "pk")


class Webhook(models.Model):
    """An address of somebody's own machine that is told of changes, and the secret of both sides.

    The secret signs what is sent, so it must be read again: it is sealed, and shown once.
    """

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks", verbose_name=_("owner")
    )
    name = LineField(_("name"), max_length=60)
    address = LineField(_("address"), max_length=500)
    sealed = models.TextField(_("sealed secret"), editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("name", "pk")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address__startswith="https://"), name="webhook_is_https"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def fresh(cls, **told: Any) -> tuple[Self, str]:
        """A webhook that is not saved yet, and its secret."""
        secret = PREFIX + secrets.token_urlsafe(32)
        return cls(sealed=seal(secret), **told), secret

    @property
    def secret(self) -> str:
        """The secret again; raises `seals.Unreadable` where the key of the installation changed."""
        return unseal(self.sealed)

    @property
    def record_key(self) -> str:
        """Its id: neither the secret nor what its owner called it."""
        return str(self.uid)

    def snapshot(self) -> dict[str, Any]:
        """What the record keeps of it: that it is there and whose, not where it leads."""
        return {"owner": self.owner.record_key}


class Delivery(models.Model):
    """One try to tell a webhook: what its machine answered, or why nothing came of it."""

    message = models.ForeignKey(
        "Message", models.CASCADE, related_name="deliveries", verbose_name=_("message")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)
    trouble = LineField(_("trouble"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-at", "-pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} · {self.status or self.trouble}"

    @property
    def is_accepted(self) -> bool:
        """Whether the machine took it."""
        return self.status is not None and 200 <= self.status < 300
