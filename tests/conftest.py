import gc
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation

from measures.models import User, installation
from tests import tap
from tests.kept import CHEAP, ROLES, Kept, fresh, keep
from tests.world import World, person, unprotected

SEEDS = Path(__file__).parent.parent / "seeds"

# Every module and every test that was collected stays to the end: to look through them all for
# garbage again and again takes a third of the collection, and of the tests one second in sixteen.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    """What is here by now is no garbage; whatever a test leaves behind is still looked for."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in use: there a writer waits for another one, in memory it fails.

    But no commit waits for the disk: like the server of tests/postgres.py, nothing has to survive.
    """
    if django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        folder, told = tmp_path_factory.mktemp("database"), connections["default"].settings_dict
        told["TEST"]["NAME"] = str(folder / "test.sqlite3")
        told["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session", autouse=True)
def _emptying_gets_past_the_triggers() -> Iterator[None]:
    """Between two tests that commit, Django empties the tables, which the triggers refuse."""
    empty = BaseDatabaseOperations.execute_sql_flush

    def past_the_triggers(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        with unprotected():
            empty(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", past_the_triggers)
        yield


@pytest.fixture(scope="session")
def listening() -> Iterator[tap.Tap]:
    """The tap on every statement; see tests/tap.py."""
    with tap.opened() as listening:
        yield listening


@pytest.fixture(autouse=True)
def _in_the_language_of_the_start() -> Iterator[None]:
    """A request leaves its language behind in its thread; the next test begins without."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_skips_the_record(listening: tap.Tap) -> Iterator[None]:
    """Every write to a tracked table has its entry in the same transaction, in every test."""
    listening.silent.clear()
    yield
    assert not listening.silent, f"written without an entry: {listening.silent}"


@pytest.fixture(autouse=True)
def _as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has given the installation another look, and no page asks whether somebody has."""
    monkeypatch.setattr(installation, "_known", (float("inf"), installation.Installation()))


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Passwords that cost nothing to hash, tries uncounted, and no collected static files."""
    settings.PASSWORD_HASHERS = CHEAP
    # Counting tries costs queries and outlives a test; tests of the lockout switch it on.
    settings.AXES_ENABLED = False
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def make_roles() -> None:
    """The groups. The migration made them, but a test that commits empties their table too."""
    if not Group.objects.exists():
        importlib.import_module("measures.migrations.0002_roles").make_roles(apps, None)
        importlib.import_module("measures.migrations.0004_desk_roles").grant(apps, None)


@pytest.fixture
def roles(db: None) -> None:
    make_roles()


@pytest.fixture
def ana(request: pytest.FixtureRequest, roles: None) -> User:
    """Ana writes."""
    return _inhabitant(request, "ana")


@pytest.fixture
def rui(request: pytest.FixtureRequest, roles: None) -> User:
    """Rui reviews."""
    return _inhabitant(request, "rui")


def _inhabitant(request: pytest.FixtureRequest, name: str) -> User:
    """One of the two that the small world is made by, in a test with or without that world."""
    if "world" in request.fixturenames:
        return getattr(request.getfixturevalue("world"), name)
    return person(name, name.capitalize(), ROLES[name])


@pytest.fixture
def mei(roles: None) -> User:
    """Mei manages."""
    return person("mei", "Mei", "Managers")


@pytest.fixture
def ada(roles: None) -> User:
    """Ada administers."""
    return person("ada", "Ada", "Administrators", is_staff=True)


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """The browser of a person who has signed in."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture(scope="session")
def kept(django_db_setup: None, django_db_blocker: Any) -> Kept:
    """The small world for copying, built before any test has turned a clock."""
    with django_db_blocker.unblock():
        make_roles()
        return keep()


@pytest.fixture
def world(roles: None, kept: Kept) -> World:
    """The small world; see tests/world.py."""
    return fresh() if User.objects.exists() else kept.copied()
