"""Every rule of the method: the proposal that breaks it, the sentence, and one that keeps it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from measures import method
from measures.method import Setting, objections

SOURCE_DAY, TODAY = date(2020, 11, 30), date(2024, 6, 1)
DELIVERABLE = Setting("deliverable", SOURCE_DAY, TODAY)
CONTINUING = Setting("continuing", SOURCE_DAY, TODAY)


@dataclass
class Proposal:
    """A proposal that keeps every rule, as long as evidence is cited."""

    status: str = "partial"
    effective_on: date = date(2022, 1, 1)
    confidence: str = "moderate"
    confidence_reason: str = "One document."
    confidence_reason_zh: str = ""
    rationale: str = "It says so."
    rationale_zh: str = ""
    search_where: str = ""
    search_languages: str = ""
    searched_until: date | None = None
    correction_reason: str = ""


@dataclass
class Cited:
    """The text itself, in force."""

    tier: int = 1
    stage: str = "in-force"
    bearing: str = "supports"


GOOD, LAW = Proposal(), Cited()
SEARCH: dict[str, Any] = {
    "search_where": "Gazettes",
    "search_languages": "zh",
    "searched_until": date(2022, 6, 1),
}


def said(
    proposal: Proposal, *cited: Cited, setting: Setting = DELIVERABLE
) -> list[tuple[str, str]]:
    """Field and sentence of each objection."""
    return [(o.field, o.sentence) for o in objections(proposal, cited, setting)]


def test_a_proposal_that_keeps_the_rules_meets_no_objection() -> None:
    assert said(GOOD, LAW) == []


@pytest.mark.parametrize("status", [s for s in method.STATUSES if s not in method.WITHOUT_EVIDENCE])
def test_no_status_without_evidence(status: str) -> None:
    label = method.STATUSES[status].en
    sentence = f"“{label}” needs evidence, and none is cited. Cite at least one document."
    assert said(replace(GOOD, status=status), setting=CONTINUING) == [("status", sentence)]
    assert said(replace(GOOD, status=status), LAW, setting=CONTINUING) == []


@pytest.mark.parametrize("status", ["not-started", "dropped", "not-assessable"])
def test_some_statuses_stand_on_their_reason_alone(status: str) -> None:
    assert said(replace(GOOD, status=status)) == []


def test_no_evidence_found_documents_its_search() -> None:
    nothing = replace(GOOD, status="no-evidence")
    sentence = (
        "“No evidence found” needs the search: where, in which languages and up to which day."
    )
    assert said(nothing) == [("search_where", sentence)]
    for left_out in SEARCH:
        told = {name: value for name, value in SEARCH.items() if name != left_out}
        assert said(replace(nothing, **told)) == [("search_where", sentence)]
    assert said(replace(nothing, **SEARCH)) == []


@pytest.mark.parametrize("status", ["implemented", "sustained"])
@pytest.mark.parametrize(
    "cited",
    [[Cited(tier=3)], [Cited(tier=4), Cited(tier=5)], [Cited(tier=1, bearing="contradicts")]],
    ids=["statement", "press", "a law against it"],
)
def test_the_top_needs_a_document(status: str, cited: list[Cited]) -> None:
    label = method.STATUSES[status].en
    sentence = (
        f"“{label}” needs at least one citation of tier 1 or 2. "
        "Cite the text itself, or official data."
    )
    proposal = replace(GOOD, status=status)
    assert said(proposal, *cited, setting=CONTINUING) == [("status", sentence)]
    for tier in (1, 2):
        assert said(proposal, *cited, Cited(tier=tier), setting=CONTINUING) == []


def test_lower_statuses_may_rest_on_lower_tiers() -> None:
    assert said(replace(GOOD, status="substantial"), Cited(tier=4)) == []


def test_sustained_is_for_continuing_measures() -> None:
    sustained = replace(GOOD, status="sustained")
    sentence = (
        "“Sustained” is for continuing measures, and this one is a deliverable. "
        "Choose “Implemented”, or a lower status."
    )
    assert said(sustained, LAW) == [("status", sentence)]
    assert said(sustained, LAW, setting=CONTINUING) == []


@pytest.mark.parametrize("status", ["partial", "substantial", "implemented", "sustained"])
def test_drafts_and_consultations_are_never_above_limited(status: str) -> None:
    proposal = replace(GOOD, status=status)
    paper = [Cited(stage="drafted"), Cited(stage="consulted")]
    sentence = (
        "Drafts and consultations alone are never above “Limited”. "
        "Cite what was adopted, or lower the status."
    )
    assert said(proposal, *paper, setting=CONTINUING) == [("status", sentence)]
    assert said(proposal, *paper, Cited(stage="adopted"), setting=CONTINUING) == []
    assert said(replace(GOOD, status="limited"), *paper) == []


@pytest.mark.parametrize("status", ["reversed"])
def test_a_draft_may_show_a_reversal(status: str) -> None:
    """Reversed stands beside the ladder, so nothing is above or below it."""
    assert said(replace(GOOD, status=status), Cited(stage="drafted")) == []


def test_confidence_carries_its_reason() -> None:
    silent = replace(GOOD, confidence_reason="")
    sentence = "Say in one line why the confidence is what it is."
    assert said(silent, LAW) == [("confidence_reason", sentence)]
    assert said(replace(silent, confidence_reason_zh="有文件"), LAW) == []


def test_confidence_is_not_high_on_statements_alone() -> None:
    sure = replace(GOOD, confidence="high")
    sentence = (
        "Confidence cannot be high without a source of tier 1 or 2. "
        "Cite one, or lower the confidence."
    )
    assert said(sure, Cited(tier=3)) == [("confidence", sentence)]
    assert said(sure, Cited(tier=3), Cited(tier=2)) == []
    assert said(replace(sure, confidence="moderate"), Cited(tier=3)) == []


def test_a_reason_is_written_in_one_language_at_least() -> None:
    silent = replace(GOOD, rationale="")
    sentence = "Write the rationale in English or in Chinese."
    assert said(silent, LAW) == [("rationale", sentence)]
    assert said(replace(silent, rationale_zh="有据"), LAW) == []


def test_a_correction_says_what_was_wrong() -> None:
    correcting = replace(DELIVERABLE, corrects=True)
    sentence = "A correction says what was wrong. Write the reason."
    assert said(GOOD, LAW, setting=correcting) == [("correction_reason", sentence)]
    assert said(replace(GOOD, correction_reason="Misread."), LAW, setting=correcting) == []


def test_what_has_not_happened_is_not_found() -> None:
    tomorrow = replace(GOOD, effective_on=date(2024, 6, 2))
    sentence = (
        "2024-06-02 is in the future. A finding states what has taken effect; record it on the day."
    )
    assert said(tomorrow, LAW) == [("effective_on", sentence)]
    assert said(replace(GOOD, effective_on=TODAY), LAW) == []


def test_what_is_long_past_is_not_found() -> None:
    before = replace(GOOD, effective_on=date(2010, 11, 29))
    sentence = (
        "2010-11-29 is more than ten years before the source. The earliest day is 2010-11-30."
    )
    assert said(before, LAW) == [("effective_on", sentence)]
    assert said(replace(GOOD, effective_on=date(2010, 11, 30)), LAW) == []


def test_every_objection_is_told_at_once() -> None:
    worst = replace(
        GOOD,
        status="sustained",
        rationale="",
        confidence="high",
        confidence_reason="",
        effective_on=date(2030, 1, 1),
    )
    fields = [field for field, _sentence in said(worst, Cited(tier=5, stage="drafted"))]
    assert fields == [
        "rationale",
        "status",  # drafts alone
        "status",  # no document
        "status",  # not continuing
        "confidence_reason",
        "confidence",
        "effective_on",
    ]


class TestWords:
    def test_a_status_is_named_in_the_readers_language(self) -> None:
        implemented = method.STATUSES["implemented"]
        assert str(implemented) == "Implemented"
        with translation.override("zh-hans"):
            assert str(implemented) == "已落实"
            assert method.TIERS[5].label == "报刊和博客"
            assert method.RULES[0].label.startswith("先写标准")

    def test_every_word_has_both_languages(self) -> None:
        terms: list[method.Term] = []
        for vocabulary in (
            method.SHOWN_STATUSES, method.CONFIDENCES, method.STAGES, method.BEARINGS,
            method.KINDS, method.NATURES, method.BASELINES, method.VERIFIABILITIES,
            method.EVIDENCE_KINDS, method.CHECKS, method.PASSAGE_ROLES, method.CODINGS,
            method.DRAFT_STATES, method.LINK_OUTCOMES,
        ):  # fmt: skip
            assert all(slug == term.slug for slug, term in vocabulary.items())
            terms += vocabulary.values()
        assert all(term.en and term.zh for term in terms)
        assert all(bool(term.means) == bool(term.means_zh) for term in terms)

    def test_every_status_that_can_be_given_has_its_criterion(self) -> None:
        assert all(s.means and s.means_zh for s in method.STATUSES.values())

    def test_the_ladder_goes_up(self) -> None:
        assert method.LADDER == (
            "not-started",
            "limited",
            "partial",
            "substantial",
            "implemented",
        )

    def test_the_newest_version_is_the_one_in_force(self) -> None:
        assert method.METHOD_HISTORY[-1].version == method.METHOD_VERSION

    def test_the_absence_of_a_finding_is_no_status(self) -> None:
        assert method.NOT_ASSESSED not in method.STATUSES


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("limited", "partial", 1),
        ("implemented", "limited", -1),
        ("partial", "partial", 0),
        ("implemented", "sustained", 0),
        ("no-evidence", "not-started", 0),
        ("no-evidence", "limited", 1),
        ("sustained", "substantial", -1),
        ("not-started", "reversed", -1),
        ("reversed", "not-started", 1),
        ("reversed", "dropped", 0),
        ("not-assessed", "implemented", 0),
        (None, "implemented", 0),
        ("implemented", "not-assessable", 0),
    ],
)
def test_which_way_a_measure_moved(before: str | None, after: str, way: int) -> None:
    assert method.direction(before, after) == way


def test_leap_days_have_a_day_ten_years_before() -> None:
    assert method.years_before(date(2020, 2, 29), 10) == date(2010, 3, 1)
    assert method.years_before(date(2020, 11, 30), 10) == date(2010, 11, 30)
