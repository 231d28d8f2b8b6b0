"""The library of evidence, and the page of one document."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from measures import record
from measures.models import Evidence, Measure
from tests.pages.reader import Node, parse
from tests.world import World, cite

Get = Callable[..., Node]


def titles(shown: Node) -> list[str]:
    return [cell.one("a").text for cell in shown.all("th", scope="row")]


@pytest.fixture
def note(world: World) -> Evidence:
    """A document without a day, cited nowhere."""
    evidence = Evidence(key="a-note", title="A note", kind="news", tier=5)
    record.save(evidence, by=world.ana)
    return evidence


def test_documents_are_listed_newest_first_with_what_they_bear_on(
    note: Evidence, page: Get
) -> None:
    shown = page("/evidence/")
    assert titles(shown) == ["The yearbook", "The outline", "The statement", "A note"]
    assert shown.section("found").one("h2").text == "4 of 4 documents"
    yearbook = shown.row("The yearbook")
    assert yearbook.links() == {
        "The yearbook": "/evidence/yearbook/",
        "1.2": "/measures/1.2/",
        "2.1": "/measures/2.1/",
    }
    assert yearbook.one("time")["datetime"] == "2022-06-01"
    assert "Statistics or report tier 2" in yearbook.text
    assert "undated" in shown.row("A note").text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "plan"}, ["The outline"]),
        ({"tier": "2"}, ["The yearbook"]),
        ({"body": "patent-office"}, ["The outline", "The statement"]),
        ({"year": "2022"}, ["The yearbook"]),
        ({"bearing": "contradicts"}, ["The yearbook"]),
        ({"bearing": "supports"}, ["The yearbook", "The outline", "The statement"]),
        ({"bearing": "context"}, []),
        ({"body": "patent-office", "tier": "3"}, ["The statement"]),
        ({"body": "patent-office", "year": "2022"}, []),
    ],
)
def test_a_filter_leaves_what_has_all_that_is_asked(
    asked: dict[str, str], expected: list[str], note: Evidence, world: World, page: Get
) -> None:
    cite(world.plan, world.yearbook, by=world.ana, bearing="contradicts")
    shown = page("/evidence/", **asked)
    assert titles(shown) == expected
    assert shown.section("found").one("h2").text == f"{len(expected)} of 4 documents"


@pytest.mark.parametrize("name", ["kind", "tier", "body", "year", "bearing"])
def test_a_value_that_cannot_be_read_is_named_and_left_out(
    name: str, world: World, page: Get
) -> None:
    for value in ("nonsense", "0", "9" * 1500):
        shown = page("/evidence/", **{name: value})
        assert len(titles(shown)) == 3
        said = shown.one(cls="errorlist").text
        named = {"tier": "Source tier", "body": "Issuing body", "year": "Year of issue"}
        assert said.startswith(f"{named.get(name, name.capitalize())}: ")
        assert said.endswith("It was left out.")


def test_no_match_and_an_empty_library_are_told_apart(world: World, page: Get, roles: None) -> None:
    shown = page("/evidence/", kind="treaty")
    assert "No document matches" in shown.one(cls="empty").text
    assert shown.one(cls="empty").links() == {"Show all documents": "/evidence/"}


def test_an_empty_library_says_how_to_fill_it(db: None, page: Get) -> None:
    assert "The library is empty" in page("/evidence/").one(cls="empty").text


def test_htmx_gets_the_part_and_a_clean_address(world: World, visitor: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = visitor.get("/evidence/", {"tier": "2", "kind": "", "page": "9"}, headers=headers)
    text = response.content.decode()
    assert "<html" not in text
    assert titles(parse(text)) == ["The yearbook"]
    assert response["HX-Push-Url"] == "/evidence/?tier=2"
    assert "HX-Request" in response["Vary"]


def test_paging_keeps_the_filters(
    world: World, page: Get, crowd: Callable[[int], list[Measure]]
) -> None:
    crowd(60)
    shown = page("/evidence/", kind="law", tier="1")
    forth = shown.one("nav", aria_label="Pages").one("a", rel="next")
    assert forth["href"] == "?kind=law&tier=1&page=2"
    assert len(titles(page(f"/evidence/{forth['href']}"))) == 10
    assert len(titles(page("/evidence/?kind=law&page=99"))) == 10


def test_a_document_tells_what_it_is(world: World, page: Get) -> None:
    outline = world.outline
    outline.issuer, outline.issuer_zh, outline.document_number = (
        "The Council",
        "国务院",
        "中发〔2021〕1号",
    )
    outline.effective_on, outline.checked_on = date(2021, 10, 1), date(2023, 5, 1)
    outline.checked_state, outline.checked_how = "seen", "Read on the page."
    outline.seen_at = ["https://example.org/副本"]
    record.save(outline, by=world.ana)
    shown = page("/evidence/outline/")
    told = shown.one("dl", cls="facts")
    facts = dict(zip([t.text for t in told.all("dt")], told.all("dd"), strict=True))
    assert facts["Issuer"].text == "The Council 国务院 Patent Office"
    assert facts["Issuer"].links() == {"Patent Office": "/bodies/patent-office/"}
    assert facts["Document number"]["lang"] == "zh"
    assert facts["Issued"].one("time")["datetime"] == "2021-09-22"
    assert facts["In force"].one("time")["datetime"] == "2021-10-01"
    assert facts["Tier"].text == "1 Binding text or official record"
    assert facts["Checked"].text == "seen, 1 May 2023 Read on the page."
    link = facts["Link"].one("a")
    assert (link["href"], link["rel"]) == (outline.url, "external noopener noreferrer")
    assert facts["Seen at"].one("a")["lang"] == "zh"


def test_a_body_is_named_where_no_issuer_is_written(world: World, page: Get) -> None:
    assert world.outline.issuer == ""
    assert "Issuer Patent Office" in page("/evidence/outline/").one("dl", cls="facts").text


def test_a_document_that_lacks_something_says_so(note: Evidence, page: Get) -> None:
    shown = page("/evidence/a-note/")
    facts = shown.one("dl", cls="facts").text
    assert "Issued undated" in facts
    assert "no official page known" in facts
    assert "Issuer" not in facts
    assert "not cited under any measure" in shown.section("bears-on").text
    assert "No finding cites it" in shown.section("findings").text


def test_a_document_tells_what_it_shows_for_each_measure(world: World, page: Get) -> None:
    contrary = cite(
        world.plan,
        world.yearbook,
        by=world.ana,
        bearing="contradicts",
        note="No plan.",
        note_zh="没有规划。",
        quotation="未印发",
        locator="第3页",
    )
    shown = page("/evidence/yearbook/").section("bears-on")
    assert [a.text for a in shown.all("a")] == [
        "1.1 The plan",
        "1.2 The training",
        "2.1 The rulings",
    ]
    assert shown.chips() == ["Contradicts", "Supports", "Supports"]
    first = shown.all("li")[0]
    assert contrary.note in first.text
    assert {n.text for n in first.all(lang="zh")} == {"未印发", "第3页"}
    chinese = page("/zh/evidence/yearbook/").section("bears-on").all("li")[0]
    assert contrary.note_zh in chinese.text


def test_a_document_tells_which_findings_rest_on_it(world: World, page: Get) -> None:
    shown = page("/evidence/yearbook/").section("findings")
    assert shown.links() == {"1.2 The training": "/measures/1.2/#finding-2"}
    assert shown.one(cls="status").text == "Sustained"
    assert shown.one("time")["datetime"] == "2022-06-01"


def test_the_history_of_a_document_comes_from_the_record(world: World, page: Get) -> None:
    world.outline.tier = 2
    record.save(world.outline, by=world.rui, why="It is a report.")
    newest = page("/evidence/outline/").section("history").all("li")[0]
    assert "Changed by Rui" in newest.text
    assert "source tier 1 Binding text or official record 2 Official data" in newest.text
    assert "It is a report." in newest.text


@pytest.mark.parametrize("key", ["nowhere", "OUTLINE", "9" * 1500])
def test_an_unknown_document_is_not_found(key: str, world: World, visitor: Client) -> None:
    assert visitor.get(f"/evidence/{key}/").status_code == 404
