from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import LineField
from .tracked import Tracked


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def hashes(self) -> set[str]:
        """The hashes of the copies that they name."""
        return set(self.values_list("sha256", flat=True))

    def held(self, documents: Iterable[models.Model], known: datetime | None = None) -> set[int]:
        """The ids of those of the documents of which a copy is held, or was by `known`."""
        found = self.filter(evidence__in=[each.pk for each in documents])
        if known is not None:
            found = found.filter(added_at__lte=known)
        return set(found.values_list("evidence", flat=True))


class Attachment(Tracked):
    """A held copy of a document: the file lies under its SHA-256, the row says what it is.

    Only staff may fetch it, and only as a download.
    """

    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, related_name="attachments", verbose_name=_("evidence")
    )
    sha256 = models.CharField(_("hash"), max_length=64)
    name = LineField(_("file name"), max_length=200)
    kind = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("-added_at",)
        constraints = [
            models.UniqueConstraint(fields=["evidence", "sha256"], name="attachment_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def record_key(self) -> str:
        return f"{self.evidence.key}/{self.sha256[:12]}"
