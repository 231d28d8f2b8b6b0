"""Every address of staff and of the administration speaks Chinese under /zh/, errors included."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from measures import record, workflow
from tests.admin.browser import filled as in_admin
from tests.pages.desk import address, filled
from tests.pages.reader import LATIN, Node, parse, unmarked_english
from tests.permissions.addresses import every
from tests.permissions.cast import Cast
from tests.permissions.test_matrix import answered
from tests.world import person

# Who asks where. What only a superuser opens is asked by one; a reviewer decides on the desk.
ASKED = {"/desk/": ("ana", "rui"), "/admin/": ("sol",)}
# What stands on a page in Chinese as it is, and why.
AS_THEY_ARE = (
    "IPR Tracker",
    "=on",
    "example.org",  # Addresses of people.
    "testserver",
    *("DEBUG", "HTTPS", "FOUR_EYES", "REQUIRE_MFA", "EMAIL_URL"),  # Names of settings.
    "Markdown",
    *(
        "API",
        "CC BY",
        "DOCX",
        "XLSX",
        ".xlsx",
        "HTML",
        "PDF",
        "PNG",
        "JPEG",
        "CSV",
        "JSON Lines",
        "JSON",
    ),
    *("Excel", "IP", "ID", "MB", "kB"),
    *("True", "False"),  # What Django calls its marks for yes and no: no catalogue has them.
    "https://",
    *("TOTAL_FORMS", "INITIAL_FORMS", "ManagementForm"),  # No browser leaves these out.
    *("text/plain", "md5", "Webhook"),
    "patent-law-2020",  # An example of a key.
)


@pytest.fixture
def staff(cast: Cast, signed_in: Any) -> Cast:
    """The cast with a superuser."""
    sol = person("sol", "Sol", "Administrators", is_staff=True, is_superuser=True)
    cast.people["sol"] = sol
    cast.cookies["sol"] = signed_in(sol).cookies["sessionid"].value
    return cast


def shown(cast: Cast) -> Iterator[tuple[str, Node]]:
    """Each page that is answered to a look and to an empty form, with who met it where."""
    for each in every(cast.sample):
        for place, people in ASKED.items():
            for who in people if each.path.startswith(place) else ():
                for method in ("GET", "POST"):
                    response = answered(cast.browser(who), method, f"/zh{each.path}")
                    kind = response.get("Content-Type", "")
                    if kind.startswith("text/html") and not response.streaming:
                        told = f"{who} {method} {response.status_code} {each.path}"
                        yield told, parse(response.content.decode())


def entered() -> set[str]:
    """Whatever somebody wrote into the register, which is shown as it was written."""
    found = set()
    for model in apps.get_app_config("measures").get_models():
        kinds = (models.CharField, models.TextField, models.UUIDField)
        fields = [f for f in model._meta.concrete_fields if isinstance(f, kinds) and not f.choices]
        for row in model._default_manager.all():
            found |= {str(getattr(row, field.attname)) for field in fields}
            if hasattr(row, "record_key"):
                found.add(row.record_key)
    return {each for each in found if len(each) > 1}


def as_it_is() -> re.Pattern[str]:
    """What may stand in Latin letters."""
    known = sorted({*AS_THEY_ARE, *entered()}, key=len, reverse=True)
    return re.compile("|".join(("canary[a-z]+yranac", r"\w+\*{4,}", *map(re.escape, known))))


def left(page: Node, kept: re.Pattern[str]) -> list[str]:
    """The words of a page that are English without being marked, nor allowed to stand."""
    found = (told.partition("> ")[2] for told in unmarked_english(page))
    return [words for words in found if LATIN.search(kept.sub(" ", words))]


def test_no_english_is_left_on_the_pages_of_staff(staff: Cast) -> None:
    kept = as_it_is()
    places: dict[str, str] = {}
    pages = 0
    for place, page in shown(staff):
        pages += 1
        places |= dict.fromkeys(left(page, kept), place)
    assert pages > 100
    assert not places, "\n".join(f"{place}: {words}" for words, place in places.items())


def test_no_english_is_left_where_nothing_waits(staff: Cast) -> None:
    browser = staff.browser("mei")
    for path in ("/zh/desk/", "/zh/desk/views/", "/zh/desk/underway/"):
        assert not left(Node.of(browser.get(path)), as_it_is()), path


def test_no_english_is_left_where_two_people_saved(staff: Cast) -> None:
    browser, draft = staff.browser("ana"), staff.things["draft"]
    mine = filled(browser, draft, rationale="甲", act="save")
    workflow.save(draft, by=draft.author, rationale="乙")
    response = browser.post(f"/zh{address(draft)}", mine)
    assert response.status_code == HTTPStatus.CONFLICT
    assert not left(parse(response.content.decode()), as_it_is())


@pytest.mark.parametrize(
    ("who", "thing", "path", "field"),
    [
        ("ana", "outline", "/desk/evidence/{0.key}/", "title"),
        ("ana", "outline_on_plan", "/desk/citations/{0.pk}/", "note"),
        ("sol", "outline", "/admin/measures/evidence/{0.pk}/change/", "title"),
        ("sol", "plan", "/admin/measures/measure/{0.pk}/change/", "title"),
    ],
    ids=["document", "citation", "document-admin", "measure-admin"],
)
def test_nor_where_two_people_edited(
    staff: Cast, who: str, thing: str, path: str, field: str
) -> None:
    theirs = getattr(staff.world, thing)
    theirs.refresh_from_db()
    browser, place = staff.browser(who), f"/zh{path.format(theirs)}"
    form = browser.get(place)
    told = form_of(form, who) | {field: "甲"}
    setattr(theirs, field, "乙")
    record.save(theirs, by=staff.world.rui)
    response = browser.post(place, told)
    page = parse(response.content.decode())
    assert "乙" in page.text
    assert not left(page, as_it_is())


def form_of(response: Any, who: str) -> dict[str, Any]:
    """What the form that is shown would post."""
    if who == "sol":
        return dict(in_admin(response))
    told = {bound.html_name: bound.value() for bound in response.context["form"]}
    return {name: value for name, value in told.items() if value not in (None, False)}


@pytest.mark.usefixtures("world")
def test_a_sentence_in_english_is_found() -> None:
    page = parse(
        '<html lang="zh-hans"><p>保存 <b>Save it</b></p><a title="Look here">看</a></html>'
    )
    assert unmarked_english(page) == ["<b> Save it", "<a> Look here"]
    assert not unmarked_english(parse('<html lang="zh-hans"><b lang="en">Save it</b></html>'))
