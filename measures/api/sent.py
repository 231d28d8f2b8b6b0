"""What may be sent: the body of each request, with strict types and nothing beside them."""

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from .words import (
    DAY,
    AskedStatus,
    Bearing,
    Checked,
    Confidence,
    EvidenceKey,
    EvidenceKind,
    Language,
    Slug,
    Stage,
)


def _day(value: str) -> str:
    """A day that the calendar has; the pattern alone lets 2021-02-30 pass."""
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(_("Write the day as 2021-06-30.")) from error
    return value


SentDay = Annotated[
    str,
    Field(
        pattern=DAY,
        json_schema_extra={"format": "date"},
        examples=["2021-06-01"],
    ),
    AfterValidator(_day),
]
Text = Annotated[str, Field(max_length=20_000)]
Line = Annotated[str, Field(max_length=500)]


def left_out(**told: Any) -> Any:
    """A field that may be left out: then it stays as it is, or as it begins."""
    return Field(default_factory=lambda: None, **told)


class Sent(BaseModel):
    """A body. A name that is not understood is refused, and "1" is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def told(self) -> dict[str, Any]:
        """What was said, and nothing that was not."""
        return self.model_dump(exclude_unset=True)


class Document(Sent):
    """What there is to say of a document, apart from its key."""

    title: Annotated[str, Field(min_length=1, max_length=300)] = left_out()
    title_zh: Annotated[str, Field(max_length=300)] = left_out(examples=["专利法"])
    title_zh_ours: bool = left_out(description="The Chinese title is our rendering.")
    url: Line = left_out(examples=["https://example.org/patent-law"])
    archive_url: Line = left_out(examples=["https://web.archive.org/web/2024/https://example.org/"])
    archived_on: SentDay | None = left_out(description="When the copy there was made.")
    document_number: Annotated[str, Field(max_length=120)] = left_out(examples=["国发〔2021〕20号"])
    kind: EvidenceKind = left_out()
    tier: Annotated[int, Field(ge=1, le=5)] = left_out(description="1 is nearest to the fact.")
    issuer: Annotated[str, Field(max_length=400)] = left_out()
    issuer_zh: Annotated[str, Field(max_length=400)] = left_out()
    bodies: list[Slug] = left_out(description="The issuing bodies, by their slugs.")
    issued_on: SentDay | None = left_out()
    effective_on: SentDay | None = left_out()
    language: Language = left_out()
    checked_state: Checked = left_out()
    checked_on: SentDay | None = left_out()
    checked_how: Text = left_out()
    seen_at: list[Line] = left_out(description="Other pages on which the text was read.")


class NewDocument(Document):
    """A new document. What the library holds that may be the same is answered with 409."""

    title: Annotated[str, Field(min_length=1, max_length=300)] = Field(
        examples=["Patent Law, as amended in 2020"]
    )
    kind: EvidenceKind
    tier: Annotated[int, Field(ge=1, le=5)]
    key: EvidenceKey = left_out(description="Left out, it is made from the title and the year.")
    another: list[EvidenceKey] = left_out(
        description="Documents that you have looked at: yours is another one."
    )


class ChangedDocument(Document):
    """What is to be otherwise about a document."""

    why: Line = left_out(description="Kept in the record beside the change.")


class CitationSaid(Sent):
    """What a document shows of a measure, how far the act had come, its bearing."""

    stage: Stage = left_out()
    bearing: Bearing = left_out()
    note: Text = left_out()
    note_zh: Text = left_out()
    quotation: Text = left_out()
    locator: Annotated[str, Field(max_length=120)] = left_out(examples=["Article 5"])


class NewCitation(CitationSaid):
    """A document to be cited under a measure. Without `bearing` it supports."""

    evidence: EvidenceKey
    stage: Stage


class ChangedCitation(CitationSaid):
    """What is to be otherwise about a citation."""

    why: Line = left_out(description="Kept in the record beside the change.")


class NewDraft(Sent):
    """A draft begins with what holds now, or with the finding that it corrects."""

    corrects: Annotated[int, Field(ge=1, le=32_767)] | None = left_out(
        description="The number of the finding to correct.", examples=[2]
    )


class ChangedDraft(Sent):
    """What the author of a draft says. Kept as it is; the rules are told beside it."""

    status: AskedStatus = left_out()
    effective_on: SentDay = left_out()
    is_late: bool = left_out()
    citations: list[EvidenceKey] = left_out(
        description="The evidence it rests on, cited under the measure before."
    )
    confidence: Confidence = left_out()
    confidence_reason: Annotated[str, Field(max_length=300)] = left_out()
    confidence_reason_zh: Annotated[str, Field(max_length=300)] = left_out()
    rationale: Text = left_out(examples=["The law has been in force since 1 June 2021."])
    rationale_zh: Text = left_out()
    search_where: Text = left_out()
    search_languages: Annotated[str, Field(max_length=120)] = left_out()
    search_terms: Text = left_out()
    searched_until: SentDay | None = left_out()
    correction_reason: Text = left_out(description="Of a correction: what was wrong.")
