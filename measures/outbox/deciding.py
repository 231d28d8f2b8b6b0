"""What is due: a message for each subscription with news, and reminders of reviews ahead.

Each decision is one transaction, and moves the mark up to which somebody was told in an UPDATE that
compares it first: of two that decide at once one does.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .. import record
from ..models import Measure, Message, NoticeChoice, RecordEntry, Reminder, Subscription, User
from .digest import entries_of

# So long before a review falls due is its analyst reminded.
AHEAD = timedelta(days=14)


def decide(now: datetime) -> int:
    """Write down whatever is due; how many messages that made."""
    return _news(now) + _reviews(now)


def forget(now: datetime) -> int:
    """Take all that is due for told, as after a restored backup; how many messages are dropped."""
    head = record.head()
    if head:
        Subscription.objects.update(told_to=head.sequence, decided_at=now)
    waiting = Message.objects.in_state(Message.State.WAITING)
    return waiting.update(state=Message.State.DROPPED, ended_at=now, trouble="Taken for told.")


def _news(now: datetime) -> int:
    head = record.head()
    if head is None:
        return 0
    due = [each for each in Subscription.objects.running().in_full() if each.is_due(now)]
    return sum(_decided(each, head, now) for each in due)


@transaction.atomic
def _decided(subscription: Subscription, head: RecordEntry, now: datetime) -> bool:
    """Whether there is anything to tell since the last time; the mark moves on either way.

    Entries commit in the order of their numbers, so none comes in later below the head.
    """
    first = subscription.told_to
    if first == head.sequence and subscription.rhythm == Subscription.Rhythm.AT_ONCE:
        return False
    if not subscription.moved_on(head.sequence, now) or first >= head.sequence:
        return False
    if not entries_of(subscription, first, head.sequence).exists():
        return False
    Message.objects.create(
        kind=Message.Kind.DIGEST,
        key=f"digest:{subscription.uid}:{head.sequence}",
        person=subscription.person,
        webhook=subscription.webhook,
        subscription=subscription,
        first=first,
        last=head.sequence,
        made_at=now,
        due_at=now,
    )
    return True


def _reviews(now: datetime) -> int:
    """One message for each analyst, of the reviews that they were not reminded of yet."""
    today = timezone.localdate(now)
    told = Reminder.objects.filter(
        measure=models.OuterRef("pk"),
        person=models.OuterRef("analyst"),
        day=models.OuterRef("review_on"),
    )
    ahead = Measure.objects.due(today + AHEAD).filter(
        ~models.Exists(told), review_on__gte=today, analyst__is_active=True
    )
    found = ahead.select_related("analyst").order_by("analyst", "review_on", "code")
    analysts = groupby(found, key=lambda measure: measure.analyst)
    return sum(_reminded(person, list(theirs), now) for person, theirs in analysts if person)


def _reminded(person: User, measures: Iterable[Measure], now: datetime) -> bool:
    if not NoticeChoice.objects.wanted_by(person)["review"]:
        return False
    try:
        with transaction.atomic():
            message = Message.objects.create(
                kind=Message.Kind.REVIEW,
                key=f"review:{uuid4()}",
                person=person,
                made_at=now,
                due_at=now,
            )
            Reminder.objects.bulk_create(
                Reminder(message=message, measure=each, person=person, day=each.review_on)
                for each in measures
                if each.review_on
            )
    except IntegrityError:
        return False  # Somebody else was quicker.
    return True
