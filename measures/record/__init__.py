"""The record: the append-only, hash-chained log of every change anybody makes.

`entries` writes it, `reading` and `past` read it, `chain` verifies it, `stamps` say
what is made of it, `triggers` make the database
refuse to change it and `checks` reports at start when they are missing.
"""

from .chain import Broken, Verdict, head, verify
from .entries import (
    Conflict,
    actor,
    add_all,
    add_up,
    added,
    changed,
    claim,
    claimed,
    delete,
    moment,
    noted,
    one_moment,
    removed,
    save,
    system_account,
    unclaim,
)
from .past import rewound
from .reading import Change, Line, read
from .stamps import stamp

__all__ = [
    "Broken",
    "Change",
    "Conflict",
    "Line",
    "Verdict",
    "actor",
    "add_all",
    "add_up",
    "added",
    "changed",
    "claim",
    "claimed",
    "delete",
    "head",
    "moment",
    "noted",
    "one_moment",
    "read",
    "removed",
    "rewound",
    "save",
    "stamp",
    "system_account",
    "unclaim",
    "verify",
]
