"""How two wordings differ, and that nothing of either is lost on the way."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import wording, workflow
from measures.wording import Run, differences
from tests.world import World


def told(before: str, after: str) -> str:
    """The runs in one line: [-gone-] and {+new+}."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in differences(before, after))


def rebuilt(runs: tuple[Run, ...], kind: str) -> str:
    return "".join(run.text for run in runs if run.kind in ("same", kind))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("The plan was drafted.", "The plan was adopted.", "The plan was [-drafted-]{+adopted+}."),
        ("one two three", "one three", "one [-two -]three"),
        ("in force", "in force since May", "in force{+ since May+}"),
        ("the court's rule 4.7 holds", "the court's rule 4.8 holds",
         "the court's rule [-4.7-]{+4.8+} holds"),
        ("a well-known mark here", "a well-used mark here",
         "a [-well-known-]{+well-used+} mark here"),
        ("修订专利法的草案", "修订商标法的草案", "修订[-专利-]{+商标+}法的草案"),
        ("国务院印发规划。", "国务院已印发规划。", "国务院{+已+}印发规划。"),
        ("依据 Patent Law 第20条", "依据 Trademark Law 第20条",
         "依据 [-Patent-]{+Trademark+} Law 第20条"),
        ("line one\nline two", "line one\n\nline two", "line one[-\n-]{+\n\n+}line two"),
    ],
)  # fmt: skip
def test_english_is_told_by_word_and_chinese_by_character(
    before: str, after: str, shown: str
) -> None:
    assert told(before, after) == shown


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("", "", []),
        ("the same", "the same", ["same"]),
        ("", "all of it", ["new"]),
        ("all of it", "", ["gone"]),
    ],
)
def test_of_nothing_there_is_no_run(before: str, after: str, kinds: list[str]) -> None:
    assert [run.kind for run in differences(before, after)] == kinds


def test_texts_that_share_little_are_shown_whole_one_after_the_other() -> None:
    before, after = "The court ruled in May on a mark.", "A plan came, with seven new aims!"
    assert differences(before, after) == (Run("gone", before), Run("new", after))


KINDS = ["gone", "new", "same", "gone", "new"]


def test_texts_too_long_to_compare_are_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = "drafted" + " word" * 20 + " so", "adopted" + " word" * 20 + " yes"
    assert [run.kind for run in differences(before, after)] == KINDS
    monkeypatch.setattr(wording, "MOST_PIECES", 85)
    assert differences(before, after) == (Run("gone", before), Run("new", after))


def test_in_a_long_text_one_changed_word_is_one_changed_word() -> None:
    before = " ".join(f"the court of place {n} is in the province" for n in range(300))
    assert differences(before, before.replace("place 150 ", "town 150 "))[1:3] == (
        Run("gone", "place"),
        Run("new", "town"),
    )
    zh = "".join(f"第{n}条规定的法院" for n in range(300))
    assert told(zh, zh.replace("第150条规定", "第150款规定")).count("[-条-]{+款+}") == 1


def test_many_repeated_words_are_answered() -> None:
    """Compared pair by pair these took a minute."""
    before = "a b " * 1000
    assert rebuilt(differences(before, "a c " * 1000), "new") == "a c " * 1000


def test_the_longest_text_that_a_draft_may_hold_is_answered() -> None:
    before = "专利法第一条 and more, " * 20_000
    assert rebuilt(differences(before, before + "x"), "new") == before + "x"


ANY_TEXT = st.text(st.sampled_from("ab cd\n.,'-专利法商标的𠀀é_7") | st.characters(codec="utf-8"))


@given(ANY_TEXT, ANY_TEXT)
def test_the_runs_hold_both_wordings_in_full(before: str, after: str) -> None:
    runs = differences(before, after)
    assert rebuilt(runs, "gone") == before
    assert rebuilt(runs, "new") == after


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_so_they_do_where_only_the_middle_changed(first: str, middle: str, other: str) -> None:
    before, after = f"{first} {first}{middle}{first}", f"{first} {first}{other}{first}"
    runs = differences(before, after)
    assert rebuilt(runs, "gone") == before
    assert rebuilt(runs, "new") == after
    kinds = [run.kind for run in runs]
    assert all(run.text for run in runs)
    assert not [pair for pair in pairwise(kinds) if pair[0] == pair[1]]


@pytest.mark.django_db
class TestBetween:
    def test_only_what_differs_is_told_by_its_name_for_people(self, world: World) -> None:
        draft = world.draft(world.rulings)
        before = workflow.proposed(draft)
        draft.status, draft.rationale = "substantial", "The document says much."
        told = wording.between(before, workflow.proposed(draft))
        assert [(each.name, each.label) for each in told] == [
            ("status", "status"),
            ("rationale", "rationale"),
        ]
        assert told[0].runs == (Run("gone", "Partial"), Run("new", "Substantial"))
        assert told[1].runs[0] == Run("same", "The document says ")

    def test_a_switch_is_told_in_words(self, world: World) -> None:
        draft = world.draft(world.rulings)
        before = workflow.proposed(draft)
        draft.is_late, draft.effective_on = True, date(2021, 1, 1)
        told = {each.name: each.runs for each in wording.between(before, workflow.proposed(draft))}
        assert told["is_late"] == (Run("gone", "no"), Run("new", "yes"))
        assert rebuilt(told["effective_on"], "new") == "2021-01-01"

    def test_evidence_is_told_one_document_a_line(self, world: World) -> None:
        draft = world.draft(world.rulings)
        before = workflow.proposed(draft)
        after = {**before, "citations": []}
        (difference,) = wording.between(before, after)
        assert difference.runs == (
            Run("gone", "The yearbook · Applied · Supports · Shows what was done."),
        )

    def test_of_equal_proposals_nothing_is_told(self, world: World) -> None:
        draft = world.draft(world.rulings)
        assert wording.between(workflow.proposed(draft), workflow.proposed(draft)) == ()
