"""What comes in together is known from one time on."""

import io
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from measures import bundle, record, sheets, workflow
from measures.models import Body, Evidence, Finding, RecordEntry
from measures.sheets import bringing
from tests.sheets.sent import as_csv
from tests.world import SPEECH_DAY, World

ROWS = [{"key": f"law-{n}", "title": f"A law {n}", "kind": "law", "tier": "1"} for n in range(7)]


@pytest.fixture
def _ticking(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """A clock that goes on by a second whenever somebody looks at it."""
    looks = count(1)
    start = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=next(looks)))


def body(slug: str) -> Body:
    return Body(slug=slug, title=slug.capitalize())


def times(after: int) -> list[datetime]:
    return [each.at for each in RecordEntry.objects.filter(sequence__gt=after).order_by("sequence")]


def last() -> int:
    head = record.head()
    return head.sequence if head else 0


@pytest.mark.usefixtures("_ticking")
def test_an_import_in_parts_is_one_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "AT_ONCE", 2)
    before = last()
    plan = sheets.plan(io.BytesIO(as_csv(ROWS)), "laws.csv", by=world.ana)
    assert sheets.bring(plan, by=world.ana) == len(ROWS)
    found = times(before)
    assert len(found) == len(ROWS)
    assert len(set(found)) == 1
    assert not record.verify().broken


@pytest.mark.usefixtures("_ticking")
def test_without_it_each_part_has_a_time_of_its_own(world: World) -> None:
    """The control: the clock does go on."""
    before = last()
    for slug in ("library", "museum"):
        record.save(body(slug), by=world.ana)
    assert len(set(times(before))) == 2


@pytest.mark.usefixtures("_ticking")
def test_a_loaded_bundle_is_one_moment(world: World, tmp_path: Path) -> None:
    (tmp_path / "bodies.yaml").write_text("- {slug: library, title: The Library}\n")
    (tmp_path / "evidence.yaml").write_text(
        "- {key: a-law, title: A law, kind: law, tier: 1, checked_state: unverified}\n"
    )
    before = last()
    bundle.load(tmp_path, by=world.ana)
    assert Evidence.objects.filter(key="a-law").exists()
    assert (len(times(before)), len(set(times(before)))) == (2, 1)


@pytest.mark.usefixtures("_ticking")
def test_findings_are_known_from_the_time_of_their_entries(world: World) -> None:
    before = last()
    held = Finding.objects.count()
    with transaction.atomic(), record.one_moment():
        record.save(body("library"), by=world.ana)
        workflow.enter(
            [
                world.propose(world.plan, status, SPEECH_DAY, [world.outline_on_plan])
                for status in ("limited", "not-started")
            ],
            by=world.ana,
        )
    newest: Any = Finding.objects.order_by("-pk")[: Finding.objects.count() - held]
    assert {each.recorded_at for each in newest} == set(times(before))
    assert len(newest) == 2


@pytest.mark.usefixtures("_ticking")
def test_what_follows_has_a_time_of_its_own_again(world: World) -> None:
    with transaction.atomic(), record.one_moment():
        record.save(body("library"), by=world.ana)
        with record.one_moment():
            record.save(body("museum"), by=world.ana)
    before = last()
    record.save(body("archive"), by=world.ana)
    (now,) = times(before)
    assert len({*times(before - 2), now}) == 2
    assert now > times(before - 1)[0]


@pytest.mark.usefixtures("_ticking")
def test_a_moment_is_never_before_the_last_entry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a clock was set back, the record goes on from where it was."""
    record.save(body("library"), by=world.ana)
    newest = times(last() - 1)[0]
    monkeypatch.setattr(timezone, "now", lambda: newest - timedelta(days=1))
    with transaction.atomic(), record.one_moment():
        record.save(body("museum"), by=world.ana)
        record.save(body("archive"), by=world.ana)
    assert set(times(last() - 2)) == {newest}
