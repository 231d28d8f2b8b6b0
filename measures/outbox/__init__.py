"""What is told to people and their machines: decided once, put together late, sent once.

`deciding` says what is due and writes it down, `digest` gathers what a message tells, `letters`
make mails of it and `hooks` requests, `sending` gets them out, however often that takes.
"""

from .deciding import AHEAD, decide, forget
from .digest import Digest, gather
from .hooks import may_be_asked, signature
from .letters import Letter, compose
from .sending import KEPT, refusal, send, send_one

__all__ = [
    "AHEAD",
    "KEPT",
    "Digest",
    "Letter",
    "compose",
    "decide",
    "forget",
    "gather",
    "may_be_asked",
    "refusal",
    "send",
    "send_one",
    "signature",
]
