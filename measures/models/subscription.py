import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import method

USUAL_HOUR = 7
MONDAY = 0


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def of(self, person: models.Model) -> Self:
        """Those of the person, with what they follow, the newest first."""
        return self.filter(person=person).in_full().order_by("-pk")

    def in_full(self) -> Self:
        """Each with its person, its webhook and what it follows."""
        return self.select_related(
            "person", "webhook", "source", "theme__source", "measure__source", "body"
        )

    def running(self) -> Self:
        """Those of which something may be told: not paused, and of an account that is open."""
        return self.filter(paused_at=None, person__is_active=True).order_by("pk")

    def at(self, entry: int) -> Self:
        """Those that were told of everything up to this entry of the record, and no further."""
        return self.filter(told_to=entry)


class Subscription(models.Model):
    """What one person follows: the register as one source has it, a theme, a body or a measure.

    A preference, not the register: the record says nothing of it. `told_to` is the last entry of
    the record that was decided upon; the next message begins after it, so that nothing is told
    twice and nothing is left out. `decided_at` is when that was.
    """

    class Subject(models.TextChoices):
        REGISTER = "register", _("Everything")
        THEME = "theme", _("Theme")
        BODY = "body", _("Body")
        MEASURE = "measure", _("Measure")

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every Monday")

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="subscriptions",
        verbose_name=_("person"),
    )
    subject = models.CharField(_("follows"), max_length=12, choices=Subject.choices)
    source = models.ForeignKey("Source", models.CASCADE, related_name="+", verbose_name=_("source"))
    theme = models.ForeignKey(
        "Theme", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("theme")
    )
    body = models.ForeignKey(
        "Body", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    measure = models.ForeignKey(
        "Measure",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measure"),
    )
    rhythm = models.CharField(
        _("how often"), max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=USUAL_HOUR)
    language = models.CharField(
        _("language"), max_length=2, choices=method.choices(method.LANGUAGES), default="en"
    )
    webhook = models.ForeignKey(
        "Webhook",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("webhook"),
    )
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    told_to = models.BigIntegerField(_("told up to"), default=0)
    decided_at = models.DateTimeField(_("last looked at"), default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ("-pk",)
        default_permissions = ()  # Whoever has an account keeps their own.
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject="register", theme=None, body=None, measure=None)
                | models.Q(subject="theme", theme__isnull=False, body=None, measure=None)
                | models.Q(subject="body", theme=None, body__isnull=False, measure=None)
                | models.Q(subject="measure", theme=None, body=None, measure__isnull=False),
                name="subscription_follows_one",
            ),
            models.CheckConstraint(
                condition=models.Q(rhythm__in=["at-once", "daily", "weekly"]),
                name="subscription_rhythm_known",
            ),
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="subscription_hour"),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s: %(name)s") % {
            "kind": self.get_subject_display(),
            "name": self.followed,
        }

    def get_absolute_url(self) -> str:
        """The page of what is followed."""
        if self.subject == "body" and self.body:
            return self.source.address("body-detail", self.body.slug)
        if self.subject == "register":
            return self.source.address("progress")
        return str(self.followed.get_absolute_url())

    @property
    def followed(self) -> Any:
        """The source, theme, body or measure itself."""
        return self.source if self.subject == "register" else getattr(self, self.subject)

    @property
    def scope(self) -> dict[str, Any]:
        """What narrows the source, by name; empty for all of it."""
        return {} if self.subject == "register" else {self.subject: self.followed}

    @property
    def feed_url(self) -> str:
        """The Atom feed of the same."""
        names = {"theme": "slug", "body": "slug", "measure": "code"}
        if self.subject == "register":
            return self.source.address("source-feed")
        name = str(getattr(self.followed, names[self.subject]))
        return self.source.address(f"{self.subject}-feed", name)

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be looked at: always, or once after its last hour that has struck."""
        return self.rhythm == self.Rhythm.AT_ONCE or self.decided_at < self.last_struck(now)

    def last_struck(self, now: datetime) -> datetime:
        """The last time at or before `now` that is its hour, of a day or of a Monday.

        In the zone of the site. An hour that a clock leaves out is told an hour later.
        """
        here = timezone.localtime(now)
        struck = here.replace(hour=self.hour, minute=0, second=0, microsecond=0, fold=0)
        days = (here.weekday() - MONDAY) % 7 if self.rhythm == self.Rhythm.WEEKLY else 0
        struck -= timedelta(days=days)
        if struck > here:
            struck -= timedelta(days=7 if self.rhythm == self.Rhythm.WEEKLY else 1)
        return struck

    def moved_on(self, entry: int, now: datetime) -> bool:
        """Say that all up to this entry was decided upon; False where another was quicker."""
        rows = type(self)._default_manager.filter(pk=self.pk, paused_at=None).at(self.told_to)
        return bool(rows.update(told_to=entry, decided_at=now))
