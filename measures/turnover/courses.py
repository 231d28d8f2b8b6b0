"""The course of a measure through the statuses, and the sums that are kept of all courses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from .. import method
from ..models import BEGINNING, DAY, MONTH, Finding, Measure, Source, Theme, Turnover

BATCH = 500
# How many came and how many went, by source, theme, day and status.
Sums = tuple[Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measure is counted: under which source and theme, and until it was retired."""

    source: int
    theme: int
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class Judged:
    """As much of a finding as its course needs; `order` decides between findings of one day."""

    id: int
    day: date
    order: tuple[datetime, int]
    status: str
    supersedes: int | None


def added(objects: Iterable[Any]) -> None:
    """Count measures and findings that were just inserted; other nouns pass.

    In the caller's transaction, which has the queue of the record: nobody judges meanwhile.
    """
    measures, findings = [], []
    for obj in objects:
        if isinstance(obj, Measure):
            measures.append(obj)
        elif isinstance(obj, Finding):
            findings.append(obj)
    if measures:
        sums = _nothing()
        for measure in measures:
            _count(sums, _place(measure), ())
        _keep(sums)
    if findings:
        _judged({finding.measure_id for finding in findings}, {each.pk for each in findings})


def changed(obj: Any, before: Mapping[str, Any]) -> None:
    """Count a measure anew after another theme, source or day of retirement; `before` has the old.

    Other nouns and other changes pass.
    """
    if not isinstance(obj, Measure) or not {"source", "theme", "retired_on"} & set(before):
        return
    place = _place(obj)
    was = _place_before(place, before)
    held = [finding for _, findings in _findings([obj.pk]) for finding in findings]
    sums = _nothing()
    _count(sums, was, held, sign=-1)
    _count(sums, place, held)
    _keep(sums)
    _forget(was.theme)


def removed(obj: Any, before: Mapping[str, Any]) -> None:
    """Count a measure no more that was deleted; it had no findings. Other nouns pass."""
    if isinstance(obj, Measure):
        sums, was = _nothing(), _place_before(_place(obj), before)
        _count(sums, was, (), sign=-1)
        _keep(sums)
        _forget(was.theme)


def _forget(theme: int) -> None:
    """Leave no sums of nothing behind: they would stand in the way of a theme that is deleted."""
    Turnover.objects.filter(theme=theme, came=0, went=0).delete()


def _place(measure: Measure) -> Place:
    retired: Any = Measure._meta.get_field("retired_on").to_python(measure.retired_on)
    return Place(measure.source_id, measure.theme_id, retired)


def _place_before(now: Place, before: Mapping[str, Any]) -> Place:
    """Where it was counted, by the words of the record: a theme is named with its source."""
    source, theme, retired = now.source, now.theme, now.retired_on
    if "theme" in before:
        of, slug = before["theme"].rsplit("/", 1)
        theme = Theme._default_manager.values_list("pk", flat=True).get(source__slug=of, slug=slug)
    if "source" in before:
        source = Source.objects.values_list("pk", flat=True).get(slug=before["source"])
    if "retired_on" in before:
        retired = Measure._meta.get_field("retired_on").to_python(before["retired_on"])
    return Place(source, theme, retired)


def _judged(measures: set[int], new: set[int]) -> None:
    """Count the measures as they are with their new findings, and no more as they were without."""
    ids = sorted(measures)
    for start in range(0, len(ids), BATCH):
        sums = _nothing()
        for place, held in _findings(ids[start : start + BATCH]):
            _count(sums, place, (f for f in held if f.id not in new), sign=-1)
            _count(sums, place, held)
        _keep(sums)


def _findings(measures: Iterable[int]) -> Iterator[tuple[Place, list[Judged]]]:
    """Those of these measures that were judged: where each is counted, and its findings. One query.

    Read anew: whoever brings a finding may hold its measure as it was a while ago.
    """
    held: dict[int, list[Judged]] = defaultdict(list)
    places: dict[int, Place] = {}
    rows = Finding.objects.filter(measure__in=list(measures)).order_by()
    columns = ("pk", "effective_on", "recorded_at", "number", "status", "supersedes")
    for measure, *place, pk, day, recorded, number, status, supersedes in rows.values_list(
        "measure", "measure__source", "measure__theme", "measure__retired_on", *columns
    ):
        places[measure] = Place(*place)
        held[measure].append(Judged(pk, day, (recorded, number), status, supersedes))
    for measure, place in places.items():
        yield place, held[measure]


def _nothing() -> Sums:
    return Counter(), Counter()


def _count(sums: Sums, place: Place, findings: Iterable[Judged], sign: int = 1) -> None:
    came, went = sums
    status, since = "", BEGINNING
    for since, following in _course(findings, place.retired_on):
        if status:
            went[place.source, place.theme, since, status] += sign
        if following:
            came[place.source, place.theme, since, following] += sign
        status = following


def _course(findings: Iterable[Judged], retired: date | None) -> Iterator[tuple[date, str]]:
    """From which day on a measure has which status, none from the day on which it is retired."""
    rows = list(findings)
    corrected = {each.supersedes for each in rows}
    last_of_day = {
        each.day: each.status
        for each in sorted(rows, key=lambda each: each.order)
        if each.id not in corrected
    }
    status = method.NOT_ASSESSED
    yield BEGINNING, status
    for day in sorted(last_of_day):
        if retired and day >= retired:
            break
        if last_of_day[day] != status:
            status = last_of_day[day]
            yield day, status
    if retired:
        yield retired, ""


def _keep(sums: Sums) -> None:
    """Add the sums to those of their days and months. One query for some hundred days."""
    came, went = _nothing()
    for kept, counted in zip((came, went), sums, strict=True):
        for (source, theme, day, status), number in counted.items():
            kept[source, theme, DAY, day, status] += number
            kept[source, theme, MONTH, day.replace(day=1), status] += number
    # In one order: two writers who came to the same rows from two ends would wait for each other.
    keys = sorted(key for key in came.keys() | went.keys() if came[key] or went[key])
    as_date = connection.ops.adapt_datefield_value
    rows = [(*key[:3], as_date(key[3]), key[4], came[key], went[key]) for key in keys]
    for start in range(0, len(rows), BATCH):
        _add(rows[start : start + BATCH])


def _add(rows: Sequence[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(Turnover._meta.db_table)
    columns = "source_id, theme_id, span, day, status, came, went"
    values = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        # What stands there is added to, in the statement itself: nothing is read before.
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {values} "  # noqa: S608
            "ON CONFLICT (source_id, span, day, theme_id, status) DO UPDATE SET "
            f"came = {table}.came + excluded.came, went = {table}.went + excluded.went",
            [value for row in rows for value in row],
        )
