"""Who may what: every address, asked by everybody, beside the table that says what is meant.

`UPDATE_PERMISSIONS=1` writes the table anew, to be read line by line before it is kept.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client

from tests.permissions.addresses import Address, every
from tests.permissions.cast import PEOPLE, READER, Cast

TABLE = Path(__file__).parent.parent / "permissions.txt"
NOBODY = "anonymous"
PERSONS = (NOBODY, READER, *PEOPLE)
PROGRAMS = ("reads", "writes")
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
  p  nobody known, while PUBLIC_PAGES=off: first GET, then POST

  +  let in            >  sent on to another page
  ?  let in, but what was sent is refused: an empty form, another version
  s  to the sign-in    -  refused         .  not there, or not for them
  x  no such method here                    !  a fault, never meant
  =  not asked: open to nobody known, or in the administration no more than a reviewer
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
    asked = []
    who = PERSONS + PROGRAMS if address.is_of_the_api else PERSONS
    methods = ["GET", "POST"]
    if address.is_of_the_api:
        methods.append("PATCH")
    for method in methods:
        asked.append("".join(_signs(cast, address, method, who)))
    settings.PUBLIC_PAGES = False
    nobody = cast.browser(NOBODY)
    closed = [letter(answered(nobody, method, address.path)) for method in methods]
    settings.PUBLIC_PAGES = True
    cells = [each.ljust(9) for each in asked] + ["".join(closed)]
    return " ".join((_called(address).ljust(46), *cells)).rstrip()


def _signs(cast: Cast, address: Address, method: str, who: tuple[str, ...]) -> Iterator[str]:
    to_all = False
    for each in who:
        behind_staff = address.path.startswith("/admin/") and each not in ASKED_OF_STAFF
        again = each == ASKED_ANYWAY and method == "GET" and not address.is_of_one_source
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


def table(cast: Cast, settings: Any) -> str:
    """The whole of it, as the tracker answers now."""
    parts: dict[str, list[str]] = {"people": [], "the API": []}
    for address in every(cast.sample):
        parts["the API" if address.is_of_the_api else "people"].append(row(cast, address, settings))
    of_people = f"{'':46} GET       POST      p\n{'':46} nraovmd   nraovmd   GP\n"
    of_machines = f"{'':46} GET       POST      PATCH     p\n{'':46} {'nraovmdRW ' * 3}GPP\n"
    people, machines = ("\n".join(parts[each]) for each in ("people", "the API"))
    return f"{LEAD}\n{of_people}{people}\n\n{of_machines}{machines}\n"


def test_everybody_may_what_the_table_says(cast: Cast, settings: Any) -> None:
    found = table(cast, settings)
    if os.environ.get("UPDATE_PERMISSIONS"):
        TABLE.write_text(found)
    kept = TABLE.read_text()
    assert "!" not in kept.partition("GP")[2]
    assert found == kept, "\n".join(
        unified_diff(kept.splitlines(), found.splitlines(), "meant", "answered", lineterm="", n=0)
    )
