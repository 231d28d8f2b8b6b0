import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import ProseField
from .tracked import Tracked

MENTION = re.compile(r"(?<![\w@])@([\w.+-]+)")


class JournalNoteQuerySet(models.QuerySet["JournalNote"]):
    def newest_first(self) -> Self:
        """With their people and measures, the newest first."""
        full = self.select_related("author", "measure__source").prefetch_related("mentions__person")
        return full.order_by("-written_at", "-pk")

    def written_by(self, moment: datetime | None) -> Self:
        """Those written by the moment; None means now."""
        return self if moment is None else self.filter(written_at__lte=moment)

    def waiting_for(self, person: models.Model) -> Self:
        """Those that mention the person and have not been put aside by them."""
        return self.filter(mentions__person=person, mentions__seen_at=None).newest_first()


class JournalNote(Tracked):
    """What staff tell each other about a measure; never shown to readers.

    `@name` in the text mentions a colleague, on whose desk the note then lies. `uid` comes with
    the form, so that a form sent twice makes one note.
    """

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    measure = models.ForeignKey(
        "Measure", models.PROTECT, related_name="notes", verbose_name=_("measure")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    text = ProseField(_("note"), help_text=_("@name brings it to a colleague's desk."))

    objects = JournalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal note")
        verbose_name_plural = _("journal notes")
        ordering = ("-written_at",)

    def __str__(self) -> str:
        return f"{self.measure.code}: {self.text[:60]}"

    @property
    def record_key(self) -> str:
        return str(self.uid)

    def get_absolute_url(self) -> str:
        return f"{self.measure.get_absolute_url()}#note-{self.uid}"

    def pieces(self) -> Iterator[tuple[str, Any]]:
        """The text in runs: words with None, and each `@name` with the colleague it mentions."""
        people = {mention.person.username: mention.person for mention in self.mentions.all()}
        end = 0
        for match in MENTION.finditer(self.text):
            name = match[1].rstrip(".")
            if name in people:
                yield self.text[end : match.start()], None
                yield match[0], people[name]
                end = match.start(1) + len(name)
        yield self.text[end:], None

    def names_mentioned(self) -> set[str]:
        """The user names after an @ in the text."""
        return {name.rstrip(".") for name in MENTION.findall(self.text)}


class Mention(models.Model):
    """A colleague whom a note calls; `seen_at` is when they put it aside."""

    note = models.ForeignKey(
        "JournalNote", models.CASCADE, related_name="mentions", verbose_name=_("note")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions", verbose_name=_("person")
    )
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="mention_once")]

    def __str__(self) -> str:
        return f"@{self.person} · {self.note}"
