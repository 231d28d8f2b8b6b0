"""The commands that the pages and the documents show for writing do what they say."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.api.program import Program
from tests.pages.reader import Node
from tests.world import World

PROGRAMS = "docs/programs.md"


def shown(place: str) -> str:
    """The commands as they are shown there."""
    if place == PROGRAMS:
        text = (Path(settings.BASE_DIR) / PROGRAMS).read_text()
        return re.findall(r"```sh\n(API=.*?)```", text, re.DOTALL)[0]
    pieces = Node.of(Client().get(place)).one("main").all("pre")
    return next(each.text for each in pieces if each.text.startswith("API="))


def commands(text: str) -> list[list[str]]:
    return [shlex.split(told) for told in re.split(r"\bsend (?=-X )", text)[1:]]


@pytest.mark.parametrize("place", ["/data/", "/data/api/", PROGRAMS])
def test_a_whole_round_as_it_is_shown(place: str, world: World) -> None:
    program, last, uid = Program(world.ana), None, ""
    states: list[Any] = []
    for command in commands(shown(place)):
        method, address = command[command.index("-X") + 1], command[2]
        data = json.loads(command[command.index("-d") + 1]) if "-d" in command else None
        headers = dict(
            command[n + 1].split(": ", 1) for n, each in enumerate(command) if each == "-H"
        )
        if "If-Match" in headers:
            assert last is not None
            assert headers["If-Match"].split("-")[0] == last["ETag"].split("-")[0]
            headers["If-Match"] = last["ETag"]
        path = address.removeprefix("$API/").replace("ID", uid)
        last = program.ask(method, path, data, **headers)
        assert last.status_code in (200, 201), last.content
        uid = last.json().get("id", uid)
        states.append((method, last.json().get("state")))
    assert states[-1] == ("POST", "submitted")
    assert len(states) == 6
