"""Two databases: pages for reading from the replica, and never less than their reader wrote.

Here the replica is the same database under a second name, so that the tests run on both engines
and see which name is asked; real servers are walked by tests/nodes/.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connections, transaction
from django.test import Client

from measures import replica, workflow
from measures.models import Measure, User
from measures.urls import urlpatterns
from tests.world import World


@dataclass
class Pair:
    """The two databases: how far each has come, what was asked of each, and the time."""

    far: dict[str, int] = field(default_factory=lambda: {"default": 100, "replica": 100})
    away: set[str] = field(default_factory=set)
    asked: dict[str, list[str]] = field(default_factory=dict)
    now: float = 1000.0
    is_no_replica: bool = False

    def position(self, alias: str = "default") -> int:
        self.answer(alias)
        if alias == "replica" and self.is_no_replica:
            raise replica.NoReplica
        return self.far[alias]

    def answer(self, alias: str) -> None:
        if alias in self.away:
            raise OperationalError("the connection is closed")

    def listen(self, alias: str) -> Callable[..., Any]:
        def heard(execute: Any, sql: str, *rest: Any) -> Any:
            self.answer(alias)
            self.asked[alias].append(sql)
            return execute(sql, *rest)

        return heard

    def read(self, client: Client, path: str, **more: Any) -> Any:
        """The answer; `asked` says afterwards what it took."""
        self.asked.update(default=[], replica=[])
        client.raise_request_exception = False
        response = client.get(path, **more)
        b"".join(response) if response.streaming else response.content
        return response

    def from_replica(self) -> bool:
        """Whether all that the register was asked came from there."""
        return bool(self.asked["replica"]) and not [
            sql
            for sql in self.asked["default"]
            if '"measures_' in sql and not re.search("measures_(user|apitoken)", sql)
        ]


@pytest.fixture
def pair(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    told = Pair()
    primary = connections["default"]
    mirror = copy(primary)
    mirror.alias, mirror.execute_wrappers = "replica", [told.listen("replica")]
    connections.settings["replica"] = primary.settings_dict
    connections["replica"] = mirror
    monkeypatch.setattr(replica, "position", told.position)
    monkeypatch.setattr(replica, "monotonic", lambda: told.now)
    monkeypatch.setattr(replica, "watch", replica.Watch())
    with primary.execute_wrapper(told.listen("default")):
        told.asked.update(default=[], replica=[])
        yield told
    del connections["replica"]
    del connections.settings["replica"]


READ = [
    *("/", "/zh/", "/measures/", "/measures/1.1/", "/changes/", "/search/?q=patent", "/evidence/"),
    *(
        "/compare/",
        "/timeline/",
        "/data/",
        "/source/speech-2020/",
        "/brief/",
        "/sitemap.xml",
        "/changes.atom",
    ),
    *("/embed/ladder.svg", "/card.png", "/calendar.ics", "/cite.txt?page=/", "/measures.csv"),
    *("/findings.jsonl", "/evidence.xlsx", "/api/v1/measures", "/brief/brief.docx", "/help/"),
    "/?as_of=2021-06-30",
]


def test_what_is_only_read_comes_whole_from_the_replica(pair: Pair, visitor: Client) -> None:
    for path in READ:
        response = pair.read(visitor, path)
        assert response.status_code == HTTPStatus.OK, path
        assert pair.asked["replica"], path
        assert pair.asked["default"] == [], path


def test_the_replica_shows_the_same_as_the_primary(pair: Pair, visitor: Client) -> None:
    from_there = pair.read(visitor, "/measures.csv?as_of=2021-06-30").getvalue()
    pair.now += 100
    pair.is_no_replica = True
    here = pair.read(visitor, "/measures.csv?as_of=2021-06-30").getvalue()
    assert pair.asked["replica"] == []
    assert here == from_there


def test_without_a_replica_nothing_is_asked_of_one(world: World, visitor: Client) -> None:
    """The control of everything here: the middleware is not there at all."""
    assert not replica.is_there()
    response = visitor.get("/")
    assert response.status_code == HTTPStatus.OK
    assert not hasattr(response.wsgi_request, "whole_answer")


def test_what_is_of_staff_and_accounts_comes_from_the_primary(
    pair: Pair, ada: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(ada)
    for path in ("/accounts/login/", "/desk/", "/account/", "/admin/"):
        pair.read(browser, path)
        assert pair.asked["replica"] == [], path


def test_who_has_signed_in_reads_from_the_replica_and_is_known_by_the_primary(
    pair: Pair, mei: User, signed_in: Callable[[User], Client]
) -> None:
    pair.read(signed_in(mei), "/measures/1.1/")
    assert pair.from_replica()
    sessions = "django_session"
    assert [sql for sql in pair.asked["default"] if sessions in sql]
    assert not [sql for sql in pair.asked["replica"] if sessions in sql or "auth_" in sql]


def note(client: Client) -> Any:
    client.raise_request_exception = False
    return client.post("/measures/1.1/notes/", {"uid": str(uuid4()), "text": "To be looked at."})


def test_who_wrote_reads_from_the_primary_until_the_replica_holds_it(
    pair: Pair, world: World, visitor: Client, signed_in: Callable[[User], Client]
) -> None:
    ana, rui = signed_in(world.ana), signed_in(world.rui)
    pair.read(visitor, "/")  # All have looked at the two: they are level.
    pair.far["default"] = 200
    answered = note(ana)
    assert answered.status_code == HTTPStatus.FOUND
    kept = answered.cookies["wrote"]
    assert (kept.value, kept["max-age"], kept["httponly"], kept["samesite"]) == (
        *("200", 60, True, "Lax"),
    )
    for client, expected in ((ana, False), (rui, True), (visitor, True)):
        pair.read(client, "/measures/1.1/")
        assert pair.from_replica() is expected
    pair.far["replica"] = 200
    pair.read(ana, "/measures/1.1/")
    assert pair.from_replica()


def test_with_https_no_neighbour_can_plant_the_place(
    pair: Pair, world: World, settings: Any, signed_in: Callable[[User], Client]
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    kept = note(signed_in(world.ana)).cookies["__Host-wrote"]
    assert (kept["secure"], kept["path"], kept["domain"]) == (True, "/", "")


def test_a_write_whose_place_is_unknown_is_read_from_the_primary(
    pair: Pair, world: World, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[User], Client]
) -> None:
    def away(alias: str = "default") -> int:
        raise OperationalError("gone")

    ana = signed_in(world.ana)
    with monkeypatch.context() as patch:
        patch.setattr(replica, "position", away)
        assert note(ana).cookies["wrote"].value == str(2**63 - 1)
    pair.read(ana, "/")
    assert not pair.from_replica()


def test_a_place_that_somebody_makes_up_harms_nobody(pair: Pair, visitor: Client) -> None:
    for made_up in ("", "x", "-1", "9" * 19, "9" * 400, "1e9"):
        visitor.cookies["wrote"] = made_up
        assert pair.read(visitor, "/about/").status_code == HTTPStatus.OK


def test_a_program_that_writes_reads_from_the_primary(pair: Pair, world: World) -> None:
    for scope, from_replica in (("write", False), ("read", True)):
        made = workflow.make_token(by=world.ana, uid=uuid4(), name=scope, days=30, scope=scope)
        assert made
        pair.read(Client(headers={"Authorization": f"Bearer {made[1]}"}), "/api/v1/measures")
        assert pair.from_replica() is from_replica


def test_a_transaction_that_begins_on_a_page_reads_from_the_primary(
    pair: Pair, world: World
) -> None:
    with replica.reading():
        assert Measure.objects.count()
        assert Measure.objects.get(code="1.1")._state.db == "replica"
        with transaction.atomic():
            assert Measure.objects.get(code="1.1")._state.db == "default"
        assert Measure.objects.get(code="1.1")._state.db == "replica"
    assert Measure.objects.get(code="1.1")._state.db == "default"


def test_a_row_that_was_read_from_the_replica_is_written_to_the_primary(
    pair: Pair, world: World
) -> None:
    with replica.reading():
        person = User.objects.get(pk=world.ana.pk)
        person.display_name = "Ana B."
        person.save()
        assert person._state.db == "default"
        assert person.groups.first()._state.db == "default"  # What a person may is the primary's.


def test_a_replica_that_fails_costs_no_reader_a_page_and_comes_back(
    pair: Pair, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    pair.read(visitor, "/")
    for path in ("/", "/measures/1.1/", "/api/v1/measures", "/changes.atom"):
        replica.watch = replica.Watch()
        pair.away.clear()
        pair.read(visitor, "/about/")
        pair.away.add("replica")
        assert pair.read(visitor, path).status_code == HTTPStatus.OK
        assert pair.asked["replica"] == []
        assert "The replica is not read from for 10 seconds" in caplog.text
    pair.away.clear()
    pair.read(visitor, "/")
    assert pair.asked["replica"] == []
    pair.now += replica.AWAY_FOR
    pair.read(visitor, "/")
    assert pair.from_replica()


def test_a_page_that_fails_on_both_is_no_fault_of_the_replica(
    pair: Pair, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    pair.read(visitor, "/")
    with monkeypatch.context() as patch:
        patch.setattr("measures.pages.progress.trend", broken)
        answered = pair.read(visitor, "/?as_of=2021-01-01")
        assert answered.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    pair.read(visitor, "/")
    assert pair.from_replica()


@pytest.mark.parametrize("behind", [True, False])
def test_a_replica_that_is_five_seconds_behind_is_not_read_from(
    pair: Pair, visitor: Client, behind: bool
) -> None:
    """A page may miss what was written in the last five seconds, and nothing older."""
    pair.read(visitor, "/")
    pair.far["default"] = 200
    for _second in range(4):
        pair.now += 1.1
        pair.read(visitor, "/")
        assert pair.from_replica()
    pair.far["replica"] = 100 if behind else 200
    pair.now += 1.1
    pair.read(visitor, "/")
    assert pair.from_replica() is not behind


def test_after_a_pause_the_replica_has_to_hold_all_that_the_primary_does(
    pair: Pair, visitor: Client
) -> None:
    pair.read(visitor, "/")
    pair.now += 3600
    pair.far["default"] = 200
    pair.read(visitor, "/")
    assert not pair.from_replica()


def test_where_the_primary_is_away_pages_say_so(pair: Pair, visitor: Client) -> None:
    pair.read(visitor, "/")
    pair.away.add("default")
    pair.now += 1.1
    response = pair.read(visitor, "/")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "The tracker cannot reach its data" in response.content.decode()
    pair.away.clear()
    assert pair.read(visitor, "/").status_code == HTTPStatus.OK


def test_a_server_that_is_no_replica_is_not_read_from(
    pair: Pair, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    pair.is_no_replica = True
    pair.read(visitor, "/")
    assert pair.asked["replica"] == []
    assert "the server of DATABASE_REPLICA_URL is not a replica" in caplog.text


def test_a_tag_vouches_for_the_database_that_the_page_comes_from(
    pair: Pair, visitor: Client
) -> None:
    """The head of a primary that is ahead never names a page of a replica that is behind."""
    pair.read(visitor, "/")
    tag = visitor.get("/")["ETag"]
    assert not pair.asked["default"]
    again = pair.read(visitor, "/", headers={"If-None-Match": tag})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert len(pair.asked["replica"]) == 1
    assert pair.asked["default"] == []


@pytest.mark.parametrize(
    ("here", "there", "refused"),
    [
        ("postgres://a@h/a", "postgres://b@h/b", False),
        ("sqlite://:memory:", "postgres://b@h/b", True),
    ],
)
def test_both_are_postgresql_or_the_start_is_stopped(here: str, there: str, refused: bool) -> None:
    asked = "from django.conf import settings as s; print(list(s.DATABASES))"
    started = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", asked],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": here, "DATABASE_REPLICA_URL": there},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if refused:
        assert started.returncode != 0
        assert "DATABASE_REPLICA_URL" in started.stderr
    else:
        assert started.stdout.strip() == "['default', 'replica']"


def test_nothing_of_the_desk_or_of_accounts_is_marked_as_only_read() -> None:
    marked = {
        str(each.name): getattr(each.callback, "from_replica", False)
        for each in urlpatterns
        if getattr(each, "name", "")
    }
    assert marked["progress"]
    assert marked["source-detail"]
    own = ("desk", "account", "draft", "invitation", "token", "view", "underway")
    assert not [name for name, is_marked in marked.items() if is_marked and name.startswith(own)]
