"""Which pages are due: each by its own interval, silent ones sooner, mended ones at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import links, record
from measures.links import Checker
from measures.models import Evidence
from tests.test_broken import checked
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("outcome", "every", "hours", "due"),
    [
        ("answers", 30, 0, False),
        ("answers", 30, 28 * 24, False),
        ("answers", 30, 30 * 24 - 1, True),  # The timer of today is a little early.
        ("answers", 30, 31 * 24, True),
        ("answers", 1, 23, True),
        ("answers", 1, 20, False),
        ("answers", 365, 100 * 24, False),
        ("moved", 90, 4 * 24, False),
        ("changed", 30, 4 * 24, False),
        ("gone", 365, 2 * 24, False),
        ("gone", 365, 3 * 24, True),
        ("unreachable", 90, 3 * 24, True),
        ("unreachable", 1, 24, True),
    ],
)
def test_a_page_is_due_by_its_own_interval_and_sooner_when_it_is_silent(
    outcome: str, every: int, hours: int, due: bool, pages: World, checker: Checker
) -> None:
    pages.outline.check_every = every
    record.save(pages.outline, by=pages.ana)
    checked(pages.yearbook, "answers")
    checked(pages.outline, outcome, at=timezone.now() - timedelta(hours=hours))
    found = [each.evidence for each in links.check(checker)]
    assert found == ([pages.outline] if due else [])


def test_a_mended_link_is_due_at_once(pages: World, checker: Checker) -> None:
    for document in (pages.outline, pages.yearbook):
        checked(document, "gone")
    pages.outline.url = "http://example.org/mended"
    record.save(pages.outline, by=pages.ana)
    assert [each.evidence for each in links.check(checker)] == [pages.outline]


def test_an_interval_is_one_of_those_offered(pages: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=pages.outline.pk).update(check_every=2)


def test_the_question_what_is_due_is_one(pages: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(Evidence.objects.longest_unchecked().due(timezone.now())) == 2
    assert len(queries) == 1


def test_a_run_may_be_more_patient_with_a_host(
    pages: World, run: Callable[..., None], waits: list[float]
) -> None:
    run("--host-pace", "7.5")
    assert waits == [7.5, 7.5]
    with pytest.raises(CommandError, match="pace of 1 to 60"):
        run("--host-pace", "0")
