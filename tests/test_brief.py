"""What a brief gathers, apart from how it is written."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from measures import brief, method, progress
from measures.brief import words
from measures.models import Theme
from tests.world import SPEECH_DAY, World, cite

FIRST, LAST = date(2021, 6, 30), date(2023, 12, 31)


class TestWords:
    def test_both_languages_ask_for_the_same(self) -> None:
        for name, word in words.WORDS.items():
            english = str(word)
            with override("zh-hans"):
                chinese = str(word)
            assert chinese != english, name
            asked = [set(re.findall(r"%\((\w+)\)", each)) for each in (english, chinese)]
            assert asked[0] == asked[1], name

    def test_a_day_in_both_languages(self) -> None:
        assert words.day_of(date(2021, 6, 3)) == "3 June 2021"
        with override("zh-hans"):
            assert words.day_of(date(2021, 6, 3)) == "2021年6月3日"

    def test_what_has_no_chinese_title_keeps_its_english_one(self) -> None:
        theme = Theme(title="Design")
        with override("zh-hans"):
            assert words.told(theme, "title") == "Design"


class TestGather:
    def test_its_figures_are_those_of_progress(self, world: World) -> None:
        found = brief.gather(world.speech, FIRST, LAST)
        state = progress.state(world.speech, LAST)
        assert [row.after for row in found.rows] == [count.number for count in state.counts]
        assert found.concerns == progress.concerns(state)
        assert sum(len(part.after) for part in found.parts) == len(state)
        assert sum(part.moved for part in found.parts) == len(found.moves)
        assert sum(row.change for row in found.rows) == len(found.later) - len(found.earlier)

    def test_themes_widen_and_bodies_narrow(self, world: World) -> None:
        def codes(**part: object) -> list[str]:
            found = brief.gather(world.speech, FIRST, LAST, **part)  # type: ignore[arg-type]
            return [s.measure.code for s in found.later.standings]

        assert codes() == ["1.1", "1.2", "2.1"]
        assert codes(themes=[world.design, world.courts]) == ["1.1", "1.2", "2.1"]
        assert codes(themes=[world.courts]) == ["2.1"]
        assert codes(bodies=[world.patent_office]) == ["1.1", "1.2"]
        assert codes(themes=[world.courts], bodies=[world.patent_office]) == []

    def test_one_is_one(self, world: World) -> None:
        found = brief.gather(world.speech, FIRST, date(2021, 12, 31), themes=[world.design])
        assert found.sentence.startswith("Of 2 commitments, 1 is implemented or sustained")

    def test_its_trend_ends_where_it_stands(self, world: World) -> None:
        found = brief.gather(world.speech, FIRST, LAST, themes=[world.design])
        assert found.trend.points[-1].counts == found.later.counts


class TestWeakest:
    def reasons(self, world: World) -> dict[str, tuple[str, ...]]:
        found = progress.weakest(progress.state(world.speech, LAST))
        return {weak.standing.measure.code: weak.reasons for weak in found}

    def test_a_single_document_is_little(self, world: World) -> None:
        assert self.reasons(world) == {"1.1": ("single",), "1.2": ("single",)}

    def test_two_documents_are_not(self, world: World) -> None:
        both = [world.outline_on_plan, cite(world.plan, world.yearbook, by=world.ana)]
        world.find(world.plan, "implemented", date(2022, 7, 1), both)
        assert "1.1" not in self.reasons(world)

    def test_what_contradicts_or_is_context_bears_nothing(self, world: World) -> None:
        aside = cite(world.plan, world.yearbook, by=world.ana, bearing="context")
        world.find(world.plan, "partial", date(2022, 7, 1), [world.outline_on_plan, aside])
        assert self.reasons(world)["1.1"] == ("single",)

    def test_statements_alone_and_low_confidence_come_first(self, world: World) -> None:
        said = cite(world.rulings, world.statement, by=world.ana)
        world.find(world.rulings, "limited", SPEECH_DAY, [said], confidence="low")
        assert next(iter(self.reasons(world).items())) == ("2.1", ("unsure", "own-word", "single"))

    def test_a_search_that_found_nothing_is_judged_by_its_confidence(self, world: World) -> None:
        world.find(world.rulings, "not-started", date(2022, 1, 1), confidence="high")
        assert "2.1" not in self.reasons(world)

    def test_what_was_never_assessed_rests_on_nothing_to_weigh(self, world: World) -> None:
        assert "2.1" not in self.reasons(world)


@pytest.mark.parametrize("slug", method.SHOWN_STATUSES)
def test_every_status_has_a_shape_and_a_word(slug: str) -> None:
    from measures.brief.word import status

    shape, word = status(method.SHOWN_STATUSES[slug]).split(" ", 1)
    assert len(shape) == 1
    assert word == method.SHOWN_STATUSES[slug].label
