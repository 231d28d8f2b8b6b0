from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import TermField


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def newest_first(self) -> Self:
        """The newest check first."""
        return self.order_by("-at", "-pk")

    def by(self, moment: datetime | None) -> Self:
        """The checks made by the moment; None means now."""
        return self if moment is None else self.filter(at__lte=moment)

    def of(self, evidence: models.Model) -> Self:
        """Those of one document, at whatever address, newest first."""
        return self.filter(evidence=evidence).newest_first()

    def since(self, evidence: models.Model, address: str, moment: datetime) -> Self:
        """Those of this document at this address that were made at the moment or after it."""
        return self.filter(evidence=evidence, address=address, at__gte=moment)

    def read(self, evidence: models.Model, address: str) -> Self:
        """Those that read the page at this address to its end, oldest first."""
        found = self.filter(evidence=evidence, address=address).exclude(content_hash="")
        return found.order_by("at", "pk")


class LinkCheck(models.Model):
    """One look at the page of a document: what came of it, and what the page held then.

    `address` is what was asked for, `final_address` where redirects led if elsewhere;
    `content_hash` is the SHA-256 of the words of the page, or of the file. Rows are only added.
    They are no part of the record: nobody decided them.
    """

    evidence = models.ForeignKey(
        "Evidence", models.CASCADE, related_name="link_checks", verbose_name=_("evidence")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    address = models.CharField(_("address"), max_length=500)
    outcome = TermField(_("outcome"), choices=method.choices(method.LINK_OUTCOMES))
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    final_address = models.TextField(_("final address"), blank=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ("-at", "-pk")
        default_permissions = ()  # No person adds, changes or removes one.
        indexes = [
            models.Index(fields=["evidence", "-at", "-id"], name="link_check_newest"),
            models.Index(fields=["at"], name="link_check_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=list(method.LINK_OUTCOMES)),
                name="link_check_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.outcome_term.label}"

    @property
    def outcome_term(self) -> method.Term:
        """The outcome as the method defines it."""
        return method.LINK_OUTCOMES[self.outcome]
