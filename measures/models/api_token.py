import hashlib
import secrets
import uuid
from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import LineField

PREFIX = "ipr_"
SHOWN = len(PREFIX) + 6


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, person: models.Model) -> Self:
        """Those of the person, the newest first."""
        return self.filter(person=person).order_by("-made_at", "-pk")

    def known_by(self, secret: str) -> "ApiToken | None":
        """The token with this secret, if it still holds and its person is active."""
        holding = self.filter(
            hash=hash_of(secret),
            revoked_at=None,
            expires_on__gt=timezone.localdate(),
            person__is_active=True,
        )
        return holding.select_related("person").first()


class ApiToken(models.Model):
    """A person's key for a program of theirs: to read what they may read, or to write as well.

    What a `write` token may do is what its person may do at that moment.
    The secret is shown once and never kept: `hash` is its SHA-256, `beginning` tells tokens apart.
    """

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("person")
    )
    name = LineField(_("name"), max_length=60, help_text=_("What it is for, such as “my Excel”."))
    hash = models.CharField(_("hash"), max_length=64, unique=True, editable=False)
    beginning = models.CharField(_("begins with"), max_length=SHOWN, editable=False)
    scope = models.CharField(
        _("may"), max_length=5, choices=Scope.choices, default=Scope.READ, editable=False
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_on = models.DateField(_("holds until"), help_text=_("The first day without it."))
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-made_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["read", "write"]), name="api_token_scope_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @classmethod
    def fresh(cls, *, days: int, **told: Any) -> tuple[Self, str]:
        """A token that is not saved yet, and its secret."""
        secret = PREFIX + secrets.token_urlsafe(32)
        token = cls(
            hash=hash_of(secret),
            beginning=secret[:SHOWN],
            expires_on=timezone.localdate() + timedelta(days=days),
            **told,
        )
        return token, secret

    @property
    def record_key(self) -> str:
        """Its id: neither the secret nor what its person called it."""
        return str(self.uid)

    def snapshot(self) -> dict[str, Any]:
        """What the record keeps of it: whose right it is, and how long."""
        return {
            "person": self.person.record_key,
            "scope": self.scope,
            "expires_on": self.expires_on.isoformat(),
            "revoked": self.revoked_at is not None,
        }

    @property
    def writes(self) -> bool:
        """Whether a program may write with it."""
        return self.scope == self.Scope.WRITE

    def holds_on(self, day: date) -> bool:
        """Whether it opens anything on the day."""
        return self.revoked_at is None and day < self.expires_on

    def used(self, day: date) -> None:
        """Remember the day; one write a day at most."""
        if self.last_used_on != day:
            type(self)._default_manager.filter(pk=self.pk).update(last_used_on=day)
