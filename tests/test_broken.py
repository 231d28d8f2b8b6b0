"""Which pages count as failing, and what follows for the measures that rest on them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures import progress, record
from measures.models import Attachment, Evidence, LinkCheck
from measures.progress import LINK_SILENT, all_broken, all_moved, broken
from tests.world import World, cite

pytestmark = pytest.mark.django_db

DAY = date(2022, 7, 1)  # Before the reviews of the small world fall due.


def checked(evidence: Evidence, *outcomes: str, at: datetime | None = None) -> LinkCheck:
    """Checks of the document's page, a day apart; the last one at the moment, else now."""
    end = at or timezone.now()
    for age, outcome in enumerate(reversed(outcomes)):
        LinkCheck.objects.create(
            evidence=evidence,
            address=evidence.url,
            outcome=outcome,
            at=end - timedelta(days=age),
        )
    return LinkCheck.objects.of(evidence)[0]


def hold(evidence: Evidence, world: World) -> Attachment:
    copy = Attachment(
        evidence=evidence, sha256="a" * 64, name="a.pdf", kind="x", size=1, added_by=world.ana
    )
    record.save(copy, by=world.ana)
    return copy


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("answers",), None),
        (("moved",), None),
        (("refused", "refused"), None),
        (("unreachable",), None),
        (("unreachable", "unreachable"), "unreachable"),
        (("gone", "unreachable"), "unreachable"),
        (("unreachable", "answers", "unreachable"), None),
        (("unreachable", "unreachable", "answers"), None),
        (("gone",), "gone"),
        (("gone", "answers"), None),
        (("changed",), "changed"),
    ],
)
def test_when_a_page_fails(outcomes: tuple[str, ...], expected: str | None, world: World) -> None:
    checked(world.outline, *outcomes)
    told = all_broken()
    assert [each.check.outcome for each in told] == ([expected] if expected else [])
    assert all(each.evidence == world.outline for each in told)


def test_a_changed_page_answers(world: World) -> None:
    checked(world.outline, "changed")
    checked(world.yearbook, "gone")
    assert {each.evidence.key: each.is_silent for each in all_broken()} == {
        "outline": False,
        "yearbook": True,
    }


def test_a_page_that_moved_is_told_until_its_link_is_mended(world: World) -> None:
    checked(world.outline, "moved")
    checked(world.yearbook, "answers")
    stray = Evidence(key="stray", title="S", kind="law", tier=1, url="https://example.org/s")
    record.save(stray, by=world.ana)
    checked(stray, "moved")
    assert [(each.evidence, each.is_silent) for each in all_moved()] == [(world.outline, False)]
    world.outline.url = "https://example.org/elsewhere"
    record.save(world.outline, by=world.ana)
    assert all_moved() == ()


def test_a_mended_link_fails_no_longer(world: World) -> None:
    checked(world.outline, "gone")
    world.outline.url = "https://example.org/elsewhere"
    record.save(world.outline, by=world.ana)
    assert all_broken() == ()
    checked(world.outline, "unreachable")
    assert all_broken() == ()  # The failure before it was of the other address.


def test_a_change_that_a_person_looked_at_is_settled(world: World) -> None:
    checked(world.outline, "changed")
    for seen, left in ((timezone.localdate() - timedelta(days=1), 1), (timezone.localdate(), 0)):
        world.outline.checked_on = seen
        record.save(world.outline, by=world.ana)
        assert len(all_broken()) == left


def test_a_document_that_nobody_cites_does_not_count(world: World) -> None:
    stray = Evidence(key="stray", title="S", kind="law", tier=1, url="https://example.org/s")
    record.save(stray, by=world.ana)
    checked(stray, "gone")
    assert all_broken() == ()


def test_a_held_copy_is_told(world: World) -> None:
    checked(world.outline, "gone")
    (told,) = all_broken()
    assert not told.is_held
    hold(world.outline, world)
    (told,) = all_broken()
    assert told.is_held


class TestThePast:
    def test_checks_made_later_are_not_known(self, world: World) -> None:
        now = timezone.now()
        checked(world.outline, "answers", "gone", at=now)
        ids = [world.outline.pk]
        assert len(broken(ids)) == len(broken(ids, now)) == 1
        assert broken(ids, now - timedelta(hours=1)) == ()

    def test_copies_held_later_are_not_known(self, world: World) -> None:
        checked(world.outline, "gone")
        before = timezone.now()
        hold(world.outline, world)
        assert [each.is_held for each in broken([world.outline.pk], before)] == [False]

    def test_what_was_mended_later_was_failing_then(self, world: World) -> None:
        checked(world.outline, "gone")
        before = timezone.now()
        world.outline.url = "https://example.org/elsewhere"
        record.save(world.outline, by=world.ana)
        (told,) = broken([world.outline.pk], before)
        assert told.evidence.url == "https://example.org/outline"


class TestConcerns:
    def told(self, world: World, known: datetime | None = None) -> dict[str, tuple[int, int]]:
        now = progress.state(world.speech, DAY, known)
        return {
            each.standing.measure.code: (each.silent, each.held)
            for each in progress.concerns(now)
            if LINK_SILENT in each.reasons
        }

    def test_a_measure_whose_standing_finding_cites_a_silent_page(self, world: World) -> None:
        assert self.told(world) == {}
        checked(world.outline, "gone")
        assert self.told(world) == {"1.1": (1, 0)}
        hold(world.outline, world)
        assert self.told(world) == {"1.1": (1, 1)}

    def test_a_changed_page_is_no_concern_of_readers(self, world: World) -> None:
        checked(world.outline, "changed")
        assert self.told(world) == {}

    def test_a_page_that_only_an_earlier_finding_cites_is_none(self, world: World) -> None:
        checked(world.statement, "gone")
        assert self.told(world) == {}

    def test_nor_one_that_no_finding_rests_on(self, world: World) -> None:
        cite(world.plan, world.statement, by=world.ana)
        checked(world.statement, "gone")
        assert self.told(world) == {}

    def test_checks_made_later_are_not_known(self, world: World) -> None:
        before = timezone.now()
        checked(world.outline, "gone")
        assert self.told(world, before) == {}
        assert self.told(world, timezone.now()) == {"1.1": (1, 0)}

    @pytest.mark.parametrize("known", [None, datetime(2100, 1, 1, tzinfo=UTC)])
    def test_the_number_of_questions_does_not_grow(
        self, known: datetime | None, world: World
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                progress.concerns(progress.state(world.speech, DAY, known))
            return len(questions)

        checked(world.outline, "gone")
        few = asked()
        cited = []
        for n in range(20):
            document = Evidence(
                key=f"d-{n}", title="D", kind="law", tier=1, url=f"https://example.org/{n}"
            )
            record.save(document, by=world.ana)
            cited.append(cite(world.plan, document, by=world.ana))
            checked(document, *["gone"] * 5)
        world.find(world.plan, "partial", DAY, cited)
        assert self.told(world, known) == {"1.1": (20, 0)}
        assert asked() == few
