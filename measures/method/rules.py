"""The rules: what a finding must satisfy before it enters the record."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from .statuses import ACHIEVED, LIMITED, NO_EVIDENCE, STATUSES, SUSTAINED
from .terms import DOCUMENTARY_TIER, PREPARATORY_STAGES, in_the_readers_language

# A fact may be older than the source it is judged against, but not by more than this.
YEARS_BEFORE_SOURCE = 10

# Days until a measure's finding is to be looked at again, by the nature of the measure; what a
# desk sets for itself goes before.
REVIEW_AFTER_DAYS = {"deliverable": 180, "continuing": 365}


class Proposal(Protocol):
    """What a draft or a bundle says before it becomes a finding."""

    status: str
    effective_on: date
    confidence: str
    confidence_reason: str
    confidence_reason_zh: str
    rationale: str
    rationale_zh: str
    search_where: str
    search_languages: str
    searched_until: date | None
    correction_reason: str


class Cited(Protocol):
    """A piece of evidence as a proposal cites it."""

    @property
    def tier(self) -> int:
        """1 is nearest to the fact."""

    stage: str
    bearing: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a proposal is judged against.

    `source_day` is the day of the source, `today` the reader's day; `corrects` says that the
    proposal supersedes an earlier finding, `is_late` that it was learnt of only now; `latest_day`
    is the effective date of the finding that stands, None where the order does not matter.
    """

    nature: str
    source_day: date
    today: date
    corrects: bool = False
    is_late: bool = False
    latest_day: date | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a proposal cannot enter the record, and what would satisfy the rule."""

    field: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the method as the method page prints it, with its test where it can be tested.

    The test yields an objection for each way in which the proposal breaks the rule.
    """

    en: str
    zh: str
    test: Callable[[Proposal, Sequence[Cited], Setting], Iterator[Objection]] | None = None

    @property
    def label(self) -> str:
        """The rule in the reader's language."""
        return in_the_readers_language(self.en, self.zh)


