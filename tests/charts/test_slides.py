"""Charts that stand alone: everything that must be known of them is in the file."""

import re
import struct
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from measures import charts, method, record
from measures.charts.palette import palette
from measures.charts.words import lines, wide
from measures.colours import contrast
from measures.progress import state, trend
from tests.world import SPEECH_DAY, World

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2022, 6, 30)
HOSTILE = "<script>alert(1)</script> & \"all\" 'n' ]]> \x0b\x01 专利"


def slide(world: World, kind: str = "trend", **said: Any) -> str:
    known = said.pop("known", None)
    told = {"source": world.speech, "head": record.head(), **said}
    if kind == "trend":
        return charts.slide_of_trend(trend(world.speech, TODAY, known), **told)
    earlier = state(world.speech, SPEECH_DAY, known)
    return charts.slide_of_ladders(earlier, state(world.speech, TODAY, known), **told)


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


both = pytest.mark.parametrize("kind", ["trend", "ladders"])


@pytest.mark.django_db
class TestSlides:
    @both
    def test_it_tells_its_dates_source_and_record(self, world: World, kind: str) -> None:
        head = record.head()
        assert head is not None
        told = words(slide(world, kind, part="Design"))
        assert told[0].endswith(": Design")
        assert (
            " ".join(told[1:3]).replace("\xa0", " ")
            == "2 of 3 commitments are implemented or sustained; on 30 November 2020 it was none."
        )
        assert any(each.startswith("As of 30 June 2022, as known today (") for each in told)
        assert told[-2] == "Source: A speech on intellectual property, 30 November 2020"
        assert told[-1] == f"IPR Tracker, record {head.sequence}, head {head.hash[:12]}"

    @both
    def test_it_tells_what_was_known_when(self, world: World, kind: str) -> None:
        told = words(slide(world, kind, known=datetime(2022, 1, 1, 8, 30, tzinfo=UTC)))
        (dates,) = (each for each in told if each.startswith("As of"))
        assert dates.startswith("As of 30 June 2022, as known on 1 January 2022 ")

    @both
    def test_the_legend_names_every_status(self, world: World, kind: str) -> None:
        told = " | ".join(words(slide(world, kind)))
        for status in method.SHOWN_STATUSES.values():
            assert status.en in told
        assert ("0 → 1" in told) == (kind == "ladders")

    @both
    @pytest.mark.parametrize("scheme", charts.SCHEMES)
    def test_it_needs_nothing_from_elsewhere(self, world: World, kind: str, scheme: str) -> None:
        svg = slide(world, kind, scheme=scheme)
        root = ElementTree.fromstring(svg)
        assert (root.get("width"), root.get("height")) == ("1920", "1080")
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        for foreign in ("var(", "href", "@import", "http", "light-dark"):
            assert foreign not in svg.replace("http://www.w3.org/2000/svg", "")
        assert palette(scheme).paper in svg

    @both
    def test_no_markup_leaks_from_what_people_wrote(self, world: World, kind: str) -> None:
        world.speech.title = HOSTILE
        svg = slide(world, kind, part=HOSTILE)
        root = ElementTree.fromstring(svg)
        assert not [each for each in root.iter() if each.tag.endswith("script")]
        told = words(svg)
        assert "<script>alert(1)</script> & \"all\" 'n' ]]> 专利" in told[0]
        assert "<script>alert(1)</script>" in told[-2]
        assert charts.png(svg).startswith(b"\x89PNG")

    @both
    def test_a_picture_of_it_has_the_size_of_a_slide(self, world: World, kind: str) -> None:
        picture = charts.png(slide(world, kind))
        assert picture.startswith(b"\x89PNG")
        assert struct.unpack(">II", picture[16:24]) == charts.SLIDE

    def test_without_commitments_it_is_drawn_as_well(self, world: World) -> None:
        nothing = trend(world.speech, TODAY, datetime(2020, 12, 1, tzinfo=UTC))
        svg = charts.slide_of_trend(nothing, source=world.speech, head=None)
        assert "0 of 0 commitments" in svg
        assert charts.png(svg)

    def test_the_state_is_told_in_a_sentence(self, world: World) -> None:
        assert charts.told(state(world.speech, TODAY)) == (
            "Commitments by status on 30 June 2022: "
            "Implemented 1, Sustained 1, Not yet assessed 1; 3 in all."
        )
        assert charts.told(trend(world.speech, TODAY)) == (
            "Commitments by status at each month’s end from 30 November 2020 to 30 June 2022. "
            "At first: Limited 1, Not started 1, Not yet assessed 1; 3 in all. "
            "At last: Implemented 1, Sustained 1, Not yet assessed 1; 3 in all."
        )


def test_chinese_is_drawn_in_the_font_that_comes_along() -> None:
    def drawn(text: str) -> bytes:
        return charts.png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">'
            f'<text y="24" font-size="24">{text}</text></svg>'
        )

    pictures = {drawn(text) for text in ("", "专利", "商标", "Ab")}
    assert len(pictures) == 4


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are the library's
        charts.png("<p>no picture</p>")


@pytest.mark.parametrize("scheme", charts.SCHEMES)
def test_words_can_be_read_on_every_status(scheme: str) -> None:
    colours = palette(scheme)
    assert [ink.term.slug for ink in colours.statuses] == list(method.SHOWN_STATUSES)
    for ink in colours.statuses:
        assert contrast(ink.words, ink.fill) >= 4.5, ink
    for colour in (colours.ink, colours.quiet):
        assert contrast(colour, colours.paper) >= 4.5


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


class TestLines:
    def test_words_are_not_broken(self) -> None:
        assert lines("one two three four", wide("one two "), 5) == ["one two", "three", "four"]

    def test_chinese_breaks_between_any_two_characters(self) -> None:
        assert lines("全面加强知识产权保护", 4, 5) == ["全面加强", "知识产权", "保护"]

    def test_what_is_left_out_is_marked(self) -> None:
        (line,) = lines("one two three four", wide("one two th"), 1)
        assert line == "one two…"

    def test_a_word_without_end_is_broken(self) -> None:
        found = lines("x" * 500, 30, 3)
        assert len(found) == 3
        assert all(wide(line) <= 31 for line in found)

    def test_nothing_is_one_empty_line(self) -> None:
        assert lines("", 10, 2) == [""]

    @both
    def test_in_chinese_it_has_no_english_words(self, world: World, kind: str) -> None:
        world.speech.title_zh = "关于知识产权的讲话"
        with override("zh-hans"):
            svg = slide(world, kind)
        head = record.head()
        assert head is not None
        assert any("2020年11月30日" in line for line in words(svg))
        told = " ".join(
            [*words(svg), *(each.text or "" for each in ElementTree.fromstring(svg).iter())]
        )
        told = re.sub(r"text \{.*", "", told.replace(head.hash[:12], ""), flags=re.DOTALL)
        assert set(re.findall("[A-Za-z]+", told)) == {"IPR", "Tracker"}
