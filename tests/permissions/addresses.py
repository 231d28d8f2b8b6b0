"""Every address of the tracker, from its table of contents, leading to what there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^\]]*\]|[^()\[\]])*\)")
# What an address holds where its pattern is no route.
OF_EXPRESSIONS = {
    r"^(?P<app_label>measures|auth|axes)/$": "measures/",
    r"(?P<url>.*)$": "nowhere/",
}
# Of addresses that share a name the route tells which one it is.
NAMELESS = "-"


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern: its name, with those that it hangs under, its route, and where it leads."""

    name: str
    route: str
    path: str

    @property
    def is_of_the_api(self) -> bool:
        """Whether machines ask here, with tokens."""
        return self.path.startswith("/api/")

    @property
    def is_of_one_source(self) -> bool:
        """Whether the same view answers at the root, for the default source."""
        return self.path.startswith("/s/")


def every(samples: Any) -> list[Address]:
    """All of them in order of name and route, the doubled ones once.

    `samples(name, parameter)` says what stands in an address of that name.
    """
    found = {(name, route) for name, route in _patterns(get_resolver().url_patterns, "", ())}
    return [
        Address(name, route, "/" + _filled(name, route, samples)) for name, route in sorted(found)
    ]


def _patterns(
    patterns: list[URLPattern | URLResolver], before: str, names: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            deeper = (*names, each.namespace) if each.namespace else names
            yield from _patterns(each.url_patterns, route, deeper)
        else:
            yield ":".join((*names, each.name or NAMELESS)), route


def _filled(name: str, route: str, samples: Any) -> str:
    for written, address in OF_EXPRESSIONS.items():
        route = route.replace(written, address)
    filled = PARAMETER.sub(lambda match: str(samples(name, match[1] or match[2])), route)
    return filled.replace("^", "").replace("$", "")
