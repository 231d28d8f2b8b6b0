"""Sixty questions in both languages, and what they find in the shipped register."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from measures import bundle, progress, record
from measures.models import Evidence, Measure
from measures.search import words
from tests.conftest import SEEDS
from tests.world import counted

pytestmark = pytest.mark.django_db  # without one such test, no database is made

QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text())
DAY = date(2026, 11, 23)
# What each is named by, so that it stands first.
NAMED = {
    "4.7": "4.7",
    "1.1": "1.1",
    "2.10": "2.10",
    "国发〔2021〕20号": "ip-plan-14fyp",
    "国发[2021]20": "ip-plan-14fyp",
    "国发（２０２１）２０号": "ip-plan-14fyp",
    "Guofa 2021 20": "ip-plan-14fyp",
    "guofa [2021] No. 20": "ip-plan-14fyp",
    "法释〔2021〕4号": "spc-punitive-2021",
    "Fashi 2021 4": "spc-punitive-2021",
    "国家知识产权局令第77号": "cnipa-filing-conduct-2023",
    "GB/T 42748-2023": "patent-evaluation-standard-2023",
    "ip-plan-14fyp": "ip-plan-14fyp",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        bundle.load(SEEDS, by=record.system_account())
        counted()
        yield
        transaction.set_rollback(True)


def found(asked: str) -> dict[str, list[str]]:
    """The codes and keys that are found, as they stand on the page."""
    kinds = {each.noun: each.objects for each in progress.find(asked, DAY)}
    return {
        "measures": [measure.code for measure in kinds.get("measure", ())],
        "evidence": [document.key for document in kinds.get("evidence", ())],
    }


def test_there_are_sixty_in_both_languages() -> None:
    asked = [each["q"] for each in QUERIES]
    assert len(asked) == len(set(asked)) == 60
    assert sum(any("\u4e00" <= c <= "\u9fff" for c in each) for each in asked) >= 25
    assert sum(each.isascii() for each in asked) >= 25
    assert sum(not each["measures"] + each["evidence"] for each in QUERIES) <= 3


@pytest.mark.parametrize("asked", QUERIES, ids=lambda each: each["q"])
def test_a_question_finds_what_it_should_and_nothing_else(asked: dict[str, Any]) -> None:
    told = found(asked["q"])
    assert {noun: sorted(hits) for noun, hits in told.items()} == {
        noun: sorted(asked[noun]) for noun in told
    }


@pytest.mark.parametrize(("asked", "named"), NAMED.items())
def test_what_is_named_stands_first(asked: str, named: str) -> None:
    first = progress.find(asked, DAY)[0]
    (hit,) = first[:1]
    assert getattr(hit.obj, "code", "") == named or getattr(hit.obj, "key", "") == named
    assert hit.is_named


@pytest.mark.parametrize(
    "run", ["法", "专利", "商标法", "知识产权局", "人民法院", "奖", "的", "年"]
)
def test_chinese_finds_every_text_in_which_it_stands(run: str) -> None:
    def has(noun: str, row: Any) -> bool:
        texts = (unicodedata.normalize("NFKC", text) for _name, text in words(noun, row))
        return any(run in text for text in texts)

    expected = {
        "measures": {each.code for each in Measure.objects.all() if has("measure", each)},
        "evidence": {each.key for each in Evidence.objects.all() if has("evidence", each)},
    }
    assert {noun: set(hits) for noun, hits in found(run).items()} == expected
