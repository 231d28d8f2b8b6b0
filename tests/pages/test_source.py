"""The source, passage by passage: what it promises, and where each promise stands."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from measures import bundle, record
from measures.models import Passage, Source, User
from tests.pages.reader import Node, unmarked_chinese
from tests.world import World

Get = Callable[..., Node]

TEXT = (
    "First it says why this matters. Nothing is promised here.",
    "Next, we will issue a plan, and we will train examiners who will issue a plan of "
    "their own. Later the courts will be swift.",
)


@pytest.fixture
def loaded(world: World) -> World:
    """The world with a text of our own invention loaded, and two quotations that overlap."""
    world.training.quotation = "a plan, and we will train examiners"
    record.save(world.training, by=world.ana)
    bundle.load_text(world.speech, "\n\n".join(TEXT), by=world.ana)
    return world


def test_the_coverage_is_stated(world: World, page: Get) -> None:
    said = page("/source/speech-2020/").one("p", cls="headline").text
    assert said.startswith("1 of 2 passages carry commitments: 3 quotations")
    assert said.endswith("1 is context and says why.")


def test_coverage_counts_what_is_quoted_and_not_what_is_retired(world: World, page: Get) -> None:
    record.save(Passage(source=world.speech, number=3, role="context"), by=world.ana)
    for measure in (world.plan, world.training, world.rulings):
        measure.retired_on = date(2023, 1, 1)
        record.save(measure, by=world.ana)
    said = page("/source/speech-2020/").one("p", cls="headline").text
    assert said.startswith("0 of 3 passages carry commitments: 0 quotations")
    assert said.endswith("3 are context and say why.")


def test_a_passage_of_context_says_why_it_promises_nothing(world: World, page: Get) -> None:
    world.framing.why, world.framing.why_zh = "it promises no act", "未承诺举措"
    world.framing.gist_zh = "说明意义。"
    record.save(world.framing, by=world.ana)
    passage = page("/source/speech-2020/").one("article", id="passage-1")
    assert passage.chips() == ["Context"]
    assert "Why it matters." in passage.text
    assert "Context: it promises no act." in passage.text
    assert passage.all(lang="zh") == []
    chinese = page("/zh/source/speech-2020/").one("article", id="passage-1").text
    assert "说明意义。" in chinese
    assert "背景：未承诺举措。" in chinese
    assert passage.all("q") == []


def test_each_quotation_leads_to_its_measure_and_shows_where_it_stands(
    world: World, page: Get
) -> None:
    passage = page("/source/speech-2020/").one("article", id="passage-2")
    rows = passage.one("ul", cls="quotes").all("li")
    assert [row.one("q").text for row in rows] == [
        "we will issue a plan",
        "we will train examiners",
        "courts will be swift",
    ]
    assert [row.one("a")["href"] for row in rows] == [
        "/measures/1.1/",
        "/measures/1.2/",
        "/measures/2.1/",
    ]
    assert [row.one(cls="status").text for row in rows] == [
        "Implemented",
        "Sustained",
        "Not yet assessed",
    ]
    assert "3 commitments" in passage.text
    assert rows[0].one("a")["aria-label"] == "1.1 The plan"


def test_without_the_text_the_page_says_so_and_shows_none_of_it(world: World, page: Get) -> None:
    shown = page("/source/speech-2020/")
    assert "its full text is not part of this register" in shown.one("main").text
    assert shown.all("mark") == []
    assert shown.all("p", cls="text") == []
    for sentence in ("Nothing is promised here", "of their own", "Later the"):
        assert sentence not in shown.text


def test_with_the_text_each_quotation_is_marked_in_it(loaded: World, page: Get) -> None:
    shown = page("/source/speech-2020/")
    assert "its full text is not part" not in shown.one("main").text
    first, second = shown.all("p", cls="text")
    assert first.text == TEXT[0]
    assert first.all("mark") == []
    assert second["lang"] == "en"
    marks = [
        (mark.inside[0], [a.text for a in mark.all("a")], mark.classes)
        for mark in second.all("mark")
    ]
    assert marks == [
        ("we will issue ", ["1.1"], {"is-implemented"}),
        ("a plan", ["1.1", "1.2"], {"is-implemented"}),
        (", and we will train examiners", ["1.2"], {"is-sustained"}),
        ("courts will be swift", ["2.1"], {"is-not-assessed"}),
    ]


def test_the_text_reads_on_through_the_marks(loaded: World, page: Get) -> None:
    def words(node: Node) -> str:
        own = (words(n) if isinstance(n, Node) else n for n in node.inside)
        return "" if node.tag == "a" else "".join(own)

    assert words(page("/source/speech-2020/").all("p", cls="text")[1]) == TEXT[1]


def test_a_mark_names_its_measure_and_status(loaded: World, page: Get) -> None:
    link = page("/source/speech-2020/").all("mark")[0].one("a")
    assert link["href"] == "/measures/1.1/"
    assert link["title"] == "The plan: Implemented"


def test_the_words_around_a_quotation_appear_on_no_other_page(loaded: World, page: Get) -> None:
    for path in ("/", "/measures/", "/measures/1.1/", "/themes/design/", "/evidence/"):
        assert "who will issue" not in page(path).text


def test_a_chinese_source_is_marked_as_chinese(world: World, page: Get) -> None:
    speech = world.speech
    speech.language = "zh"
    record.save(speech, by=world.ana)
    for measure, words in (
        (world.plan, "制定规划"),
        (world.training, "培训审查员"),
        (world.rulings, "提高审判效率"),
    ):
        measure.quotation = words
        record.save(measure, by=world.ana)
    bundle.load_text(speech, "引言。\n\n要制定规划，培训审查员，提高审判效率。", by=world.ana)
    shown = page("/source/speech-2020/")
    assert unmarked_chinese(shown) == []
    assert shown.one("article", id="passage-2").all("q")[0]["lang"] == "zh"
    assert unmarked_chinese(page("/measures/1.1/")) == []


def test_the_source_names_its_report(world: World, page: Get) -> None:
    assert "Followed here as reported" not in page("/source/speech-2020/").text
    speech = world.speech
    speech.reported_as, speech.publisher = "An article", "A paper"
    speech.reported_on = date(2020, 12, 18)
    record.save(speech, by=world.ana)
    said = page("/source/speech-2020/").one(cls="lede").text
    assert "Followed here as reported in “An article”, A paper, 18 December 2020." in said


def test_a_report_without_a_day_is_named_without_one(world: World, page: Get) -> None:
    world.speech.reported_as, world.speech.publisher = "An article", "A paper"
    record.save(world.speech, by=world.ana)
    assert "in “An article”, A paper." in page("/source/speech-2020/").one(cls="lede").text


def test_one_source_is_gone_to_at_once(world: World, visitor: Client) -> None:
    response = visitor.get("/source/")
    assert (response.status_code, response["Location"]) == (302, "/source/speech-2020/")


def test_several_sources_are_listed_newest_first(
    world: World, second_source: Source, page: Get
) -> None:
    rows = page("/source/").one("main").all("li")
    assert [row.one("a").text for row in rows] == ["A plan", "A speech on intellectual property"]
    assert rows[0].one("a")["href"] == "/source/plan-2021/"
    assert rows[1].one("time")["datetime"] == "2020-11-30"
    assert rows[1].one(lang="zh").text == "关于知识产权的讲话"
    assert "·" not in rows[0].text  # No publisher is known.


def test_no_source_at_all_says_what_to_do(db: None, page: Get) -> None:
    assert "follows no source yet" in page("/source/").one(cls="empty").text


def test_a_source_without_passages_says_so(roles: None, ana: User, page: Get) -> None:
    record.save(Source(slug="bare", title="Bare", delivered_on=date(2020, 1, 1)), by=ana)
    assert "have not been entered yet" in page("/source/bare/").one(cls="empty").text


def test_each_source_shows_its_own_measures(world: World, second_source: Source, page: Get) -> None:
    other = page("/source/plan-2021/")
    assert [q.text for q in other.all("q")] == ["a library will open", "a archive will open"]
    assert other.all("ul", cls="quotes")[0].all("a")[0]["href"] == "/s/plan-2021/measures/1.1/"
    assert "we will issue a plan" not in other.text


def test_an_unknown_source_is_not_found(world: World, visitor: Client) -> None:
    assert visitor.get("/source/nowhere/").status_code == 404
