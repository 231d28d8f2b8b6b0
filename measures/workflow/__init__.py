"""The verbs of people. Permission, rules, version and record in one transaction.

Every door (page, admin, import, command) comes through here, so that what holds for one holds for
all: `drafts` are begun, written, handed in and decided on, and become `findings` of the record;
`register` is what findings rest on, `journal` what staff tell each other.
"""

from .accounts import (
    accept_invitation,
    factors_of,
    invite,
    invited_by_address,
    invited_by_link,
    link_of,
    owes_factor,
    reset_factors,
    withdraw_invitation,
)
from .drafts import (
    JUDGED,
    OPEN,
    approve,
    begin,
    bring_in,
    cited,
    in_order,
    objections,
    propose,
    proposed,
    queue,
    said,
    save,
    send_back,
    start,
    submit,
    take_up,
    verdicts,
    withdraw,
)
from .findings import Entrance, check, enter, latest, review_day, two_persons
from .journal import note, put_aside
from .people import Erasure, erase, naming
from .receipts import Reused, once
from .refusals import Decided, Outdated, Overtaken, Refused, allowed, may_write
from .register import add_all, add_evidence, alike, attach, change, cite
from .tokens import make_token, revoke_token
from .views import NameTaken, change_view, delete_view, save_view, start_with

__all__ = [
    "JUDGED",
    "OPEN",
    "Decided",
    "Entrance",
    "Erasure",
    "NameTaken",
    "Outdated",
    "Overtaken",
    "Refused",
    "Reused",
    "accept_invitation",
    "add_all",
    "add_evidence",
    "alike",
    "allowed",
    "approve",
    "attach",
    "begin",
    "bring_in",
    "change",
    "change_view",
    "check",
    "cite",
    "cited",
    "delete_view",
    "enter",
    "erase",
    "factors_of",
    "in_order",
    "invite",
    "invited_by_address",
    "invited_by_link",
    "latest",
    "link_of",
    "make_token",
    "may_write",
    "naming",
    "note",
    "objections",
    "once",
    "owes_factor",
    "propose",
    "proposed",
    "put_aside",
    "queue",
    "reset_factors",
    "review_day",
    "revoke_token",
    "said",
    "save",
    "save_view",
    "send_back",
    "start",
    "start_with",
    "submit",
    "take_up",
    "two_persons",
    "verdicts",
    "withdraw",
    "withdraw_invitation",
]
