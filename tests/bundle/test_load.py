"""Loading: what is new is added, what people changed is theirs, findings only ever come."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from measures import bundle, record
from measures.bundle import BundleError
from measures.models import (
    Body,
    Citation,
    Evidence,
    Finding,
    Measure,
    RecordEntry,
    Source,
    User,
)
from measures.record.chain import tracked_models

pytestmark = pytest.mark.django_db

Rows = dict[str, list[dict[str, Any]]]
Folder = Callable[[Rows], Path]


def everything() -> dict[str, Any]:
    """The whole register as it is stored, its versions and the record too."""
    kept: list[type[models.Model]] = [*tracked_models(), RecordEntry, User]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in kept}


def test_a_bundle_becomes_a_register(rows: Rows, folder: Folder, system: User) -> None:
    report = bundle.load(folder(rows), by=system)
    assert report.added == {
        "bodies": 2, "sources": 1, "passages": 2, "themes": 1, "measures": 2,
        "evidence": 2, "citations": 2, "findings": 2,
    }  # fmt: skip
    plan = Measure.objects.get(code="1.1")
    assert plan.source.slug == "speech-2020"
    assert [body.slug for body in plan.bodies.all()] == ["patent-office"]
    finding = plan.findings.get(number=2)
    assert (finding.status, finding.coding, finding.is_baseline) == ("implemented", "agree", True)
    assert finding.recorded_at == datetime(2021, 10, 1, 9, tzinfo=UTC)
    assert [c.evidence.key for c in finding.citations.all()] == ["outline"]
    assert record.verify().broken is None


def test_everything_loaded_has_its_entry_and_its_actor(
    rows: Rows, folder: Folder, system: User
) -> None:
    bundle.load(folder(rows), by=system)
    entries = RecordEntry.objects.all()
    assert {entry.actor for entry in entries} == {system.opaque_id}
    assert {entry.why for entry in entries} == {"Loaded from a bundle."}
    assert sum(entry.action == "found" for entry in entries) == 2


def test_people_of_a_bundle_cannot_sign_in(rows: Rows, folder: Folder, system: User) -> None:
    bundle.load(folder(rows), by=system)
    coding = User.objects.get(username="coding")
    assert (coding.is_active, coding.is_system, coding.has_usable_password()) == (
        False,
        True,
        False,
    )


def test_a_new_measure_is_reviewed_as_this_desk_has_set(
    rows: Rows, folder: Folder, system: User, settings: Any
) -> None:
    settings.REVIEW_DAYS = {"deliverable": 90, "continuing": 365}
    bundle.load(folder(rows), by=system)
    assert Measure.objects.get(code="1.1").review_on == date(2021, 10, 1) + timedelta(days=90)


def test_a_new_measure_is_reviewed_in_time(rows: Rows, folder: Folder, system: User) -> None:
    rows["measures"][1]["review_on"] = "2030-01-01"
    bundle.load(folder(rows), by=system)
    newest = date(2021, 10, 1)
    assert Measure.objects.get(code="1.1").review_on == newest + timedelta(days=180)
    assert Measure.objects.get(code="1.2").review_on == date(2030, 1, 1)


def test_a_second_load_changes_nothing(rows: Rows, folder: Folder, system: User) -> None:
    bundle.load(folder(rows), by=system)
    before = everything()
    for update in (False, True):
        report = bundle.load(folder(rows), by=system, update=update)
        assert report.nothing_to_do
        assert report.unchanged["measures"] == report.unchanged["findings"] == 2
        assert everything() == before


def test_a_dry_run_changes_nothing_and_says_what_would_come(
    rows: Rows, folder: Folder, system: User
) -> None:
    empty = everything()
    report = bundle.load(folder(rows), by=system, dry_run=True)
    assert report.added["findings"] == 2
    assert everything() == empty
    bundle.load(folder(rows), by=system)
    rows["measures"][0]["title"] = "A better plan"
    full = everything()
    report = bundle.load(folder(rows), by=system, update=True, dry_run=True)
    assert [str(d) for d in report.differences] == [
        "measure 1.1 · title: 'A plan' → 'A better plan'"
    ]
    assert everything() == full


class TestWhatPeopleChanged:
    @pytest.fixture
    def edited(self, rows: Rows, folder: Folder, system: User, ana: User) -> Rows:
        """A register in which Ana changed a measure after the load."""
        bundle.load(folder(rows), by=system)
        plan = Measure.objects.get(code="1.1")
        plan.title = "Ana's title"
        record.save(plan, by=ana, bodies=Body.objects.all())
        return rows

    def test_it_is_kept_and_listed(self, edited: Rows, folder: Folder, system: User) -> None:
        before = everything()
        report = bundle.load(folder(edited), by=system)
        assert everything() == before
        assert report.differing == {"measures": 1}
        assert [str(difference) for difference in report.differences] == [
            "measure 1.1 · title: \"Ana's title\" → 'A plan'",
            "measure 1.1 · bodies: ['patent-office', 'supreme-court'] → ['patent-office']",
        ]
        assert not report.nothing_to_do

    def test_it_gives_way_to_an_update_and_the_record_tells(
        self, edited: Rows, folder: Folder, system: User
    ) -> None:
        bundle.load(folder(edited), by=system, update=True)
        plan = Measure.objects.get(code="1.1")
        assert plan.title == "A plan"
        assert [body.slug for body in plan.bodies.all()] == ["patent-office"]
        entry = record.head()
        assert entry is not None
        assert (entry.action, entry.key) == ("changed", "speech-2020/1.1")
        assert entry.before["title"] == "Ana's title"
        assert record.verify().broken is None
        assert bundle.load(folder(edited), by=system).nothing_to_do

    def test_what_people_added_stays(
        self, edited: Rows, folder: Folder, system: User, ana: User
    ) -> None:
        theirs = Evidence(key="theirs", title="Theirs", kind="news", tier=5)
        record.save(theirs, by=ana)
        bundle.load(folder(edited), by=system, update=True)
        assert Evidence.objects.filter(key="theirs").exists()

    def test_two_themes_that_changed_places_do_not_stand_in_the_way(
        self, rows: Rows, folder: Folder, system: User, ana: User
    ) -> None:
        rows["themes"].append({"number": 2, "slug": "courts", "title": "Courts"})
        bundle.load(folder(rows), by=system)
        first, second = Source.objects.get().themes.order_by("number")
        for theme, number in ((first, 3), (second, 1), (first, 2)):
            theme.number = number
            record.save(theme, by=ana)
        report = bundle.load(folder(rows), by=system)
        assert {d.field for d in report.differences} == {"number"}

    def test_an_edit_of_evidence_does_not_reach_a_recorded_finding(
        self, rows: Rows, folder: Folder, system: User, ana: User
    ) -> None:
        bundle.load(folder(rows), by=system)
        outline = Evidence.objects.get(key="outline")
        outline.title = "Another title"
        record.save(outline, by=ana)
        bundle.load(folder(rows), by=system)
        finding = Finding.objects.get(number=2)
        assert finding.citations.get().title == "The outline"


class TestFindingsOfALivingRegister:
    @pytest.fixture(autouse=True)
    def _loaded(self, rows: Rows, folder: Folder, system: User) -> None:
        bundle.load(folder(rows), by=system)

    def test_a_new_finding_is_recorded_now(self, rows: Rows, folder: Folder, system: User) -> None:
        began = timezone.now()
        rows["findings"].append(
            rows["findings"][0] | {"number": 3, "effective_on": "2021-12-01", "status": "dropped"}
        )
        report = bundle.load(folder(rows), by=system)
        assert (report.added["findings"], report.unchanged["findings"]) == (1, 2)
        finding = Finding.objects.get(number=3)
        assert finding.recorded_at >= began
        # What was known on the day that the row claims is still what was known.
        plan = Measure.objects.get(code="1.1")
        claimed = datetime(2021, 12, 31, tzinfo=UTC)
        standing = plan.findings.standing(date(2021, 12, 31), claimed).first()
        assert standing is not None
        assert standing.number == 2

    def test_on_a_measure_not_yet_assessed_too(
        self, rows: Rows, folder: Folder, system: User
    ) -> None:
        began = timezone.now()
        rows["findings"].append(rows["findings"][0] | {"measure": "1.2"})
        bundle.load(folder(rows), by=system)
        assert Finding.objects.get(measure__code="1.2").recorded_at >= began

    def test_a_correction_may_come_later(self, rows: Rows, folder: Folder, system: User) -> None:
        rows["findings"].append(
            rows["findings"][1]
            | {"number": 3, "supersedes": 2, "status": "substantial",
               "correction_reason": "A part is missing."}
        )  # fmt: skip
        bundle.load(folder(rows), by=system)
        correction = Finding.objects.get(number=3)
        assert correction.supersedes == Finding.objects.get(number=2)
        assert bundle.load(folder(rows), by=system).nothing_to_do

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("status", "substantial"),
            ("effective_on", "2021-09-23"),
            ("rationale", "Another reason."),
            ("confidence", "low"),
            ("author", "review"),
            ("evidence", []),
            ("evidence", ["yearbook"]),
            ("evidence", [{"evidence": "outline", "title": "Another title", "tier": 1,
                           "stage": "in-force", "bearing": "supports"}]),
        ],
        ids=["status", "day", "rationale", "confidence", "author", "no evidence",
             "other evidence", "other words"],
    )  # fmt: skip
    def test_a_recorded_finding_does_not_change(
        self, rows: Rows, folder: Folder, system: User, field: str, value: Any
    ) -> None:
        before = everything()
        rows["findings"][1][field] = value
        if value == ["yearbook"]:
            rows["citations"].append(rows["citations"][1] | {"measure": "1.1"})
        for update in (False, True):
            with pytest.raises(BundleError) as refusal:
                bundle.load(folder(rows), by=system, update=update)
            problems = {(p.file, p.record, p.field) for p in refusal.value.problems}
            assert ("findings.yaml", "1.1 #2", field) in problems
            assert everything() == before


class TestASecondSource:
    @pytest.fixture
    def second(self, rows: Rows) -> Rows:
        """Another speech of the same shape: same codes, its own slug, not the default one."""
        other = {name: [dict(row) for row in found] for name, found in rows.items()}
        other["sources"][0] |= {"slug": "speech-2024", "delivered_on": "2024-03-05"}
        del other["sources"][0]["is_default"]
        for row in other["measures"]:
            row["title"] += " of the second speech"
        for row in other["findings"]:
            row |= {"effective_on": "2024-03-05", "recorded_at": "2024-04-01T09:00:00+00:00"}
        return other

    def test_it_stands_beside_the_first(
        self, rows: Rows, second: Rows, folder: Folder, system: User
    ) -> None:
        bundle.load(folder(rows), by=system)
        report = bundle.load(folder(second), by=system)
        assert report.added == {
            "sources": 1, "passages": 2, "themes": 1, "measures": 2, "citations": 2, "findings": 2,
        }  # fmt: skip
        assert report.unchanged["evidence"] == report.unchanged["bodies"] == 2
        first, other = Source.objects.order_by("delivered_on")
        assert first.measures.get(code="1.1").title == "A plan"
        assert other.measures.get(code="1.1").title == "A plan of the second speech"
        # It comes with its own past: nothing was known of this source before.
        assert {f.recorded_at.year for f in Finding.objects.filter(measure__source=other)} == {2024}
        assert record.verify().broken is None

    def test_loaded_twice_it_changes_nothing(
        self, rows: Rows, second: Rows, folder: Folder, system: User
    ) -> None:
        bundle.load(folder(rows), by=system)
        bundle.load(folder(second), by=system)
        before = everything()
        for each in (second, rows):
            assert bundle.load(folder(each), by=system, update=True).nothing_to_do
        assert everything() == before

    def test_both_come_home_from_one_bundle(
        self, rows: Rows, second: Rows, folder: Folder, system: User, tmp_path: Path
    ) -> None:
        bundle.load(folder(rows), by=system)
        bundle.load(folder(second), by=system)
        bundle.dump(tmp_path / "both")
        before = everything()
        assert bundle.load(tmp_path / "both", by=system).nothing_to_do
        assert everything() == before

    def test_without_a_source_named_nobody_can_tell_which_is_meant(
        self, rows: Rows, second: Rows, folder: Folder, system: User
    ) -> None:
        bundle.load(folder(rows), by=system)
        bundle.load(folder(second), by=system)
        with pytest.raises(BundleError, match=r"citations.yaml · outline @ 1.1 · measure: "):
            bundle.load(folder({"citations": rows["citations"]}), by=system)


def test_a_citation_taken_away_after_a_finding_leaves_its_copy(
    rows: Rows, folder: Folder, system: User, tmp_path: Path
) -> None:
    bundle.load(folder(rows), by=system)
    record.delete(Citation.objects.get(evidence__key="outline"), by=system)
    bundle.dump(tmp_path / "dump")
    assert "title: The outline" in (tmp_path / "dump/findings.yaml").read_text()


def test_a_dump_leaves_no_file_of_an_earlier_one_behind(
    rows: Rows, folder: Folder, system: User, tmp_path: Path
) -> None:
    bundle.load(folder({name: rows[name] for name in ("bodies",)}), by=system)
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump/findings.yaml").write_text("- measure: '1.1'\n")
    call_command("dump_bundle", str(tmp_path / "dump"), verbosity=0)
    assert [path.name for path in (tmp_path / "dump").iterdir()] == ["bodies.yaml"]
