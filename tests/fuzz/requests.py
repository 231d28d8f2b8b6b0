"""Requests made by chance: from the table of contents, with the names that the tracker reads.

Each has a number, and is made of the seed and that number alone.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus

from django.urls import URLResolver, get_resolver

from measures import forms
from measures.api import asked, sent
from tests.fuzz import odd

ODD_METHODS = ("POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "FOO")
# How often each door is tried, who has business there, and what they do: most requests are such.
DOORS: dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]] = {
    "/api/": (5, ("writes", "decides", "reads", "analyst"), ("GET", "POST", "PATCH")),
    "/desk/": (5, ("analyst", "reviewer", "administrator"), ("GET", "POST", "POST")),
    "/admin/": (4, ("administrator",), ("GET", "POST")),
    "/account": (2, ("administrator", "analyst"), ("GET", "POST")),
    "/": (6, ("visitor", "analyst", "manager"), ("GET",)),
}
# Routes that are written as regular expressions, as routes.
EXPRESSIONS = {
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/<str:key>/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "password/reset/key/<str:uidb36>-<str:key>/"
    ),
    r"^(?P<provider_id>[^/]+)/": "<str:provider_id>/",
    r"(?P<url>.*)$": "<path:url>",
}
HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
OF_THE_ADMINISTRATION = (
    *("_popup", "_to_field", "_facets", "_changelist_filters", "e", "o", "p", "all", "q"),
    *("tier__exact", "noun__exact", "object_id__exact", "is_active__exact", "groups__id__exact"),
    *("measure__theme__source__id__exact", "password__startswith", "app_label", "model_name"),
    *("field_name", "term", "action", "_selected_action", "index", "select_across", "_saveasnew"),
)
OTHERS = ("page", "next", "code", "state", "error", "login", "password", "delete", "uid", "__x__")
# What a person or program would say; everything else is odd.
MEANT: dict[str, tuple[Any, ...]] = {
    "status": ("partial", "limited", "achieved", "not-started", "not-assessed"),
    "confidence": ("low", "moderate", "high"),
    "kind": ("law", "plan", "regulation", "institution"),
    "nature": ("deliverable", "continuing"),
    "stage": ("in-force", "draft", "adopted"),
    "bearing": ("supports", "contradicts", "context"),
    "theme": ("design", "courts"),
    "body": ("patent-office", "supreme-court"),
    "bodies": (["patent-office"], []),
    "source": ("speech-2020", "plan-2021"),
    "measure": ("1.1", "2.1"),
    "evidence": ("outline", "yearbook"),
    "citations": (["yearbook"], ["outline", "outline"]),
    "another": (["outline"], []),
    "tier": (1, 5),
    "corrects": (1, None),
    "language": ("zh", "en"),
    "checked_state": ("checked", "unchecked"),
    "seen_at": (["https://example.org/a"],),
    "is_late": (True, False),
    "title": ("The outline", "专利法"),
    "key": ("outline", "a-law-2021"),
    "q": ("the", "专利", "outline"),
    "limit": ("1", "500"),
    "act": ("approve", "return", "save", "submit"),
    "order": ("code", "newest", "-since"),
    "format": ("json", "csv"),
}
TAGS = ('"1-' + "0" * 32 + '"', '"2-' + "0" * 32 + '"')
TIMES = {"as_of", "known", "from", "to", "since", "until", "effective_on", "issued_on",
         "checked_on", "searched_until", "review_on"}  # fmt: skip


@dataclass
class Request:
    """One request as it goes over the wire; `path` is quoted."""

    number: int
    role: str
    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    body: bytes = b""


# What the form on a page of that address would post for that role: names, values, files by name.
Forms = Callable[[str, str], list[tuple[str, str, bool]]]


def routes() -> list[str]:
    """Every address of the table of contents, with its holes."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for each in patterns:
            written = str(each.pattern)
            if written.startswith("^(?P<app_label>"):
                written = "<str:app_label>/"
            here = before + EXPRESSIONS.get(written, written)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, here)
            else:
                yield f"/{here}"

    return sorted({*walk(get_resolver().url_patterns, ""), "/static/measures/css/<str:name>"})


def _names_asked() -> list[str]:
    found: set[str] = {*OF_THE_ADMINISTRATION, *OTHERS}
    for each in vars(forms).values():
        found |= set(getattr(each, "base_fields", ()))
    for each in vars(asked).values():
        found |= set(getattr(each, "model_fields", ()))
    return sorted(found | {"from", "to"})


def _bodies() -> list[list[str]]:
    """The names in each body that the API takes."""
    kinds = [each for each in vars(sent).values() if isinstance(each, type)]
    return [list(each.model_fields) for each in kinds if issubclass(each, sent.Sent)]


