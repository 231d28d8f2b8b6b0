from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import CodeField, LineField
from .languages import said
from .tracked import Tracked


class SourceQuerySet(models.QuerySet["Source"]):
    def named(self, slug: str = "") -> "Source | None":
        """The source of that slug; without one the default source, else the oldest entry."""
        if slug:
            return self.filter(slug=slug).first()
        return self.default_first().first()

    def default_first(self) -> "SourceQuerySet":
        """The default source, then the others by entry: the first is the one without a slug."""
        return self.order_by("-is_default", "pk")

    def first_given(self) -> "Source | None":
        """The source that was given first."""
        return self.order_by("delivered_on", "slug").first()

    def by_day(self) -> "SourceQuerySet":
        """Newest source first."""
        return self.order_by("-delivered_on", "slug")


class Source(Tracked):
    """A speech or document in which commitments were made."""

    slug = CodeField(_("slug"), max_length=80, unique=True)
    title = LineField(_("title"), max_length=300)
    title_zh = LineField(_("title (zh)"), max_length=300, blank=True)
    speaker = LineField(_("speaker"), max_length=120, blank=True)
    delivered_on = models.DateField(_("delivered on"))
    reported_as = LineField(_("reported as"), max_length=300, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    publisher = LineField(_("publisher"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=method.choices(method.LANGUAGES), default="en"
    )
    is_default = models.BooleanField(
        _("default source"), default=False, help_text=_("Has the short addresses.")
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("-delivered_on", "slug")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="source_one_default",
                violation_error_message=_("Another source is the default one; change that first."),
            ),
        ]

    def __str__(self) -> str:
        return said(self, "title").text

    @property
    def record_key(self) -> str:
        return self.slug

    def address(self, name: str, *args: object) -> str:
        """The address of a page of this source: short for the default one, else under /s/."""
        if self.is_default:
            return reverse(name, args=args)
        return reverse(f"source:{name}", args=(self.slug, *args))

    def get_absolute_url(self) -> str:
        return reverse("source-detail", args=[self.slug])
