"""Why something was not done: each says what, why and what to do next."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .. import method
from ..models import Draft, Finding, User

WRITING = ("add_evidence", "add_citation", "add_draft")


class Refused(Exception):
    """What was asked would break the method. `objections` say why and what would satisfy it."""

    def __init__(self, objections: Sequence[method.Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__(" ".join(objection.sentence for objection in objections))


class Overtaken(Exception):
    """Another finding was approved since the draft was begun: look at both before deciding."""

    def __init__(self, draft: Draft, standing: Finding | None) -> None:
        self.draft, self.standing = draft, standing
        super().__init__(
            _(
                "Another finding on %(measure)s was approved after this draft was begun. "
                "Compare the two, then start anew."
            )
            % {"measure": draft.measure}
        )


class Outdated(Exception):
    """The evidence reads otherwise than when the draft was handed in.

    `then` and `now` are the proposal in full, as `proposed` gives it.
    """

    def __init__(self, draft: Draft, then: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        self.draft, self.then, self.now = draft, then, now
        super().__init__(
            _(
                "The evidence was changed after this draft was handed in. Read both versions, and "
                "return the draft so that its author can hand it in anew."
            )
        )


class Decided(Exception):
    """Somebody else has decided on the draft, or it is not waiting for a decision."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(
            _("This draft is no longer waiting for this: it is %(state)s.")
            % {"state": method.DRAFT_STATES[draft.state].label.lower()}
        )


def allowed(person: User, permission: str) -> None:
    """Raise `PermissionDenied` unless the person holds the permission of this app."""
    if not person.has_perm(f"measures.{permission}"):
        raise not_allowed()


def not_allowed() -> PermissionDenied:
    """What is said to a person whose account lacks a permission."""
    return PermissionDenied(_("Your account does not allow this. Ask an administrator."))


def may_write(person: User) -> bool:
    """Whether the person may add evidence or write drafts."""
    return any(person.has_perm(f"measures.{verb}") for verb in WRITING)
