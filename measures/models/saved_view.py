import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .fields import LineField

# The lists that a view may lead to, by the URL name of their page.
PLACES = {
    "measure-list": _("Measures"),
    "evidence-list": _("Evidence"),
    "changes": _("Changes"),
}
OF_A_SOURCE = {"measure-list"}


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, person: models.Model) -> Self:
        """Those of the person, then those that others share; by name."""
        seen = self.filter(models.Q(owner=person) | models.Q(is_shared=True))
        theirs = models.Case(models.When(owner=person, then=0), default=1)
        return seen.select_related("owner", "source").order_by(theirs, "name", "pk")

    def owned_by(self, person: models.Model) -> Self:
        """Those of the person alone."""
        return self.filter(owner=person).select_related("owner", "source")

    def named(self, name: str) -> "SavedView | None":
        """The one of that name among these; of one person."""
        return self.filter(name=name).first()

    def start_of(self, person: models.Model) -> "SavedView | None":
        """Where the person starts, None where they chose nothing or see it no longer."""
        return self.seen_by(person).filter(starts__person=person).first()


class SavedView(models.Model):
    """A list with its filters under a name, kept by one person, for others to see if shared.

    A preference, not the register: the record says nothing of it, and it may be deleted. It is a
    list and a query, never an address, so it can lead nowhere else. `version` counts its changes.
    """

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="views", verbose_name=_("owner")
    )
    place = models.CharField(_("list"), max_length=24, choices=list(PLACES.items()))
    source = models.ForeignKey(
        "Source", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    name = LineField(_("name"), max_length=80)
    query = models.TextField(_("query"), blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        default_permissions = ()  # Whoever works here keeps their own.
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(
                condition=models.Q(place__in=list(PLACES)), name="saved_view_place_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list as it was saved."""
        if self.place in OF_A_SOURCE and self.source:
            path = self.source.address(self.place)
        else:
            path = reverse(self.place)
        return f"{path}?{self.query}" if self.query else path

    def change(self, **told: Any) -> bool:
        """Save these values if nobody changed the view since it was read; whether it was done."""
        held = type(self)._default_manager.filter(pk=self.pk, version=self.version)
        return bool(held.update(version=self.version + 1, **told))


class StartPage(models.Model):
    """The view with which a person begins after signing in."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="start", verbose_name=_("person")
    )
    view = models.ForeignKey(
        SavedView, models.CASCADE, related_name="starts", verbose_name=_("view")
    )

    class Meta:
        verbose_name = _("start page")
        verbose_name_plural = _("start pages")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.view)
