"""The made-up registers are registers: the record holds, and the method's rules do."""

import pytest
from django.db import connection

from measures import method, record, search
from measures.models import Finding, RecordEntry, SearchDoc
from measures.workflow.findings import setting_of
from tests.bench.registers import SIZES, generate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small() -> None:
    generate(SIZES["A"])


def test_a_made_up_register_is_what_it_says(small: None) -> None:
    verdict = record.verify()
    assert verdict.broken is None
    assert verdict.entries == RecordEntry.objects.count()
    assert Finding.objects.count() == SIZES["A"].findings
    assert record.triggers.missing() == search.engine.missing() == []


def test_its_findings_obey_the_method(small: None) -> None:
    corrections = 0
    for finding in Finding.objects.of_measures(all_measures()):
        corrections += finding.supersedes is not None
        setting = setting_of(finding.measure, corrects=finding.supersedes is not None)
        assert method.objections(finding, list(finding.citations.all()), setting) == ()
    assert corrections > 5


def all_measures():
    from measures.models import Measure

    return Measure.objects.all()


def test_search_would_make_the_same_index(small: None) -> None:
    kept = docs()
    search.rebuild()
    assert docs() == kept


def docs() -> set[tuple[object, ...]]:
    return set(SearchDoc.objects.values_list("noun", "object_id", "part", "tokens"))


def test_a_row_that_was_poured_is_guarded_like_any_other(small: None) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
        cursor.execute("UPDATE measures_finding SET status = 'dropped' WHERE id = 1")
