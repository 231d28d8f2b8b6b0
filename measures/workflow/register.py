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
    link, code = _link(url) if url else "", _number(number) if number else ""
    near, near_zh = _Near(title), _Near(title_zh)
    rows = Evidence.objects.newest_first().values_list(
        "pk", "url", "document_number", "title", "title_zh"
    )
    found = [
        pk
        for pk, its_url, its_number, its_title, its_title_zh in rows.iterator(chunk_size=2000)
        if (link and _link(its_url) == link)
        or (code and _number(its_number) == code)
        or near.to(its_title)
        or near_zh.to(its_title_zh)
    ]
    return list(Evidence.objects.filter(pk__in=found).newest_first())


def _link(url: str) -> str:
    """The address without what does not tell pages apart."""
    return re.sub(r"^https?://(www\.)?|/*(#.*)?$", "", url.strip().lower())


def _number(number: str) -> str:
    """A document number without brackets and spaces: 〔2021〕20号 and [2021]20号 are one."""
    return re.sub(r"[^\w]", "", number.lower())


class _Near:
    """A title that many are held against: what can be known of it beforehand is reckoned once."""

    def __init__(self, told: str) -> None:
        self.matcher = SequenceMatcher(None, b=told.lower(), autojunk=False) if told else None

    def to(self, held: str) -> bool:
        """Whether the two share so much that they may be one; the cheapest bound is tried first."""
        if not held or self.matcher is None:
            return False
        self.matcher.set_seq1(held.lower())
        bounds = (self.matcher.real_quick_ratio, self.matcher.quick_ratio, self.matcher.ratio)
        return all(bound() >= NEAR for bound in bounds)