class Maker:
    """Makes requests. `roles` may ask, `rows` are what there is by the name of the hole."""

    def __init__(
        self, seed: str, roles: list[str], rows: dict[str, list[str]], forms_of: Forms
    ) -> None:
        self.seed, self.roles, self.rows, self.forms_of = seed, roles, rows, forms_of
        self.names, self.bodies = _names_asked(), _bodies()
        self.routes: dict[str, list[str]] = {door: [] for door in DOORS}
        for route in routes():
            self.routes[next(door for door in DOORS if route.startswith(door))].append(route)

    def make(self, number: int) -> Request:
        """The request of that number."""
        chance = Random(f"{self.seed}-{number}")
        door = chance.choices(list(DOORS), [each[0] for each in DOORS.values()])[0]
        route = chance.choice(self.routes[door])
        role = chance.choice(DOORS[door][1] if chance.random() < 0.8 else self.roles)
        method = chance.choice(DOORS[door][2] if chance.random() < 0.8 else ODD_METHODS)
        found = Request(number, role, method, self._path(chance, route))
        if chance.random() < 0.5:
            found.query = self._query(chance)
        for name in chance.sample(list(odd.HEADERS), chance.choice((0, 0, 1, 2, 4))):
            found.headers[name] = chance.choice(odd.HEADERS[name])
        if method not in ("GET", "HEAD", "OPTIONS"):
            if "/api/" in route and chance.random() < 0.7:
                found.headers.setdefault("If-Match", chance.choice(TAGS))
            found.kind, found.body = self._body(chance, found)
            if chance.random() < 0.05:
                found.kind = chance.choice(odd.KINDS)
        return found

    def _path(self, chance: Random, route: str) -> str:
        def fill(hole: re.Match[str]) -> str:
            there = self.rows.get(hole[1]) or self.rows["any"]
            if chance.random() < 0.75:
                return quote(chance.choice(there), safe="")
            if chance.random() < 0.3:
                return chance.choice(odd.TRICKS)
            return quote(chance.choice(odd.ANY), safe="/")

        path = HOLE.sub(fill, route)
        if chance.random() < 0.04:
            at = chance.randrange(len(path))
            path = path[:at] + chance.choice(odd.TRICKS) + path[at:]
        return path

    def _query(self, chance: Random) -> str:
        pairs = []
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            name = chance.choice(self.names)
            for _ in range(chance.choice((1, 1, 1, 2))):
                value = self._value(chance, name)
                quoted = quote_plus(str(value[0] if isinstance(value, list) and value else value))
                pairs.append(f"{quote_plus(name)}={quoted}")
        if chance.random() < 0.05:
            pairs.append(chance.choice(odd.TRICKS))
        if chance.random() < 0.01:
            pairs *= 200
        return "&".join(pairs)

    def _value(self, chance: Random, name: str, meant: float = 0.5) -> Any:
        if chance.random() < meant and name in MEANT:
            return chance.choice(MEANT[name])
        if chance.random() < meant and name in TIMES:
            return chance.choice(odd.DATES)
        return chance.choice(odd.ANY)

    def _body(self, chance: Random, request: Request) -> tuple[str, bytes]:
        if request.path.startswith("/api/") and chance.random() < 0.9:
            return "application/json", self._json(chance)
        if chance.random() < 0.03:
            return chance.choice(odd.KINDS), chance.choice((*odd.CONTENTS, *odd.BROKEN_JSON))
        fields = list(self.forms_of(request.role, request.path)) if chance.random() < 0.9 else []
        for at in chance.sample(range(len(fields)), min(len(fields), chance.choice((0, 1, 2, 5)))):
            name, _value, is_file = fields[at]
            fields[at] = (name, str(self._value(chance, name, 0.3)), is_file)
        if chance.random() < 0.3:
            fields = [each for each in fields if chance.random() < 0.8]
        for _ in range(chance.choice((0, 0, 1, 3))):
            name = chance.choice(self.names)
            fields.append((name, str(self._value(chance, name)), False))
        if any(is_file for _, _, is_file in fields) or chance.random() < 0.1:
            return "multipart/form-data; boundary=edge", _multipart(chance, fields)
        return "application/x-www-form-urlencoded", _urlencoded(chance, fields)

    def _json(self, chance: Random) -> bytes:
        if chance.random() < 0.1:
            return chance.choice(odd.BROKEN_JSON)
        names = chance.choice(self.bodies)
        told = {}
        for name in names:
            if chance.random() < 0.6:
                told[name] = self._value(chance, name, 0.85)
                if chance.random() < 0.1:
                    told[name] = chance.choice(odd.IN_JSON)
        if chance.random() < 0.05:
            told[chance.choice(self.names)] = "x"
        return json.dumps(told, ensure_ascii=chance.random() < 0.5).encode()


def _urlencoded(chance: Random, fields: list[tuple[str, str, bool]]) -> bytes:
    pairs = [f"{quote_plus(name)}={quote_plus(value)}" for name, value, _ in fields]
    if chance.random() < 0.03:
        pairs.append(chance.choice(odd.TRICKS))
    return "&".join(pairs).encode()


def _multipart(chance: Random, fields: list[tuple[str, str, bool]]) -> bytes:
    if chance.random() < 0.1:
        fields = [*fields, ("file", "", True)]
    parts = []
    for name, value, is_file in fields:
        content = value.encode()
        said = f'Content-Disposition: form-data; name="{name}"'
        if is_file:
            said += f'; filename="{chance.choice(odd.NAMES_OF_FILES)}"'
            content = chance.choice(odd.CONTENTS)
        parts.append(b"--edge\r\n" + said.encode() + b"\r\n\r\n" + content + b"\r\n")
    whole = b"".join(parts) + b"--edge--\r\n"
    return whole[: chance.randrange(len(whole))] if chance.random() < 0.05 else whole
