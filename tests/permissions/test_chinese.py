"""Every address of staff and of the administration speaks Chinese under /zh/, errors included."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

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
    *("Excel", "IP", "ID", "MB"),
    *("True", "False"),  # What Django calls its marks for yes and no: no catalogue has them.
    "https://",
    *("TOTAL_FORMS", "INITIAL_FORMS", "ManagementForm"),  # No browser leaves these out.
    *("text/plain", "md5"),
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
    for address in every(cast.sample):
        for place, people in ASKED.items():
            for who in people if address.path.startswith(place) else ():
                for method in ("GET", "POST"):
                    response = answered(cast.browser(who), method, f"/zh{address.path}")
                    kind = response.get("Content-Type", "")
                    if kind.startswith("text/html") and not response.streaming:
                        told = f"{who} {method} {response.status_code} {address.path}"
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


def test_no_english_is_left_on_the_pages_of_staff(staff: Cast) -> None:
    known = sorted({*AS_THEY_ARE, *entered()}, key=len, reverse=True)
    kept = re.compile("|".join(("canary[a-z]+yranac", r"\w+\*{4,}", *map(re.escape, known))))
    pages = 0
    left: dict[str, str] = {}
    for place, page in shown(staff):
        pages += 1
        for told in unmarked_english(page):
            words = told.partition("> ")[2]
            if LATIN.search(kept.sub(" ", words)):
                left.setdefault(words, place)
    assert pages > 100
    assert not left, "\n".join(f"{place}: {words}" for words, place in left.items())


@pytest.mark.usefixtures("world")
def test_a_sentence_in_english_is_found() -> None:
    page = parse(
        '<html lang="zh-hans"><p>保存 <b>Save it</b></p><a title="Look here">看</a></html>'
    )
    assert unmarked_english(page) == ["<b> Save it", "<a> Look here"]
    assert not unmarked_english(parse('<html lang="zh-hans"><b lang="en">Save it</b></html>'))
