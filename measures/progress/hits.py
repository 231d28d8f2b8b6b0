"""What a search finds on a day, as known at a moment, in the words of that moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .. import method, record, search
from ..models import (
    Body,
    Citation,
    Evidence,
    Finding,
    JournalNote,
    Measure,
    Passage,
    RecordEntry,
    Theme,
)

# Of one kind no more are looked at than a reader would: a question that finds more is too wide.
MOST = 200
EXCERPTS = 2

TITLES = {"code", "title", "title_zh", "short", "short_zh", "abbreviation", "document_number"}
# What a hit of these kinds is called by its own titles; the others by what they belong to.
WITH_TITLE = {"measure", "evidence", "theme", "body"}
# Read to find an object by, but no words that a reader could be shown.
NOT_SHOWN = {"romanised", "key", "code"}


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that was found: its titles and excerpts, in pieces of which some are marked.

    `is_named`: the question is its very code or number. `is_corrected`: a finding, corrected since.
    """

    obj: Any
    titles: tuple[search.Excerpt, ...]
    excerpts: tuple[search.Excerpt, ...]
    is_named: bool
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one kind, those that name what was asked for first; `is_cut`: there are more."""

    noun: str
    label: str | Promise
    objects: tuple[Any, ...]
    is_cut: bool
    query: search.Query
    frozen: Mapping[int, list[Any]]
    corrected: frozenset[int]

    def __len__(self) -> int:
        return len(self.objects)

    def __getitem__(self, place: slice) -> list[Hit]:
        """The hits at these places, with their excerpts: made only for those that are shown."""
        return [self._hit(obj) for obj in self.objects[place]]

    def _hit(self, obj: Any) -> Hit:
        told = search.words(self.noun, obj, self.frozen.get(obj.pk, ()))
        titled = self.noun in WITH_TITLE
        titles = [text for name, text in told if titled and name in ("title", "title_zh")]
        if method.reads_chinese():
            titles.reverse()
        others = dict.fromkeys(
            text
            for name, text in told
            if name not in NOT_SHOWN and not any(text in title for title in titles)
        )
        telling = sorted(others, key=self.query.met_by, reverse=True)[:EXCERPTS]
        excerpts = (search.excerpt(text, self.query) for text in telling)
        return Hit(
            obj,
            tuple(search.marked(text, self.query) for text in titles),
            tuple(each for each in excerpts if each),
            is_named=_is_named(obj, self.query),
            is_corrected=obj.pk in self.corrected,
        )


def find(
    text: str, day: date, known: datetime | None = None, *, notes: bool = False
) -> list[Found]:
    """What the text finds, kind by kind, first that of which one has this very code or number.

    `notes` only for those who may read them.

    All that was there on `day` as known at `known`, in the words of then: rows whose words changed
    since are read back and asked again. The number of questions to the database is fixed.
    """
    query = search.Query(text)
    if not query:
        return []
    kinds = {noun: rows for noun, rows in KINDS.items() if notes or noun not in FOR_STAFF}
    rows = {
        noun: _candidates(noun, kind[1](day, known), query, known) for noun, kind in kinds.items()
    }
    if known is not None:
        record.rewound([row for found in rows.values() for row in found], known)
        rows = {noun: _again(noun, found, query) for noun, found in rows.items()}
    ids = [finding.pk for finding in rows["finding"]]
    corrected = frozenset(Finding.objects.superseded_by_then(ids, known)) if ids else frozenset()
    found = [
        Found(
            noun,
            KINDS[noun][0],
            tuple(_best_first(noun, all_of_it, query)[:MOST]),
            len(all_of_it) > MOST,
            query,
            _frozen(noun, all_of_it),
            corrected if noun == "finding" else frozenset(),
        )
        for noun, all_of_it in rows.items()
        if all_of_it
    ]
    return sorted(found, key=lambda each: not _is_named(each.objects[0], query))


def _candidates(
    noun: str, rows: models.QuerySet[Any], query: search.Query, known: datetime | None
) -> list[Any]:
    """Rows that meet the query in their words of today, or may have met it in those of then."""
    meets = models.Q(pk__in=search.docs(query).objects_of(noun))
    if known is None:
        return list(rows.filter(meets)[: MOST + 1])
    changed = models.Exists(RecordEntry.objects.changing_row(noun, known))
    return list(rows.filter(meets | changed))


def _again(noun: str, rows: Iterable[Any], query: search.Query) -> list[Any]:
    """Those that meet the query as they read now that they were taken back."""
    found = list(rows)
    frozen = _frozen(noun, found)
    return [
        row
        for row in found
        if query.finds(text for _name, text in search.words(noun, row, frozen.get(row.pk, ())))
    ]


def _best_first(noun: str, rows: list[Any], query: search.Query) -> list[Any]:
    """Those that are named, then those found by their titles, then the others, each in order."""

    def place(row: Any) -> int:
        if _is_named(row, query):
            return 0
        told = (text for name, text in search.words(noun, row) if name in TITLES)
        return 1 if query.finds(told) else 2

    return sorted(rows, key=place)


def _is_named(row: Any, query: search.Query) -> bool:
    names = (getattr(row, name, "") for name in ("code", "document_number", "key", "slug"))
    return query.names(*names)


def _frozen(noun: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {row.pk: list(row.citations.all()) for row in rows} if noun == "finding" else {}


def _measures(day: date, known: datetime | None) -> models.QuerySet[Any]:
    rows = Measure.objects.used_on(day, known).select_related("source", "theme")
    return rows.order_by("-source__delivered_on", "source", "theme__number", "position", "code")


def _evidence(day: date, known: datetime | None) -> models.QuerySet[Any]:
    return Evidence.objects.on(day, known).newest_first()


def _citations(day: date, known: datetime | None) -> models.QuerySet[Any]:
    measures = Measure.objects.used_on(day, known)
    rows = Citation.objects.on(day, known).filter(measure__in=measures).newest_first()
    return rows.select_related("evidence", "measure__source").order_by(*rows.query.order_by, "pk")


def _findings(day: date, known: datetime | None) -> models.QuerySet[Any]:
    rows = Finding.objects.in_effect(day, known).select_related("measure__source")
    return (
        rows.prefetch_related("citations")
        .latest_first()
        .order_by("-effective_on", "-recorded_at", "-number", "pk")
    )


def _of_a_source(
    model: Any, path: str, orders: tuple[str, ...], day: date, known: datetime | None
) -> models.QuerySet[Any]:
    """Rows entered by then, or named by a measure known by then: a bundle brings those along."""
    rows = model._default_manager.order_by(*orders)
    if hasattr(model, "source"):
        rows = rows.select_related("source")
    if known is None:
        return rows
    entered = RecordEntry.objects.entering(str(model._meta.model_name), known)
    measures = Measure.objects.known_at(known).filter(**{path: models.OuterRef("pk")})
    return rows.filter(models.Exists(entered) | models.Exists(measures))


def _notes(day: date, known: datetime | None) -> models.QuerySet[Any]:
    rows = JournalNote.objects.select_related("author", "measure__source")
    return rows.written_by(known).order_by("-written_at", "-pk")


Rows = Callable[[date, datetime | None], models.QuerySet[Any]]
KINDS: Mapping[str, tuple[Any, Rows]] = {
    "measure": (_("Measures"), _measures),
    "theme": (_("Themes"), partial(_of_a_source, Theme, "theme", ("source", "number"))),
    "body": (_("Bodies"), partial(_of_a_source, Body, "bodies", ("title", "pk"))),
    "finding": (_("Findings"), _findings),
    "evidence": (_("Evidence"), _evidence),
    "citation": (_("What documents show"), _citations),
    "passage": (
        _("Passages of the source"),
        partial(_of_a_source, Passage, "passage", ("source", "number")),
    ),
    "journalnote": (_("Notes"), _notes),
}
FOR_STAFF = {"journalnote"}
