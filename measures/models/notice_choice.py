from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# What concerns one person alone, and whether they are told unless they say otherwise.
NOTICES = {
    "mention": (_("When a colleague mentions you in a note"), True),
    "returned": (_("When a draft of yours is returned"), True),
    "review": (_("When a review of a measure in your care is 14 days ahead"), True),
    "submitted": (_("When a draft is handed in that you may decide on"), False),
}


class NoticeChoiceQuerySet(models.QuerySet["NoticeChoice"]):
    def of(self, person: models.Model) -> Self:
        """Those of the person."""
        return self.filter(person=person)

    def wanted_by(self, person: models.Model) -> dict[str, bool]:
        """Which kinds of notice the person wants. One query."""
        said = dict(self.of(person).values_list("kind", "is_wanted"))
        return {kind: said.get(kind, usual) for kind, (_words, usual) in NOTICES.items()}

    def wanting(self, kind: str) -> Self:
        """Who asked for notices of this kind."""
        return self.filter(kind=kind, is_wanted=True)


class NoticeChoice(models.Model):
    """That a person wants notices of a kind, or does not; without a row it is as usual."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notice_choices",
        verbose_name=_("person"),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=[(kind, words) for kind, (words, _on) in NOTICES.items()]
    )
    is_wanted = models.BooleanField(_("wanted"))

    objects = NoticeChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notice_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.is_wanted}"
