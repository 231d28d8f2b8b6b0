"""What may be asked: the query of each address, and nothing beside it."""

from typing import Annotated, Any, Self, get_origin

from django.http import QueryDict
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from .words import (
    CURSOR,
    AskedBaseline,
    AskedConfidence,
    AskedStatus,
    Bearing,
    Change,
    Checked,
    EvidenceKind,
    Kind,
    Language,
    LinkOutcome,
    MeasureCode,
    Nature,
    Noun,
    Review,
    Schedule,
    ShownStatus,
    Slug,
)

MOST = 500
# What is left open. Not said by the type: in an address there is no null to write.
OPEN: Any = None


def a_day(meaning: str, example: str = "2021-06-30", **more: Any) -> Any:
    """A day that may be left out."""
    told: dict[str, Any] = {"format": "date", "example": example}
    return Field(OPEN, description=meaning, json_schema_extra=told, **more)


class Strict(Schema):
    """A name that is not understood is refused; a list may be asked for several times."""

    @model_validator(mode="after")
    def _nothing_else(self, info: ValidationInfo) -> Self:
        asked = info.context["request"].GET if info.context else QueryDict()
        fields = {field.alias or name: field for name, field in type(self).model_fields.items()}
        for name in asked:
            if name not in fields:
                told: dict[str, Any] = {"field": name}
                raise PydanticCustomError("unknown", _("There is no such field."), told)
            if len(asked.getlist(name)) > 1 and get_origin(fields[name].annotation) is not list:
                raise PydanticCustomError("twice", _("Ask for one value."), {"field": name})
            if not all(value.strip() for value in asked.getlist(name)):
                raise PydanticCustomError("empty", _("Leave it out, or say what."), {"field": name})
        return self


class Asked(Strict):
    """The two dates of every answer."""

    as_of: str = a_day("The day in the world, such as 2021-06-30. Without it, today.", "2023-01-31")
    known: str = Field(
        OPEN,
        description="A day or a moment: what was recorded later is left out. Without it, now.",
        json_schema_extra={"example": "2023-06-30"},
    )


class InPages(Strict):
    """A list, a page at a time."""

    limit: int = Field(100, ge=1, le=MOST, description="Rows on a page.")
    cursor: str = Field(
        OPEN,
        pattern=CURSOR,
        max_length=500,
        description="Where the page begins: as `next` of the page before has it.",
    )


class Paged(Asked, InPages):
    """A list of some day, a page at a time."""


class OfSource(Schema):
    source: Slug = Field(OPEN, description="The slug of a source. Without it, the default one.")


class Part(OfSource):
    theme: Slug = Field(OPEN, description="Only this theme, by its slug.")
    body: Slug = Field(OPEN, description="Only what this body is responsible for, by its slug.")


class SourcesAsked(Paged):
    """Sources."""


class ThemesAsked(Paged, OfSource):
    """Themes of a source."""


class MeasuresAsked(Paged, OfSource):
    """Measures of a source. Of each filter several values may be asked for: any of them."""

    theme: list[Slug] = Field(OPEN, description="Only these themes, by their slugs.")
    body: list[Slug] = Field(
        OPEN, description="Only what one of these bodies is responsible for, by their slugs."
    )
    status: list[ShownStatus] = Field(OPEN, description="Only those that stand so.")
    kind: list[Kind] = Field(OPEN)
    nature: list[Nature] = Field(OPEN)
    schedule: list[Schedule] = Field(OPEN)
    confidence: list[AskedConfidence] = Field(OPEN, description="That of the finding that holds.")
    baseline: list[AskedBaseline] = Field(OPEN)
    review: list[Review] = Field(OPEN, description="How the review date stands on the day.")


class MeasureAsked(Asked, OfSource):
    """One measure of a source."""


class FindingsAsked(Paged, OfSource):
    """Findings on the measures of a source."""

    measure: MeasureCode = Field(OPEN, description="Only those on this measure, by its code.")
    theme: Slug = Field(OPEN, description="Only those on measures of this theme, by its slug.")
    status: AskedStatus = Field(OPEN)


class EvidenceAsked(Paged):
    """Documents of the library. Of each filter several values may be asked for: any of them."""

    kind: list[EvidenceKind] = Field(OPEN)
    tier: list[Annotated[int, Field(ge=1, le=5)]] = Field(OPEN)
    body: list[Slug] = Field(OPEN, description="Only what one of these bodies issued.")
    year: list[Annotated[int, Field(ge=1000, le=9999)]] = Field(
        OPEN, description="Only what was issued in one of these years."
    )
    bearing: list[Bearing] = Field(OPEN)
    language: list[Language] = Field(OPEN)
    checked: list[Checked] = Field(OPEN, description="How far the document was checked.")
    link: list[LinkOutcome] = Field(OPEN, description="What the last check of its page found.")


class PartAsked(Asked, Part):
    """A source, or a theme or a body of it."""


class CompareAsked(PartAsked):
    """Two days of a source, or of a part of it."""

    from_: str = a_day("The first day. Without it, the day of the source.", alias="from")
    to: str = a_day("The second day. Without it, `as_of`.", "2023-01-31")
    hindsight: bool = Field(
        False, description="Read the first day as it is known for the second as well."
    )


class ChangesAsked(Paged):
    """Entries of the record."""

    noun: list[Noun] = Field(OPEN)
    change: list[Change] = Field(OPEN, description="Only changes of this kind.")
    since: str = a_day("Only what was recorded on this day or later.")
    until: str = a_day("Only what was recorded on this day or before.", "2023-01-31")


class WrittenOf(Strict, OfSource):
    """The source of the measure that is written about."""


class DraftsAsked(InPages):
    """Your drafts, as they are now."""
