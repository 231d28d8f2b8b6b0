"""Mails about somebody's own work: mentions, drafts, reviews; each at once and once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from measures import outbox, record, workflow
from measures.models import Message, NoticeChoice, Subscription, User
from tests.outbox.conftest import Postman, part
from tests.world import World

Run = Callable[..., dict[str, int]]
Follow = Callable[..., Subscription]


def test_a_mention_and_a_returned_draft_are_told_at_once_and_once(
    world: World, run: Run, postman: Postman
) -> None:
    draft = world.draft(world.rulings)
    workflow.send_back(draft, by=world.rui, note="Which year?")
    workflow.note(world.plan, "@ana and @ana again, 请看。", by=world.rui)
    assert run() == {"sent": 2}
    assert run() == {}
    returned, mention = postman.mails
    assert returned["Subject"] == "Draft returned: 2.1 The rulings"
    assert "Which year?" in part(returned, "plain")
    assert mention["Subject"] == "Rui mentions you: 1.1 The plan"
    assert "请看" in part(mention, "html")
    assert postman.to == [["ana@example.org"]] * 2


def test_a_note_that_mentions_its_own_author_is_no_news(world: World, run: Run) -> None:
    workflow.note(world.plan, "@rui remembers.", by=world.rui)
    assert run() == {}


def test_a_draft_that_was_handed_in_anew_is_not_told_as_returned(
    world: World, run: Run, postman: Postman
) -> None:
    draft = world.draft(world.rulings)
    workflow.send_back(draft, by=world.rui, note="Which year?")
    workflow.submit(draft, by=world.ana)
    assert run() == {"dropped": 1}


def test_a_reviewer_who_asked_is_told_of_a_draft_handed_in(
    world: World, ada: User, run: Run, postman: Postman
) -> None:
    world.draft(world.rulings)
    assert run() == {}, "nobody asked"
    for person in (world.ana, world.rui):
        NoticeChoice.objects.create(person=person, kind="submitted", is_wanted=True)
    world.draft(world.plan)
    assert run() == {"sent": 1}
    assert postman.to == [["rui@example.org"]]
    assert "/review/" in part(postman.mails[0], "plain")


def test_one_click_stops_notices_of_one_kind(
    world: World, run: Run, postman: Postman, visitor: Client
) -> None:
    workflow.note(world.plan, "@ana", by=world.rui)
    run()
    path = postman.mails[0]["List-Unsubscribe"].strip(" <>").partition(".org")[2]
    visitor.post(path)
    workflow.note(world.plan, "@ana again", by=world.rui)
    draft = world.draft(world.rulings)
    workflow.send_back(draft, by=world.rui, note="Which year?")
    assert run() == {"dropped": 1, "sent": 1}
    assert postman.mails[1]["Subject"].startswith("Draft returned")


def test_reviews_are_told_fourteen_days_ahead_once_for_each_day(
    world: World, run: Run, postman: Postman
) -> None:
    today = timezone.localdate()
    for measure, days in ((world.plan, 14), (world.training, 15), (world.rulings, -1)):
        measure.refresh_from_db()
        measure.analyst, measure.review_on = world.ana, today + timedelta(days=days)
        record.save(measure, by=world.ana)
    assert run() == {"sent": 1}
    assert run() == {}
    text = part(postman.mails[0], "plain")
    assert "1.1 The plan" in text
    assert "1.2" not in text + str(postman.mails[0]["Subject"])
    assert "2.1" not in text
    world.plan.review_on = today + timedelta(days=3)
    record.save(world.plan, by=world.ana)
    assert run() == {"sent": 1}


def test_an_erased_person_is_told_nothing_and_nothing_tells_of_them(
    world: World, mei: User, ada: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    made = workflow.make_webhook(
        by=ada, uid=uuid4(), name="Ada's board", address="https://board.example.org/in"
    )
    assert made
    follow(ada, webhook=made[0])
    moved()
    outbox.decide(timezone.now())
    workflow.choose_notices({"mention": False}, by=mei)
    out = workflow.way_out(mei, "digest", Subscription.objects.get(person=mei))
    for person in (mei, ada):
        workflow.erase(person, by=world.rui)
    assert not Subscription.objects.exists()
    assert not Message.objects.exists()
    assert not NoticeChoice.objects.exists()
    assert run() == {}
    assert workflow.unsubscribe(out), "the link works though the account is gone"
    assert record.verify().broken is None
