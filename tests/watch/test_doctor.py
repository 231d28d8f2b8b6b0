"""`manage.py doctor` tells what is wrong in plain words, and how to mend it."""

import json
import smtplib
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils import timezone, translation

from measures import files, search
from measures.models import JobRun, LinkCheck, SearchDoc, Turnover
from measures.text import HAN
from measures.upkeep import CHECKS, Part, State, kept, look, machine
from tests.world import World, tamper, unprotected

pytestmark = pytest.mark.usefixtures("world")


def doctor(*options: str) -> str:
    out = StringIO()
    call_command("doctor", *options, stdout=out)
    return out.getvalue()


def told_of(name: str, *options: str) -> dict[str, str]:
    """The line of that check, whether or not something is wrong."""
    out = StringIO()
    with suppress(CommandError):  # Whatever else is wrong.
        call_command("doctor", "--json", *options, stdout=out)
    return {each["name"]: each for each in json.loads(out.getvalue())["checks"]}[name]


def state_of(name: str) -> State:
    return State(told_of(name)["state"])


@pytest.fixture(autouse=True)
def _held(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]


def test_where_nothing_is_wrong_it_says_so_in_english() -> None:
    with translation.override("zh-hans"):
        said = doctor()
    assert said.endswith("Nothing is wrong.\n")
    assert "      ok  record-verified: The record holds: " in said
    assert all(f"  {each.name}: " in said for each in CHECKS)
    assert not HAN.search(said)


def test_every_line_that_is_not_well_says_how_to_mend_it() -> None:
    lines = list(look(Part.QUICK | Part.LONG, timezone.now()))
    assert [line.name for line in lines if line.state is State.ADVICE]
    assert all(bool(line.mend) == (line.state is not State.OK) for line in lines)


def test_what_takes_long_can_be_left_out() -> None:
    assert "record-verified" not in doctor("--quick")


def test_it_ends_with_one_where_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "TOO_LITTLE", 10**18)
    with pytest.raises(CommandError, match=r"1 thing to mend: disk\."):
        doctor("--quick")


def test_a_record_that_was_tampered_with_is_named() -> None:
    assert state_of("record-verified") is State.OK
    tamper("UPDATE measures_recordentry SET why = 'Another' WHERE sequence = 3")
    line = told_of("record-verified")
    assert line["state"] == "failing"
    assert line["told"].startswith("The record is broken at entry 3: ")
    assert "docs/operations/backup.md" in line["mend"]


def test_lost_triggers_are_named() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("There the triggers are switched off, not dropped.")
    with unprotected():
        line = told_of("triggers", "--quick")
    assert line["state"] == "failing"
    assert line["told"].startswith("The database no longer protects the record: ")


def test_an_index_that_differs_is_noticed_row_for_row(world: World) -> None:
    assert search.disagreeing() == 0
    doc = SearchDoc.objects.of("measure", [world.plan.pk]).get()
    doc.tokens += " canary"
    doc.save()
    SearchDoc.objects.of("body", [world.patent_office.pk]).delete()
    SearchDoc.objects.create(noun="theme", object_id=987654, tokens="gone")
    assert search.disagreeing() == 3
    line = told_of("search-words")
    assert line["told"] == "Search does not know 3 texts as they stand."
    assert line["mend"] == "Run `manage.py rebuild_search`."
    call_command("rebuild_search", stdout=StringIO())
    assert state_of("search-words") is State.OK


def test_files_that_nothing_names_are_for_somebody_to_weigh(settings: Any) -> None:
    folder = Path(settings.FILES_DIR) / "ab"
    folder.mkdir(parents=True)
    (folder / ("ab" * 32)).write_text("x")
    assert state_of("held-copies") is State.OK  # It may be on its way.
    kept_young = kept.YOUNG
    kept.YOUNG = timedelta(0)
    try:
        assert state_of("held-copies") is State.ADVICE
    finally:
        kept.YOUNG = kept_young


