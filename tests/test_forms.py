from collections.abc import Mapping
from typing import Any

import pytest

from measures import method, record
from measures.forms import ChangesFilter, EvidenceFilter, Filter, MeasureFilter
from measures.models import Source, User
from measures.models.measure import ORDERS
from tests.world import World


def filters(world: World, asked: Mapping[str, Any]) -> list[Filter]:
    return [MeasureFilter(asked, world.speech), EvidenceFilter(asked), ChangesFilter(asked)]


def options(form: Filter, name: str) -> list[Any]:
    return [value for value, _ in form.fields[name].choices]  # type: ignore[attr-defined]


def test_asking_for_nothing_is_asking_for_everything(world: World) -> None:
    for asked in ({}, {"theme": "", "kind": "", "noun": "", "year": ""}):
        for form in filters(world, asked):
            assert form.wanted() == {}
            assert form.query() == {}
            assert not form.errors


def test_what_is_wanted_is_ready_to_ask_with(world: World) -> None:
    form = MeasureFilter({"theme": "design", "body": "patent-office", "kind": "plan"}, world.speech)
    assert form.wanted() == {
        "theme": [world.design],
        "body": [world.patent_office],
        "kind": ["plan"],
    }
    form = EvidenceFilter({"tier": "2", "year": "2022", "body": "supreme-court"})  # type: ignore[assignment]
    assert form.wanted() == {"tier": [2], "body": [world.supreme_court], "year": [2022]}
    assert ChangesFilter({"noun": "finding"}).wanted() == {"noun": ["finding"]}


def test_the_address_repeats_what_was_asked_and_could_be_read(world: World) -> None:
    asked = {"theme": "design", "kind": "nonsense", "order": "title", "page": "3", "other": "x"}
    form = MeasureFilter(asked, world.speech)
    assert form.query() == {"theme": ["design"], "order": "title"}
    assert list(form.errors) == ["kind"]
    evidence = EvidenceFilter({"tier": "9", "year": "2022", "bearing": "supports"})
    assert evidence.query() == {"year": ["2022"], "bearing": ["supports"]}
    assert list(evidence.errors) == ["tier"]


@pytest.mark.parametrize("value", ["\x00", "design\x00", "\ud800", "9" * 5000, "None", "0"])
def test_no_value_breaks_a_filter(value: str, world: World) -> None:
    for form in filters(world, {}):
        asked = dict.fromkeys(form.fields, value)
        again = (
            type(form)(asked, world.speech)
            if isinstance(form, MeasureFilter)
            else type(form)(asked)
        )
        assert again.wanted() == {}
        assert set(again.errors) == set(form.fields)


def test_the_choices_are_the_words_of_the_method(world: World) -> None:
    form = MeasureFilter({}, world.speech)
    assert options(form, "status") == [*method.SHOWN_STATUSES]
    assert options(form, "kind") == [*method.KINDS]
    assert options(form, "nature") == [*method.NATURES]
    assert options(form, "order") == ["", *(order for order in ORDERS if order != "source")]
    evidence = EvidenceFilter({})
    assert options(evidence, "kind") == [*method.EVIDENCE_KINDS]
    assert options(evidence, "tier") == [str(tier) for tier in method.TIERS]
    assert options(evidence, "bearing") == [*method.BEARINGS]
    assert options(evidence, "year") == ["2022", "2021", "2020", "undated"]


def test_only_bodies_with_something_to_show_are_offered(world: World, ana: User) -> None:
    offered = [str(value) for value in options(MeasureFilter({}, world.speech), "body")]
    assert offered == ["patent-office", "supreme-court"]
    empty = Source(slug="empty", title="Empty", delivered_on=world.speech.delivered_on)

    record.save(empty, by=ana)
    assert [str(value) for value in options(MeasureFilter({}, empty), "body")] == []
    assert [str(value) for value in options(MeasureFilter({}, empty), "theme")] == []


def test_a_theme_of_another_source_is_no_choice(world: World, ana: User) -> None:
    assert MeasureFilter({"theme": "design"}, world.speech).wanted()

    other = Source(slug="other", title="Other", delivered_on=world.speech.delivered_on)
    record.save(other, by=ana)
    assert not MeasureFilter({"theme": "design"}, other).wanted()
