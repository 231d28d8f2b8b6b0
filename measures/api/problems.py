"""What is answered where something is not done: the one shape of every error."""

from typing import Any

from ninja import Schema
from pydantic import Field


class Reason(Schema):
    """One of several reasons why something is not done, and the field it is about."""

    field: str = Field(examples=["rationale"])
    message: str = Field(examples=["Say why: a finding without reasons cannot be checked."])


class Difference(Schema):
    """A field in which what was sent differs from what is there now."""

    field: str = Field(examples=["title"])
    yours: Any
    theirs: Any


class Problem(Schema):
    """What went wrong: a code for machines, a sentence for people, the field if it is one.

    `problems` has every reason where there are several; `differences` both texts where somebody
    was quicker; `alike` the keys of documents that may be the one described.
    """

    code: str = Field(examples=["invalid"])
    message: str = Field(examples=["“soon” is no date. Write it as 2021-06-30."])
    field: str = Field("", examples=["as_of"])
    problems: list[Reason] = Field([])
    differences: list[Difference] = Field([])
    alike: list[str] = Field([], examples=[["patent-law-2020"]])


class Error(Schema):
    """The one shape of every error."""

    error: Problem