def _evidence_is_cited(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    status = STATUSES[proposal.status]
    if status.needs_evidence and not cited:
        yield Objection(
            "status",
            _("“%(status)s” needs evidence, and none is cited. Cite at least one document.")
            % {"status": status.label},
        )


def _search_is_documented(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    told = proposal.search_where and proposal.search_languages and proposal.searched_until
    if proposal.status == NO_EVIDENCE and not told:
        yield Objection(
            "search_where",
            _(
                "“No evidence found” needs the search: where, in which languages and up to "
                "which day."
            ),
        )


def _documents_carry_the_top(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    near = any(c.tier <= DOCUMENTARY_TIER and c.bearing != "contradicts" for c in cited)
    if proposal.status in ACHIEVED and cited and not near:
        yield Objection(
            "status",
            _(
                "“%(status)s” needs at least one citation of tier 1 or 2. Cite the text itself, "
                "or official data."
            )
            % {"status": STATUSES[proposal.status].label},
        )


def _sustained_is_for_continuing(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    if proposal.status == SUSTAINED and setting.nature != "continuing":
        yield Objection(
            "status",
            _(
                "“Sustained” is for continuing measures, and this one is a deliverable. Choose "
                "“Implemented”, or a lower status."
            ),
        )


def _preparation_is_limited(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    status = STATUSES[proposal.status]
    above = proposal.status == SUSTAINED or (status.rung or 0) > (STATUSES[LIMITED].rung or 0)
    if above and cited and all(c.stage in PREPARATORY_STAGES for c in cited):
        yield Objection(
            "status",
            _(
                "Drafts and consultations alone are never above “Limited”. Cite what was adopted, "
                "or lower the status."
            ),
        )


def _confidence_has_ground(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    if not (proposal.confidence_reason or proposal.confidence_reason_zh):
        yield Objection("confidence_reason", _("Say in one line why the confidence is what it is."))
    if (
        proposal.confidence == "high"
        and cited
        and not any(c.tier <= DOCUMENTARY_TIER for c in cited)
    ):
        yield Objection(
            "confidence",
            _(
                "Confidence cannot be high without a source of tier 1 or 2. Cite one, or lower the "
                "confidence."
            ),
        )


def _reason_is_written(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    if not (proposal.rationale or proposal.rationale_zh):
        yield Objection("rationale", _("Write the rationale in English or in Chinese."))
    if setting.corrects and not proposal.correction_reason:
        yield Objection(
            "correction_reason", _("A correction says what was wrong. Write the reason.")
        )


def _day_is_possible(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    if proposal.effective_on > setting.today:
        yield Objection(
            "effective_on",
            _(
                "%(day)s is in the future. A finding states what has taken effect; record it on "
                "the day."
            )
            % {"day": proposal.effective_on},
        )
    earliest = years_before(setting.source_day, YEARS_BEFORE_SOURCE)
    if proposal.effective_on < earliest:
        yield Objection(
            "effective_on",
            _("%(day)s is more than ten years before the source. The earliest day is %(earliest)s.")
            % {"day": proposal.effective_on, "earliest": earliest},
        )


def _order_is_said(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> Iterator[Objection]:
    said = setting.corrects or setting.is_late
    if setting.latest_day and proposal.effective_on < setting.latest_day and not said:
        yield Objection(
            "effective_on",
            _(
                "%(day)s is before the latest finding (%(latest)s). Say which it is: a late record "
                "(we learnt more) or a correction (we were wrong)."
            )
            % {"day": proposal.effective_on, "latest": setting.latest_day},
        )


RULES = (
    Rule("Criteria are written before evidence is judged.", "先写标准，再判断证据。"),
    Rule(
        "Acts and results are judged, not intent; the rationale says why.",
        "判断的是行为和结果，而非意图；理由须写明。",
        _reason_is_written,
    ),
    Rule(
        "No status without evidence, except Not started, No evidence found, Dropped and Not "
        "assessable.",
        "除未启动、未见证据、终止和无法评估外，没有证据就没有状态。",
        _evidence_is_cited,
    ),
    Rule(
        "No evidence found says where, in which languages and up to when the search ran.",
        "“未见证据”须说明检索的范围、语言和截止日期。",
        _search_is_documented,
    ),
    Rule(
        "A draft, a consultation or a pilot is never above Limited; what is adopted but not in "
        "force is at most Limited unless other elements are in force.",
        "草案、征求意见和试点不高于初步；已通过但未生效的至多为初步，除非其他内容已经生效。",
        _preparation_is_limited,
    ),
    Rule(
        "Implemented and Sustained need at least one citation of tier 1 or 2.",
        "已落实和持续落实至少须有一项一级或二级来源。",
        _documents_carry_the_top,
    ),
    Rule(
        "Sustained is for continuing measures, and lapses when it is not renewed.",
        "持续落实仅用于持续性措施，不续期即失效。",
        _sustained_is_for_continuing,
    ),
    Rule(
        "Confidence carries its reason; what rests on tier 3 alone cannot be High.",
        "把握程度须附理由；仅凭三级来源不得为高。",
        _confidence_has_ground,
    ),
    Rule(
        "The effective date is the day on which the fact took effect: not in the future, and at "
        "most ten years before the source.",
        "生效日期是事实生效之日：不得在将来，且不早于讲话前十年。",
        _day_is_possible,
    ),
    Rule(
        "A finding for a day before the latest one says whether it is a late record or a "
        "correction.",
        "生效日期早于最近一项判定的，须说明是补记还是更正。",
        _order_is_said,
    ),
    Rule(
        "Lateness never changes a status: schedule is an axis of its own.",
        "逾期从不改变状态：进度是另一条轴。",
    ),
    Rule(
        "A later repeal adds a finding; it never edits one.",
        "后来的废止增加一项判定，从不修改原判定。",
    ),
    Rule(
        "Contradicting evidence is cited, and while it is unresolved the lower status stands.",
        "相反证据须予引用；未解决之前以较低状态为准。",
    ),
    Rule(
        "Author and approver are two persons; a desk of one says so on every finding.",
        "撰写人与批准人为两人；一人值守时须在每项判定上注明。",
    ),
    Rule(
        "Totals are counts with their denominator, never averages or an index; what is not yet "
        "assessed or not assessable is shown.",
        "汇总一律为计数并附总数，从不取平均或编制指数；尚未评估和无法评估的一并列出。",
    ),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule that can be tested, with what the proposal has against it; nothing means passed."""

    rule: Rule
    objections: tuple[Objection, ...]


def verdicts(proposal: Proposal, cited: Sequence[Cited], setting: Setting) -> tuple[Verdict, ...]:
    """Every rule that can be tested, passed or not, in the order of the rules."""
    return tuple(
        Verdict(rule, tuple(rule.test(proposal, cited, setting)))
        for rule in RULES
        if rule.test is not None
    )


def objections(
    proposal: Proposal, cited: Sequence[Cited], setting: Setting
) -> tuple[Objection, ...]:
    """Every reason why the proposal cannot enter the record, in the order of the rules."""
    return tuple(o for verdict in verdicts(proposal, cited, setting) for o in verdict.objections)


def years_before(day: date, years: int) -> date:
    """The same day of the calendar so many years earlier; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
