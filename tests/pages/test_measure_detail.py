"""The page of one measure: its words, its criteria, every finding, all evidence, its history."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from measures import record
from measures.models import Source
from tests.pages.reader import Node
from tests.world import LATER, SEARCH, SPEECH_DAY, World, cite

Get = Callable[..., Node]


def findings(shown: Node) -> list[Node]:
    return [item for item in shown.section("findings").all("li") if "id" in item.attributes]


def test_the_words_of_the_source_stand_first(world: World, page: Get) -> None:
    shown = page("/measures/1.1/")
    quote = shown.one("blockquote")
    assert quote.text.startswith("“we will issue a plan”")
    assert quote["lang"] == "en"
    assert quote.links() == {"Paragraph 2 of the source": "/source/speech-2020/#passage-2"}
    assert shown.section("criteria").one("p").text == "It is in force."
    assert shown.one("h1").text == "1.1 The plan"
    assert shown.one("meta", name="description")["content"] == "It is in force."
    assert shown.one(cls="lede").links() == {"1. Design": "/themes/design/"}


def test_the_standing_finding_is_named_beside_the_title(world: World, page: Get) -> None:
    status = page("/measures/1.1/").one("span", cls="large")
    assert status.text == "Implemented"
    assert "is-implemented" in status.classes
    assert page("/measures/2.1/").one("span", cls="large").text == "Not yet assessed"


def test_findings_are_told_newest_first_with_their_people_and_both_days(
    world: World, page: Get
) -> None:
    newest, oldest = findings(page("/measures/1.1/"))
    assert [newest["id"], oldest["id"]] == ["finding-2", "finding-1"]
    assert newest.all(cls="status")[0].text == "Implemented"
    effective, recorded = newest.all("time")
    assert effective["datetime"] == "2021-09-22"
    assert recorded["datetime"] == LATER.isoformat()
    assert "in effect 22 Sep 2021" in newest.text
    assert "recorded 1 Jun 2023" in newest.text
    assert "by Ana, approved by Rui" in newest.text
    assert "confidence moderate: One document was read." in newest.text
    assert newest.all("p")[0].text == "The document says so."
    assert oldest.all(cls="status")[0].text == "Not started"


def test_only_the_finding_that_holds_says_so(world: World, page: Get) -> None:
    newest, oldest = findings(page("/measures/1.1/"))
    assert newest.chips() == ["holds now"]
    assert oldest.chips() == []


def test_a_finding_of_the_same_status_is_a_confirmation(world: World, page: Get) -> None:
    world.find(world.training, "sustained", date(2023, 6, 1), [world.yearbook_on_training])
    newest, before, _first = findings(page("/measures/1.2/"))
    assert newest.chips() == ["holds now", "confirmed"]
    assert before.chips() == []


def test_a_correction_and_what_it_corrects_are_marked(world: World, page: Get) -> None:
    wrong = world.plan.findings.get(number=2)
    world.find(
        world.plan,
        "partial",
        date(2021, 9, 22),
        [world.outline_on_plan],
        supersedes=wrong,
        correction_reason="The outline was taken for the plan.",
    )
    right, undone, first = findings(page("/measures/1.1/"))
    assert right.chips() == ["holds now", "corrects no. 2"]
    assert "What was wrong: The outline was taken for the plan." in right.text
    assert undone.chips() == ["corrected since"]
    assert "undone" in undone.classes
    assert "undone" not in right.classes | first.classes
    assert page("/measures/1.1/").one("span", cls="large").text == "Partial"


def test_a_finding_of_one_person_says_so(world: World, settings: Any, page: Get) -> None:
    assert "one person" not in page("/measures/2.1/").text
    settings.FOUR_EYES = False
    world.find(
        world.rulings, "partial", SPEECH_DAY, [world.yearbook_on_rulings], approver=world.ana
    )
    (alone,) = findings(page("/measures/2.1/"))
    assert alone.chips() == ["holds now", "one person"]


def test_a_shipped_finding_is_marked_as_a_baseline(world: World, page: Get) -> None:
    world.find(
        world.rulings, "partial", SPEECH_DAY, [world.yearbook_on_rulings], coding="lower-taken"
    )
    (shipped,) = findings(page("/measures/2.1/"))
    assert shipped.chips() == ["holds now", "baseline"]


def test_a_search_that_found_nothing_tells_how_it_ran(world: World, page: Get) -> None:
    world.find(world.rulings, "no-evidence", date(2022, 6, 30), **SEARCH)
    (found,) = findings(page("/measures/2.1/"))
    sentence = "Searched Gazettes of the State Council (English, Chinese) up to 30 Jun 2022"
    assert sentence in found.text


def test_chinese_reasons_are_there_and_marked(world: World, page: Get) -> None:
    world.find(
        world.rulings,
        "partial",
        SPEECH_DAY,
        [world.yearbook_on_rulings],
        rationale="",
        rationale_zh="年鉴载明。",
        confidence_reason="",
        confidence_reason_zh="仅阅一份文件。",
    )
    (found,) = findings(page("/measures/2.1/"))
    for words in ("年鉴载明。", "仅阅一份文件。"):
        assert any(words in marked.text for marked in found.all(lang="zh"))


def test_what_a_finding_rests_on_stays_as_it_was(world: World, page: Get) -> None:
    outline = world.outline
    outline.title, outline.document_number, outline.tier = "A new name", "No. 9", 2
    record.save(outline, by=world.ana)
    noted = world.outline_on_plan
    noted.note, noted.stage = "Something else.", "applied"
    record.save(noted, by=world.ana)
    shown = page("/measures/1.1/")
    frozen = findings(shown)[0].one("ul", cls="frozen").one("li")
    assert frozen.links() == {"The outline": "/evidence/outline/"}
    assert "Shows what was done." in frozen.text
    assert "in force tier 1" in frozen.text
    live = shown.section("evidence").one("li")
    assert live.links() == {"A new name": "/evidence/outline/"}
    assert "Something else." in live.text
    assert "No. 9" in live.text
    assert "stage: applied tier 2" in live.text


def test_evidence_is_told_newest_first_and_contradiction_is_marked(world: World, page: Get) -> None:
    contrary = cite(
        world.training, world.outline, by=world.ana, bearing="contradicts", quotation="“none”"
    )
    world.find(world.training, "limited", date(2023, 1, 1), [world.yearbook_on_training, contrary])
    shown = page("/measures/1.2/")
    documents = shown.section("evidence").all("li")
    assert [d.one("a").text for d in documents] == ["The yearbook", "The outline", "The statement"]
    assert [d.chips() for d in documents] == [[], ["Contradicts"], []]
    assert documents[1].one("q").text == "“none”"
    frozen = findings(shown)[0].one("ul", cls="frozen").all("li")
    assert [f.chips() for f in frozen] == [[], ["Contradicts"]]
    assert "Rests on 2 documents" in findings(shown)[0].text


def test_the_history_comes_from_the_record(world: World, page: Get) -> None:
    rulings = world.rulings
    rulings.done_when, rulings.title_zh = "A year is the longest wait.", ""
    record.save(rulings, by=world.rui, why="Criteria can be tested now.")
    newest, *_, first = page("/measures/2.1/").section("history").one("ul").all("li")
    assert "Changed by Rui" in newest.text
    assert "Criteria can be tested now." in newest.text
    changes = dict(
        zip(
            [term.text for term in newest.all("dt")],
            [value.text for value in newest.all("dd")],
            strict=True,
        )
    )
    assert changes == {
        "criteria": "It is in force. A year is the longest wait.",
        "title (zh)": "措施 emptied",
    }
    assert newest.one("del", lang="zh").text == "措施"
    assert "Added by Ana" in first.text


def test_the_neighbours_follow_the_order_of_the_source(world: World, page: Get) -> None:
    def neighbours(code: str) -> dict[str, str]:
        links = page(f"/measures/{code}/").one("nav", aria_label="Neighbouring measures").all("a")
        return {link["rel"]: link["href"] for link in links}

    assert neighbours("1.1") == {"next": "/measures/1.2/"}
    assert neighbours("1.2") == {"prev": "/measures/1.1/", "next": "/measures/2.1/"}
    assert neighbours("2.1") == {"prev": "/measures/1.2/"}


def test_a_retired_measure_keeps_its_page_and_says_so(world: World, page: Get) -> None:
    assert "Retired" not in page("/measures/1.1/").text
    world.plan.retired_on = date(2023, 7, 1)
    record.save(world.plan, by=world.ana)
    shown = page("/measures/1.1/")
    assert "Retired on 1 July 2023: it is no longer counted" in shown.one("main").text
    assert len(findings(shown)) == 2


def test_what_nobody_assessed_says_what_comes_next(world: World, page: Get) -> None:
    shown = page("/measures/2.1/")
    assert "Nobody has assessed" in shown.section("findings").one(cls="empty").text
    assert shown.section("evidence").all("li")


def test_a_measure_without_anything_says_so(world: World, page: Get) -> None:
    record.delete(world.yearbook_on_rulings, by=world.ana)
    world.rulings.done_when, world.rulings.done_when_zh = "", ""
    record.save(world.rulings, by=world.ana, bodies=[])
    shown = page("/measures/2.1/")
    assert "No document is cited" in shown.section("evidence").one(cls="empty").text
    assert "Not written yet" in shown.section("criteria").text
    assert "nobody named" in shown.section("facts").text


def test_a_review_that_is_due_is_overdue_on_the_next_day(
    world: World, today: date, page: Get
) -> None:
    world.plan.review_on = today
    record.save(world.plan, by=world.ana)
    assert page("/measures/1.1/").section("facts").chips() == []
    world.plan.review_on = today - timedelta(days=1)
    record.save(world.plan, by=world.ana)
    assert page("/measures/1.1/").section("facts").chips() == ["overdue"]


@pytest.mark.parametrize(
    "path",
    ["/measures/9.9/", "/measures/1/", "/measures/%20/", f"/measures/{'9' * 1500}/"],
)
def test_an_unknown_code_is_not_found(path: str, world: World, visitor: Client) -> None:
    assert visitor.get(path).status_code == 404


def test_a_code_belongs_to_its_source(
    world: World, second_source: Source, page: Get, visitor: Client
) -> None:
    other = page("/s/plan-2021/measures/1.1/")
    assert other.one("h1").text == "1.1 The library"
    assert page("/measures/1.1/").one("h1").text == "1.1 The plan"
    assert "a library will open" in other.one("blockquote").text
    links = other.one("main").links()
    assert links["Patent Office"] == "/s/plan-2021/bodies/patent-office/"
    assert links["1. Reading"] == "/s/plan-2021/themes/design/"
    assert links["1.2 The archive"] == "/s/plan-2021/measures/1.2/"
    assert visitor.get("/s/plan-2021/measures/2.1/").status_code == 404
    assert visitor.get("/s/nowhere/measures/1.1/").status_code == 404
