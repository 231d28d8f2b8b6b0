from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import LineField, ProseField, TermField
from .languages import said
from .witness import Witness

if TYPE_CHECKING:
    from .citation import Citation
    from .finding import Finding


class FrozenCitationQuerySet(models.QuerySet["FrozenCitation"]):
    def of_findings(self, ids: Iterable[int]) -> Self:
        """What these findings rest on, finding by finding, with the live evidence."""
        found = self.filter(finding__in=ids).select_related("evidence")
        return found.order_by("finding", "position")

    def copies(self) -> set[str]:
        """The hashes of the copies on which findings rest, held here or elsewhere."""
        return set(self.exclude(copy_sha256="").values_list("copy_sha256", flat=True))


class FrozenCitation(Witness, models.Model):
    """Evidence as a finding cited it. Inserted with its finding, never changed after.

    The link to the evidence stays live; the words are those of the day of the finding.
    """

    finding = models.ForeignKey(
        "Finding", models.PROTECT, related_name="citations", verbose_name=_("finding")
    )
    position = models.PositiveIntegerField(_("position"))
    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, related_name="frozen", verbose_name=_("evidence")
    )
    title = LineField(_("title"), max_length=300)
    title_zh = LineField(_("title (zh)"), max_length=300, blank=True)
    document_number = LineField(_("document number"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    url = LineField(_("link"), max_length=500, blank=True)
    copy_sha256 = models.CharField(_("hash of the held copy"), max_length=64, blank=True)
    tier = models.PositiveSmallIntegerField(_("source tier"), choices=method.numbered(method.TIERS))
    stage = TermField(_("stage reached"), choices=method.choices(method.STAGES))
    bearing = TermField(_("bearing"), choices=method.choices(method.BEARINGS))
    note = ProseField(_("what it shows"), blank=True)
    note_zh = ProseField(_("what it shows (zh)"), blank=True)
    quotation = ProseField(_("quotation"), blank=True)
    locator = LineField(_("locator"), max_length=120, blank=True)

    objects = FrozenCitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen citation")
        verbose_name_plural = _("frozen citations")
        ordering = ("finding", "position")
        constraints = [
            models.UniqueConstraint(fields=["finding", "position"], name="frozen_position_once"),
            models.UniqueConstraint(fields=["finding", "evidence"], name="frozen_evidence_once"),
        ]

    def __str__(self) -> str:
        return said(self, "title").text

    @classmethod
    def of(cls, citation: "Citation", finding: "Finding | None" = None, position: int = 1) -> Self:
        """An unsaved copy of what `citation` and its evidence say now."""
        evidence = citation.evidence
        return cls(
            finding=finding,
            position=position,
            evidence=evidence,
            title=evidence.title,
            title_zh=evidence.title_zh,
            document_number=evidence.document_number,
            issued_on=evidence.issued_on,
            url=evidence.url,
            copy_sha256=evidence.newest_copy,
            tier=evidence.tier,
            stage=citation.stage,
            bearing=citation.bearing,
            note=citation.note,
            note_zh=citation.note_zh,
            quotation=citation.quotation,
            locator=citation.locator,
        )
