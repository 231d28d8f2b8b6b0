"""The trend: its page, its part on other pages, and its pictures to take away."""

import struct
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from measures import method, progress, record
from measures.models import Source, Theme, User
from tests.pages.reader import Node, parse
from tests.world import SPEECH_DAY, World

Get = Callable[..., Node]
SVG = "{http://www.w3.org/2000/svg}"


def rows(table: Node) -> dict[str, list[int]]:
    """The numbers of a table by the day of their row."""
    return {
        row.one("time")["datetime"]: [int(cell.text) for cell in row.all("td")]
        for row in table.one("tbody").all("tr")
    }


def counted(state: progress.State) -> list[int]:
    return [*(count.number for count in state.counts), len(state)]


@pytest.mark.usefixtures("world", "today")
class TestPage:
    def test_every_month_has_a_row_that_the_state_of_its_day_confirms(
        self, world: World, today: date, page: Get
    ) -> None:
        shown = page("/trend/").section("month-by-month")
        heads = [each.text for each in shown.one("thead").all("th")]
        assert heads[1:-1] == [status.en for status in method.SHOWN_STATUSES.values()]
        told = rows(shown.one("table"))
        first, *_, last = told
        assert (first, last) == (SPEECH_DAY.isoformat(), today.isoformat())
        assert len(told) == 41
        for day, numbers in told.items():
            assert numbers == counted(progress.state(world.speech, date.fromisoformat(day))), day

    def test_the_chart_is_named_and_told(self, page: Get) -> None:
        drawn = page("/trend/").section("shown").one("svg", cls="trend")
        assert drawn["role"] == "img"
        title, told = drawn["aria-labelledby"].split()
        assert drawn.one(id=title).text == "Commitments over time"
        words = drawn.one(id=told).text
        assert words.endswith("Implemented 1, Sustained 1, Not yet assessed 1; 3 in all.")
        areas = [each.classes - {"area"} for each in drawn.all("g", cls="area")]
        assert areas == [
            {f"is-{slug}"}
            for slug in ("implemented", "sustained", "limited", "not-started", "not-assessed")
        ]

    def test_each_theme_has_a_chart_of_its_own(self, page: Get) -> None:
        themes = page("/trend/").section("by-theme").one("ul", cls="multiples").all("li")
        assert [each.one("h3").text for each in themes] == ["1. Design", "2. Courts"]
        assert themes[0].one("a")["href"] == "/themes/design/"
        assert themes[0].one("desc").text.endswith("Implemented 1, Sustained 1; 2 in all.")
        assert themes[1].one("desc").text.endswith("Not yet assessed 1; 1 in all.")

    def test_a_theme_without_commitments_says_so(self, world: World, page: Get) -> None:
        record.save(Theme(source=world.speech, number=3, slug="x", title="Empty"), by=world.ana)
        assert "No commitment." in page("/trend/").section("by-theme").row("Empty").text

    def test_it_is_filtered_by_theme_and_by_body(self, world: World, page: Get) -> None:
        design = page("/trend/", theme="design")
        assert design.section("shown").one("h2").text == "1. Design"
        assert rows(design.one("table", cls="months"))[SPEECH_DAY.isoformat()][-1] == 2
        assert design.all(aria_labelledby="by-theme") == []
        court = page("/trend/", body="supreme-court")
        assert court.section("shown").one("h2").text == "Supreme Court"
        assert "No commitment." in court.section("by-theme").row("1. Design").text
        links = court.section("shown").links()
        assert links["PNG"] == "/trend.png?body=supreme-court"
        assert links["data"] == "/trend/?body=supreme-court#month-by-month"
        neither = page("/trend/", theme="design", body="supreme-court")
        assert "no commitment to follow" in neither.one(cls="empty").text

    def test_a_filter_that_cannot_be_read_is_said_and_left_out(self, page: Get) -> None:
        shown = page("/trend/", theme="nonsense")
        assert "It was left out." in shown.one(cls="errorlist").text
        assert shown.section("shown").one("h2").text == "All commitments"

    def test_it_is_read_at_the_dates_of_its_address(self, world: World, page: Get) -> None:
        shown = page("/trend/", as_of="2022-06-30", known="2022-12-31")
        told = rows(shown.one("table", cls="months"))
        assert list(told)[-1] == "2022-06-30"
        assert told["2022-06-30"][0] == 0  # That the plan was implemented was not known yet.
        links = shown.section("shown").links()
        assert links["SVG"] == "/trend.svg?as_of=2022-06-30&known=2022-12-31"
        assert links["data"] == "/trend/?as_of=2022-06-30&known=2022-12-31#month-by-month"

    def test_on_the_day_of_the_speech_there_is_one_row(self, page: Get) -> None:
        told = rows(page("/trend/", as_of=SPEECH_DAY.isoformat()).one("table", cls="months"))
        assert list(told) == [SPEECH_DAY.isoformat()]

    def test_htmx_gets_the_part_and_a_clean_address(self, visitor: Client) -> None:
        asked = {"theme": "design", "body": ""}
        headers = {"HX-Request": "true", "HX-Target": "results"}
        response = visitor.get("/trend/", asked, headers=headers)
        part = parse(response.content.decode())
        assert part.all("h1") == []
        assert part.one(id="results").section("shown").one("h2").text == "1. Design"
        assert response["HX-Push-Url"] == "/trend/?theme=design"
        assert "HX-Request" in response["Vary"]

    def test_each_source_has_its_own(self, second_source: Source, page: Get) -> None:
        shown = page("/s/plan-2021/trend/")
        assert rows(shown.one("table", cls="months"))["2021-06-01"][-1] == 2
        assert shown.section("shown").links()["PNG"] == "/s/plan-2021/trend.png"


