import hashlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import method
from .fields import ProseField, TermField
from .tracked import Tracked


class Passage(Tracked):
    """One numbered paragraph of a source.

    The gist is our own words; `text` is the source's, empty until an administrator who holds the
    article loads it.
    """

    source = models.ForeignKey(
        "Source", models.PROTECT, related_name="passages", verbose_name=_("source")
    )
    number = models.PositiveIntegerField(_("number"))
    role = TermField(_("role"), choices=method.choices(method.PASSAGE_ROLES))
    gist = ProseField(_("gist"), blank=True)
    gist_zh = ProseField(_("gist (zh)"), blank=True)
    why = ProseField(
        _("why context"), blank=True, help_text=_("Why a passage of context carries no commitment.")
    )
    why_zh = ProseField(_("why context (zh)"), blank=True)
    text = ProseField(_("full text"), blank=True)

    recorded_by_hash = frozenset({"text"})

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ("source", "number")
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="passage_number_once"),
        ]

    def __str__(self) -> str:
        return _("Paragraph %(number)d") % {"number": self.number}

    @property
    def record_key(self) -> str:
        return f"{self.source.slug}/{self.number}"

    @property
    def role_term(self) -> method.Term:
        """The role as the method defines it."""
        return method.PASSAGE_ROLES[self.role]

    def snapshot(self) -> dict[str, Any]:
        """What the record keeps: of the full text its hash alone, since it is its publisher's."""
        values = super().snapshot()
        if self.text:
            values["text"] = f"sha256 {hashlib.sha256(self.text.encode()).hexdigest()}"
        return values

    def get_absolute_url(self) -> str:
        return f"{self.source.get_absolute_url()}#passage-{self.number}"
