"""What a text is found by: any part of a run of Chinese, any form of an English word."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from measures.search import Query
from measures.search.romanised import romanised
from measures.search.tokens import tokens

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30)
# Few characters, so that texts and questions meet; marks and widths of all kinds between them.
MIXED = st.text("专利法A a-b2〇。〔(\u3000\u00e9'ﬁ\U00020000９ー", max_size=20)


def told(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


def test_a_run_is_its_pairs_and_its_last_character() -> None:
    assert told("专利法 patents") == ["专利", "利法", "法", "patent"]


@given(MIXED, HAN, MIXED, st.data())
def test_every_part_of_a_run_is_found(
    before: str, run: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    text, part = f"{before}{run}{after}", run[start:end]
    query = Query(part)
    assert query.finds([text])
    assert any(text[a:b].find(part) >= 0 for a, b in query.spans(text))


@given(HAN, HAN)
def test_what_does_not_stand_there_is_not_found(text: str, other: str) -> None:
    assert Query(other).finds([text]) == (other in text)


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_has_tokens_in_order_and_spans_within_it(text: str, asked: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text
        assert not set(token.text) & set(" '\"*&|:()")
    spans = Query(asked).spans(text)
    assert spans == sorted(spans)
    assert all(end < start for (_, end), (start, _) in pairwise(spans))


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), MIXED)
def test_a_text_is_found_by_itself(text: str, after: str) -> None:
    query = Query(text)
    assume(query)
    assert query.finds([f"{text} {after}"])


@pytest.mark.parametrize(
    ("forms", "other"),
    [
        ("amend amends amended amending amendment amendments", "amenities"),
        ("court courts court's COURTS Ｃourt", "courteous"),
        ("infringe infringes infringed infringing infringement infringements", "fringe"),
        ("policy policies", "police"),
    ],
)
def test_a_word_is_found_in_all_its_forms(forms: str, other: str) -> None:
    for asked in forms.split():
        for written in forms.split():
            assert Query(asked).finds([f"The {written}, they say."]), (asked, written)
        assert not Query(asked).finds([other])


@pytest.mark.parametrize(
    "asked", ["国发〔2021〕20号", "国发[2021]20", "国发（２０２１）２０号", "国发 2021 20 号"]
)
def test_a_document_number_is_the_same_in_any_brackets_and_width(asked: str) -> None:
    assert Query(asked).finds(["见国发〔2021〕20号。"])
    assert Query(asked).names("国发〔2021〕20号")
    assert not Query(asked).finds(["国发〔2021〕21号"])
    assert not Query(asked).names("国发〔2021〕2号")


@pytest.mark.parametrize("asked", ["Guofa 2021 20", "guofa [2021] No. 20", "GUOFA〔2021〕20"])
def test_a_document_number_is_known_in_latin_letters(asked: str) -> None:
    assert romanised("国发〔2021〕20号") == "guofa 2021 20"
    assert Query(asked).names("国发〔2021〕20号")
    assert Query(asked).finds([romanised("国发〔2021〕20号")])


def test_a_number_with_an_unknown_sign_or_without_any_is_not_romanised() -> None:
    assert romanised("（2023）粤0491民初11279号") == ""
    assert romanised("2021 20") == ""


def test_words_are_met_anywhere_and_a_quoted_phrase_at_one_place() -> None:
    text = "damages that are punitive"
    assert Query("punitive damages").finds([text])
    assert not Query('"punitive damages"').finds([text])
    assert Query("“punitive damages”").finds(["Punitive damage is awarded."])
    assert Query("punitive damages").finds(["damages", "punitive"])
    assert not Query('"punitive damages"').finds(["punitive", "damages"])


def test_chinese_words_are_told_apart_by_the_marks_between_them() -> None:
    assert Query("商标法、专利法").finds(["专利法和商标法"])
    assert not Query("商标法专利法").finds(["专利法和商标法"])


@pytest.mark.parametrize("asked", ["", " ", "...", "“”", '"', "、。", "\u0301", "*", "()"])
def test_a_question_of_marks_alone_asks_nothing(asked: str) -> None:
    assert not Query(asked)
    assert Query(asked).terms == ()


def test_a_code_is_named_by_itself_alone() -> None:
    assert Query("4.7").names("4.7")
    assert not Query("4.7").names("14.7", "4.70", "47")
