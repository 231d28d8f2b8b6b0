"""Views that staff save of lists: their own, shared ones, and the one with which they start."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from measures import workflow
from measures.models import RecordEntry, SavedView, User
from measures.models.saved_view import SavedViewQuerySet
from tests.pages.reader import Node

Browser = Callable[[User], Client]
LOOKED_AT = {
    "place": "measure-list",
    "source": "speech-2020",
    "query": "theme=design&status=limited&as_of=2023-01-01&page=2&next=//evil.example"
    "&status=sustained",
}

pytestmark = pytest.mark.usefixtures("world")


def view(by: User, name: str = "Mine", **told: Any) -> SavedView:
    return workflow.save_view(**{"by": by, "name": name, "place": "changes", **told})


def test_a_list_is_saved_as_it_is_looked_at(mei: User, signed_in: Browser) -> None:
    client = signed_in(mei)
    shown = Node.of(client.get("/measures/?theme=design&status=sustained"))
    form = shown.one("form", cls="save-view")
    told = {
        each["name"]: each.attributes.get("value", "") for each in form.all("input", type="hidden")
    }
    assert told.pop("csrfmiddlewaretoken")
    assert told == {
        "place": "measure-list",
        "source": "speech-2020",
        "query": "theme=design&status=sustained",
    }
    before = RecordEntry.objects.count()
    assert client.post(form["action"], {**told, "name": "Standing"})["Location"] == "/desk/views/"
    listed = Node.of(client.get("/desk/views/"))
    assert listed.links()["Standing"] == "/measures/?theme=design&status=sustained"
    assert "yours alone" in listed.row("Standing").text
    assert RecordEntry.objects.count() == before


@pytest.mark.parametrize("dated", [False, True])
def test_a_view_keeps_its_filters_in_order_and_dates_only_if_asked(
    dated: bool, ana: User, signed_in: Browser
) -> None:
    told = {**LOOKED_AT, "name": "A", **({"dated": "on"} if dated else {})}
    signed_in(ana).post("/desk/views/", told)
    saved = SavedView.objects.get()
    dates = "&as_of=2023-01-01" if dated else ""
    assert saved.query == f"theme=design&status=sustained&status=limited{dates}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "https://evil.example/"},
        {"place": "account_logout"},
        {"source": "//evil.example"},
        {"name": ""},
        {"name": "a\nb"},
        {"query": "x" * 5000},
    ],
)
def test_a_view_leads_to_a_list_of_ours_or_is_not_saved(
    wrong: dict[str, str], ana: User, signed_in: Browser
) -> None:
    response = signed_in(ana).post("/desk/views/", {**LOOKED_AT, "name": "A", **wrong})
    assert response.status_code == 422
    assert not SavedView.objects.exists()


def test_nothing_in_a_query_leads_elsewhere(ana: User, signed_in: Browser) -> None:
    for query in ("//evil.example", "?/\\evil.example", "#@evil", "\r\nLocation: x"):
        saved = view(ana, query=query)
        assert saved.get_absolute_url().startswith("/changes/?")
        told = {"place": "changes", "query": query, "name": "B", "replace": "on"}
        signed_in(ana).post("/desk/views/", told)
    assert SavedView.objects.get(name="B").query == ""


def test_a_name_is_taken_once_unless_it_is_replaced(ana: User, signed_in: Browser) -> None:
    client, saved = signed_in(ana), view(ana, "A")
    told = {**LOOKED_AT, "name": "A"}
    refused = client.post("/desk/views/", told)
    assert refused.status_code == 422
    assert "You have a view of this name" in refused.content.decode()
    client.post("/desk/views/", {**told, "replace": "on"})
    again = SavedView.objects.get()
    assert (again.pk, again.place, again.version) == (saved.pk, "measure-list", 2)


def test_others_see_what_is_shared_and_nothing_else(
    ana: User, rui: User, signed_in: Browser
) -> None:
    secret, open_ = view(ana, "Secret"), view(ana, "Open", is_shared=True)
    ana.is_active = False
    ana.save()
    client = signed_in(rui)
    shown = Node.of(client.get("/desk/views/"))
    assert "Secret" not in shown.text
    assert "Ana" in shown.row("Open").text
    for each in (secret, open_):
        assert client.get(f"/desk/views/{each.uid}/").status_code == 404
        assert client.post(f"/desk/views/{each.uid}/", {"name": "X"}).status_code == 404
        assert client.post(f"/desk/views/{each.uid}/delete/").status_code == 404
    assert client.post(f"/desk/views/{secret.uid}/start/").status_code == 404
    assert client.post(f"/desk/views/{open_.uid}/start/").status_code == 302
    assert SavedView.objects.count() == 2


def test_a_view_is_renamed_shared_and_deleted_by_its_owner(ana: User, signed_in: Browser) -> None:
    client, saved = signed_in(ana), view(ana)
    address = f"/desk/views/{saved.uid}/"
    told = {"name": "Ours", "is_shared": "on", "seen_version": "1"}
    assert client.post(address, told).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared, saved.version) == ("Ours", True, 2)
    assert client.post(address, {**told, "name": "Late"}).status_code == 409
    assert client.get(f"{address}delete/").status_code == 405
    client.post(f"{address}delete/")
    assert not SavedView.objects.exists()


def test_the_sign_in_leads_to_the_start_page(
    ana: User, mei: User, visitor: Client, signed_in: Browser
) -> None:
    shared = view(ana, "Open", is_shared=True, query="noun=finding")
    signed_in(mei).post(f"/desk/views/{shared.uid}/start/")

    def led_to(**asked: str) -> str:
        visitor.logout()
        told = {"login": "mei", "password": "mei", **asked}
        return str(visitor.post("/accounts/login/", told)["Location"])

    assert led_to() == "/changes/?noun=finding"
    assert Node.of(visitor.get("/desk/")).links()["Start"] == "/changes/?noun=finding"
    assert led_to(next="/method/") == "/method/"
    assert led_to(next="//evil.example/") == "/changes/?noun=finding"
    shared.refresh_from_db()
    shared.change(is_shared=False)
    assert led_to() == "/"


def test_starting_with_a_view_is_undone(ana: User, signed_in: Browser) -> None:
    client, saved = signed_in(ana), view(ana)
    for expected in (saved, None):
        client.post(f"/desk/views/{saved.uid}/start/")
        assert SavedView.objects.start_of(ana) == expected


def test_visitors_are_offered_nothing(visitor: Client) -> None:
    assert Node.of(visitor.get("/measures/")).all("form", cls="save-view") == []
    nowhere = UUID(int=1)
    for path in ("", f"{nowhere}/", f"{nowhere}/start/", f"{nowhere}/delete/"):
        response = visitor.post(f"/desk/views/{path}")
        assert response["Location"].startswith("/accounts/login/")


def test_many_views_take_no_more_questions(
    ana: User, signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    for place in range(30):
        view(ana, f"View {place}")
    client = signed_in(ana)
    client.get("/desk/views/")
    with django_assert_max_num_queries(14):
        client.get("/desk/views/")


def test_one_name_in_two_windows_at_the_same_moment_is_told_in_a_sentence(
    ana: User, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = view(ana, "First"), view(ana, "Second")
    client = signed_in(ana)
    # Neither window saw the other one when it looked.
    monkeypatch.setattr(SavedViewQuerySet, "named", lambda self, name: None)
    told = {"name": "First", "seen_version": "1"}
    for address, sent in (
        (f"/desk/views/{second.uid}/", told),
        ("/desk/views/", {**LOOKED_AT, "name": "First"}),
    ):
        answer = client.post(address, sent)
        assert answer.status_code in (409, 422)
        assert "You have a view of this name." in answer.content.decode()
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["First", "Second"]
    assert SavedView.objects.get(pk=first.pk).version == 1
