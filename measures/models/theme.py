from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import CodeField, LineField, ProseField
from .languages import said
from .tracked import Tracked


class Theme(Tracked):
    """A chapter of the source under which commitments are grouped."""

    source = models.ForeignKey(
        "Source", models.PROTECT, related_name="themes", verbose_name=_("source")
    )
    number = models.PositiveIntegerField(_("number"))
    slug = CodeField(_("slug"), max_length=60)
    title = LineField(_("title"), max_length=200)
    title_zh = LineField(_("title (zh)"), max_length=200, blank=True)
    passage = models.ForeignKey(
        "Passage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="themes",
        verbose_name=_("passage"),
    )
    summary = ProseField(_("summary"), blank=True)
    summary_zh = ProseField(_("summary (zh)"), blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("source", "number")
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="theme_number_once"),
            models.UniqueConstraint(fields=["source", "slug"], name="theme_slug_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {said(self, 'title').text}"

    @property
    def record_key(self) -> str:
        return f"{self.source.slug}/{self.slug}"

    def get_absolute_url(self) -> str:
        return self.source.address("theme-detail", self.slug)
