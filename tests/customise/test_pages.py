"""Where the look of an installation shows: pages, mails, files and pictures, in both languages."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import Installation, RecordEntry, User
from tests.customise.conftest import png
from tests.pages.reader import Node, parse
from tests.world import World

Look = Callable[..., Installation]
NAME, NAME_ZH = "Promises Desk & Co", "承诺追踪台"


@pytest.fixture(autouse=True)
def _asked_anew(_as_it_comes: None) -> None:
    Installation.objects.forget()


@pytest.fixture
def ours(look: Look) -> Installation:
    return look(
        name=NAME,
        name_zh=NAME_ZH,
        contact="desk@example.org",
        accent="#7a0019",
        home="Run by *our* desk.",
        home_zh="由本处**维护**。",
        logo=png(),
    )


def page(client: Client, path: str, status: int = 200) -> Node:
    response = client.get(path)
    assert response.status_code == status, path
    return parse(response.content.decode())


PAGES = ("/", "/measures/1.1/", "/method/", "/accounts/login/", "/about/", "/changes/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_bears_name_contact_and_look(
    path: str, ours: Installation, visitor: Client
) -> None:
    for prefix, name in (("", NAME), ("/zh", NAME_ZH)):
        shown = page(visitor, f"{prefix}{path}")
        assert shown.all("title")[0].text.endswith(f"· {name}")
        assert shown.one("a", cls="mark").text == name
        assert shown.one("footer").links()["desk@example.org"] == "mailto:desk@example.org"
        assert "IPR Tracker" not in shown.text
        styles = [each["href"] for each in shown.all("link") if each["rel"] == "stylesheet"]
        assert styles[-1].startswith("/look/")
        assert visitor.get(styles[-1]).status_code == 200


def test_without_a_look_nothing_is_added(world: World, visitor: Client) -> None:
    """The control."""
    shown = page(visitor, "/")
    assert shown.all("title")[0].text.endswith("· IPR Tracker")
    assert not [each for each in shown.all("link") if each["href"].startswith("/look/")]
    assert not shown.one("footer").all(href="mailto:desk@example.org")
    assert visitor.get("/look/x/en.css").status_code == 404
    assert visitor.get("/look/x/logo").status_code == 404


def test_the_words_of_the_first_page_stand_there_today_in_each_language(
    ours: Installation, visitor: Client
) -> None:
    assert "Run by our desk." in page(visitor, "/").one("main").text
    assert "由本处维护。" in page(visitor, "/zh/").one("main").text
    assert "our desk" not in page(visitor, "/?as_of=2022-01-01").one("main").text
    assert "our desk" not in page(visitor, "/measures/").one("main").text


def test_the_stylesheet_is_kept_for_ever_under_its_hash(
    ours: Installation, visitor: Client, settings: Any
) -> None:
    settings.PUBLIC_PAGES = False
    address = f"/look/{ours.look}/en.css"
    response = visitor.get(address)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    text = response.content.decode()
    assert "--accent: light-dark(#7a0019, #" in text
    told = re.search(r'content: "([^"]*)"', text)
    assert told
    letters = [chr(int(code, 16)) for code in re.findall(r"\\([0-9a-f]+) ", told[1])]
    assert "".join(letters) == NAME
    older = visitor.get("/look/0123456789abcdef/en.css")
    assert older.status_code == 200  # On a machine that has heard of the change before another.
    assert older["Cache-Control"] == "no-cache"
    assert visitor.get(f"/look/{ours.look}/fr.css").status_code == 404


def test_a_name_cannot_break_out_of_the_stylesheet(look: Look, visitor: Client) -> None:
    site = look(name='"; } body { display: none')
    text = visitor.get(f"/look/{site.look}/en.css").content.decode()
    assert "display" not in text
    assert text.count('"') == 2


def test_the_logo_is_a_picture_and_nothing_else(ours: Installation, visitor: Client) -> None:
    picture = page(visitor, "/").one("a", cls="mark").one("img")
    assert picture["alt"] == ""  # The name beside it says it.
    response = visitor.get(picture["src"])
    assert response.content == png()
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("desk@example.org", "mailto:desk@example.org"),
        ("https://example.org/desk", "https://example.org/desk"),
    ],
)
def test_error_pages_say_whom_to_tell(
    contact: str, link: str, look: Look, visitor: Client, caplog: Any
) -> None:
    caplog.set_level("CRITICAL", logger="django")
    look(name=NAME, contact=contact)
    shown = page(visitor, "/nowhere/", 404)
    assert link in shown.one("main").links().values()
    assert shown.all("title")[0].text.endswith(f"· {NAME}")


def test_one_language_on_offer_is_the_only_one(look: Look, world: World, visitor: Client) -> None:
    asked = {"Accept": "text/html"}
    look(languages="zh")
    for path in ("/", "/measures/1.1/?as_of=2022-01-01", "/accounts/login/"):
        response = visitor.get(path, headers={**asked, "Accept-Language": "en"})
        assert (response.status_code, response["Location"]) == (302, f"/zh{path}")
    shown = page(visitor, "/zh/")
    assert "English" not in shown.one("header", cls="masthead").text
    offered = [each for each in shown.all("link") if "hreflang" in each.attributes]
    assert [each["hreflang"] for each in offered] == ["zh-Hans"]
    assert visitor.get("/language/en/").status_code == 404
    look(languages="en")
    there = visitor.get("/zh/measures/", headers={**asked, "Accept-Language": "zh"})
    assert (there.status_code, there["Location"]) == (302, "/measures/")
    assert visitor.get("/measures/", headers={**asked, "Accept-Language": "zh"}).status_code == 200
    look(languages="both")  # The control.
    there = visitor.get("/measures/", headers={**asked, "Accept-Language": "zh"})
    assert there["Location"] == "/zh/measures/"


def test_mails_come_in_our_name(
    ours: Installation, ada: User, signed_in: Callable[[User], Client]
) -> None:
    sent = {"email": "new@example.org", "uid": str(uuid4()), "roles": []}
    signed_in(ada).post("/account/invitations/", sent)
    assert mail.outbox[-1].subject == f"Your account: {NAME}"
    assert f"You have been invited to {NAME}." in mail.outbox[-1].body
    for language, name in (("en", NAME), ("zh", NAME_ZH)):
        User.objects.filter(pk=ada.pk).update(language=language)
        Client().post("/accounts/password/reset/", {"email": ada.email})
        assert mail.outbox[-1].subject.startswith(f"[{name}] ")
        assert name in mail.outbox[-1].body


FILES = (
    "/changes.atom",
    "/measures/1.1/changes.atom",
    "/cite.bib?page=/",
    "/embed/ladder.svg",
    "/trend.svg",
    "/measures.json",
)


def test_files_feeds_and_cards_bear_the_name(ours: Installation, visitor: Client) -> None:
    for path in FILES:
        told = b"".join(visitor.get(path)).decode()
        assert NAME in told or NAME.replace("&", "&amp;") in told, path
        assert "IPR Tracker" not in told, path
    head = page(visitor, "/")
    assert head.one("meta", property="og:site_name")["content"] == NAME
    data = [each.text for each in head.all("script", type="application/ld+json")]
    assert NAME in json.dumps([json.loads(each) for each in data])
    for path in ("/brief/brief.docx", "/brief/brief.xlsx", "/zh/brief/brief.docx"):
        content = visitor.get(path, {"from": "2021-01-01"}).content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            told = archive.read("docProps/core.xml").decode()
        assert NAME.replace("&", "&amp;") in told or NAME_ZH in told, path


def test_a_phone_calls_it_by_its_name(ours: Installation, visitor: Client) -> None:
    (link,) = [each for each in page(visitor, "/zh/").all("link") if each["rel"] == "manifest"]
    told = json.loads(visitor.get(link["href"]).content)
    assert (told["name"], told["theme_color"]) == (NAME_ZH, "#7a0019")
    assert all(visitor.get(each["src"]).status_code in (200, 404) for each in told["icons"])


def test_a_kept_page_is_made_anew_after_a_change(look: Look, visitor: Client) -> None:
    look(name="Before")
    tag = visitor.get("/")["ETag"]
    assert visitor.get("/", headers={"If-None-Match": tag}).status_code == 304
    look(name="After")
    assert visitor.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_a_page_asks_no_more_of_the_database_for_it(ours: Installation, visitor: Client) -> None:
    visitor.get("/method/")
    with CaptureQueriesContext(connection) as asked:
        visitor.get("/method/")
    assert not [each for each in asked if "measures_installation" in each["sql"]]


ADD = reverse("admin:measures_installation_add")
CHANGE = reverse("admin:measures_installation_change", args=[1])


def test_an_administrator_changes_it_and_the_record_says_so(
    world: World, ada: User, signed_in: Callable[[User], Client], visitor: Client
) -> None:
    browser = signed_in(ada)
    told: dict[str, Any] = {"name": "Ours", "languages": "both", "accent": "#7a0019"}
    upload = SimpleUploadedFile("logo.png", png(), content_type="image/png")
    response = browser.post(ADD, {**told, "new_logo": upload, "entry_why": "Our colours."})
    assert response.status_code == 302
    entry = RecordEntry.objects.newest_first()[0]
    assert (entry.noun, entry.why, entry.actor) == ("installation", "Our colours.", ada.opaque_id)
    assert page(visitor, "/").one("a", cls="mark").one("img")
    assert browser.get(ADD).status_code == 403  # There is one.
    refused = browser.post(CHANGE, {**told, "accent": "#ffcc00", "seen_version": "1"})
    assert "a contrast of" in parse(refused.content.decode()).one("main").text
    assert browser.post(CHANGE, {**told, "no_logo": "on", "seen_version": "1"}).status_code == 302
    assert not page(visitor, "/").one("a", cls="mark").all("img")
    stale = browser.post(CHANGE, {**told, "name": "Theirs", "seen_version": "1"})
    assert stale.status_code == 200
    assert Installation.objects.get().name == "Ours"


@pytest.mark.parametrize("content", [b"<svg/>", b"MZ", png(padding=300_000)])
def test_a_file_that_is_no_logo_is_refused_in_words(
    content: bytes, world: World, ada: User, signed_in: Callable[[User], Client]
) -> None:
    upload = SimpleUploadedFile("logo.png", content, content_type="image/png")
    response = signed_in(ada).post(ADD, {"languages": "both", "new_logo": upload})
    assert response.status_code == 200
    assert "A logo " in parse(response.content.decode()).one("main").text
    assert not Installation.objects.exists()


def test_only_administrators_may(
    world: World, rui: User, signed_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=rui.pk).update(is_staff=True)
    rui.refresh_from_db()
    assert signed_in(rui).post(ADD, {"name": "Mine", "languages": "both"}).status_code == 403
    assert not Installation.objects.exists()
