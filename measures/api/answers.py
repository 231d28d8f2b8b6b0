"""What is answered: every field with its type, named as in bundles and exports."""

from typing import Generic, TypeVar

from ninja import Schema
from pydantic import Field

from .problems import Reason
from .words import (
    AskedStatus,
    Baseline,
    Bearing,
    Checked,
    Code,
    Coding,
    Confidence,
    Day,
    DraftState,
    EvidenceKey,
    EvidenceKind,
    Kind,
    Language,
    Moment,
    Nature,
    Noun,
    Person,
    Schedule,
    ShownStatus,
    Slug,
    Stage,
    Verifiability,
)

Row = TypeVar("Row")


class Head(Schema):
    """The newest entry of the record that the answer rests on; it vouches for all before it."""

    sequence: int = Field(examples=[1207])
    hash: str = Field(examples=["9f2c6d0e"])


class Dated(Schema):
    """What every answer says of itself: its two dates and the head of the record."""

    as_of: Day
    known: Moment | None = Field(description="None: as known now.")
    record: Head | None


class Listed(Dated, Generic[Row]):
    """A page of a list. `next` is the address of the page after it, None on the last one."""

    total: int = Field(description="On all pages together.", examples=[47])
    items: list[Row]
    next: str | None = Field(examples=["/api/v1/measures?limit=20&cursor=eyJhZnRlciI6WzEs"])


class Source(Schema):
    """A speech or document in which commitments were made."""

    slug: Slug
    title: str
    title_zh: str
    speaker: str
    delivered_on: Day
    reported_as: str
    reported_on: Day | None
    publisher: str
    language: Language
    is_default: bool


class Theme(Schema):
    """A chapter of a source."""

    source: Slug
    number: int
    slug: Slug
    title: str
    title_zh: str
    passage: int | None
    summary: str
    summary_zh: str


class Standing(Schema):
    """Where a measure stands: the finding that holds, by its number, None where there is none."""

    status: ShownStatus
    since: Day | None
    confidence: Confidence | None
    finding: int | None
    schedule: Schedule


class Measure(Schema):
    """One commitment, and where it stands."""

    source: Slug
    code: Code
    slug: Slug
    theme: Slug
    position: int
    passage: int
    short: str
    short_zh: str
    title: str
    title_zh: str
    quotation: str
    done_when: str
    done_when_zh: str
    kind: Kind
    nature: Nature
    baseline: Baseline
    verifiability: Verifiability
    due_on: Day | None
    due_as_said: str
    due_as_said_zh: str
    bodies: list[Slug]
    review_on: Day | None
    retired_on: Day | None
    standing: Standing
    url: str = Field(description="Its page.", examples=["/measures/4.7/"])


class Citation(Schema):
    """A document attached to a measure: what it shows, how far the act had come, its bearing."""

    source: Slug
    evidence: EvidenceKey
    measure: Code
    stage: Stage
    bearing: Bearing
    note: str
    note_zh: str
    quotation: str
    locator: str


class Frozen(Schema):
    """A document as a finding cited it, in the words of the day of the finding."""

    evidence: EvidenceKey
    title: str
    title_zh: str
    document_number: str
    issued_on: Day | None
    url: str
    copy_sha256: str
    tier: int
    stage: Stage
    bearing: Bearing
    note: str
    note_zh: str
    quotation: str
    locator: str


class Judgement(Schema):
    """What is said of where a measure stands, and why."""

    status: AskedStatus
    effective_on: Day
    confidence: Confidence
    confidence_reason: str
    confidence_reason_zh: str
    rationale: str
    rationale_zh: str
    search_where: str
    search_languages: str
    search_terms: str
    searched_until: Day | None
    correction_reason: str


class Numbered(Schema):
    """Which finding it is; the findings of each measure are counted from 1."""

    source: Slug
    measure: Code
    number: int


# Of several bases the fields of the last one are told first.
class Finding(Judgement, Numbered):
    """One immutable judgement: a status, its reasons and evidence, two people and two dates."""

    recorded_at: Moment
    author: Person
    approver: Person
    supersedes: int | None = Field(description="The number of the finding that it corrects.")
    method_version: str
    coding: Coding
    evidence: list[Frozen]
    url: str = Field(description="Its place on a page.", examples=["/measures/4.7/#finding-2"])


