"""What somebody sends who means ill, through the doors, and what each guard makes of it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import resolve

from measures import record, workflow
from measures.models import ApiToken, Draft, SavedView, User
from tests.permissions.addresses import every
from tests.permissions.cast import Cast
from tests.world import World

Browser = Callable[[User], Client]
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "/\t/evil.example/",
    "\t//evil.example/",
    "/\n/evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
]
HOSTS = ["evil.example", "testserver.evil.example", "testserver@evil.example", "evil.example:80"]
HTMX = {
    "HX-Request": "true",
    "HX-Boosted": "true",
    "HX-Target": "results",
    "HX-Current-URL": "https://evil.example/?next=//evil.example",
    "HX-History-Restore-Request": "true",
}


def is_ours(address: str) -> bool:
    """Whether a browser stays here, however it reads slashes."""
    told = address.replace("\\", "/").replace("\t", "").replace("\n", "").strip()
    parts = urlsplit(told)
    return (
        not told.startswith("//")
        and parts.netloc in ("", "testserver")
        and not (parts.scheme and not parts.netloc)
    )


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_measure_of_what_is_ours_tells(address: str) -> None:
    """The control of the next two tests."""
    assert not is_ours(address)
    assert is_ours("/measures/?a=//b")


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_sign_in_or_out_leads_elsewhere(elsewhere: str, ana: User, signed_in: Browser) -> None:
    told = {"login": "ana", "password": "ana", "username": "ana", "next": elsewhere}
    for path in ("/accounts/login/", "/admin/login/"):
        for sent in (told, {**told, "next": ""}):
            response = Client().post(path, sent, query_params={"next": elsewhere})
            assert is_ours(response.get("Location", "/")), (path, response["Location"])
        assert is_ours(signed_in(ana).get(path, {"next": elsewhere}).get("Location", "/"))
    for path in ("/accounts/logout/", "/accounts/reauthenticate/", "/accounts/password/change/"):
        response = signed_in(ana).post(path, told, query_params={"next": elsewhere})
        assert is_ours(response.get("Location", "/")), (path, response["Location"])


def test_no_spoofed_header_of_htmx_opens_or_leads_elsewhere(cast: Cast) -> None:
    nobody = cast.browser("anonymous")
    for address in every(cast.sample):
        if address.is_of_the_api or address.path.startswith(("/admin/", "/s/")):
            continue
        plain = nobody.get(address.path)
        part = nobody.get(address.path, headers=HTMX)
        assert part.status_code < 500
        for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url"):
            assert is_ours(part.get(name, "/")), (address.path, name, part[name])
        if plain.status_code in (401, 403, 404) or "/login/" in plain.get("Location", ""):
            closed = part.status_code == plain.status_code or "HX-Redirect" in part
            assert closed, (address.path, part.status_code)
        if not plain.streaming and not part.streaming and part.status_code == 200:
            shorter = len(part.content) < len(plain.content) / 2
            assert not shorter or "HX-Request" in part.get("Vary", ""), address.path


def test_every_form_wants_its_token(cast: Cast) -> None:
    """Refused before anything is looked at, whoever asks; machines bring a token of their own."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["sessionid"] = cast.cookies["ada"]
    before = record.head()
    for address in every(cast.sample):
        response = browser.post(address.path)
        if address.is_of_the_api:
            assert response.status_code in (401, 403, 405), address.path
        elif address.name == "unsubscribe":
            # What mail programs post by themselves: its signed address is the right.
            assert response.status_code == 200
        elif address.path != "/admin/nowhere/":
            assert response.status_code == 403, (address.path, response.status_code)
            assert not getattr(resolve(address.path).func, "csrf_exempt", False), address.path
    assert record.head() == before


def test_without_the_guard_a_foreign_form_would_act(cast: Cast) -> None:
    """The control: the same request, with the guard off."""
    path = f"/desk/views/{cast.things['view'].uid}/delete/"
    cast.browser("ana").post(path)
    assert not SavedView.objects.filter(pk=cast.things["view"].pk).exists()


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused(host: str, cast: Cast) -> None:
    for path in ("/", "/changes.atom", "/accounts/password/reset/", "/api/v1/measures"):
        response = cast.browser("anonymous").get(path, headers={"Host": host})
        assert response.status_code == 400, (path, host)
        assert b"evil" not in response.content


