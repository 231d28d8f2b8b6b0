"""However large the register, a page asks the database the same number of questions.

How many that are stands in questions.txt, the same on both engines; after a change on purpose
UPDATE_QUESTIONS=1 writes it anew, and its difference is read.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures.models import Measure
from tests.world import SOON_AFTER, SPEECH_DAY, World, cite

KEPT = Path(__file__).with_name("questions.txt")
PAGES = (
    "/",
    "/compare/",
    "/compare/?from=2021-01-01&to=2023-01-01&known=2023-07-01",
    "/?as_of=2023-01-01&known=2023-07-01",
    "/measures/",
    "/measures/?order=status&status=limited",
    "/measures/?schedule=none-stated&known=2023-06-02",
    "/measures/?status=limited&status=sustained&body=patent-office&known=2023-07-01",
    "/evidence/?kind=plan&kind=news&body=patent-office&bearing=supports&known=2023-07-01",
    "/changes/?noun=finding&change=finding&change=correction&since=2020-01-01",
    "/measures/1.1/",
    "/measures/1.1/?known=2024-01-01",
    "/measures/1.1/history/",
    "/themes/design/",
    "/bodies/patent-office/",
    "/trend/",
    "/trend/?theme=design&body=patent-office",
    "/trend.svg",
    "/trend.svg?body=patent-office&known=2023-07-01",
    "/evidence/",
    "/evidence/?bearing=supports&tier=1",
    "/evidence/outline/",
    "/evidence/outline/history/",
    "/source/speech-2020/",
    "/timeline/",
    "/timeline/?theme=design&stage=in-force",
    "/timeline/?known=2023-06-02&as_of=2023-01-01",
    "/brief/",
    "/brief/?theme=design&body=patent-office",
    "/changes/",
    "/changes/?noun=finding",
    "/method/",
    "/search/?q=the",
    "/search/?q=the&kind=evidence&known=2023-06-02",
    "/search/?q=said&known=2023-06-02",
    "/about/",
    "/help/reading/",
    "/data/",
    "/data/api/",
    "/changes.atom",
    "/source.atom?known=2023-07-01",
    "/themes/design/changes.atom",
    "/bodies/patent-office/changes.atom",
    "/measures/1.1/changes.atom",
    "/calendar.ics",
    "/embed/ladder.svg?known=2023-07-01",
    "/embed/measures/1.1.svg",
    "/api/v1/sources",
    "/api/v1/themes?known=2023-07-01",
    "/api/v1/measures",
    "/api/v1/measures?limit=500&known=2023-07-01",
    "/api/v1/measures?theme=design&status=limited",
    "/api/v1/measures/1.1",
    "/api/v1/measures/1.1?known=2024-01-01",
    "/api/v1/findings",
    "/api/v1/findings?limit=500&known=2024-01-01",
    "/api/v1/evidence",
    "/api/v1/evidence?limit=500&bearing=supports&known=2024-01-01",
    "/api/v1/evidence/outline",
    "/api/v1/progress?known=2024-01-01",
    "/api/v1/trend?theme=design",
    "/api/v1/compare",
    "/api/v1/changes",
    "/api/v1/changes?limit=500&noun=finding",
)


def questions(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return [each["sql"] for each in asked.captured_queries]


def test_the_number_of_questions_does_not_grow_with_the_register(
    world: World,
    visitor: Client,
    crowd: Callable[[int], list[Measure]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "measures.progress.stretches.LONG", 1000
    )  # The larger record is a long one.
    crowd(3)
    for path in PAGES:
        questions(visitor, path)  # What Django looks up once and remembers.
    few = {path: questions(visitor, path) for path in PAGES}
    crowd(300)
    _more_on_one(world)
    told = []
    for path in PAGES:
        many = questions(visitor, path)
        assert len(many) <= len(few[path]), f"{path}: {_repeated(many)}"
        told.append(f"{len(few[path]):>3} {len(many):>3}  {path}")
    if os.environ.get("UPDATE_QUESTIONS"):
        KEPT.write_text("\n".join(told) + "\n")
    assert KEPT.read_text().splitlines() == told


def _more_on_one(world: World) -> None:
    for document in (world.yearbook, world.statement):
        cite(world.plan, document, by=world.ana)
    for _ in range(20):
        world.find(
            world.plan, "partial", SPEECH_DAY, world.plan.citations.all(), recorded_at=SOON_AFTER
        )


def _repeated(asked: list[str]) -> Any:
    return max(set(asked), key=lambda sql: sum(sql[:120] == other[:120] for other in asked))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_few_questions(path: str, world: World, visitor: Client) -> None:
    assert len(questions(visitor, path)) <= 21


def test_a_longer_answer_is_noticed(world: World, visitor: Client) -> None:
    assert len(questions(visitor, "/measures/1.1/")) > len(questions(visitor, "/method/")) > 0
