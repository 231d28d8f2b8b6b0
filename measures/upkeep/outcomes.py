"""What a check comes to."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`advice` is for a person to weigh; `failing` is wrong whoever looks at it."""

    OK = "ok"
    ADVICE = "advice"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How something stands, in a sentence, and how to mend it where it is not well."""

    state: State
    told: str
    mend: str = ""


def well(told: str) -> Outcome:
    return Outcome(State.OK, told)


def advice(told: str, mend: str) -> Outcome:
    return Outcome(State.ADVICE, told, mend)


def failing(told: str, mend: str) -> Outcome:
    return Outcome(State.FAILING, told, mend)
