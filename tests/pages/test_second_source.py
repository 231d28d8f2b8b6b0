"""Two sources side by side: each keeps to itself, and what they share names both."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import record, workflow
from measures.models import Evidence, Measure, Source, Theme, User
from tests.admin.browser import errors, filled
from tests.pages.reader import Node
from tests.world import World, cite

EXAMPLE = Path(__file__).parents[1] / "second_source"
OF_A_SOURCE = (
    "",
    "compare/",
    "measures/",
    "measures/1.1/",
    "measures/1.1/history/",
    "themes/top-level-design/",
    "bodies/cnipa/",
    "timeline/",
    "trend/",
    "brief/?from=2021-01-01",
)
BEFORE = ("/", "/measures/", "/compare/", "/trend/", "/timeline/", "/bodies/patent-office/")


def load() -> Source:
    call_command("load_bundle", EXAMPLE, verbosity=0)
    return Source.objects.get(slug="example-plan")


@pytest.fixture
def example(world: World) -> Source:
    return load()


def test_the_pages_of_a_source_lead_to_its_own_pages(
    example: Source, page: Callable[..., Node]
) -> None:
    for path in (*(f"/s/example-plan/{each}" for each in OF_A_SOURCE), "/source/example-plan/"):
        shown = page(path)
        own = shown.one("main").links().values()
        inside = [url for url in own if url.startswith("/") and not url.startswith("/evidence/")]
        homes = ("/s/example-plan/", "/source/example-plan/", "/cite.", "/changes/", "/method/")
        assert [url for url in inside if not url.startswith(homes)] == [], path
        rooms = shown.one("nav", aria_label="Main").links()
        assert rooms["Progress"] == "/s/example-plan/", path
        assert rooms["Measures"] == "/s/example-plan/measures/", path
        assert "A speech on intellectual property" not in shown.one("main").text, path


def test_the_default_source_is_as_it_was(world: World, page: Callable[..., Node]) -> None:
    def shown() -> list[Any]:
        return [(page(path).one("main").text, page(path).one("main").links()) for path in BEFORE]

    before = shown()
    load()
    assert shown() == before


def test_a_picker_comes_with_the_second_source(world: World, page: Callable[..., Node]) -> None:
    assert page("/").all("nav", aria_label="Source") == []
    load()
    speech_title, plan_title = "A speech on intellectual property", "Example plan"
    dated = "?as_of=2023-01-01"
    for path, speech, plan, current in (
        ("/", "/", "/s/example-plan/", [speech_title]),
        ("/s/example-plan/measures/", "/measures/", "/s/example-plan/measures/", [plan_title]),
        (f"/measures/1.1/{dated}", f"/{dated}", f"/s/example-plan/{dated}", [speech_title]),
        ("/source/example-plan/", "/source/speech-2020/", "/source/example-plan/", [plan_title]),
        ("/method/", "/", "/s/example-plan/", []),
    ):
        picker = page(path).one("nav", aria_label="Source")
        assert picker.links() == {speech_title: speech, plan_title: plan}, path
        marked = [link.text for link in picker.all("a") if "aria-current" in link.attributes]
        assert marked == current, path


def test_a_private_tracker_names_no_source_at_its_door(
    example: Source, settings: Any, page: Callable[..., Node]
) -> None:
    settings.PUBLIC_PAGES = False
    assert page("/accounts/login/").all("nav", aria_label="Source") == []


def test_shared_evidence_names_the_source_of_each_measure(
    example: Source, world: World, page: Callable[..., Node]
) -> None:
    shared = Evidence.objects.get(key="outline-2021-2035")
    cite(world.plan, shared, by=world.ana)
    told = page("/evidence/outline-2021-2035/").section("bears-on").text
    assert "1.1 The plan A speech on intellectual property" in told
    assert "1.1 Issue an example strategy Example plan" in told


def test_a_shared_body_names_the_other_source(
    example: Source, world: World, page: Callable[..., Node]
) -> None:
    measure = Measure.objects.get(source=example, code="1.2")
    record.save(measure, by=world.ana, bodies=[world.patent_office])
    assert page("/bodies/patent-office/").one("main").links()["Example plan"] == (
        "/s/example-plan/bodies/patent-office/"
    )
    assert (
        page("/s/example-plan/bodies/patent-office/")
        .one("main")
        .links()["A speech on intellectual property"]
        == "/bodies/patent-office/"
    )


def test_files_feeds_pictures_and_the_api_keep_to_the_source(
    example: Source, visitor: Client
) -> None:
    for path in (
        "measures.csv", "findings.json", "citations.jsonl", "timeline.csv", "calendar.ics",
        "source.atom", "measures/1.1/changes.atom", "themes/top-level-design/changes.atom",
        "bodies/cnipa/changes.atom", "embed/ladder.svg", "embed/measures/1.1.svg", "trend.svg",
    ):  # fmt: skip
        answer = visitor.get(f"/s/example-plan/{path}")
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200, path
        assert b"The plan" not in content, path
        assert b"A speech on intellectual" not in content, path
    items = visitor.get("/api/v1/measures?source=example-plan").json()["items"]
    assert [each["code"] for each in items] == ["1.1", "1.2"]
    default = visitor.get("/api/v1/measures").json()["items"]
    assert "Issue an example strategy" not in [each["title"] for each in default]


def test_what_is_found_names_its_source(example: Source, page: Callable[..., Node]) -> None:
    told = page("/search/", q="strategy").one("main").text
    assert "Example plan" in told


def test_staff_see_of_which_source_a_measure_is(
    example: Source, world: World, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(world.ana)
    for measure in (world.plan, Measure.objects.get(source=example, code="1.1")):
        workflow.begin(measure, by=world.ana, uid=uuid4())
    assert "1.1 Issue an example strategy Example plan" in Node.of(browser.get("/desk/")).text
    lacking = Node.of(browser.get("/desk/quality/")).section("unassessed").text
    assert "1.2 Open an example registry Example plan" in lacking


def test_naming_the_source_asks_no_more_for_more_rows(
    example: Source, world: World, visitor: Client, crowd: Callable[[int], list[Measure]]
) -> None:
    paths = ("/evidence/outline/", "/changes/", "/search/?q=measure", "/")

    def asked() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                visitor.get(path)
            found.append(len(captured.captured_queries))
        return found

    crowd(3)
    asked()
    few = asked()
    crowd(40)
    assert all(now <= then for now, then in zip(asked(), few, strict=True))


def test_a_source_is_added_through_the_administration(
    world: World, ada: User, signed_in: Callable[[User], Client], page: Callable[..., Node]
) -> None:
    browser = signed_in(ada)

    def add(noun: str, **told: Any) -> None:
        address = f"/admin/measures/{noun}/add/"
        answer = browser.post(address, filled(browser.get(address), **told))
        assert answer.status_code == 302, errors(answer)

    add("source", slug="plan-2030", title="Another plan", delivered_on="2021-06-01")
    source = Source.objects.get(slug="plan-2030")
    add("passage", source=source.pk, number=1, role="commitments", gist="Promises.")
    passage = source.passages.get()
    add("theme", source=source.pk, number=1, slug="design", title="Same", passage=passage.pk)
    theme = Theme.objects.get(source=source)
    add(
        "measure",
        source=source.pk,
        theme=theme.pk,
        passage=passage.pk,
        code="1.1",
        position=1,
        slug="plan",
        short="Plan",
        title="Another promise",
        quotation="another promise",
        kind="plan",
        nature="deliverable",
    )
    assert source.delivered_on == date(2021, 6, 1)
    assert page("/s/plan-2030/measures/1.1/").one("h1").text == "1.1 Another promise"
    assert page("/measures/1.1/").one("h1").text == "1.1 The plan"
    assert page("/s/plan-2030/themes/design/").one("h1").text == "1. Same"
