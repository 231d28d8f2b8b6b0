"""Who may what: every address, asked by everybody, beside the table that says what is meant.

`UPDATE_PERMISSIONS=1` writes the table anew, to be read line by line before it is kept.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils.safestring import SafeString

from tests.permissions.addresses import Address, every
from tests.permissions.cast import PEOPLE, READER, Cast

TABLE = Path(__file__).parent.parent / "permissions.txt"
NOBODY = "anonymous"
PERSONS = (NOBODY, READER, *PEOPLE)
PROGRAMS = ("reads", "writes")
# What people's pages and programs are made for; and what nobody should come in by.
OF_PAGES, OF_THE_API = ("GET", "POST"), ("GET", "POST", "PATCH")
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
# Who may least, and who may most: of the methods that are not meant.
ENDS = (NOBODY, "ada", "writes")
# Of what is open to everybody, so that the whole takes seconds.
ASKED_ANYWAY = "noor"
# The administration lets staff in alone; of the others a reviewer may most.
ASKED_OF_STAFF = (NOBODY, "rui", "ada")
LEAD = """\
Who may what. A line for each address; written by tests/permissions/test_matrix.py, which fails
where the tracker answers otherwise. Columns, by what is asked and by who asks:

  n  nobody known      r  a reader, who has an account without a role
  a  Ana, analyst      o  another analyst; what there is was made by Ana
  v  reviewer          m  manager         d  administrator
  R  a program with a token of Ana's that reads        W  with one that writes (API only)
  p  nobody known, while PUBLIC_PAGES=off: GET, POST; of the API also PATCH

  +  let in            >  sent on to another page
  ?  let in, but what was sent is refused: an empty form, another version
  s  to the sign-in    -  refused         .  not there, or not for them
  x  no such method here                    !  a fault, never meant
  =  not asked: open to nobody known; in the administration no more than a reviewer; of the
     addresses of one source, where the same pages answer, what no page is made for

What no page is made for (PATCH, PUT, DELETE; of programs the last two), HEAD and OPTIONS are asked
by those who may least and most.
"""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside has not been done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answered(client: Client, method: str, path: str) -> Any:
    """What an address answers to an empty request, which changes nothing that stays."""
    with undone():
        kind = {} if method in ("GET", "HEAD") else {"content_type": "application/json"}
        if method == "POST" and not path.startswith("/api/"):
            response = client.post(path)
        else:
            response = client.generic(method, path, **kind)
        assert method != "HEAD" or response.streaming or not response.content, path
        if response.streaming:
            b"".join(response.streaming_content)  # Closes its file, if it has one.
    return response


def letter(response: Any) -> str:
    """The answer in one sign; see the head of the table."""
    status = response.status_code
    if status >= 500:
        return "!"
    if status in (301, 302, 303, 307, 308):
        to_sign_in = "/login/?next=" in response["Location"]
        return "s" if to_sign_in else ">"
    if status < 300:
        return "+"
    signs = {401: "s", 403: "-", 404: ".", 410: ".", 405: "x"}
    return signs.get(status, "?")


def row(cast: Cast, address: Address, settings: Any) -> str:
    persons = PERSONS + PROGRAMS if address.is_of_the_api else PERSONS
    meant = OF_THE_API if address.is_of_the_api else OF_PAGES
    cells = []
    for method in METHODS:
        who = [each for each in persons if method in meant or each in ENDS]
        cells.append("".join(_signs(cast, address, method, who)).ljust(max(4, len(who)) + 1))
    settings.PUBLIC_PAGES = False
    nobody = cast.browser(NOBODY)
    closed = [letter(answered(nobody, method, address.path)) for method in meant]
    settings.PUBLIC_PAGES = True
    return " ".join((_called(address).ljust(46), *cells, "".join(closed))).rstrip()


def _signs(cast: Cast, address: Address, method: str, who: list[str]) -> Iterator[str]:
    twin = address.is_of_one_source
    to_all = twin and method not in OF_PAGES
    for each in who:
        behind_staff = address.path.startswith("/admin/") and each not in ASKED_OF_STAFF
        again = each == ASKED_ANYWAY and method == "GET" and not twin
        if behind_staff or (to_all and not again):
            yield "="
            continue
        response = answered(cast.browser(each), method, address.path)
        sign = letter(response)
        to_all = to_all or (each == NOBODY and sign == "+")
        # Whoever has just signed out is nobody known.
        if response.wsgi_request.user.is_authenticated:
            assert "no-store" in response.get("Cache-Control", ""), (address.path, each)
        yield sign


def _called(address: Address) -> str:
    """The name; of addresses that share one, or have none, the route as well."""
    if address.name.endswith(":-") or address.name == "account_email":
        return address.route
    return address.name


PARTS = {
    "pages": lambda path: not path.startswith(("/admin/", "/api/")),
    "administration": lambda path: path.startswith("/admin/"),
    "api": lambda path: path.startswith("/api/"),
}


def answers(cast: Cast, part: str, settings: Any) -> str:
    """A part of the table, as the tracker answers now."""
    meant, who = (OF_THE_API, "nraovmdRW") if part == "api" else (OF_PAGES, "nraovmd")
    rows = [
        row(cast, address, settings) for address in every(cast.sample) if PARTS[part](address.path)
    ]
    return "\n".join((_columns(meant, who, "ndW" if part == "api" else "nd"), *rows)) + "\n"


def _columns(meant: tuple[str, ...], all_of_them: str, ends: str) -> str:
    """Two lines: the methods, and who asks."""
    who = [all_of_them if method in meant else ends for method in METHODS]
    wide = [max(4, len(each)) + 1 for each in who]
    above = [method[:4].ljust(width) for method, width in zip(METHODS, wide, strict=True)]
    below = [each.ljust(width) for each, width in zip(who, wide, strict=True)]
    closed = "".join(method[0] for method in meant)
    return f"{'':46} {' '.join(above)} p\n{'':46} {' '.join(below)} {closed}"


@pytest.fixture
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is let in is decided before a page is drawn, which takes long; other tests look."""
    drawn = Template._render  # type: ignore[attr-defined]

    def undrawn(template: Any, context: Any) -> Any:
        picture = str(template.name).endswith(".svg")  # Something is made of it.
        return drawn(template, context) if picture else SafeString()

    monkeypatch.setattr(Template, "_render", undrawn)


@pytest.mark.usefixtures("_undrawn")
@pytest.mark.parametrize("part", PARTS)
def test_everybody_may_what_the_table_says(part: str, cast: Cast, settings: Any) -> None:
    found = answers(cast, part, settings)
    if os.environ.get("UPDATE_PERMISSIONS"):
        TABLE.write_text("\n".join((LEAD, *(_kept() | {part: found}).values())))
    kept = _kept()[part]
    assert "!" not in kept
    assert found == kept, "\n".join(
        unified_diff(kept.splitlines(), found.splitlines(), "meant", "answered", lineterm="", n=0)
    )


def _kept() -> dict[str, str]:
    """The parts of the table as they are meant."""
    parts = TABLE.read_text().strip("\n").split("\n\n")[-len(PARTS) :]
    return {part: told + "\n" for part, told in zip(PARTS, parts, strict=True)}
