"""Mails over a real mail server: each sent once, whatever the server does."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from measures import outbox, record, workflow
from measures.models import Message, Subscription, User
from measures.models.message import LEASE, PATIENCE
from tests.outbox.conftest import Postman, part
from tests.pages.reader import parse
from tests.world import World

Run = Callable[..., dict[str, int]]
Follow = Callable[..., Subscription]
HOUR = timedelta(hours=1)


def has_han(words: str) -> bool:
    return any("\u4e00" <= each <= "\u9fff" for each in words)


def test_what_changed_is_sent_once_and_what_follows_is_not_forgotten(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    assert run() == {}
    moved()
    assert run() == {"sent": 1}
    assert run() == run(HOUR) == {}
    world.plan.refresh_from_db()
    world.plan.title = "The great plan"
    record.save(world.plan, by=world.ana)
    assert run() == {"sent": 1}
    first, second = postman.mails
    assert "Partial" in part(first, "plain")
    assert "Partial" not in part(second, "plain").partition("==")[2]
    assert postman.to == [["mei@example.org"], ["mei@example.org"]]
    digests = Message.objects.order_by("pk").values_list("first", "last")
    assert digests[0][1] == digests[1][0]
    assert first["Message-ID"] != second["Message-ID"]


def test_a_mail_says_what_moved_in_both_its_parts_with_fixed_links_and_a_picture(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei, "theme", theme=world.design)
    moved()
    run()
    (mail,) = postman.mails
    head = record.head()
    assert head
    text, html = part(mail, "plain"), part(mail, "html")
    for said in (text, html):
        assert "● Implemented" in said
        assert "◑ Partial" in said
        assert "We learnt more" in said
        assert head.hash in said
        link = "https://tracker.example.org/measures/1.1/?as_of="
        assert link in said
        assert f"known={head.at:%Y-%m-%dT%H:%M:%S.%f}Z" in said.replace("%3A", ":")
    shown = parse(html.partition("<!doctype html>")[2])
    (picture,) = shown.all("img")
    assert "Sustained 1, Partial 1" in picture["alt"]
    (held,) = [each for each in mail.walk() if each.get_content_type() == "image/png"]
    assert picture["src"] == f"cid:{held['Content-ID'].strip('<>')}"
    assert held.get_content().startswith(b"\x89PNG")
    # Nothing is fetched from anywhere when it is opened.
    assert [each["src"] for each in shown.all("img")] == [picture["src"]]
    assert not shown.all("link")
    assert not shown.all("script")


def test_the_head_of_a_mail_lets_programs_stop_it_and_keeps_answering_machines_silent(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    held = follow(mei)
    moved()
    run()
    (mail,) = postman.mails
    message = Message.objects.get()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == f"<{message.uid}@tracker.example.org>"
    way_out = mail["List-Unsubscribe"].strip(" <>")
    assert way_out.startswith("https://tracker.example.org/unsubscribe/")
    path = way_out.removeprefix("https://tracker.example.org")
    machine = Client(enforce_csrf_checks=True)
    assert machine.get(path).status_code == 200
    assert Subscription.objects.filter(pk=held.pk).exists(), "a look stops nothing"
    answer = machine.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscription.objects.exists()
    assert machine.post(path).status_code == 200
    assert machine.post(path[:-4] + "x/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mail_is_in_the_language_that_was_chosen(
    language: str, world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei, language=language)
    moved()
    workflow.note(world.plan, "@mei Look.", by=world.rui)
    User.objects.filter(pk=mei.pk).update(language=language)
    run()
    for mail in postman.mails:
        assert has_han(mail["Subject"]) == (language == "zh")
        assert has_han(part(mail, "plain")) == (language == "zh")
        assert mail["Content-Language"] == {"en": "en", "zh": "zh-hans"}[language]
        assert ("/zh/" in part(mail, "html")) == (language == "zh")
    assert len(postman.mails) == 2


@pytest.mark.parametrize("trouble", ["451 Later.", "554 No.", "550 Unknown.", "hang up"])
def test_what_a_server_does_not_take_is_tried_again_and_sent_once(
    trouble: str, world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    moved()
    postman.answers = [trouble, trouble]
    assert run() == {"put off": 1}
    assert run() == {}, "not before its pause is over"
    assert run(HOUR) == {"put off": 1}
    assert run(4 * HOUR) == {"sent": 1}
    assert run(24 * HOUR) == {}
    assert len(postman.mails) == 1
    assert postman.tried == 3


def test_one_mail_that_fails_keeps_no_other_back(
    world: World, mei: User, ada: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    follow(ada)
    moved()
    postman.answers = ["hang up"]
    assert run() == {"put off": 1, "sent": 1}
    assert postman.to == [["ada@example.org"]]


def test_a_bad_good_bye_does_not_make_a_mail_go_twice(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    """The server of these tests never says good-bye as it should; see the control below."""
    follow(mei)
    moved()
    assert run() == {"sent": 1}
    assert run(24 * HOUR) == {}
    assert len(postman.mails) == 1


def test_the_trouble_that_is_kept_names_no_address(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    moved()
    postman.answers = ["550 mei@example.org is unknown here"]
    run()
    message = Message.objects.get()
    assert message.trouble == "The mail server refused the address (550)."


def test_after_days_it_is_given_up_and_administrators_are_told(
    world: World, mei: User, ada: User, signed_in: Any, follow: Follow, moved: Any, run: Run,
    postman: Postman,
) -> None:  # fmt: skip
    follow(mei)
    moved()
    run_at = timedelta()
    postman.answers = ["451 Later."] * 20
    done: dict[str, int] = {}
    while run_at < PATIENCE + timedelta(days=2) and "given up" not in done:
        done = run(run_at)
        run_at += 6 * HOUR
    assert done == {"given up": 1}
    assert run(run_at + timedelta(days=3)) == {}
    assert postman.mails == []
    told = signed_in(ada).get("/admin/").content.decode()
    assert "Messages given up in the last 30 days" in told


def test_a_sender_that_died_holding_a_mail_holds_it_until_its_lease_is_over(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    moved()
    outbox.decide(timezone.now())
    assert Message.objects.get().claimed(timezone.now())
    assert run() == {}
    assert run(LEASE + HOUR) == {"sent": 1}
    assert len(postman.mails) == 1


def test_the_one_honest_window_shows_the_same_id_twice(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The control: who dies between the server's yes and the note of it sends again."""
    follow(mei)
    moved()
    with monkeypatch.context() as patch:
        patch.setattr(Message, "sent", lambda self, now: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            run()
    assert run() == {}
    assert run(LEASE + HOUR) == {"sent": 1}
    first, second = postman.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_django_alone_would_take_a_bad_good_bye_for_a_failure(
    world: World, postman: Postman
) -> None:
    """The control of the test above: why the line is kept open by ourselves."""
    from django.core.mail import EmailMessage

    with pytest.raises(smtplib.SMTPException):
        EmailBackendThatMinds().send_messages([EmailMessage("Hi", "Hi", to=["a@example.org"])])
    assert len(postman.mails) == 1


class EmailBackendThatMinds(EmailBackend):
    """Django's own, where the good-bye is refused."""

    def close(self) -> None:
        if self.connection is not None and self.connection.quit()[0] != 221:
            raise smtplib.SMTPException("no good-bye")


def test_who_lost_the_right_to_see_it_gets_nothing(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman, settings: Any
) -> None:
    settings.PUBLIC_PAGES = False
    noor = User.objects.create_user("noor", "noor@example.org", "noor")
    noor.groups.set(world.ana.groups.all())
    follow(mei)
    moved()
    workflow.note(world.plan, "@noor Look: canary.", by=world.rui)
    outbox.decide(timezone.now())
    noor.groups.clear()
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert run() == {"dropped": 2}
    assert run(24 * HOUR) == {}
    assert postman.mails == []
    # And nothing is decided for who is gone, however long.
    moved()
    assert run(24 * HOUR) == {}


def test_who_keeps_the_right_gets_it(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman, settings: Any
) -> None:
    """The control of the test above."""
    settings.PUBLIC_PAGES = False
    follow(mei)
    moved()
    workflow.note(world.plan, "@mei Look: canary.", by=world.rui)
    assert run() == {"sent": 2}


def test_nothing_of_drafts_and_notes_is_in_a_digest(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman
) -> None:
    follow(mei)
    world.draft(world.rulings, "partial", rationale="canary of a draft")
    workflow.note(world.plan, "canary of a note", by=world.rui)
    moved()
    run()
    (mail,) = postman.mails
    assert "canary" not in mail.as_string()
    assert "canary" not in part(mail, "html") + part(mail, "plain")


def test_the_command_sends_and_a_dry_run_only_prints(
    world: World, mei: User, follow: Follow, moved: Any, postman: Postman, capsys: Any
) -> None:
    follow(mei)
    moved()
    call_command("send_digests", "--dry-run")
    shown = capsys.readouterr().out
    assert "digest to mei" in shown
    assert "Partial" in shown
    assert not Message.objects.exists()
    call_command("send_digests")
    assert capsys.readouterr().out == "1 decided, 1 sent\n"
    assert len(postman.mails) == 1


def test_after_a_restore_all_may_be_taken_for_told(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman, capsys: Any
) -> None:
    follow(mei)
    moved()
    workflow.note(world.plan, "@ana", by=world.rui)
    call_command("send_digests", "--forget")
    assert "Dropped: 1." in capsys.readouterr().out
    assert run() == {}
    moved()
    assert run() == {"sent": 1}


def test_a_message_that_cannot_be_put_together_is_told_and_keeps_no_other_back(
    world: World, mei: User, follow: Follow, moved: Any, run: Run, postman: Postman,
    monkeypatch: pytest.MonkeyPatch, caplog: Any,
) -> None:  # fmt: skip
    follow(mei)
    moved()
    outbox.decide(timezone.now())
    workflow.note(world.plan, "@ana", by=world.rui)
    monkeypatch.setattr("measures.outbox.letters.gather", lambda message: 1 / 0)
    assert run() == {"put off": 1, "sent": 1}
    assert "could not be put together" in caplog.text
    assert "mei" not in caplog.text
