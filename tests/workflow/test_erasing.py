"""A person erased: no page, file or table tells the name, and the record still holds."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from measures import record, workflow
from measures.models import Finding, Measure, SavedView, StartPage, User
from tests.world import World, person, small_world

pytestmark = pytest.mark.django_db
NAME, ACCOUNT, ADDRESS = "Ottilie Quandary", "ottilie.q", "ottilie.quandary@example.org"
TRACES = re.compile(r"ottilie|quandary", re.IGNORECASE)


@pytest.fixture
def ottilie(roles: None) -> User:
    """An analyst with a name found nowhere else."""
    user = person("ottilie.q", NAME, "Analysts")
    user.email = ADDRESS
    user.save()
    return user


@pytest.fixture
def world(ottilie: User) -> World:
    """The small world, with all of its work done by her."""
    return small_world(ottilie, person("rui", "Rui", "Reviewers"))


@pytest.fixture
def everywhere(world: World, ottilie: User) -> Client:
    """Her browser, and a row of hers in every table that may have one."""
    browser = Client()
    browser.force_login(ottilie)
    EmailAddress.objects.create(user=ottilie, email=ADDRESS, verified=True, primary=True)
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=world.rui,
        content_type=kind,
        object_id=str(ottilie.pk),
        object_repr=NAME,
        action_flag=CHANGE,
    )
    view = SavedView.objects.create(owner=ottilie, place="changes", name="Ottilie's list")
    StartPage.objects.create(person=ottilie, view=view)
    workflow.make_token(by=ottilie, uid=uuid4(), name="Ottilie's Excel", days=30)
    measure = Measure.objects.get(pk=world.rulings.pk)
    measure.analyst = ottilie
    record.save(measure, by=ottilie)
    world.draft(measure)
    workflow.note(measure, "Seen.", by=ottilie)
    return browser


def erase(*words: str) -> str:
    out = io.StringIO()
    call_command("erase_person", ACCOUNT, *words, stdout=out)
    return out.getvalue()


def tables() -> Iterator[str]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            yield from (f"{table}: {row}" for row in cursor.fetchall())


def traces() -> list[str]:
    return [row for row in tables() if TRACES.search(row)]


def shown(browser: Client) -> Iterator[tuple[str, str]]:
    """The pages, files, feeds and lists on which people are named."""
    addresses = [
        "/",
        "/measures/1.1/",
        "/measures/2.1/",
        "/measures/1.1/history/",
        "/changes/",
        "/brief/",
        "/evidence/outline/",
        "/desk/",
        "/desk/quality/",
        "/changes.csv",
        "/findings.json",
        "/measures/1.1/changes.atom",
        "/changes.atom",
        "/api/v1/findings",
        "/api/v1/changes",
        "/admin/measures/user/",
        "/admin/measures/recordentry/",
        "/admin/measures/draft/",
    ]
    for address in addresses:
        answer = browser.get(address, follow=True)
        if answer.status_code == 200:
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield address, content.decode()


def test_no_trace_is_left_and_the_record_holds(
    everywhere: Client,
    ottilie: User,
    ada: User,
    signed_in: Callable[[User], Client],
    tmp_path: Path,
) -> None:
    assert {row.split(":")[0] for row in traces()} >= {
        "measures_user",
        "account_emailaddress",
        "django_admin_log",
        "measures_apitoken",
    }
    browser = signed_in(ada)
    named = {address for address, text in shown(browser) if TRACES.search(text)}
    assert {"/changes/", "/admin/measures/user/"} <= named  # The control: she is shown before.
    told = erase("--yes")
    assert told.startswith("Erased. 1 sessions ended")
    assert traces() == []
    pages = dict(shown(browser))
    assert len(pages) == 18
    assert not [address for address, text in pages.items() if TRACES.search(text)]
    assert "Erased person" in pages["/changes/"]
    call_command("dump_bundle", str(tmp_path), stdout=io.StringIO())
    assert not [path for path in tmp_path.rglob("*.yaml") if TRACES.search(path.read_text())]
    assert record.verify().broken is None


def test_she_gets_in_nowhere(everywhere: Client, ottilie: User) -> None:
    assert everywhere.get("/desk/").status_code == 200
    token = ottilie.tokens.get()
    erase("--yes")
    assert everywhere.get("/desk/").status_code == 302
    assert not Session.objects.exists()
    ottilie.refresh_from_db()
    token.refresh_from_db()
    assert not ottilie.is_active
    assert not ottilie.has_usable_password()
    assert token.revoked_at is not None
    assert not ottilie.groups.exists()


def test_what_she_did_stays_under_her_opaque_id(everywhere: Client, ottilie: User) -> None:
    opaque, findings = ottilie.opaque_id, Finding.objects.filter(author=ottilie).count()
    erase("--yes")
    kept = User.objects.get(opaque_id=opaque)
    assert kept.pk == ottilie.pk
    assert Finding.objects.filter(author=kept).count() == findings > 0
    assert not Measure.objects.filter(analyst=kept).exists()
    head = record.head()
    assert head is not None
    assert (head.noun, head.key, head.why) == ("user", str(opaque), "Erased.")


def test_without_a_yes_nothing_happens(everywhere: Client, ottilie: User) -> None:
    before, head = traces(), record.head()
    told = erase()
    assert f"{NAME} ({ACCOUNT}, {ADDRESS})" in told
    assert told.endswith("Nothing was changed. To erase the person, add --yes.\n")
    assert (traces(), record.head()) == (before, head)


def test_what_colleagues_wrote_is_told(everywhere: Client, world: World, ottilie: User) -> None:
    """A note is its writer's own, and the record is never rewritten."""
    workflow.note(world.plan, f"@{ACCOUNT} knows more.", by=world.ana)
    head = record.head()
    assert head is not None
    assert f"stay as they are: {head.sequence}." in erase("--yes")
    left = {row.split(":")[0] for row in traces()}
    index = {name for name in left if name.startswith("measures_searchdoc")}
    assert left - index == {"measures_journalnote", "measures_recordentry"}
    assert record.verify().broken is None


def test_nobody_else_is_touched(everywhere: Client, world: World) -> None:
    before = User.objects.filter(pk=world.rui.pk).values().get()
    erase("--yes")
    assert User.objects.filter(pk=world.rui.pk).values().get() == before


@pytest.mark.parametrize("name", ["nobody", "system"])
def test_whom_it_does_not_erase(name: str, db: None) -> None:
    record.system_account()
    sentence = {"nobody": "There is no account named nobody", "system": "are no persons"}[name]
    with pytest.raises(CommandError, match=sentence):
        call_command("erase_person", name, "--yes")


@pytest.mark.django_db(transaction=True)
def test_the_name_is_gone_from_the_file_itself(ottilie: User) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL gives freed rows back with its next vacuum.")
    path = Path(str(connection.settings_dict["NAME"]))
    wal = Path(f"{path}-wal")

    def there() -> bool:
        return ADDRESS.encode() in path.read_bytes() + (wal.read_bytes() if wal.exists() else b"")

    assert there()
    erase("--yes")
    assert not there()
