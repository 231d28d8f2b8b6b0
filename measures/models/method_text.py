from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..method.places import PLACES
from .fields import LineField, ProseField
from .record_entry import RecordEntry
from .tracked import Tracked


class MethodTextQuerySet(models.QuerySet["MethodText"]):
    def known_on(self, moment: datetime | None) -> Self:
        """Those that had been written by the moment; None means now."""
        if moment is None:
            return self
        entries = RecordEntry.objects.of_nouns("methodtext")
        later = entries.filter(action=RecordEntry.Action.ADDED, at__gt=moment)
        return self.exclude(pk__in=later.values("object_id"))


class MethodText(Tracked):
    """What a desk says of how it applies one part of the method, beside the words of that part.

    The rules themselves are code and the same everywhere: findings name the version that they were
    judged under. `edition` is the desk's own name for the state of its words.
    """

    place = models.CharField(_("part of the method"), max_length=24, unique=True, choices=PLACES)
    edition = LineField(_("edition"), max_length=40)
    text = ProseField(_("text"), max_length=4000)
    text_zh = ProseField(_("text (zh)"), max_length=4000, blank=True)

    objects = MethodTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text on the method")
        verbose_name_plural = _("texts on the method")
        ordering = ("place",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__in=list(dict(PLACES))), name="method_text_place_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_place_display())

    @property
    def record_key(self) -> str:
        return self.place
