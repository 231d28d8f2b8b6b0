"""What findings rest on: evidence, its citations and held copies, and the care of measures."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from django.db import models, transaction
from django.utils.translation import gettext as _

from .. import method, record
from ..models import Attachment, Citation, Evidence, User
from ..models.tracked import Tracked
from .refusals import Refused, allowed

NEAR = 0.88  # Titles that share this much of their text are shown as possibly the same.


@transaction.atomic
def add_evidence(evidence: Evidence, *, by: User, bodies: Iterable[models.Model] = ()) -> Evidence:
    """Put a new document into the library."""
    allowed(by, "add_evidence")
    record.save(evidence, by=by, bodies=bodies)
    return evidence


@transaction.atomic
def cite(citation: Citation, *, by: User) -> Citation:
    """Attach evidence to a measure; refused where it is attached already."""
    allowed(by, "add_citation")
    if Citation.objects.filter(evidence=citation.evidence, measure=citation.measure).exists():
        sentence = _("This document is cited under the measure already. Change that citation.")
        raise Refused([method.Objection("evidence", sentence)])
    record.save(citation, by=by)
    return citation


@transaction.atomic
def add_all(
    rows: Sequence[Tracked],
    *,
    by: User,
    many: Sequence[Mapping[str, Iterable[models.Model]]],
    why: str = "",
) -> None:
    """Put many new rows of one kind into the register; `many` has the lists of each row."""
    allowed(by, f"add_{rows[0]._meta.model_name}")
    record.add_all(rows, by=by, many=many, why=why)


@transaction.atomic
def change(obj: Tracked, *, by: User, why: str = "", **many: Iterable[models.Model]) -> bool:
    """Save an edited measure, evidence or citation; `record.Conflict` over a newer version."""
    allowed(by, f"change_{obj._meta.model_name}")
    return record.save(obj, by=by, why=why, **many)


@transaction.atomic
def attach(attachment: Attachment, *, by: User) -> Attachment:
    """Say that a held copy, whose file is stored already, belongs to its evidence."""
    allowed(by, "add_attachment")
    held = Attachment.objects.filter(evidence=attachment.evidence, sha256=attachment.sha256).first()
    if held:
        return held
    record.save(attachment, by=by)
    return attachment


@transaction.atomic
def publish(attachment: Attachment, *, by: User, why: str) -> bool:
    """Let everybody have a held copy; `why` says what allows it. False where they may already."""
    if not why.strip():
        sentence = _("Say why this copy may be published: it is kept in the record.")
        raise Refused([method.Objection("why", sentence)])
    return _marked(attachment, True, by, why)


@transaction.atomic
def withdraw_copy(attachment: Attachment, *, by: User, why: str = "") -> bool:
    """Keep a held copy for staff alone again, on pages of the past as well."""
    return _marked(attachment, False, by, why)


def _marked(attachment: Attachment, is_public: bool, by: User, why: str) -> bool:
    allowed(by, "change_attachment")
    attachment.is_public = is_public
    return record.save(attachment, by=by, why=why.strip())


def alike(
    *, title: str = "", title_zh: str = "", url: str = "", number: str = ""
) -> list[Evidence]:
    """Documents in the library that may be the one described: same link, number or near title."""
    found: dict[int, Evidence] = {}
    for evidence in Evidence.objects.newest_first():
        same = (
            (url and _link(evidence.url) == _link(url))
            or (number and _number(evidence.document_number) == _number(number))
            or _near(evidence.title, title)
            or _near(evidence.title_zh, title_zh)
        )
        if same:
            found[evidence.pk] = evidence
    return list(found.values())


def _link(url: str) -> str:
    """The address without what does not tell pages apart."""
    return re.sub(r"^https?://(www\.)?|/*(#.*)?$", "", url.strip().lower())


def _number(number: str) -> str:
    """A document number without brackets and spaces: 〔2021〕20号 and [2021]20号 are one."""
    return re.sub(r"[^\w]", "", number.lower())


def _near(held: str, told: str) -> bool:
    if not held or not told:
        return False
    matcher = SequenceMatcher(None, held.lower(), told.lower(), autojunk=False)
    return matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR
