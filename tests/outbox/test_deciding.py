"""When something is due, and that it is decided once however many decide."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from measures import outbox, record, workflow
from measures.models import Message, Subscription, User
from tests.outbox.conftest import at
from tests.threads import at_once
from tests.world import World

Follow = Callable[..., Subscription]
ROUNDS = int(os.environ.get("RACES", "50")) // 10


def due(rhythm: str, hour: int, decided: datetime, now: datetime) -> bool:
    return Subscription(rhythm=rhythm, hour=hour, decided_at=decided).is_due(now)


@pytest.mark.parametrize(
    ("decided", "now", "is_due"),
    [
        (at(2026, 11, 23, 7), at(2026, 11, 24, 6), False),
        (at(2026, 11, 23, 7), at(2026, 11, 24, 7), True),
        (at(2026, 11, 23, 8), at(2026, 11, 24, 6), False),
        (at(2026, 11, 20, 8), at(2026, 11, 24, 6), True),
    ],
)
def test_a_daily_digest_is_due_once_after_its_hour(
    decided: datetime, now: datetime, is_due: bool
) -> None:
    assert due("daily", 7, decided, now) == is_due


@pytest.mark.parametrize(
    ("decided", "now", "is_due"),
    [
        (at(2026, 11, 17, 12), at(2026, 11, 22, 23), False),  # from Tuesday to Sunday
        (at(2026, 11, 17, 12), at(2026, 11, 23, 6), False),  # Monday, before the hour
        (at(2026, 11, 17, 12), at(2026, 11, 23, 7), True),
        (at(2026, 11, 23, 7), at(2026, 11, 29, 23), False),
        (at(2026, 11, 17, 12), at(2026, 11, 25, 1), True),  # the timer stood still on Monday
    ],
)
def test_a_weekly_digest_is_due_once_after_its_hour_on_monday(
    decided: datetime, now: datetime, is_due: bool
) -> None:
    assert due("weekly", 7, decided, now) == is_due


def test_the_hour_is_that_of_the_site(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    decided = datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert not due("daily", 7, decided, datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    assert due("daily", 7, decided, datetime(2026, 11, 23, 23, 0, tzinfo=UTC))


def test_a_daily_digest_gathers_the_day(
    world: World, mei: User, follow: Follow, moved: Any
) -> None:
    follow(mei, rhythm="daily", hour=7)
    now = timezone.now()
    for _ in range(2):
        moved()
    assert outbox.decide(now) == 0
    assert outbox.decide(now + timedelta(days=1)) == 1
    assert outbox.decide(now + timedelta(days=1, minutes=5)) == 0
    # A day without news is no reason to send the next ones at any hour.
    assert outbox.decide(now + timedelta(days=2)) == 0
    moved()
    assert outbox.decide(now + timedelta(days=2, minutes=5)) == 0
    assert outbox.decide(now + timedelta(days=3)) == 1


def test_only_what_is_followed_is_told(world: World, mei: User, follow: Follow) -> None:
    now = timezone.now()
    held = {
        "theme": follow(mei, "theme", theme=world.courts),
        "other theme": follow(mei, "theme", theme=world.design),
        "body": follow(mei, "body", body=world.supreme_court),
        "measure": follow(mei, "measure", measure=world.rulings),
        "other measure": follow(mei, "measure", measure=world.plan),
        "everything": follow(mei),
    }
    world.rulings.title = "The swift rulings"
    record.save(world.rulings, by=world.ana)
    assert outbox.decide(now) == 4
    told = {each.subscription for each in Message.objects.all()}
    assert {name for name in held if held[name] in told} == {
        "theme",
        "body",
        "measure",
        "everything",
    }


def test_a_pause_is_told_of_afterwards_in_one_message(
    world: World, mei: User, follow: Follow, moved: Any
) -> None:
    held = follow(mei)
    assert workflow.pause(held)
    moved()
    moved()
    assert outbox.decide(timezone.now()) == 0
    held.refresh_from_db()
    assert not workflow.pause(held)
    assert outbox.decide(timezone.now()) == 1
    message = Message.objects.select_related("subscription__source").get()
    assert len(outbox.gather(message).lines) >= 2


def test_a_digest_tells_each_sort_of_news_once(
    world: World, mei: User, follow: Follow, moved: Any
) -> None:
    follow(mei)
    finding = moved()
    world.find(
        world.plan, "limited", finding.effective_on, [world.outline_on_plan],
        supersedes=finding, correction_reason="Misread.",
    )  # fmt: skip
    world.find(world.training, "sustained", finding.effective_on, [world.yearbook_on_training])
    world.statement.title = "A statement"
    record.save(world.statement, by=world.ana)
    outbox.decide(timezone.now())
    digest = outbox.gather(Message.objects.select_related("subscription__source").get())
    (move,) = digest.comparison.moves
    assert (move.before.slug, move.after.slug) == ("implemented", "limited")
    assert [line.object.measure for line in digest.corrections] == [world.plan]
    stayed = {(line.object.measure, line.object.status) for line in digest.findings}
    assert stayed == {(world.training, "sustained"), (world.plan, "partial")}
    # Both findings moved the day of the next review; each measure is told of once.
    assert {line.object for line in digest.edits} == {world.plan, world.training, world.statement}
    assert digest.others == 0


def test_the_number_of_questions_does_not_grow_with_what_is_told(
    world: World, mei: User, follow: Follow, django_assert_max_num_queries: Any
) -> None:
    follow(mei)
    day = timezone.localdate()
    for _ in range(30):
        world.find(world.plan, "partial", day, [world.outline_on_plan])
        world.find(world.training, "limited", day, [world.statement_on_training])
    outbox.decide(timezone.now())
    message = Message.objects.in_full().get()
    with django_assert_max_num_queries(32):
        outbox.compose(message)


def decisions_and_sendings(mei: User) -> list[Any]:
    """Two timers that run at once, each deciding and sending."""
    now = timezone.now() + timedelta(minutes=1)

    def run() -> dict[str, int]:
        outbox.decide(now)
        return dict(outbox.send(lambda: now))

    return at_once(run, run)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_every_mail_once(
    world: World, mei: User, follow: Follow, moved: Any
) -> None:
    for number in range(1, ROUNDS + 1):
        if number == 1:
            for _ in range(3):
                follow(mei, "theme", theme=world.design)
        mail.outbox.clear()
        moved()
        results = decisions_and_sendings(mei)
        assert not [each for each in results if isinstance(each, Exception)], results
        assert len(mail.outbox) == 3
        assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == 3
    assert Message.objects.in_state("sent").count() == 3 * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_two_senders_send_a_mail_twice(
    world: World, mei: User, follow: Follow, moved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the claim is for."""
    monkeypatch.setattr(Message, "claimed", lambda self, now: True)
    for _ in range(3):
        follow(mei, "theme", theme=world.design)
    most = 0
    for _ in range(ROUNDS * 2):
        mail.outbox.clear()
        moved()
        outbox.decide(timezone.now())
        at_once(outbox.send, outbox.send)
        most = max(most, len(mail.outbox))
        Message.objects.all().delete()
        if most > 3:
            break
    assert most > 3