def test_no_link_that_is_sent_or_shown_names_a_foreign_host(cast: Cast) -> None:
    foreign = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example",
               "X-Forwarded-Server": "evil.example", "X-Original-Host": "evil.example"}  # fmt: skip
    ada, nobody = cast.browser("ada"), cast.browser("anonymous")
    invited = {"uid": str(uuid4()), "email": "new@example.org", "roles": []}
    assert ada.post("/account/invitations/", invited, headers=foreign).status_code == 200
    reset = {"email": cast.people["ana"].email}
    assert nobody.post("/accounts/password/reset/", reset, headers=foreign).status_code == 302
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert "http://testserver/" in sent.body
        assert "evil" not in sent.body + str(sent.subject)
    for path in ("/", "/changes.atom", "/calendar.ics", "/data/", "/sitemap.xml", "/measures/1.1/"):
        response = nobody.get(path, headers=foreign)
        assert response.status_code == 200
        assert b"evil.example" not in response.content, path


def test_signing_in_takes_a_new_session_and_a_cookie_that_no_script_reads(ana: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    browser.session["planted"] = "x"
    planted = browser.session
    planted["planted"] = "x"
    planted.save()
    browser.cookies["sessionid"] = planted.session_key
    response = browser.post("/accounts/login/", {"login": "ana", "password": "ana"})
    cookie = response.cookies["sessionid"]
    assert cookie.value not in ("", planted.session_key)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    stranger = Client()
    stranger.cookies["sessionid"] = str(planted.session_key)
    assert stranger.get("/account/").status_code == 302


# Whatever a row has beside what its form asks for.
MORE: dict[str, Any] = {
    "id": 1, "pk": 1, "version": 77, "state": "approved", "is_superuser": "on", "is_staff": "on",
    "is_active": "", "is_system": "on", "recorded_at": "2001-01-01", "hash": "0" * 64,
    "finding": 1, "sequence": 1, "coding": "x", "opaque_id": str(uuid4()), "is_default": "on",
    "made_at": "2001-01-01", "user_permissions": [1],
}  # fmt: skip


def test_an_author_sets_nothing_of_a_draft_but_what_is_asked(cast: Cast) -> None:
    draft, rui = cast.things["draft"], cast.people["rui"].pk
    more = {"author": rui, "approver": rui, "decided_by": rui, "measure": cast.world.rulings.pk}
    told = {"status": "partial", "effective_on": "2022-05-01", "confidence": "low",
            "seen_version": draft.version, "act": "save", "rationale": "Mine."}  # fmt: skip
    cast.browser("ana").post(f"/desk/drafts/{draft.uid}/", {**MORE, **more, **told})
    now = Draft.objects.get(pk=draft.pk)
    assert (now.rationale, now.state, now.author) == ("Mine.", "writing", cast.people["ana"])
    assert (now.decided_by, now.finding, now.measure) == (None, None, cast.world.plan)
    assert now.version == draft.version + 1


def test_an_administrator_makes_nobody_a_superuser(cast: Cast) -> None:
    ada, noor = cast.people["ada"], cast.people["noor"]
    for person in (ada, noor):
        before = person.opaque_id
        told = {
            "username": person.username,
            "display_name": "Changed",
            "email": person.email,
            "language": "en",
            "groups": [group.pk for group in person.groups.all()],
        }
        sent = {**MORE, **told, "is_active": "on"}
        path = f"/admin/measures/user/{person.pk}/change/"
        page = cast.browser("ada").get(path).context["adminform"].form
        sent |= {
            each.html_name: each.value() or "" for each in page if each.html_name.startswith("seen")
        }
        assert cast.browser("ada").post(path, sent).status_code == 302
        person.refresh_from_db()
        assert person.display_name == "Changed"
        assert not person.is_superuser
        assert not person.is_system
        assert person.opaque_id == before
        assert not person.user_permissions.exists()


def test_who_is_invited_gets_the_roles_of_the_invitation_alone(cast: Cast) -> None:
    invitation = cast.things["invitation"]
    told = {"username": "eve", "display_name": "Eve", "password": "correct-horse-battery",
            "again": "correct-horse-battery", "groups": [1, 2, 3, 4], "roles": [1, 2, 3, 4],
            "email": "other@example.org", "invited_by": 1}  # fmt: skip
    path = f"/account/invited/{workflow.link_of(invitation)}/"
    assert cast.browser("anonymous").post(path, {**MORE, **told}).status_code == 302
    eve = User.objects.get(username="eve")
    assert (eve.email, eve.is_superuser, eve.is_staff) == (invitation.email, False, False)
    assert [group.name for group in eve.groups.all()] == ["Analysts"]


def test_views_and_tokens_belong_to_whoever_makes_them(cast: Cast) -> None:
    ana, noor = cast.people["ana"], cast.people["noor"]
    theirs = {"owner": ana.pk, "person": ana.pk, "scope": "read", "name": "Hers", "days": 5}
    browser = cast.browser("noor")
    uid = str(uuid4())
    browser.post("/account/tokens/", {**MORE, **theirs, "uid": uid, "beginning": "x"})
    token = ApiToken.objects.get(uid=uid)
    assert (token.person, token.hash == "0" * 64) == (noor, False)
    browser.post("/desk/views/", {**MORE, **theirs, "place": "changes", "query": ""})
    assert SavedView.objects.get(name="Hers").owner == noor


def test_the_api_takes_no_field_that_it_does_not_know(cast: Cast) -> None:
    browser, draft = cast.browser("writes"), cast.things["draft"]
    tag = browser.get(f"/api/v1/drafts/{draft.uid}")["ETag"]
    for name, value in {**MORE, "author": 1, "approver": 1, "source": "x"}.items():
        for method, path in (
            ("PATCH", f"/api/v1/drafts/{draft.uid}"),
            ("POST", "/api/v1/evidence"),
        ):
            response = browser.generic(
                method, path, json.dumps({name: value}),
                content_type="application/json", headers={"If-Match": tag},
            )  # fmt: skip
            assert response.status_code == 422, (path, name, response.content)
    assert Draft.objects.get(pk=draft.pk).version == draft.version


LONG = ["9" * 30, "-" + "9" * 30, "18446744073709551616", "1e400", "٣"]


@pytest.mark.parametrize("number", LONG)
def test_no_number_in_a_body_is_a_fault(number: str, cast: Cast, world: World) -> None:
    browser = cast.browser("writes")
    written = number if number.isascii() else f'"{number}"'
    for path, body in (
        ("/api/v1/evidence", f'{{"title": "A", "kind": "law", "tier": {written}}}'),
        ("/api/v1/measures/2.1/drafts", f'{{"corrects": {written}}}'),
    ):
        response = browser.post(path, body, content_type="application/json")
        assert response.status_code in (400, 422), (path, response.status_code)


DAYS = ["0001-01-01", "9999-12-31", "10000-01-01", "0000-00-00", "2022-01-01T24:00:00",
        "2022-01-01T00:00:00+14:00", "1" * 40]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_no_day_in_the_administration_is_a_fault(day: str, cast: Cast) -> None:
    evidence = cast.world.outline
    browser = cast.browser("ada")
    path = f"/admin/measures/evidence/{evidence.pk}/change/"
    sent = {"key": "outline", "title": "The outline", "kind": "plan", "tier": 1, "language": "zh",
            "checked_state": "unverified", "issued_on": day, "effective_on": day,
            "checked_on": day, "seen_at": "[]"}  # fmt: skip
    assert browser.post(path, sent).status_code in (200, 302, 409, 422)
    for query in (f"issued_on__gte={day}", f"issued_on__year={day[:5]}", f"issued_on__year={day}"):
        response = browser.get(f"/admin/measures/evidence/?{query}")
        assert response.status_code in (200, 302, 400), query
