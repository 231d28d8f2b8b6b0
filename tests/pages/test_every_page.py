"""What holds for every page alike."""

from collections.abc import Callable

import pytest
from django.test import Client

from measures import record
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.world import SPEECH_DAY, World

PAGES = {
    "/": "Progress",
    "/measures/": "Measures",
    "/measures/1.1/": "1.1 The plan",
    "/measures/2.1/": "2.1 The rulings",
    "/themes/design/": "Design",
    "/bodies/patent-office/": "Patent Office",
    "/evidence/": "Evidence",
    "/evidence/outline/": "The outline",
    "/source/speech-2020/": "A speech on intellectual property",
    "/changes/": "Changes",
    "/method/": "Method",
    "/accounts/login/": "Sign in",
    "/accounts/password/reset/": "Password Reset",
    "/accounts/signup/": "Sign Up Closed",
    "/s/plan-2021/": "Progress",
    "/s/plan-2021/measures/": "Measures",
    "/s/plan-2021/measures/1.1/": "1.1 The library",
    "/s/plan-2021/themes/design/": "Reading",
    "/s/plan-2021/bodies/patent-office/": "Patent Office",
    "/source/": "Sources",
}

pytestmark = pytest.mark.usefixtures("world", "second_source")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_what_it_is(path: str, page: Callable[..., Node]) -> None:
    shown = page(path)
    assert len(shown.all("h1")) == 1
    assert shown.one("h1").text
    assert shown.one("head").one("title").text == f"{PAGES[path]} · IPR Tracker"
    assert shown.one("html")["lang"] == "en"
    assert shown.one("main")["id"] == "main"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_brings_its_policy_and_nothing_that_the_policy_forbids(
    path: str, visitor: Client
) -> None:
    response = visitor.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "style-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert inline_code(Node.of(response)) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_two_elements_of_a_page_have_the_same_id(path: str, page: Callable[..., Node]) -> None:
    ids = [node["id"] for node in page(path).everything() if "id" in node.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_chinese_is_marked_as_chinese(path: str, page: Callable[..., Node]) -> None:
    assert unmarked_chinese(page(path)) == []


def test_the_checks_would_notice() -> None:
    page = parse(
        '<p onclick="x()" style="color:red" title="规划">规划 <b lang="zh-Hans">法律</b></p>'
        '<script>x()</script><script src="/x.js"></script><a href="javascript:x()">x</a>'
    )
    assert inline_code(page) == ["<p onclick>", "<p style>", "<script>", "<a href>"]
    assert unmarked_chinese(page) == ["<p> 规划", "<p> 规划"]
    with pytest.raises(AssertionError, match="closes"):
        parse("<p><b>x</p></b>")
    with pytest.raises(AssertionError, match="never closed"):
        parse("<p>")


@pytest.mark.parametrize("path", ["/", "/themes/design/", "/measures/1.1/", "/changes/"])
def test_the_navigation_marks_one_room(path: str, page: Callable[..., Node]) -> None:
    navigation = page(path).one("nav", aria_label="Main")
    assert len(navigation.all(aria_current="page")) == 1
    assert all(link["href"].startswith("/") for link in navigation.all("a"))


def test_the_foot_names_the_head_of_the_record(page: Callable[..., Node]) -> None:
    head = record.head()
    assert head is not None
    assert f"Record {head.sequence}, head {head.hash[:12]}." in page("/").one("footer").text


HOSTILE = "<script>alert(1)</script><b onclick=x>bold</b> & “quoted” 'n' \"all\""


def test_what_people_write_is_shown_as_they_wrote_it(
    world: World, page: Callable[..., Node]
) -> None:
    for obj in (world.rulings, world.outline, world.courts, world.supreme_court, world.speech):
        obj.title = HOSTILE
        record.save(obj, by=world.ana, why=HOSTILE)
    world.pledges.gist = HOSTILE
    record.save(world.pledges, by=world.ana)
    for noted in (world.outline_on_plan, world.yearbook_on_rulings):
        noted.note = noted.quotation = noted.locator = HOSTILE
        record.save(noted, by=world.ana)
    world.find(
        world.rulings,
        "partial",
        SPEECH_DAY,
        [world.yearbook_on_rulings],
        rationale=HOSTILE,
        confidence_reason=HOSTILE,
    )
    as_text = " ".join(HOSTILE.split())
    for path in (
        "/",
        "/measures/",
        "/measures/2.1/",
        "/themes/courts/",
        "/bodies/supreme-court/",
        "/evidence/",
        "/evidence/outline/",
        "/source/",
        "/source/speech-2020/",
        "/changes/",
    ):
        shown = page(path)
        assert as_text in shown.one("body").text, path
        assert inline_code(shown) == [], path
    rationale = page("/measures/2.1/").one("ol", cls="findings").all("p")[0]
    assert rationale.text == as_text
    assert rationale.all() == []
