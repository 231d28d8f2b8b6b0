from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .fields import CodeField, LineField
from .languages import said
from .source import Source
from .tracked import Tracked


class BodyQuerySet(models.QuerySet["Body"]):
    def responsible(self, source: models.Model) -> Self:
        """Those responsible for a measure of the source, by title."""
        theirs = Body.measures.through.objects.filter(  # type: ignore[attr-defined]
            body=models.OuterRef("pk"), measure__source=source
        )
        return self.filter(models.Exists(theirs)).order_by("title")

    def responsibilities(self, source: models.Model) -> "dict[Body, set[int]]":
        """The same with the ids of those measures. One query."""
        found = self.filter(measures__source=source).annotate(of=models.F("measures"))
        found = found.distinct().order_by("title")
        by_id: dict[int, tuple[Body, set[int]]] = {}
        for body in found:
            by_id.setdefault(body.pk, (body, set()))[1].add(body.of)  # type: ignore[attr-defined]
        return dict(by_id.values())

    def issuing(self, source: models.Model | None = None) -> Self:
        """Those that issued evidence, on measures of the source if given, by title."""
        theirs = Body.evidence.through.objects.filter(body=models.OuterRef("pk"))  # type: ignore[attr-defined]
        if source is not None:
            theirs = theirs.filter(evidence__citations__measure__source=source)
        return self.filter(models.Exists(theirs)).order_by("title")


class Body(Tracked):
    """An institution responsible for measures or issuing evidence."""

    slug = CodeField(_("slug"), max_length=60, unique=True)
    title = LineField(_("title"), max_length=200)
    title_zh = LineField(_("title (zh)"), max_length=200, blank=True)
    abbreviation = LineField(_("abbreviation"), max_length=20, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ("title",)

    def __str__(self) -> str:
        return said(self, "title").text

    @property
    def record_key(self) -> str:
        return self.slug

    def sources_beside(self, source: Source) -> models.QuerySet[Source]:
        """The other sources of which this body is responsible for a measure, newest first."""
        theirs = Source.objects.by_day().filter(measures__bodies=self).distinct()
        return theirs.exclude(pk=source.pk)

    @property
    def short(self) -> str:
        """The abbreviation, which is of the English title; else the title."""
        title = said(self, "title")
        return title.text if title.language == "zh" else self.abbreviation or title.text

    def get_absolute_url(self) -> str:
        return reverse("body-detail", args=[self.slug])
