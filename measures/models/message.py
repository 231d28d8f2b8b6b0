import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import LineField

# How long one sender keeps a message to itself: many times what the slowest server may take.
LEASE = timedelta(minutes=15)
# After each failure the next try waits longer; the last pause is that of all that follow.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720))
# So long is tried.
PATIENCE = timedelta(days=4)
# What has waited so long beyond its time waits because nothing sends.
FORGOTTEN = timedelta(hours=2)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Those to be sent now, that no other sender holds."""
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lt=now)
        return self.filter(free, state="waiting", due_at__lte=now)

    def in_full(self) -> Self:
        """Each with whatever it tells of."""
        return self.select_related(
            "person",
            "webhook__owner",
            "subscription__source",
            "subscription__theme__source",
            "subscription__measure__source",
            "subscription__body",
            "note__author",
            "note__measure__source",
            "draft__measure__source",
            "draft__author",
            "draft__decided_by",
        )

    def in_state(self, *states: str) -> Self:
        """Those in one of these states."""
        return self.filter(state__in=states)

    def to(self, webhook: models.Model) -> Self:
        """Those that go to the webhook, the newest first."""
        return self.filter(webhook=webhook).order_by("-pk")

    def to_machines_of(self, person: models.Model) -> Self:
        """Those that go to the webhooks of the person."""
        return self.filter(webhook__owner=person).select_related("webhook")

    def failed_since(self, moment: datetime) -> Self:
        """Those given up since the moment."""
        return self.filter(state="failed", ended_at__gte=moment)

    def forgotten(self, now: datetime) -> Self:
        """Those that should have gone long ago: nothing sends."""
        return self.due(now - FORGOTTEN)

    def ended_before(self, moment: datetime) -> Self:
        """Those over and done with before the moment."""
        return self.exclude(state="waiting").filter(ended_at__lt=moment)


class Message(models.Model):
    """One thing to be told to one person or program, decided once and sent once.

    `key` says what it tells of, so that it is decided once; `first` and `last` are the entries of
    the record between which a digest lies, without the first. Words and addresses are not kept:
    they are put together when it is sent, from the record as it was at `last`.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", _("What changed")
        MENTION = "mention", _("Mentioned in a note")
        RETURNED = "returned", _("Draft returned")
        SUBMITTED = "submitted", _("Draft handed in")
        REVIEW = "review", _("Reviews ahead")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("of a message", "waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not sent: no longer wanted or allowed")
        FAILED = "failed", _("given up")

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=120, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages", verbose_name=_("person")
    )
    webhook = models.ForeignKey(
        "Webhook",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("webhook"),
    )
    subscription = models.ForeignKey(
        "Subscription",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("subscription"),
    )
    note = models.ForeignKey(
        "JournalNote",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("journal note"),
    )
    draft = models.ForeignKey(
        "Draft", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("draft")
    )
    first = models.BigIntegerField(_("after entry"), null=True, blank=True)
    last = models.BigIntegerField(_("up to entry"), null=True, blank=True)
    made_at = models.DateTimeField(_("decided"), default=timezone.now)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    claim = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(_("held until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    trouble = LineField(
        _("last trouble"), max_length=200, blank=True, help_text=_("Never an address.")
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-pk",)
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "dropped", "failed"]),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="digest")
                | models.Q(first__isnull=False, last__gt=models.F("first")),
                name="message_digest_has_entries",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.key}"

    def claimed(self, now: datetime) -> bool:
        """Take it for sending; False where another sender holds it, or it is done.

        Compare-and-swap in the UPDATE itself. Who dies holding it holds it until the lease is over.
        """
        claim = uuid.uuid4()
        free = type(self)._default_manager.filter(pk=self.pk).due(now)
        won = free.update(claim=claim, claimed_until=now + LEASE, attempts=models.F("attempts") + 1)
        if won:
            self.claim, self.attempts = claim, self.attempts + 1
        return bool(won)

    def sent(self, now: datetime) -> bool:
        """Whoever it was for has it."""
        return self._told(state=self.State.SENT, ended_at=now, trouble="")

    def dropped(self, now: datetime, why: str) -> bool:
        """It is not to be sent any more."""
        return self._told(state=self.State.DROPPED, ended_at=now, trouble=why)

    def put_off(self, now: datetime, trouble: str) -> bool:
        """It did not go out: tried again after a pause, or given up once patience is at an end."""
        told: dict[str, Any] = {"trouble": trouble[:200]}
        if now - self.made_at >= PATIENCE:
            told |= {"state": self.State.FAILED, "ended_at": now}
        else:
            told["due_at"] = now + PAUSES[min(self.attempts, len(PAUSES)) - 1]
        return self._told(**told)

    def _told(self, **told: Any) -> bool:
        """Write what came of it, if it is still ours; and let it go."""
        ours = type(self)._default_manager.filter(pk=self.pk, claim=self.claim)
        done = ours.update(claim=None, claimed_until=None, **told)
        for name, value in told.items():
            setattr(self, name, value)
        return bool(done)

    def again(self, now: datetime) -> bool:
        """Let it be sent once more, now; False while a sender holds it."""
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lt=now)
        rows = type(self)._default_manager.filter(free, pk=self.pk)
        told = {"made_at": now, "due_at": now, "attempts": 0, "ended_at": None}
        return bool(rows.update(state=self.State.WAITING, **told))


class Reminder(models.Model):
    """That a person was reminded of the review of a measure that falls on a day; once for each."""

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="reminders", verbose_name=_("message")
    )
    measure = models.ForeignKey(
        "Measure", models.CASCADE, related_name="+", verbose_name=_("measure")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["measure", "person", "day"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure} · {self.day}"
