"""Both engines find what the tokens say, neither more nor less."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import search
from measures.models import SearchDoc
from measures.search import Query, engine
from measures.search.checks import index_is_followed
from measures.search.index import MOST_OF_ONE, parts
from tests.world import World

LETTERS = "专利法标准ab2 4e.-〇々、。'\"ｶあ한é\U00020000\U0002ebe1ж*"
TEXTS = st.lists(st.lists(st.text(LETTERS, max_size=12), min_size=1, max_size=3), max_size=4)
HOSTILE = [
    '"', "'", "a' OR 1=1 --", "a AND", "NEAR(a b)", "tokens:a", "a*", "*", "^a", "a:*", "a & b",
    "!a", "a <-> b", "(", "a)", "-a", "+a", "\\", "a\\", "%", "_", "{a}", "a;b", "\ud800", "\x00",
    "\x00a", "a\x00b", "NOT a", "ﬁ", "\u202e", "'':*", "a" * 10_000, "专" * 10_000, "'" * 10_000,
    "a " * 5_000, "……！？", "😀", "İ", "ß", "ﷺ" * 100, "1e5", "0x1f", "1e", "-1", "3.14", "a@b.c",
    "http://a.b/c", "/a/b", "&amp;", "<b>", "２０２１", "①", "½", "x0x", "x", "\U0002ebe1",
]  # fmt: skip


def known(texts: list[list[str]]) -> dict[int, list[str]]:
    SearchDoc.objects.all().delete()
    SearchDoc.objects.bulk_create(
        SearchDoc(noun="measure", object_id=number, part=part, tokens=row)
        for number, told in enumerate(texts)
        for part, row in enumerate(parts(told))
    )
    return dict(enumerate(texts))


def found(asked: str) -> set[int]:
    return set(search.docs(Query(asked)).objects_of("measure"))


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS, st.lists(st.text(LETTERS, min_size=1, max_size=6), max_size=8))
def test_the_engine_finds_what_the_tokens_say(texts: list[list[str]], asked: list[str]) -> None:
    register = known(texts)
    for question in asked:
        query = Query(question)
        expected = {number for number, told in register.items() if query and query.finds(told)}
        assert found(question) == expected, question


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_the_engine_finds_any_text_by_itself(text: str) -> None:
    query, other = Query(text), ["something else"]
    known([[text], other])
    assert found(text) == ({0} | ({1} if query.finds(other) else set()) if query else set())


@pytest.mark.django_db
@pytest.mark.parametrize("asked", HOSTILE, ids=lambda asked: ascii(asked[:12]))
def test_no_question_is_taken_for_syntax(asked: str) -> None:
    register = known([["a b"], ["专专"], ["fine"], ["1e5 2021 14"]])
    query = Query(asked)
    expected = {number for number, told in register.items() if query and query.finds(told)}
    assert found(asked) == expected


@pytest.mark.django_db
def test_a_very_long_text_is_found_to_its_end() -> None:
    often = "the " * (3 * MOST_OF_ONE)
    known([[often + "very end of the tale"], ["专利" * 9_000 + "法庭"], ["the end"]])
    assert len(SearchDoc.objects.of("measure", [0])) > 1
    assert found('"the very end of the tale"') == {0}
    assert found("利法庭") == {1}
    assert found('"the end"') == {2}


@pytest.mark.django_db
def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    known([["one two", "three"], ["one", "two three"]])
    assert found('"one two"') == {0}
    assert found("one two") == {0, 1}


@pytest.mark.django_db(transaction=True)
def test_what_the_engine_needs_comes_back_after_a_migration_rebuilt_the_table() -> None:
    assert engine.missing() == []
    old: Any = SearchDoc._meta.get_field("noun")
    new = old.clone()
    new.max_length += 1
    new.set_attributes_from_name("noun")
    new.model = SearchDoc
    with connection.schema_editor() as editor:
        editor.alter_field(SearchDoc, old, new)
    try:
        if connection.vendor == "sqlite":
            gone = [f"{engine.WORDS}_{event}" for event in ("delete", "insert", "update")]
            assert engine.missing() == gone
            (error,) = index_is_followed(["default"])
            assert gone[0] in error.msg
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        assert engine.missing() == []
        assert index_is_followed(["default"]) == []
        known([["amended"]])
        assert found("amend") == {0}
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(SearchDoc, new, old)
        engine.install()


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_finds_what_is_there_when_it_comes_again(world: World) -> None:
    before = set(SearchDoc.objects.values_list("noun", "object_id", "tokens"))
    assert before
    try:
        call_command("migrate", "measures", "0005", verbosity=0, skip_checks=True)
        assert SearchDoc._meta.db_table not in connection.introspection.table_names()
        assert engine.missing() == []
    finally:
        call_command("migrate", verbosity=0, skip_checks=True)
    assert set(SearchDoc.objects.values_list("noun", "object_id", "tokens")) == before
    assert engine.missing() == []
    assert set(search.docs(Query("plan")).objects_of("measure")) == {world.plan.pk}
