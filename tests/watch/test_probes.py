"""`/healthz` and `/readyz`: is it there, can it serve, and who is told why not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures.models import JobRun, LinkCheck, User
from measures.pages import watch
from measures.record import triggers
from measures.upkeep import kept, machine
from tests.world import World, unprotected

PROBES = ("/healthz", "/readyz")


def test_the_process_answers_without_the_database(
    visitor: Client, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No fixture opens the database here, so a single question would fail."""
    response = visitor.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"verdict": "ok"})


@pytest.mark.parametrize("path", PROBES)
def test_a_probe_is_asked_by_address_without_https_a_session_or_a_language(
    path: str, world: World, visitor: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = settings.HTTPS = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    settings.PUBLIC_PAGES = False
    response = visitor.get(path, headers={"Host": "10.0.0.7:8000", "Accept-Language": "zh"})
    assert response.status_code == 200
    assert response.json() == {"verdict": "ok"}
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert response["X-Content-Type-Options"] == "nosniff"
    assert visitor.get(f"/zh{path}", secure=True).status_code == 404
    assert visitor.post(path).status_code == 405


def test_the_exemption_is_in_the_settings_and_of_these_alone() -> None:
    """Of the settings as they are with HTTPS; `/metrics` is exempt in order to be refused."""
    from tests.watch.test_logs import in_a_shell

    told = in_a_shell(
        "from django.conf import settings as s; print(s.SECURE_REDIRECT_EXEMPT)",
        ALLOWED_HOSTS="tracker.example.org",
    )
    assert told.stdout.strip() == "['^api/', '^metrics$', '^(healthz|readyz)$']"


def test_details_are_for_administrators_and_the_token(
    world: World,
    visitor: Client,
    ada: User,
    mei: User,
    signed_in: Callable[[User], Client],
    token: dict[str, str],
) -> None:
    wrong = {"Authorization": f"Bearer {'x' * 40}"}
    for told in (
        visitor.get("/readyz"),
        visitor.get("/readyz", headers=wrong),
        signed_in(mei).get("/readyz"),
    ):
        assert told.json() == {"verdict": "ok"}
    for told in (visitor.get("/readyz", headers=token), signed_in(ada).get("/readyz")):
        checks = told.json()["checks"]
        names = {"database", "migrations", "triggers", "record", "disk", "links"}
        assert names <= set(checks)
        assert {each["state"] for each in checks.values()} == {"ok"}


def test_over_an_open_line_the_token_opens_nothing(
    world: World, visitor: Client, token: dict[str, str], settings: Any
) -> None:
    settings.HTTPS = True
    assert visitor.get("/readyz", headers=token).json() == {"verdict": "ok"}
    assert visitor.get("/metrics", headers=token).status_code == 401
    assert "checks" in visitor.get("/readyz", headers=token, secure=True).json()


def test_trying_to_write_leaves_nothing(world: World, visitor: Client) -> None:
    assert visitor.get("/readyz").status_code == 200
    assert not JobRun.objects.exists()


def test_asked_again_and_again_the_database_is_asked_once(world: World, visitor: Client) -> None:
    visitor.get("/readyz")
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get("/readyz").status_code == 200
    assert len(asked) == 0
    watch.forget()  # The control.
    with CaptureQueriesContext(connection) as asked:
        visitor.get("/readyz")
    assert len(asked) > 0


def test_a_database_that_cannot_be_written_stops_it_and_is_asked_no_more(
    world: World, visitor: Client, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*args: Any) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(kept, "_write_and_undo", read_only)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"verdict": "failing"})
    checks = visitor.get("/readyz", headers=token).json()["checks"]
    assert list(checks) == ["database"]
    assert checks["database"]["told"] == "It could not be looked at (OperationalError)."


def test_lost_triggers_stop_it(world: World, visitor: Client, token: dict[str, str]) -> None:
    with unprotected():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                name = triggers.names("postgresql")[-1]
                cursor.execute(f"DROP TRIGGER {name} ON measures_finding")
        response = visitor.get("/readyz", headers=token)
    assert response.status_code == 503
    assert response.json()["checks"]["triggers"]["state"] == "failing"
    watch.forget()
    assert visitor.get("/readyz").status_code == 200


def test_a_full_disk_stops_it(
    world: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "TOO_LITTLE", 10**18)
    assert visitor.get("/readyz").status_code == 503


def test_a_job_that_is_late_is_told_and_stops_nothing(
    world: World, visitor: Client, token: dict[str, str]
) -> None:
    LinkCheck.objects.create(
        evidence=world.outline,
        address="https://example.org/",
        outcome="answers",
        at=timezone.now() - timedelta(days=9),
    )
    response = visitor.get("/readyz", headers=token)
    assert response.status_code == 200
    assert response.json()["checks"]["links"] == {
        "state": "failing",
        "told": "Cited pages were last looked at 9 days ago.",
        "stops": False,
    }
    assert visitor.get("/readyz?jobs").status_code == 503
    JobRun.objects.done("check_links")
    watch.forget()
    assert visitor.get("/readyz?jobs").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_somebody_who_writes_for_long_is_no_fault(
    roles: None, visitor: Client, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("On PostgreSQL nobody waits for another's row.")
    monkeypatch.setattr(kept, "PATIENCE", 50)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            told = visitor.get("/readyz", headers=token).json()["checks"]["database"]
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert (told["state"], told["told"]) == (
        "ok",
        "The database answers; somebody else is writing to it.",
    )
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20000,)