@pytest.mark.usefixtures("world", "today")
@pytest.mark.parametrize(
    ("path", "part", "total"),
    [
        ("/", "", 3),
        ("/themes/design/", "?theme=design", 2),
        ("/bodies/patent-office/", "?body=patent-office", 2),
    ],
)
def test_a_page_of_progress_shows_how_it_came_to_be(
    path: str, part: str, total: int, page: Get
) -> None:
    section = page(path).section("over-time")
    assert section.one("desc").text.endswith(f"; {total} in all.")
    assert section.links() == {
        "PNG": f"/trend.png{part}",
        "SVG": f"/trend.svg{part}",
        "data": f"/trend/{part}#month-by-month",
    }
    told = rows(section.one("details").one("table"))
    assert list(told)[:3] == ["2020-11-30", "2020-12-31", "2021-03-31"]
    assert list(told)[-1] == "2024-03-01"
    assert {numbers[-1] for numbers in told.values()} == {total}


@pytest.mark.usefixtures("world", "today")
class TestPictures:
    def words(self, response: Any) -> str:
        assert response.status_code == 200
        root = ElementTree.fromstring(response.content)
        return " | ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))

    def test_an_svg_is_a_file_that_tells_what_it_shows(self, visitor: Client) -> None:
        response = visitor.get("/trend.svg", {"as_of": "2022-06-30"})
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert response["Content-Disposition"] == (
            'attachment; filename="ipr-trend-2022-06-30.svg"'
        )
        told = self.words(response)
        head = record.head()
        assert head is not None
        for words in (
            "As of 30 June 2022, as known today (1 March 2024)",
            "Source: A speech on intellectual property, 30 November 2020",
            f"head {head.hash[:12]}",
            "2 of 3 commitments",
        ):
            assert words in told.replace("\xa0", " ")

    def test_a_png_is_a_slide(self, visitor: Client) -> None:
        response = visitor.get("/trend.png", {"known": "2022-12-31"})
        assert response["Content-Type"] == "image/png"
        assert response["Content-Disposition"] == (
            'attachment; filename="ipr-trend-2024-03-01-known-2022-12-31.png"'
        )
        assert struct.unpack(">II", response.content[16:24]) == (1920, 1080)
        told = self.words(visitor.get("/trend.svg", {"known": "2022-12-31"}))
        assert "As of 1 March 2024, as known on 31 December 2022 |" in told

    def test_a_part_is_named_in_the_picture_and_in_its_file(self, visitor: Client) -> None:
        asked = {"theme": "courts", "body": "supreme-court", "scheme": "dark"}
        response = visitor.get("/trend.svg", asked)
        assert (
            'filename="ipr-trend-courts-supreme-court-dark-2024-03-01.svg"'
            in (response["Content-Disposition"])
        )
        told = self.words(response)
        assert "Commitments over time: Courts, Supreme Court" in told
        assert "0 of 1 commitment" in told

    def test_the_schemes_differ(self, visitor: Client) -> None:
        light, dark = (
            visitor.get("/trend.svg", {"scheme": scheme}).content for scheme in ("light", "dark")
        )
        assert light == visitor.get("/trend.svg").content
        assert light != dark

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"as_of": "yesterday"}, "write it as 2021-06-30"),
            ({"as_of": "2030-01-01"}, "from 2020-11-30 to today"),
            ({"as_of": "2019-01-01"}, "from 2020-11-30 to today"),
            ({"known": "2030-01-01"}, "from 2020-11-30 to today"),
            ({"theme": "nonsense"}, "Theme: "),
            ({"body": "nonsense"}, "Body: "),
            ({"scheme": "pink"}, "Scheme: "),
        ],
    )
    @pytest.mark.parametrize("kind", ["svg", "png"])
    def test_what_it_cannot_show_is_refused_in_words(
        self, asked: dict[str, str], said: str, kind: str, visitor: Client
    ) -> None:
        response = visitor.get(f"/trend.{kind}", asked)
        assert response.status_code == 400
        assert said in parse(response.content.decode()).one("main").text

    @pytest.mark.parametrize("path", ["/trend.gif", "/trend.", "/s/nowhere/trend.svg"])
    def test_there_is_no_other_kind_or_source(self, path: str, visitor: Client) -> None:
        assert visitor.get(path).status_code == 404

    def test_each_source_has_its_own(self, second_source: Source, visitor: Client) -> None:
        told = self.words(visitor.get("/s/plan-2021/trend.svg"))
        assert "0 of 2 commitments" in told
        assert "Source: A plan, 1 June 2021" in told

    def test_no_cache_keeps_what_a_signed_in_person_takes_away(
        self, mei: User, signed_in: Callable[[User], Client]
    ) -> None:
        assert "no-store" in signed_in(mei).get("/trend.svg")["Cache-Control"]


def test_a_source_without_measures_has_nothing_to_follow(
    roles: None, ana: User, page: Get, visitor: Client
) -> None:
    record.save(Source(slug="empty", title="An empty one", delivered_on=SPEECH_DAY), by=ana)
    assert "no commitment to follow" in page("/trend/").one(cls="empty").text
    assert "0 of 0 commitments" in visitor.get("/trend.svg").content.decode()


def test_an_empty_register_says_how_to_fill_it(db: None, page: Get) -> None:
    for path in ("/trend/", "/trend.svg"):
        assert page(path).one("h1").text == "The register is empty"