def test_a_copy_that_is_gone_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "dangling", lambda: iter([("0" * 64, "is not held")]))
    line = told_of("held-copies")
    assert (line["state"], line["told"]) == ("failing", "1 held copy is missing or altered.")


@pytest.mark.parametrize(
    ("age", "state"), [(None, "advice"), (timedelta(hours=30), "ok"), (timedelta(3), "failing")]
)
def test_the_age_of_the_last_backup_is_told(age: timedelta | None, state: str) -> None:
    if age:
        JobRun.objects.done("backup", timezone.now() - age)
    assert told_of("backups", "--quick")["state"] == state


def test_backup_and_link_check_say_that_they_ran(tmp_path: Path) -> None:
    call_command("check_links", "--limit", "1", "--older-than", "3650", stdout=StringIO())
    assert JobRun.objects.last("check_links")


def test_the_last_look_at_a_page_is_the_later_of_two(world: World) -> None:
    """The controls: neither, the one, the other."""
    assert machine.last_link_check() is None
    long_ago = timezone.now() - timedelta(days=30)
    LinkCheck.objects.create(evidence=world.outline, address="x", outcome="answers", at=long_ago)
    assert machine.last_link_check() == long_ago
    assert state_of("links") is State.FAILING
    JobRun.objects.done("check_links")
    assert state_of("links") is State.OK


def test_digests_that_stopped_are_told(world: World) -> None:
    assert state_of("digests") is State.ADVICE
    call_command("send_digests")
    assert state_of("digests") is State.OK
    JobRun.objects.done("send_digests", timezone.now() - timedelta(hours=2))
    assert state_of("digests") is State.FAILING


def test_figures_that_differ_from_the_findings_are_told(world: World) -> None:
    assert told_of("sums")["state"] == "ok"
    Turnover.objects.filter(came__gt=0).update(came=models.F("came") + 1)
    line = told_of("sums")
    assert line["state"] == "failing"
    assert "rebuild_rollups" in line["mend"]


def test_a_mail_server_that_does_not_answer_is_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert state_of("mail") is State.ADVICE
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_HOST_PASSWORD = "the-password"
    line = told_of("mail", "--quick")
    assert line["told"] == "The mail server does not let us in (ConnectionRefusedError)."

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    line = told_of("mail", "--quick")
    assert line["told"].endswith("(SMTPAuthenticationError).")
    assert "the-password" not in json.dumps(line)


@pytest.mark.parametrize(
    ("changed", "name", "state"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, "hosts", "failing"),
        ({"ALLOWED_HOSTS": ["tracker.example.org"]}, "hosts", "failing"),
        ({"ALLOWED_HOSTS": ["tracker.example.org"], "HTTPS": True}, "hosts", "ok"),
        ({"ALLOWED_HOSTS": ["tracker.example.org"], "DEBUG": True}, "settings", "failing"),
        ({"HTTPS": True, "SECRET_KEY": "short"}, "settings", "failing"),
        ({"HTTPS": False}, "settings", "advice"),
    ],
)
def test_settings_that_leave_a_door_open_are_told_from_weak_ones(
    changed: dict[str, Any], name: str, state: str, settings: Any
) -> None:
    for key, value in changed.items():
        setattr(settings, key, value)
    assert told_of(name, "--quick")["state"] == state


def test_a_pending_migration_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Planned:
        app_label, name = "measures", "0099_new"

    monkeypatch.setattr(
        "measures.upkeep.kept.MigrationExecutor.migration_plan", lambda *told: [(Planned, False)]
    )
    line = told_of("migrations", "--quick")
    assert line["told"] == "1 migration is not applied: measures.0099_new."


def test_a_check_that_fails_itself_is_a_line_like_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*told: Any) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(machine.shutil, "disk_usage", fail)
    line = told_of("disk", "--quick")
    assert line["told"] == "It could not be looked at (RuntimeError)."
    assert "the inside" not in json.dumps(line)
