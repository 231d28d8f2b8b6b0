"""Which pages of documents can no longer be read as they were cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from .. import method, record
from ..models import Attachment, Evidence, LinkCheck

GONE, CHANGED, UNREACHABLE, MOVED = "gone", "changed", "unreachable", "moved"
SILENT = method.SILENT


@dataclass(frozen=True, slots=True)
class Broken:
    """A document whose page fails, by its last check; `is_held` where a copy is kept."""

    evidence: Evidence
    check: LinkCheck
    is_held: bool

    @property
    def is_silent(self) -> bool:
        """Whether the page no longer answers; otherwise it answers with other words."""
        return self.check.outcome in SILENT


def broken(documents: Iterable[int], known: datetime | None = None) -> tuple[Broken, ...]:
    """Those of the documents, by their ids, whose page was failing when checked last by `known`.

    One failure to connect is none: a site may rest. Nor is a check of an address that has been
    mended since, or a change that a person has looked at since. Three queries at most, one more
    for the past.
    """
    rows = Evidence.objects.filter(pk__in=list(documents)).with_last_checks(known).newest_first()
    found = record.rewound([row for row in rows if row.last_check], known)  # type: ignore[attr-defined]
    ids = {pk for row in found for pk in (row.last_check, row.check_before) if pk}  # type: ignore[attr-defined]
    checks = LinkCheck.objects.in_bulk(ids)
    failing = {
        row: last
        for row in found
        if (last := checks.get(row.last_check)) is not None  # type: ignore[attr-defined]
        and _fails(row, last, checks.get(row.check_before))  # type: ignore[attr-defined]
    }
    held = Attachment.objects.held(failing, known)
    return tuple(Broken(row, check, row.pk in held) for row, check in failing.items())


def _fails(evidence: Evidence, last: LinkCheck, before: LinkCheck | None) -> bool:
    if last.address != evidence.url:
        return False
    if last.outcome == CHANGED:
        seen = evidence.checked_on
        return seen is None or seen < timezone.localdate(last.at)
    if last.outcome == UNREACHABLE:
        return before is not None and before.address == last.address and before.outcome in SILENT
    return last.outcome == GONE


def silent(documents: Iterable[int], known: datetime | None = None) -> dict[int, Broken]:
    """By id, those of the documents whose page no longer answers. As many queries as `broken`."""
    return {each.evidence.pk: each for each in broken(documents, known) if each.is_silent}


def all_broken() -> tuple[Broken, ...]:
    """Every cited document whose page fails now, the newest first. Four queries at most."""
    failing = Evidence.objects.cited().last_found(GONE, CHANGED, UNREACHABLE)
    return broken(failing.values_list("pk", flat=True))


def all_moved() -> tuple[Broken, ...]:
    """Every cited document whose page is there under another address, the newest first."""
    rows = Evidence.objects.cited().last_found(MOVED).with_last_checks().newest_first()
    found = {row.last_check: row for row in rows}  # type: ignore[attr-defined]
    checks = LinkCheck.objects.in_bulk(found)
    held = Attachment.objects.held(found.values())
    return tuple(
        Broken(row, checks[pk], row.pk in held)
        for pk, row in found.items()
        if checks[pk].address == row.url
    )
