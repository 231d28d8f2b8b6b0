"""The rationale on every page that shows one: Markdown understood, nothing of it run."""

from collections.abc import Callable

import pytest
from django.test import Client

from measures import workflow
from measures.models import Draft, RecordEntry, User
from tests.pages.desk import HTMX, address, filled, review
from tests.pages.reader import Node, inline_code, parse
from tests.world import World

WRITTEN = (
    "It is **in force**, see [the law](https://example.org/law).\n\n- Article 1\n- Article 2\n\n"
    "<script>alert(1)</script> [x](javascript:alert(1)) ![x](data:image/png;base64,AAAA)"
)
WRITTEN_ZH = "已经**施行**。\n\n1. 第一条\n2. 第二条\n\n<b onclick=alert(1)>粗</b>"


@pytest.fixture
def draft(world: World) -> Draft:
    return world.draft(world.rulings, rationale=WRITTEN, rationale_zh=WRITTEN_ZH)


def check(page: Node) -> None:
    """Both rationales are there, once, as Markdown, and neither runs anything."""
    assert inline_code(page) == []
    assert page.all("img", src="data:image/png;base64,AAAA") == []
    english = next(node for node in page.all("li") if node.text == "Article 1").parent
    assert english is not None
    assert english.tag == "ul"
    assert "in force" in [node.text for node in page.all("strong")]
    assert page.one("a", href="https://example.org/law")["rel"] == "nofollow noopener"
    assert "<script>alert(1)</script> [x](javascript:alert(1))" in page.text
    chinese = next(node for node in page.all("li") if node.text == "第一条")
    assert chinese.language == "zh"
    assert "<b onclick=alert(1)>粗</b>" in page.text


def test_the_page_of_the_measure(world: World, draft: Draft, page: Callable[..., Node]) -> None:
    workflow.approve(draft, by=world.rui)
    check(page("/measures/2.1/"))


def test_the_page_of_the_reviewer(
    world: World, draft: Draft, signed_in: Callable[[User], Client]
) -> None:
    shown = Node.of(signed_in(world.rui).get(review(draft)))
    check(shown.section("proposal"))


def test_the_page_of_the_author_while_it_is_written_and_after(
    world: World, draft: Draft, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(world.ana)
    check(Node.of(browser.get(address(draft))).section("proposal"))
    workflow.send_back(draft, by=world.rui, note="Which year?")
    check(Node.of(browser.get(address(draft))).section("shown"))
    sent = filled(browser, draft, rationale="*Now* in 2022.")
    part = parse(browser.post(address(draft), sent, headers=HTMX).content.decode())
    assert part.section("shown").one("em").text == "Now"


def test_what_holds_now_stands_beside_a_new_draft(
    world: World, draft: Draft, signed_in: Callable[[User], Client]
) -> None:
    workflow.approve(draft, by=world.rui)
    following = workflow.start(world.rulings, by=world.ana, status="partial",
                               confidence="low", effective_on=draft.effective_on)  # fmt: skip
    shown = Node.of(signed_in(world.ana).get(address(following)))
    assert inline_code(shown) == []
    assert shown.section("standing").one("strong").text == "in force"


def test_the_field_says_that_markdown_is_understood(
    world: World, draft: Draft, signed_in: Callable[[User], Client]
) -> None:
    workflow.send_back(draft, by=world.rui, note="Which year?")
    shown = Node.of(signed_in(world.ana).get(address(draft)))
    for name in ("rationale", "rationale_zh"):
        field = shown.one("textarea", name=name)
        assert "Markdown is understood" in shown.one(id=field["aria-describedby"]).text


def test_the_administration_shows_a_finding_and_a_proposal_alike(
    world: World, draft: Draft, ada: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(ada)
    check(Node.of(browser.get(f"/admin/measures/draft/{draft.pk}/approve/")).one(id="content"))
    finding = workflow.approve(draft, by=ada)
    url = f"/admin/measures/finding/{finding.pk}/change/"
    check(Node.of(browser.get(url)).one(id="content"))


def test_the_record_keeps_the_text_that_was_written(world: World, draft: Draft) -> None:
    finding = workflow.approve(draft, by=world.rui)
    entry = RecordEntry.objects.get(noun="finding", object_id=finding.pk)
    assert entry.after["rationale"] == finding.rationale == WRITTEN
