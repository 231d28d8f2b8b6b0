from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiReceiptQuerySet(models.QuerySet["ApiReceipt"]):
    def held(self, person: models.Model, key: str) -> "ApiReceipt":
        """The person's receipt of this key; raises `DoesNotExist`."""
        return self.get(person=person, key=key)

    def before(self, moment: datetime) -> Self:
        """Those that were written before that moment."""
        return self.filter(at__lt=moment)

    def of(self, person: models.Model) -> Self:
        """Those of the person."""
        return self.filter(person=person)


class ApiReceipt(models.Model):
    """What came of a request that its program may send twice, by the key that the program made.

    `digest` is the SHA-256 of the request, `noun` and `object_id` name what it made or changed.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    key = models.CharField(_("key"), max_length=100)
    digest = models.CharField(_("digest"), max_length=64)
    noun = models.CharField(_("noun"), max_length=30, blank=True)
    object_id = models.BigIntegerField(_("object"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = ApiReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("API receipt")
        verbose_name_plural = _("API receipts")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="api_receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.noun} {self.object_id}"
