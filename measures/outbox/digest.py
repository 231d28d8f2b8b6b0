"""What a digest tells: the entries of the record between two heads, and what moved by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from .. import cite, record
from ..models import Evidence, Measure, Message, RecordEntry, Source, Subscription
from ..models.record_entry import RecordEntryQuerySet
from ..progress import Comparison, State, entries_about, moves, state
from ..record import Line

# More entries than these are counted and not read one by one: somebody loaded a register.
MOST_READ = 500


def entries_of(subscription: Subscription, first: int, last: int) -> RecordEntryQuerySet:
    """The entries on what is followed, after the first and up to the last.

    Whoever follows everything follows the library of evidence as well.
    """
    found = entries_about(subscription.source, **subscription.scope)
    if subscription.subject == Subscription.Subject.REGISTER:
        found = found | RecordEntry.objects.of_nouns("evidence")
    return found.between(first, last)


@dataclass(frozen=True)
class Digest:
    """The news of one subscription: from one head of the record to another.

    `first` None: nothing had been recorded before. `lines` are the newest entries, `total` is how
    many there are. `anchor` fixes the links for good.
    """

    subscription: Subscription
    first: RecordEntry | None
    last: RecordEntry
    comparison: Comparison
    lines: tuple[Line, ...]
    total: int
    anchor: cite.Anchor

    @property
    def source(self) -> Source:
        """The source that is read."""
        return self.subscription.source

    @cached_property
    def corrections(self) -> tuple[Line, ...]:
        """The findings that correct an earlier one, with their reasons."""
        return tuple(line for line in self.lines if line.is_correction and line.object)

    @cached_property
    def findings(self) -> tuple[Line, ...]:
        """The findings that neither correct nor moved anything: the level stayed."""
        moved = {m.after.finding.pk for m in self.comparison.moves if m.after.finding}
        return tuple(
            line
            for line in self.lines
            if line.is_finding
            and not line.is_correction
            and line.object
            and line.object.pk not in moved
        )

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that are new."""
        return tuple(self._added("measure"))

    @cached_property
    def documents(self) -> tuple[Evidence, ...]:
        """The documents that are new, in the library or under what is followed; each once."""
        cited = [citation.evidence for citation in self._added("citation")]
        return tuple(dict.fromkeys([*self._added("evidence"), *cited]))

    @cached_property
    def edits(self) -> tuple[Line, ...]:
        """What was changed besides, each object once: the newest entry on it."""
        others = [line for line in self.lines if line.object is not None and not _has_a_place(line)]
        newest_last = {(line.entry.noun, line.object.pk): line for line in reversed(others)}
        return tuple(reversed(newest_last.values()))

    @property
    def others(self) -> int:
        """How many changes are told of by number only: what is gone again, or was not read."""
        return self.total - sum(line.object is not None for line in self.lines)

    def _added(self, noun: str) -> Iterable[Any]:
        return (line.object for line in self.lines if line.entry.noun == noun and _is_new(line))


def _has_a_place(line: Line) -> bool:
    """Whether it is told under findings, moves, evidence or measures."""
    return line.is_finding or (
        line.entry.noun in ("evidence", "citation", "measure") and _is_new(line)
    )


def _is_new(line: Line) -> bool:
    return line.entry.action == RecordEntry.Action.ADDED and line.object is not None


def gather(message: Message) -> Digest:
    """What a message of this kind tells: the same whenever it is asked.

    A dozen queries, however much is followed.
    """
    subscription = message.subscription
    if subscription is None or message.first is None or message.last is None:
        raise ValueError("a digest has a subscription and two heads")
    heads = RecordEntry.objects.in_bulk([message.first, message.last])
    first, last = heads.get(message.first), heads[message.last]
    day = timezone.localdate(last.at)
    found = entries_of(subscription, message.first, message.last)
    read = record.read(found.newest_first()[:MOST_READ], known=last.at)
    record.rewound([subscription.source], last.at)
    return Digest(
        subscription=subscription,
        first=first,
        last=last,
        comparison=_compared(subscription, first, last),
        lines=tuple(read),
        total=found.count(),
        anchor=cite.Anchor(settings.SITE_URL, day, last.at, last, day),
    )


def _compared(
    subscription: Subscription, first: RecordEntry | None, last: RecordEntry
) -> Comparison:
    """What was known at the one head beside what was at the other, each on its own day."""
    later = _state(subscription, timezone.localdate(last.at), last.at)
    if first is None:
        earlier = State(subscription.source.delivered_on, None, ())
    else:
        earlier = _state(subscription, timezone.localdate(first.at), first.at)
    return Comparison(earlier, later, moves(earlier, later))


def _state(subscription: Subscription, day: date, known: datetime) -> State:
    scope = dict(subscription.scope)
    measure = scope.pop("measure", None)
    found = state(subscription.source, day, known, **scope)
    return found.of_measures({measure.pk}) if measure else found
