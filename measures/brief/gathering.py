"""What a brief tells: every figure from progress, so that page, Word and Excel agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from .. import method, record
from ..models import Body, Measure, RecordEntry, Source, Theme
from ..progress import (
    CORRECTED,
    LEARNT_MORE,
    LINK_SILENT,
    WORLD_CHANGED,
    Comparison,
    Concern,
    Move,
    State,
    Trend,
    Weak,
    compare,
    concerns,
    trend,
    weakest,
)
from ..text import sentences
from .words import day_of, moment_of, say, told


@dataclass(frozen=True, slots=True)
class Row:
    """How many of how many measures have a status on the two days."""

    term: method.Status
    before: int
    before_total: int
    after: int
    after_total: int

    @property
    def change(self) -> int:
        """How many more, less than 0 for fewer."""
        return self.after - self.before

    @property
    def signed(self) -> str:
        """The change with its sign."""
        return f"{self.change:+d}".replace("-", "−") if self.change else "0"


@dataclass(frozen=True, slots=True)
class Part:
    """One theme in the period."""

    theme: Theme
    comparison: Comparison

    @property
    def before(self) -> State:
        """Where it stood on the first day."""
        return self.comparison.earlier

    @property
    def after(self) -> State:
        """Where it stands on the last."""
        return self.comparison.later

    @property
    def moved(self) -> int:
        """How many of its measures moved."""
        return len(self.comparison.moves)


@dataclass(frozen=True)
class Brief:
    """A period of one source, or of some of its themes and bodies; none of them means all.

    `known` None means now. `head` is the head of the record by then.
    """

    source: Source
    comparison: Comparison
    known: datetime | None
    themes: tuple[Theme, ...]
    bodies: tuple[Body, ...]
    parts: tuple[Part, ...]
    concerns: tuple[Concern, ...]
    weakest: tuple[Weak, ...]
    head: RecordEntry | None

    @property
    def earlier(self) -> State:
        """The state on the first day."""
        return self.comparison.earlier

    @property
    def later(self) -> State:
        """The state on the last day."""
        return self.comparison.later

    @property
    def moves(self) -> tuple[Move, ...]:
        """The measures that moved, the latest fact first."""
        return self.comparison.moves

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every status, furthest first, those that nobody has as well."""
        totals = len(self.earlier), len(self.later)
        pairs = zip(self.earlier.counts, self.later.counts, strict=True)
        return tuple(Row(b.term, b.number, totals[0], a.number, totals[1]) for b, a in pairs)

    @property
    def title(self) -> str:
        """What the brief is called."""
        return say("brief", source=told(self.source, "title"))

    @property
    def period(self) -> str:
        """The two days."""
        return say("period", first=day_of(self.earlier.day), last=day_of(self.later.day))

    @property
    def limits(self) -> str:
        """What it is limited to, empty for the whole source."""
        names = [told(each, "title") for each in (*self.themes, *self.bodies)]
        return say("limited", parts=say("joint").join(names)) if names else ""

    @property
    def sentence(self) -> str:
        """How many of how many are implemented or sustained, and how many were."""
        before, now = self.earlier.achieved, self.later.achieved
        was = say("number", number=before) if before else say("none")
        if len(self.earlier) != len(self.later):
            was = say("of", number=before, total=len(self.earlier))
        return say(
            "one" if now == 1 else "many",
            total=len(self.later),
            achieved=say("number", number=now) if now else say("none"),
            before=was,
            first=day_of(self.earlier.day),
            last=day_of(self.later.day),
        )

    @property
    def movement(self) -> str:
        """How many moved, and why."""
        number = self.comparison.number_of
        if not self.moves:
            return say("nothing moved")
        return say(
            "moved",
            number=len(self.moves),
            world=number[WORLD_CHANGED],
            learnt=number[LEARNT_MORE],
            corrected=number[CORRECTED],
        )

    @property
    def asked(self) -> str:
        """The two dates of the brief."""
        if self.known is None:
            return say("as of today", day=day_of(self.later.day))
        return say("as of", day=day_of(self.later.day), known=moment_of(self.known))

    @property
    def dates(self) -> str:
        """The same, and whether the first day is seen in hindsight."""
        if self.earlier.known == self.known:
            return sentences(self.asked, say("both"))
        first, known = day_of(self.earlier.day), moment_of(self.earlier.known)
        return sentences(self.asked, say("earlier", first=first, known=known))

    @property
    def witness(self) -> str:
        """The head of the record, empty before its first entry."""
        if self.head is None:
            return ""
        return say("head", number=self.head.sequence, hash=self.head.hash[:12])

    @cached_property
    def trend(self) -> Trend:
        """The same measures from the day of the source on. Two queries."""
        whole = trend(self.source, self.later.day, self.known)
        if not (self.themes or self.bodies):
            return whole
        return whole.of_measures(s.measure.pk for s in self.later.standings)


def reasons(about: Concern | Weak) -> str:
    """Why a measure needs attention, or rests on little, in words."""
    days = getattr(about, "days_overdue", 0)
    return say("joint").join(
        _silent(about)
        if isinstance(about, Concern) and slug == LINK_SILENT
        else say(slug, days=days)
        for slug in about.reasons
    )


def _silent(about: Concern) -> str:
    """How many of the cited pages no longer answer, and of how many a copy is held."""
    if not about.held:
        held = say("held none")
    elif about.held == about.silent:
        held = say("held one" if about.silent == 1 else "held all")
    else:
        held = say("held single" if about.held == 1 else "held some", number=about.held)
    return say("one silent" if about.silent == 1 else "many silent", number=about.silent, held=held)


def gather(
    source: Source,
    first: date,
    last: date,
    known: datetime | None = None,
    *,
    themes: Iterable[Theme] = (),
    bodies: Iterable[Body] = (),
) -> Brief:
    """The brief for the period, limited to the measures of these themes and of these bodies.

    A dozen queries, however many measures there are.
    """
    themes = tuple(record.rewound(themes, known))
    bodies = tuple(record.rewound(bodies, known))
    whole = compare(source, first, last, known)
    part = whole.of_measures(_wanted(whole, themes, bodies)) if themes or bodies else whole
    rows = source.themes.select_related("source").order_by("number")
    shown = themes or tuple(record.rewound(rows, known))
    return Brief(
        source=source,
        comparison=part,
        known=known,
        themes=themes,
        bodies=bodies,
        parts=tuple(Part(theme, part.of_theme(theme)) for theme in shown),
        concerns=concerns(part.later),
        weakest=weakest(part.later),
        head=record.head(known),
    )


def _wanted(whole: Comparison, themes: tuple[Theme, ...], bodies: tuple[Body, ...]) -> set[int]:
    """The measures of any of these themes that are in the care of any of these bodies."""
    measures = {s.measure for state in (whole.earlier, whole.later) for s in state.standings}
    wanted = {m.pk for m in measures if not themes or m.theme_id in {t.pk for t in themes}}
    if bodies:
        theirs = Measure.objects.of_bodies(bodies).values_list("pk", flat=True)
        wanted &= set(theirs)
    return wanted
