"""The brief for a period: its page, and that Word and Excel say the same."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures import method, record
from measures.models import Measure, Source
from tests.pages.reader import HAN, Node, inline_code, unmarked_chinese
from tests.pages.take_away import PERIOD, Files, after_heading, block, rows_of
from tests.world import SPEECH_DAY, World, cite

pytestmark = pytest.mark.usefixtures("world", "today")


def test_the_sentence_says_how_many_of_how_many_and_how_many_before(
    page: Callable[..., Node],
) -> None:
    shown = page(f"/brief/?{PERIOD}")
    assert shown.one("p", cls="headline").text == (
        "Of 3 commitments, 2 are implemented or sustained on 31 December 2022; "
        "on 30 June 2021 it was 0 of 2."
    )
    assert "2 moved: 2 as the world changed" in shown.one("main").text


def test_page_word_and_excel_agree_on_every_status(taken: Callable[..., Files]) -> None:
    files = taken()
    page = {
        row.one("th").text: [cell.text for cell in row.all("td")]
        for row in files.page.section("by-status").one("tbody").all("tr")
    }
    word = {
        cells[0].split(" ", 1)[-1]: cells[1:] for cells in after_heading(files.word, "By status")
    }
    assert word.pop("Commitments") == ["2", "3", ""]
    book = {
        method_label(told): [f"{a} of {m}", f"{b} of {n}", signed(change)]
        for told, a, m, b, n, change in block(files.book, "Status")
    }
    assert page == word == book
    assert page["Implemented"] == ["0 of 2", "1 of 3", "+1"]
    assert page["Limited"] == ["1 of 2", "0 of 3", "−1"]
    assert len(page) == len(method.SHOWN_STATUSES)


def method_label(told: str) -> str:
    return told[: HAN.search(told).start()].strip()  # type: ignore[union-attr]


def signed(change: int) -> str:
    return f"{change:+d}".replace("-", "−") if change else "0"


def test_they_agree_on_what_moved_and_on_what_moved_it(taken: Callable[..., Files]) -> None:
    files = taken()
    page = [li.links() for li in files.page.section("what-moved").all("li")]
    word = after_heading(files.word, "What moved")
    book = rows_of(files.book, "Movers")
    assert [next(iter(links)) for links in page] == ["1.2 The training", "1.1 The plan"]
    assert [row[0] for row in word] == ["1.2 The training", "1.1 The plan"]
    assert [f"{row['Code']} {row['Title']}" for row in book] == [row[0] for row in word]
    assert page[1]["The outline"].startswith("/evidence/outline/")
    assert word[1][1:] == [
        "○ Not started → ● Implemented",
        "The world changed; in effect 22 September 2021",
        "The outline",
    ]
    assert (book[1]["From"], book[1]["To"]) == ("Not started", "Implemented")
    assert book[1]["Evidence"] == "The outline"
    assert book[1]["In effect since"] == datetime(2021, 9, 22)  # noqa: DTZ001
    assert "THE WORLD CHANGED" in files.page.section("what-moved").text.upper()


def test_they_agree_on_themes_concerns_and_weak_evidence(taken: Callable[..., Files]) -> None:
    files = taken()
    for heading, page_id, label in (
        ("Needs attention", "needs-attention", "Needs attention"),
        ("Weakest evidence", "weakest-evidence", "Weakest evidence"),
    ):
        page = [next(iter(li.links())) for li in files.page.section(page_id).all("li")]
        assert page == [row[0] for row in after_heading(files.word, heading)]
        assert page == [row[0] for row in block(files.book, label)]
    assert after_heading(files.word, "Weakest evidence")[0] == [
        "1.1 The plan",
        "● Implemented",
        "rests on a single document",
    ]
    themes = after_heading(files.word, "By theme")
    assert themes == [
        ["1. Design", "0 of 2", "2 of 2", "2"],
        ["2. Courts", "0 of 0", "0 of 1", "0"],
    ]
    page_rows = files.page.section("by-theme").one("tbody").all("tr")
    assert [[td.text for td in tr.all("td")] for tr in page_rows] == [row[1:] for row in themes]
    assert [row[1:] for row in block(files.book, "Theme")] == [
        (0, 2, 2, 2, 2),
        (0, 0, 0, 1, 0),
    ]


def test_all_three_name_their_dates_the_record_and_how_to_cite_them(
    taken: Callable[..., Files],
) -> None:
    head = record.head()
    assert head
    files = taken(f"{PERIOD}&known=2023-12-31T00:00:00Z")
    texts = (
        files.page.section("about-this-brief").text,
        "\n".join(p.text for p in files.word.paragraphs),
        "\n".join(str(c) for row in files.book["Summary"].values for c in row if c),
    )
    for text in texts:
        assert "as known on 31 December 2023 00:00 UTC" in text
        assert "known=2023-12-31T00:00:00.000000Z" in text
        assert "as_of=2022-12-31" in text
    for text in (
        taken().page.section("about-this-brief").text,
        "\n".join(p.text for p in taken().word.paragraphs),
    ):
        assert f"Record {head.sequence}, head {head.hash[:12]}." in text
    assert ("Record", head.sequence, head.hash[:12]) in [
        row[:3] for row in taken().book["Summary"].values
    ]


def test_the_page_without_dates_tells_of_the_last_year(page: Callable[..., Node]) -> None:
    shown = page("/brief/")
    assert shown.one("h1").text == "Brief, 1 March 2023 to 1 March 2024"
    assert shown.one("input", name="from", type="date")["value"] == "2023-03-01"


def test_as_of_means_the_end_and_to_wins(page: Callable[..., Node]) -> None:
    assert page("/brief/?as_of=2022-06-30").one("h1").text == "Brief, 30 June 2021 to 30 June 2022"
    shown = page("/brief/?as_of=2022-06-30&to=2023-06-30")
    assert shown.one("h1").text == "Brief, 30 June 2022 to 30 June 2023"
    assert shown.one("section", aria_labelledby="by-theme").links()["1. Design"] == (
        "/themes/design/?as_of=2023-06-30"
    )


@pytest.mark.parametrize(
    ("query", "sentence", "title"),
    [
        ("from=x", "“x” is no date", "1 March 2023 to 1 March 2024"),
        ("to=2022-02-30", "“2022-02-30” is no date", "1 March 2023 to 1 March 2024"),
        ("to=2030-01-01", "in the future", "1 March 2023 to 1 March 2024"),
        ("from=2030-01-01", "in the future", "1 March 2023 to 1 March 2024"),
        ("from=9999-12-31", "in the future", "1 March 2023 to 1 March 2024"),
        (
            "from=2019-01-01&to=2022-01-01",
            "before 30 November 2020",
            "30 November 2020 to 1 January 2022",
        ),
        ("to=0001-01-01", "before 30 November 2020", "30 November 2020 to 30 November 2020"),
        (
            "from=2023-01-01&to=2022-01-01",
            "after 1 January 2022",
            "1 January 2021 to 1 January 2022",
        ),
        ("theme=nothing", "Select a valid choice", "1 March 2023 to 1 March 2024"),
        ("body=nothing", "Select a valid choice", "1 March 2023 to 1 March 2024"),
        ("known=2030-01-01", "in the future", "1 March 2023 to 1 March 2024"),
    ],
)
def test_what_cannot_be_meant_is_said_on_the_page_and_makes_no_file(
    query: str, sentence: str, title: str, visitor: Client
) -> None:
    shown = Node.of(visitor.get(f"/brief/?{query}"))
    assert sentence in " ".join(note.text for note in shown.all("p", cls="is-error"))
    assert shown.one("h1").text == f"Brief, {title}"
    for kind in ("docx", "xlsx"):
        response = visitor.get(f"/brief/brief.{kind}?{query}")
        assert response.status_code == 400
        assert sentence in " ".join(response.content.decode().split())


def test_a_leap_day_has_a_year_before_it(page: Callable[..., Node]) -> None:
    shown = page("/brief/?to=2024-02-29")
    assert shown.one("h1").text == "Brief, 28 February 2023 to 29 February 2024"


def test_a_day_without_a_period_moves_nothing(taken: Callable[..., Files]) -> None:
    files = taken("from=2022-12-31&to=2022-12-31&known=2022-12-31")
    assert "No commitment moved" in files.page.section("what-moved").text
    assert after_heading(files.word, "What moved") == []
    assert rows_of(files.book, "Movers") == []


def test_themes_and_bodies_limit_all_three(taken: Callable[..., Files]) -> None:
    for part, total in (
        ("theme=design", 2),
        ("theme=courts", 1),
        ("theme=design&theme=courts", 3),
        ("body=patent-office", 2),
        ("body=patent-office&body=supreme-court", 3),
        ("theme=courts&body=supreme-court", 1),
        ("theme=courts&body=patent-office", 0),
    ):
        files = taken(f"{PERIOD}&{part}")
        assert f"Of {total} commitments" in files.page.one("p", cls="headline").text
        assert f"Of {total} commitments" in "".join(p.text for p in files.word.paragraphs)
        assert len(rows_of(files.book, "Measures")) == total
        assert "Limited to: " in files.page.one("main").text


def test_the_form_keeps_what_was_chosen_and_links_to_the_same(page: Callable[..., Node]) -> None:
    shown = page(f"/brief/?{PERIOD}&theme=design&body=patent-office&known=2023-12-31")
    ticked = {box["value"] for box in shown.all("input", type="checkbox", checked="")}
    assert ticked == {"design", "patent-office"}
    links = shown.links()
    query = f"{PERIOD}&theme=design&body=patent-office&known=2023-12-31"
    assert links["Word"] == f"/brief/brief.docx?{query}"
    assert links["Word · 中文"] == f"/brief/brief.docx?{query}&lang=zh"
    assert links["Excel"] == f"/brief/brief.xlsx?{query}"
    (quarter,) = [href for label, href in links.items() if label.startswith("Last quarter")]
    assert quarter == (
        "?from=2023-09-30&to=2023-12-31&theme=design&body=patent-office&known=2023-12-31"
    )


def test_a_finding_learnt_later_is_not_the_world_changing(
    world: World, taken: Callable[..., Files]
) -> None:
    cited = [world.yearbook_on_rulings]
    recorded = datetime(2023, 7, 1, tzinfo=UTC)
    world.find(world.rulings, "partial", date(2021, 3, 1), cited, recorded_at=recorded)
    files = taken("from=2023-06-30&to=2023-12-31")
    assert after_heading(files.word, "What moved")[0][2] == "We learnt more; in effect 1 March 2021"
    assert rows_of(files.book, "Movers")[0]["Why"] == "We learnt more"
    assert files.page.section("what-moved").chips() == ["we learnt more"]


def test_each_source_has_a_brief_of_its_own(
    second_source: Source, visitor: Client, page: Callable[..., Node]
) -> None:
    shown = page("/s/plan-2021/brief/?to=2022-01-01")
    assert shown.one("p", cls="headline").text.startswith("Of 2 commitments, none are")
    assert shown.links()["Word"].startswith("/s/plan-2021/brief/brief.docx?from=2021-06-01&to=")
    for kind in ("docx", "xlsx"):
        assert visitor.get(f"/s/plan-2021/brief/brief.{kind}").status_code == 200


def test_the_page_is_sound_and_offered_beside_progress(page: Callable[..., Node]) -> None:
    shown = page("/brief/")
    assert len(shown.all("h1")) == 1
    assert inline_code(shown) == []
    assert unmarked_chinese(shown) == []
    assert page("/").links()["Brief for a meeting"] == "/brief/"
    past = page("/", as_of="2022-01-01").links()["Brief for a meeting"]
    assert past == "/brief/?as_of=2022-01-01"


def test_a_source_without_measures_has_a_brief(world: World, visitor: Client) -> None:
    record.save(Source(slug="bare", title="Bare", delivered_on=date(2021, 1, 1)), by=world.ana)
    assert Node.of(visitor.get("/s/bare/brief/")).one("h1").text.startswith("Brief, ")
    for kind in ("docx", "xlsx"):
        assert visitor.get(f"/s/bare/brief/brief.{kind}").status_code == 200


@pytest.mark.parametrize("path", ["/brief/", "/brief/brief.docx", "/brief/brief.xlsx"])
def test_the_number_of_questions_does_not_grow(
    path: str, world: World, visitor: Client, crowd: Callable[[int], list[Measure]]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert visitor.get(f"{path}?from=2020-11-30&theme=design").status_code == 200
        return len(questions)

    crowd(3)
    asked()
    few = asked()
    crowd(60)
    for document in (world.yearbook, world.statement):
        cite(world.plan, document, by=world.ana)
    world.find(world.plan, "partial", SPEECH_DAY, world.plan.citations.all())
    assert asked() <= few <= 24
