"""Text is taken only if every engine stores it and every reader sees it."""

import pytest
from django.core.exceptions import ValidationError

from measures.models import Measure
from measures.models.fields import CodeField, LineField, ProseField
from tests.world import World

LINE, PROSE, CODE = LineField(max_length=500), ProseField(), CodeField(max_length=40)


@pytest.mark.parametrize(
    "text",
    ["It's “so”: 100%", "专利 “保护”：强", "e\u0301", "🀄️👩‍⚖️", "\ttab", "\u00a0", "\U0010ffff"],
)
def test_readable_text_is_taken(text: str) -> None:
    LINE.run_validators(text)
    PROSE.run_validators(text)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\0", "U+0000 NULL"),
        ("\x0b", "U+000B LINE TABULATION"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x7f", "U+007F DELETE"),
        ("\x85", "U+0085 NEXT LINE"),
        ("\ud800", "U+D800 LONE SURROGATE"),
        ("\u200f", "U+200F RIGHT-TO-LEFT MARK"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ],
)
def test_what_hides_or_deceives_is_refused_by_name(character: str, name: str) -> None:
    for field in (LINE, PROSE):
        with pytest.raises(ValidationError) as refusal:
            field.run_validators(f"ab{character}c")
        assert refusal.value.messages == [
            f"Character 3 is {name}, which cannot be shown. Remove it."
        ]


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\u2028", "\u2029"])
def test_a_line_is_one_line(mark: str) -> None:
    with pytest.raises(ValidationError, match="This is one line"):
        LINE.run_validators(f"one{mark}two")
    PROSE.run_validators(f"one{mark}two")


@pytest.mark.parametrize("code", ["4.7", "patent-law", "2030", "a.b-c"])
def test_a_code_makes_an_address(code: str) -> None:
    CODE.run_validators(code)


@pytest.mark.parametrize(
    "code", ["", "4..7", "-a", "a-", "A", "a b", "a/b", "a_b", "专利", "4.7\n", "٤.٧", "a--b"]
)
def test_what_an_address_cannot_carry_is_no_code(code: str) -> None:
    with pytest.raises(ValidationError):
        CODE.clean(code, None)


def test_a_number_that_a_column_cannot_hold_is_in_no_row(world: World) -> None:
    keys = [world.plan.pk, 2**63, -(10**40)]
    assert list(Measure.objects.filter(pk__in=keys)) == [world.plan]
    assert list(Measure.objects.filter(position__in=keys[1:])) == []
    assert Measure.objects.filter(pk__in=Measure.objects.values("pk")).count() == 3
