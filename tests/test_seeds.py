"""The bundle that ships with the tracker: it loads, and comes out as it went in."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction

from measures import bundle, progress, record
from measures.models import (
    Body,
    Citation,
    Evidence,
    Finding,
    Measure,
    Passage,
    Source,
    Theme,
    User,
)

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[bundle.Report]:
    """Loaded once for all of these tests, which only read, and undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield bundle.load(SEEDS, by=record.system_account())
        transaction.set_rollback(True)


def test_the_seeds_are_a_register(loaded: bundle.Report) -> None:
    numbers = {
        Source: 1, Passage: 10, Theme: 7, Measure: 47, Body: 22, Evidence: 286, Citation: 579,
        Finding: 112,
    }  # fmt: skip
    assert {model: model.objects.count() for model in numbers} == numbers  # type: ignore[attr-defined]
    assert loaded.differences == []
    assert record.verify().broken is None


def test_they_come_out_byte_for_byte_as_they_went_in(loaded: bundle.Report, tmp_path: Path) -> None:
    bundle.dump(tmp_path)
    shipped = {path.name: path.read_bytes() for path in SEEDS.glob("*.yaml")}
    dumped = {path.name: path.read_bytes() for path in tmp_path.glob("*.yaml")}
    assert dumped == shipped


def test_loading_them_again_is_nothing_to_do(loaded: bundle.Report) -> None:
    head = record.head()
    assert bundle.load(SEEDS, by=record.system_account(), update=True).nothing_to_do
    assert record.head() == head


def test_every_measure_is_tied_to_a_short_quotation_of_a_passage_with_commitments(
    loaded: bundle.Report,
) -> None:
    measures = Measure.objects.select_related("passage", "source").in_order()
    assert {measure.passage.role for measure in measures} == {"commitments"}
    assert all(measure.passage.source == measure.source for measure in measures)
    words = [len(measure.quotation.split()) for measure in measures]
    assert max(words) <= 28
    quoted = Counter(measure.passage.number for measure in measures)
    with_commitments = Passage.objects.filter(role="commitments").values_list("number", flat=True)
    assert set(quoted) == set(with_commitments)


def test_the_text_of_the_source_is_nowhere_in_them(loaded: bundle.Report) -> None:
    assert not Passage.objects.exclude(text="").exists()
    rows = yaml.safe_load((SEEDS / "passages.yaml").read_text(encoding="utf-8"))
    assert all("text" not in row for row in rows)
    # A passage of context says why it is one, in our own words.
    assert all(bool(row.get("why")) == (row["role"] == "context") for row in rows)


def test_every_measure_was_judged_on_the_day_of_the_speech_and_is_judged_now(
    loaded: bundle.Report,
) -> None:
    source = Source.objects.get()
    on_the_day = progress.state(source, source.delivered_on)
    assert len(on_the_day) == 47
    assert on_the_day.number_of("not-assessed") == 0
    for measure in Measure.objects.prefetch_related("findings"):
        first = min(measure.findings.all(), key=lambda finding: finding.number)
        assert first.effective_on == source.delivered_on
        assert measure.baseline


def test_all_findings_are_marked_as_the_baseline_and_nobody_real_is_named(
    loaded: bundle.Report,
) -> None:
    assert all(finding.is_baseline for finding in Finding.objects.all())
    assert {user.is_system for user in User.objects.all()} == {True}
    assert not Finding.objects.filter(four_eyes=False).exists()


def test_both_languages_are_there(loaded: bundle.Report) -> None:
    for model, fields in (
        (Measure, ("title_zh", "short_zh", "done_when", "done_when_zh")),
        (Theme, ("title_zh", "summary_zh")),
        (Body, ("title_zh",)),
        (Passage, ("gist", "gist_zh")),
        (Finding, ("rationale", "rationale_zh")),
    ):
        for field in fields:
            assert not model.objects.filter(**{field: ""}).exists(), (model, field)
