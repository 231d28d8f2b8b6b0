"""The doors of the command line: what they print, and what they refuse in a sentence."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from measures import record
from measures.bundle import files
from measures.models import Body, RecordEntry, User
from measures.record import triggers
from tests.world import World, unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """A command; what it printed."""

    def ran(*words: str) -> str:
        call_command(*words)
        return capsys.readouterr().out

    return ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle of one body."""
    files.write(tmp_path, {"bodies": [{"slug": "patent-office", "title": "Patent Office"}]})
    return tmp_path


class TestLoadBundle:
    def test_it_says_what_it_added(self, folder: Path, run: Callable[..., str]) -> None:
        assert run("load_bundle", str(folder)) == "     1 bodies added\n"
        assert run("load_bundle", str(folder)) == (
            "Nothing to do: the register already says what the bundle says.\n"
        )

    def test_a_dry_run_says_so(self, folder: Path, run: Callable[..., str]) -> None:
        told = run("load_bundle", str(folder), "--dry-run")
        assert told == "     1 bodies added\nA dry run: nothing was changed.\n"
        assert not Body.objects.exists()

    def test_it_lists_what_people_changed(self, folder: Path, run: Callable[..., str]) -> None:
        run("load_bundle", str(folder))
        body = Body.objects.get()
        body.title = "Office of Patents"
        record.save(body, by=record.system_account())
        line = "       body patent-office · title: 'Office of Patents' → 'Patent Office'\n"
        assert run("load_bundle", str(folder)) == line + (
            "     1 differ as above and were left as people have them; "
            "--update takes the bundle's version\n"
        )
        assert run("load_bundle", str(folder), "--update") == line + "     1 updated as above\n"
        assert Body.objects.get().title == "Patent Office"

    def test_it_is_the_act_of_who_is_named(
        self, folder: Path, run: Callable[..., str], ana: User
    ) -> None:
        run("load_bundle", str(folder), "--by", "ana")
        assert RecordEntry.objects.get().actor == ana.opaque_id

    def test_an_unknown_person_is_refused(self, folder: Path, run: Callable[..., str]) -> None:
        with pytest.raises(CommandError, match="There is no account named nobody"):
            run("load_bundle", str(folder), "--by", "nobody")
        assert not Body.objects.exists()

    def test_problems_are_listed_and_counted(self, folder: Path, run: Callable[..., str]) -> None:
        (folder / "bodies.yaml").write_text("- slug: A\n  colour: red\n- slug: b\n")
        with pytest.raises(CommandError) as refusal:
            run("load_bundle", str(folder))
        assert str(refusal.value) == (
            "bodies.yaml · A · colour: There is no such field.\n"
            "bodies.yaml · b · title: It is missing.\n"
            f"2 problems in {folder}. Nothing was loaded."
        )


class TestDumpBundle:
    def test_it_says_what_it_wrote(
        self, world: World, tmp_path: Path, run: Callable[..., str]
    ) -> None:
        told = run("dump_bundle", str(tmp_path / "new" / "folder"))
        assert told.split("\n")[:3] == ["     2 bodies", "     1 sources", "     2 passages"]
        assert (tmp_path / "new/folder/findings.yaml").exists()

    def test_a_place_that_cannot_be_written_is_refused(
        self, world: World, tmp_path: Path, run: Callable[..., str]
    ) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(CommandError, match="cannot be written: "):
            run("dump_bundle", str(tmp_path / "file"))

    def test_no_account_and_no_passage_text_leaves_the_house(
        self, world: World, tmp_path: Path, run: Callable[..., str]
    ) -> None:
        passage = world.pledges
        passage.text = "Canary in the text of the source."
        record.save(passage, by=world.ana)
        world.draft(world.rulings, rationale="Canary in a draft.")
        run("dump_bundle", str(tmp_path))
        told = "".join(path.read_text() for path in tmp_path.iterdir())
        assert str(world.ana.opaque_id) in told
        for secret in ("Canary", "example.org>", "ana@", "username", world.ana.password):
            assert secret not in told


class TestVerifyRecord:
    def test_it_prints_the_head(self, world: World, run: Callable[..., str]) -> None:
        head = record.head()
        assert head is not None
        told = run("verify_record")
        assert told == f"The record holds: {head.sequence} entries, head {head.hash}\n"

    def test_a_record_without_its_triggers_is_not_called_sound(
        self, world: World, run: Callable[..., str]
    ) -> None:
        with (
            unprotected(),
            pytest.raises(CommandError, match="does not protect the record: keep_measures_"),
        ):
            run("verify_record")
        assert triggers.missing() == []
        run("verify_record")


class TestDemonstrationAccounts:
    def test_they_are_made_once_and_can_sign_in(self, roles: None, run: Callable[..., str]) -> None:
        told = run("create_demo_accounts")
        accounts = re.findall(r"^  (\S+) +(\S+)$", told, re.MULTILINE)
        assert [name for name, _ in accounts] == [
            "analyst",
            "reviewer",
            "manager",
            "administrator",
        ]
        for username, password in accounts:
            assert User.objects.get(username=username).check_password(password)
            assert Client().login(username=username, password=password)
        again = run("create_demo_accounts")
        assert again.startswith("Sign in with the accounts you have.")
        assert not any(password in again for _, password in accounts)
        assert User.objects.filter(is_system=False).count() == 4

    def test_nobody_becomes_a_superuser(self, roles: None, run: Callable[..., str]) -> None:
        run("create_demo_accounts")
        assert not User.objects.filter(is_superuser=True).exists()
        reviewer = User.objects.get(username="reviewer")
        assert reviewer.has_perm("measures.approve_draft")

    def test_where_people_work_already_none_is_made(
        self, ana: User, run: Callable[..., str]
    ) -> None:
        run("create_demo_accounts")
        assert list(User.objects.filter(is_system=False)) == [ana]

    def test_the_record_tells_of_them(self, roles: None, run: Callable[..., str]) -> None:
        run("create_demo_accounts")
        entry = RecordEntry.objects.get(
            object_id=User.objects.get(username="analyst").pk, noun="user"
        )
        assert entry.after["groups"] == ["Analysts"]
        assert "analyst" not in entry.key


class TestTheFirstAdministrator:
    def test_may_invite_everybody_else_and_is_in_the_record(
        self, roles: None, run: Callable[..., str]
    ) -> None:
        told = run("create_administrator", "ada", "--email", "ada@EXAMPLE.org")
        ada = User.objects.get(username="ada")
        assert ada.check_password(told.split()[-1])
        assert ada.email == "ada@example.org"
        assert ada.is_staff
        assert not ada.is_superuser
        assert ada.has_perm("measures.add_user")
        entry = RecordEntry.objects.get(noun="user", object_id=ada.pk)
        assert entry.after["groups"] == ["Administrators"]

    def test_is_not_made_twice_nor_under_a_name_that_is_none(
        self, ana: User, run: Callable[..., str]
    ) -> None:
        for name, sentence in (("ana", "There is an account ana"), ("a b", "valid username")):
            with pytest.raises(CommandError, match=sentence):
                run("create_administrator", name)
        assert list(User.objects.filter(is_system=False)) == [ana]
