"""The words that questions and answers are made of, with their form and an example of each."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .. import method
from ..forms import NOUNS
from ..models.evidence import UNCHECKED
from ..models.measure import NONE
from ..models.record_entry import CHANGES


class OneOf:
    """Marks a text that is one of these words, and names them in the description of the API."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.words)}

    def check(self, value: str) -> str:
        if value not in self.words:
            told = {"words": ", ".join(word for word in self.words if word)}
            raise ValueError(_("Write one of these: %(words)s.") % told)
        return value


CODE = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
CURSOR = r"^[A-Za-z0-9_.:-]+$"  # Base64 as it is written in addresses, and its signature.

Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2021-06-01"])]
Moment = Annotated[
    str,
    Field(json_schema_extra={"format": "date-time"}, examples=["2023-06-01T09:00:00.123456+00:00"]),
]
Slug = Annotated[str, Field(pattern=CODE, max_length=80, examples=["patents"])]
MeasureCode = Annotated[str, Field(pattern=CODE, max_length=20, examples=["4.7"])]
EvidenceKey = Annotated[str, Field(pattern=CODE, max_length=80, examples=["patent-law-2020"])]
Person = Annotated[
    str,
    Field(
        description="The opaque id of a person, or the name of a system account.",
        examples=["5f0c6f6e-8c1f-4b0e-9d0b-3c9f1f3f6a10"],
    ),
]

# As answered: what stands in the register, however it came in.
Code = Annotated[str, Field(examples=["4.7"])]

# What a question asks for.
AskedStatus = Annotated[str, OneOf(method.STATUSES)]
ShownStatus = Annotated[str, OneOf(method.SHOWN_STATUSES)]
Kind = Annotated[str, OneOf(method.KINDS)]
Nature = Annotated[str, OneOf(method.NATURES)]
Schedule = Annotated[str, OneOf(method.SCHEDULES)]
EvidenceKind = Annotated[str, OneOf(method.EVIDENCE_KINDS)]
Stage = Annotated[str, OneOf(method.STAGES)]
Bearing = Annotated[str, OneOf(method.BEARINGS)]
Noun = Annotated[str, OneOf(NOUNS)]
Change = Annotated[str, OneOf(CHANGES)]
AskedConfidence = Annotated[str, OneOf([*method.CONFIDENCES, NONE])]
AskedBaseline = Annotated[str, OneOf([*method.BASELINES, NONE])]
Review = Annotated[str, OneOf(["overdue", "ahead", NONE])]
LinkOutcome = Annotated[str, OneOf([*method.LINK_OUTCOMES, UNCHECKED])]

DraftState = Annotated[str, OneOf(method.DRAFT_STATES)]

# What an answer says, where it may also be left open.
Confidence = Annotated[str, OneOf(method.CONFIDENCES)]
Baseline = Annotated[str, OneOf(["", *method.BASELINES])]
Verifiability = Annotated[str, OneOf(["", *method.VERIFIABILITIES])]
Coding = Annotated[str, OneOf(["", *method.CODINGS])]
Checked = Annotated[str, OneOf(method.CHECKS)]
Language = Annotated[str, OneOf(method.LANGUAGES)]