class Chapter(Finding):
    """A finding in the story of its measure: whether it holds, and whether it was corrected."""

    holds: bool
    corrected: bool


class MeasureInFull(Measure, Dated):
    """One commitment with its findings, the latest in the world first, and its citations."""

    findings: list[Chapter]
    citations: list[Citation]


class Evidence(Schema):
    """One document in the world, and where it is cited."""

    key: EvidenceKey
    title: str
    title_zh: str
    title_zh_ours: bool
    kind: EvidenceKind
    issuer: str
    issuer_zh: str
    bodies: list[Slug]
    tier: int
    document_number: str
    issued_on: Day | None
    effective_on: Day | None
    language: Language
    url: str
    archive_url: str
    archived_on: Day | None
    checked_state: Checked
    checked_on: Day | None
    checked_how: str
    seen_at: list[str]
    citations: list[Citation]


class EvidenceInFull(Evidence, Dated):
    """One document."""


class CitationInFull(Citation, Dated):
    """One document under one measure."""


class Begun(Schema):
    """Which draft it is, and how far it is."""

    id: str = Field(examples=["5f0c6f6e-8c1f-4b0e-9d0b-3c9f1f3f6a10"])
    source: Slug
    measure: Code
    state: DraftState


class Draft(Judgement, Begun):
    """A proposed finding on its way, as its author reads it.

    `problems` says what a reviewer would have against it; without any it can be handed in.
    """

    is_late: bool
    corrects: int | None = Field(description="The number of the finding that it corrects.")
    citations: list[EvidenceKey] = Field(description="The evidence that it rests on, by key.")
    decision_note: str = Field(description="What the reviewer said who returned it.")
    finding: int | None = Field(description="The number of the finding that it became.")
    begun_at: Moment
    submitted_at: Moment | None
    url: str = Field(
        description="Its page.",
        examples=["/desk/drafts/5f0c6f6e-8c1f-4b0e-9d0b-3c9f1f3f6a10/"],
    )


class DraftInFull(Draft):
    """One draft."""

    problems: list[Reason]


class Drafts(Schema):
    """Your drafts, the latest begun first."""

    total: int
    items: list[Draft]
    next: str | None


class Count(Schema):
    """How many measures have a status; every status is told, those that nothing has with 0."""

    status: ShownStatus
    label: str
    number: int


class Kept(Schema):
    """How many measures keep the day that the source states."""

    schedule: Schedule
    label: str
    number: int


class OfTheme(Schema):
    """The counts of one theme, with their denominator."""

    theme: Slug
    title: str
    title_zh: str
    total: int
    counts: list[Count]


class Progress(Dated):
    """Where the commitments stand, counted with their denominator."""

    source: Slug
    total: int
    achieved: int = Field(description="Implemented or sustained.")
    counts: list[Count]
    themes: list[OfTheme]
    schedules: list[Kept]


class Point(Schema):
    """Where the commitments stood on one day."""

    day: Day
    total: int
    counts: list[Count]


class Trend(Dated):
    """The same at each month's end since the day of the source."""

    source: Slug
    points: list[Point]


class Move(Schema):
    """A measure whose status differs between the two days, and why; `evidence` is what moved it."""

    measure: Code
    title: str
    before: ShownStatus
    after: ShownStatus
    direction: int = Field(description="1 up, -1 down, 0 where the ladder does not say.")
    kind: str = Field(examples=["up"])
    reason: str = Field(examples=["world-changed"])
    evidence: list[EvidenceKey]


class Side(Schema):
    """One of the two days."""

    day: Day
    known: Moment | None
    total: int
    counts: list[Count]


class Comparison(Dated):
    """What the register says of one day beside what it says of another."""

    source: Slug
    earlier: Side
    later: Side
    moves: list[Move]


class Edit(Schema):
    """A field of an entry before and after; texts, numbers, lists or None."""

    field: str
    before: str | int | bool | list[str] | None
    after: str | int | bool | list[str] | None


class Entry(Schema):
    """One link of the record: who did what to which object, when and why."""

    sequence: int
    at: Moment
    actor: str = Field(description="The opaque id of a person.")
    action: str = Field(examples=["changed"])
    noun: Noun
    key: str
    why: str
    changes: list[Edit]
    previous: str
    hash: str
