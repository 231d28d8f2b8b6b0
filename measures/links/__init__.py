"""Is the cited page still there: the only room that goes out to the network."""

from .check import Checker, agent, check
from .fetch import Answer, Failed, Fetcher, Limits
from .guard import Guard, Refused, Target, is_public
from .reading import Read, Reader, words
from .robots import Manners

__all__ = [
    "Answer",
    "Checker",
    "Failed",
    "Fetcher",
    "Guard",
    "Limits",
    "Manners",
    "Read",
    "Reader",
    "Refused",
    "Target",
    "agent",
    "check",
    "is_public",
    "words",
]
