"""What the database itself refuses as a finding, whoever inserts it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from measures.models import Finding
from tests.world import SPEECH_DAY, World

pytestmark = pytest.mark.django_db

# On SQLite the guard against REPLACE speaks before the unique constraint does.
ALREADY_THERE = "duplicate key|append-only"


@pytest.fixture
def insert(world: World) -> Callable[..., Finding]:
    """A finding put into the table past the workflow."""

    def inserted(**said: Any) -> Finding:
        told = {
            "measure": world.rulings,
            "number": 1,
            "status": "partial",
            "effective_on": date(2021, 1, 1),
            "confidence": "low",
            "rationale": "Because.",
            "author": world.ana,
            "approver": world.rui,
            "recorded_at": timezone.now(),
            "method_version": "1.0",
            "citation_count": 1,
            **said,
        }
        with transaction.atomic():
            return Finding.objects.create(**told)

    return inserted


def refused(insert: Callable[..., Finding], match: str, **said: Any) -> None:
    before = Finding.objects.count()
    with pytest.raises(IntegrityError, match=match):
        insert(**said)
    assert Finding.objects.count() == before


def test_a_finding_that_keeps_the_rules_is_taken(insert: Callable[..., Finding]) -> None:
    assert insert().pk


def test_author_and_approver_are_two_persons(insert: Callable[..., Finding], world: World) -> None:
    refused(insert, "finding_four_eyes", approver=world.ana)
    assert insert(approver=world.ana, four_eyes=False).pk


@pytest.mark.parametrize(
    "status",
    ["limited", "partial", "substantial", "implemented", "sustained", "reversed"],
)
def test_a_status_without_evidence_is_refused(insert: Callable[..., Finding], status: str) -> None:
    refused(insert, "finding_has_evidence", status=status, citation_count=0)
    assert insert(status=status).pk


@pytest.mark.parametrize("status", ["not-started", "dropped", "not-assessable"])
def test_some_statuses_stand_without_evidence(insert: Callable[..., Finding], status: str) -> None:
    assert insert(status=status, citation_count=0).pk


def test_a_search_that_found_nothing_has_a_day(insert: Callable[..., Finding]) -> None:
    said = {"status": "no-evidence", "citation_count": 0}
    refused(insert, "finding_search_is_dated", **said)
    assert insert(**said, searched_until=date(2022, 1, 1)).pk


def test_a_correction_has_a_reason(insert: Callable[..., Finding]) -> None:
    first = insert()
    refused(insert, "finding_correction_has_reason", number=2, supersedes=first)
    assert insert(number=2, supersedes=first, correction_reason="Misread.").pk


def test_a_finding_is_corrected_once(insert: Callable[..., Finding]) -> None:
    first = insert()
    insert(number=2, supersedes=first, correction_reason="Misread.")
    refused(insert, ALREADY_THERE, number=3, supersedes=first, correction_reason="Misread.")


def test_a_number_is_given_once(insert: Callable[..., Finding]) -> None:
    insert()
    refused(insert, ALREADY_THERE)


@pytest.mark.parametrize(
    ("column", "constraint"),
    [("status", "finding_status_known"), ("confidence", "finding_confidence_known")],
)
def test_only_words_of_the_method_are_taken(
    insert: Callable[..., Finding], column: str, constraint: str
) -> None:
    refused(insert, constraint, **{column: "splendid"})


def test_sustained_is_for_continuing_measures(insert: Callable[..., Finding], world: World) -> None:
    said = {"status": "sustained", "number": 9}
    refused(insert, "sustained is for continuing measures only", measure=world.plan, **said)
    assert insert(measure=world.training, **said).pk


def test_the_effective_day_is_not_in_the_future(insert: Callable[..., Finding]) -> None:
    furthest_on_earth = (datetime.now(UTC) + timedelta(hours=14)).date()
    refused(insert, "in the future", effective_on=furthest_on_earth + timedelta(days=1))
    assert insert(effective_on=datetime.now(UTC).date()).pk


def test_the_effective_day_is_at_most_ten_years_before_the_source(
    insert: Callable[..., Finding],
) -> None:
    earliest = SPEECH_DAY.replace(year=2010)
    refused(insert, "at most 10 years before", effective_on=earliest - timedelta(days=1))
    assert insert(effective_on=earliest).pk


def test_a_correction_corrects_a_finding_of_the_same_measure(
    insert: Callable[..., Finding], world: World
) -> None:
    said = {"number": 9, "correction_reason": "Misread."}
    first = world.plan.findings.get(number=1)
    refused(insert, "of the same measure", measure=world.rulings, supersedes=first, **said)
    assert insert(measure=world.plan, supersedes=first, **said).pk
