from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import LineField, TermField
from .tracked import Tracked


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def hashes(self) -> set[str]:
        """The hashes of the copies that they name."""
        return set(self.values_list("sha256", flat=True))

    def of(self, evidence: models.Model, known: datetime | None = None) -> Self:
        """Those of the document, or those that it had by `known`, newest first."""
        found = self.filter(evidence=evidence).select_related("evidence")
        return found if known is None else found.filter(added_at__lte=known)

    def public(self) -> Self:
        """Those that everybody may have, today: what was withdrawn is withdrawn from the past."""
        return self.filter(is_public=True)

    def named(self, key: str, sha256: str) -> "Attachment | None":
        """The one of that document with that hash, None where there is none among these."""
        found = self.filter(evidence__key=key, sha256=sha256)
        return found.select_related("evidence").first()

    def held(self, documents: Iterable[models.Model], known: datetime | None = None) -> set[int]:
        """The ids of those of the documents of which a copy is held, or was by `known`."""
        found = self.filter(evidence__in=[each.pk for each in documents])
        if known is not None:
            found = found.filter(added_at__lte=known)
        return set(found.values_list("evidence", flat=True))


class Attachment(Tracked):
    """A held copy of a document: the file lies under its SHA-256, the row says what it is.

    `how` it came about: attached as a file, or as the text of the page at `address`. Only staff may
    fetch it, everybody if it is marked public, and it only leaves as a download.
    """

    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, related_name="attachments", verbose_name=_("evidence")
    )
    sha256 = models.CharField(_("hash"), max_length=64)
    name = LineField(_("file name"), max_length=200)
    kind = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    how = TermField(_("how it was made"), choices=method.choices(method.COPY_WAYS), default="file")
    address = models.TextField(_("address"), blank=True)
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Everybody may have it, not only staff.")
    )
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
            models.CheckConstraint(
                condition=models.Q(how__in=list(method.COPY_WAYS)), name="attachment_how_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def how_term(self) -> method.Term:
        """How it came about, as the method defines it."""
        return method.COPY_WAYS[self.how]

    @property
    def record_key(self) -> str:
        return f"{self.evidence.key}/{self.sha256[:12]}"
