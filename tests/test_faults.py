"""The database or the disk is away: it is admitted, nothing is half-saved, and it passes."""

import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, close_old_connections, connection
from django.test import Client

from measures import record
from measures.faults import RETRY_AFTER, is_away
from measures.models import Attachment, Evidence, JournalNote, User
from tests.api.program import Program, refused
from tests.pages.reader import parse
from tests.world import World

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own faults")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """The log of what these tests provoke is kept out of the report."""
    caplog.set_level(logging.CRITICAL, logger="django")


def away(response: Any) -> None:
    """A page of ours that says so, and when to ask again."""
    assert response.status_code == 503
    assert response["Retry-After"] == str(RETRY_AFTER)
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert parse(response.content.decode()).one("h1").text == "The tracker cannot reach its data"


@contextmanager
def pragma(name: str, value: int) -> Iterator[None]:
    """The setting of SQLite for a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # Free pages of the file would take what the disk does not.
        before = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        cursor.execute(f"PRAGMA {name} = {value}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA {name} = {before}")


@on_sqlite
@pytest.mark.parametrize("fault", ["query_only", "max_page_count"])
@pytest.mark.django_db(transaction=True)
def test_a_disk_that_takes_nothing_more_is_admitted_and_nothing_is_half_saved(
    fault: str, world: World, ada: User, signed_in: Callable[[User], Client]
) -> None:
    """A file that cannot be written, and a disk that is full."""
    client = signed_in(ada)
    client.raise_request_exception = False
    address = f"/admin/measures/evidence/{world.outline.pk}/change/"
    form = client.get(address).context["adminform"].form
    told = {bound.html_name: bound.value() or "" for bound in form}
    told |= {"checked_how": "x" * 200_000, "seen_at": "", "bodies": [world.patent_office.pk]}
    told |= {"citations-TOTAL_FORMS": 0, "citations-INITIAL_FORMS": 0}
    told |= {"attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0}
    head, entries = record.head(), Evidence.objects.get(pk=world.outline.pk).version
    with pragma(fault, 1):
        away(client.post(address, told))
        assert client.get("/evidence/outline/").status_code == 200
    assert record.head() == head
    assert Evidence.objects.get(pk=world.outline.pk).version == entries
    assert client.post(address, told).status_code == 302
    assert record.head() != head


@contextmanager
def opened_as(name: str) -> Iterator[None]:
    """The file of the database by another name, as after the tracker's restart on a sick disk."""
    told = connection.settings_dict
    before = told["NAME"]
    connection.close()
    told["NAME"] = name.format(before)
    try:
        yield
    finally:
        connection.close()
        told["NAME"] = before


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_file_that_may_not_be_written_is_read_and_nothing_is_half_saved(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(world.ana)
    client.raise_request_exception = False
    note = ("/measures/1.1/notes/", {"uid": str(uuid4()), "text": "A note."})
    head = record.head()
    with opened_as("file:{}?mode=ro"):
        away(client.post(*note))
        assert client.get("/measures/1.1/").status_code == 200
    assert record.head() == head
    assert not JournalNote.objects.exists()
    assert client.post(*note).status_code == 302


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_opened_is_admitted_until_it_can(world: World) -> None:
    client = Client(raise_request_exception=False)
    with opened_as("/nowhere{}"):
        away(client.get("/"))
        response = client.get("/api/v1/sources")
        assert (response.status_code, response.json()["error"]["code"]) == (503, "away")
        assert response["Retry-After"] == str(RETRY_AFTER)
    assert client.get("/").status_code == client.get("/api/v1/sources").status_code == 200


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_admitted_and_mended(world: World) -> None:
    import psycopg

    client = Client(raise_request_exception=False)
    assert client.get("/measures/").status_code == 200
    told = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    address = {name: told[name] for name in ("dbname", "user", "host", "port") if name in told}
    with psycopg.connect(**address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [mine])
    away(client.get("/measures/"))
    close_old_connections()  # As after every request.
    assert client.get("/measures/").status_code == 200


@contextmanager
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody gets a connection."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        patch.setattr(connection, "ensure_connection", refuse)
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/measures/1.1/", "/admin/", "/accounts/login/"])
def test_no_page_needs_the_database_to_say_that_it_is_away(
    path: str,
    world: World,
    ada: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asks, signed in or not: the session cannot be read either."""
    client = signed_in(ada)
    client.raise_request_exception = False
    with unreachable(monkeypatch):
        away(client.get(path))
        response = client.get("/api/v1/measures")
        assert (response.status_code, response.json()["error"]["code"]) == (503, "away")
        assert response["Retry-After"] == str(RETRY_AFTER)
    assert client.get(path, follow=True).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_it_would_be_taken_for_a_fault_of_ours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same faults, asked by nobody whose they are."""
    client = Client(raise_request_exception=False)
    for door in ("measures.pages.edge.is_away", "measures.api.errors.is_away"):
        monkeypatch.setattr(door, lambda error: False)
    with unreachable(monkeypatch):
        for path in ("/", "/api/v1/sources"):
            response = client.get(path)
            assert response.status_code == 500
            assert "Retry-After" not in response


@contextmanager
def lock_held() -> Iterator[None]:
    """Somebody else writes, and does not come to an end; we wait for a moment only."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            (waits,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute("PRAGMA busy_timeout = 1")
            other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
        else:
            cursor.execute("SET lock_timeout = '1ms'")
            other = connection.copy()
            other.set_autocommit(False)
            other.cursor().execute("LOCK TABLE measures_recordentry IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA busy_timeout = {waits}")
            else:
                cursor.execute("RESET lock_timeout")


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_held_too_long_is_admitted_and_nothing_is_half_saved(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(world.ana)
    browser.raise_request_exception = False
    program = Program(world.ana, client=Client(raise_request_exception=False))
    note = ("/measures/1.1/notes/", {"uid": str(uuid4()), "text": "A note."})
    law = {"title": "A law", "kind": "law", "tier": 1}
    head = record.head()
    with lock_held():
        away(browser.post(*note))
        assert refused(program.post("evidence", law), 503)["code"] == "away"
        assert browser.get("/measures/1.1/").status_code == 200
    assert record.head() == head
    assert not JournalNote.objects.exists()
    assert browser.post(*note).status_code == 302
    assert program.post("evidence", law).status_code == 201


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
@pytest.mark.django_db(transaction=True)
def test_a_copy_for_which_there_is_no_room_leaves_nothing_behind(
    full: int,
    world: World,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.FILES_DIR = tmp_path / "files"
    client = signed_in(world.ana)
    client.raise_request_exception = False

    def attach() -> Any:
        sent = SimpleUploadedFile("a.txt", b"A copy.")
        return client.post("/desk/evidence/outline/files/", {"file": sent})

    def refuse(handle: int) -> None:
        raise OSError(full, os.strerror(full))

    head = record.head()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        away(attach())
    assert record.head() == head
    assert not Attachment.objects.exists()
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
    assert attach().status_code == 302
    assert Attachment.objects.count() == 1


def test_a_fault_of_ours_is_not_taken_for_one_of_the_machine(db: None) -> None:
    with pytest.raises(DatabaseError) as fault, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nothing")
    assert not is_away(fault.value)
    assert not is_away(RuntimeError("closed"))
    assert not is_away(FileNotFoundError(errno.ENOENT, "x"))
    assert is_away(OSError(errno.ENOSPC, "No space left on device"))
