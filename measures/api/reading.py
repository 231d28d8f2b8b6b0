"""What everybody may read, on any day and as known on any day."""

from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from .. import progress as reckoned
from .. import record, shapes
from ..forms import (
    NOUNS,
    ChangesFilter,
    CompareForm,
    EvidenceFilter,
    Filter,
    MeasureFilter,
    TimeForm,
    TrendFilter,
)
from ..models import Evidence, Finding, Source
from ..progress import When
from . import answers, asked, problems, rows
from .conditional import shows
from .errors import Refusal
from .paging import page_of

router = Router()

Row = TypeVar("Row")
REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 414, 422, 429, 500), problems.Error)


def answered(schema: Any) -> dict[int, Any]:
    """The answer of an address, and its errors; 304 where the reader holds it already."""
    return {200: schema, 304: None, **REFUSALS}


def source_of(slug: str | None) -> Source:
    """The source of that slug, the default one without."""
    found = Source.objects.named(slug or "")
    if found is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("There is no source of this name."), "source")
    return found


def dates_of(request: HttpRequest, source: Source | None) -> When:
    """The two dates; refused where a page would show another day instead."""
    form = TimeForm(request.GET, source.delivered_on if source else When.now().today)
    when = form.when
    _refuse(form.refusals)
    if source:
        record.rewound([source], when.known)
    return when


def _refuse(refusals: dict[str, ValidationError]) -> None:
    for name, error in refusals.items():
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, error.messages[0], name)


def wanted(form: Filter) -> dict[str, Any]:
    """What the filter asks for; refused where a page would leave out what it cannot read."""
    found = form.wanted()
    _refuse_form(form)
    return found


def _refuse_form(form: Form) -> None:
    _refuse({name: errors[0] for name, errors in form.errors.as_data().items()})


def dated(when: When) -> dict[str, Any]:
    """What every answer says of itself."""
    head = record.head(when.known)
    return {
        "as_of": shapes.public(when.day),
        "known": shapes.public(when.known),
        "record": {"sequence": head.sequence, "hash": head.hash} if head else None,
    }


@router.get("/sources", response=answered(answers.Listed[answers.Source]), tags=["Sources"])
def sources(request: HttpRequest, query: Query[asked.SourcesAsked]) -> Any:
    """The speeches and documents in which commitments were made."""
    when = dates_of(request, Source.objects.first_given())
    page = page_of(request, query, Source.objects.all(), ("slug",))
    record.rewound(page.rows, when.known)
    return dated(when) | page.told(lambda row: shapes.whole(row, shapes.BY_NOUN["source"]))


@router.get("/themes", response=answered(answers.Listed[answers.Theme]), tags=["Sources"])
def themes(request: HttpRequest, query: Query[asked.ThemesAsked]) -> Any:
    """The themes of a source, in its order."""
    source = source_of(query.source)
    when = dates_of(request, source)
    found = source.themes.select_related("source", "passage")
    page = page_of(request, query, found, ("number",))
    record.rewound(page.rows, when.known)
    return dated(when) | page.told(lambda row: shapes.whole(row, shapes.BY_NOUN["theme"]))


@router.get("/measures", response=answered(answers.Listed[answers.Measure]), tags=["Measures"])
def measures(request: HttpRequest, query: Query[asked.MeasuresAsked]) -> Any:
    """The commitments of a source in its order, and where each stands."""
    source = source_of(query.source)
    when = dates_of(request, source)
    asked_for = wanted(MeasureFilter(request.GET, source))
    found = reckoned.listing(source, when.day, when.known, **asked_for).in_full()
    page = page_of(request, query, found, ("theme__number", "position", "code"))
    standings = reckoned.standings(page.rows, when.known)
    return dated(when) | page.told(rows.listed_measure, standings)


@router.get("/measures/{code}", response=answered(answers.MeasureInFull), tags=["Measures"])
def measure(request: HttpRequest, code: str, query: Query[asked.MeasureAsked]) -> Any:
    """One commitment with its findings and its citations."""
    source = source_of(query.source)
    when = dates_of(request, source)
    found = source.measures.known_at(when.known).in_full().with_code(code)
    if found is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("This source has no measure of this code."), "code")
    chapters = reckoned.story(found, when.day, when.known)
    cited = found.citations.on(when.day, when.known).newest_first()
    citations = cited.select_related("evidence", "measure__source")
    record.rewound([found, *citations], when.known)
    held = next((each.finding for each in chapters if each.holds), None)
    schedule = reckoned.schedule(found, when.day, when.known).term.slug
    return {
        **dated(when),
        **rows.measure(found, held, schedule),
        "findings": [rows.chapter(each) for each in chapters],
        "citations": [rows.citation(each) for each in citations],
    }


@router.get("/findings", response=answered(answers.Listed[answers.Finding]), tags=["Findings"])
def findings(request: HttpRequest, query: Query[asked.FindingsAsked]) -> Any:
    """Every finding in effect, corrected since or not, as they entered the record."""
    source = source_of(query.source)
    when = dates_of(request, source)
    part = wanted(TrendFilter({"theme": query.theme or ""}, source))
    found = Finding.objects.in_effect(when.day, when.known).of(source).in_full()
    found = found.matching(measure=query.measure or "", status=query.status or "", **part)
    page = page_of(request, query, found.select_related("measure__source"), ("pk",))
    record.rewound(page.rows, when.known)
    return dated(when) | page.told(rows.finding)


@router.get("/evidence", response=answered(answers.Listed[answers.Evidence]), tags=["Evidence"])
def evidence_list(request: HttpRequest, query: Query[asked.EvidenceAsked]) -> Any:
    """The documents of the library, newest first, and where each is cited."""
    when = dates_of(request, Source.objects.first_given())
    found = reckoned.library(when.day, when.known, **wanted(EvidenceFilter(request.GET)))
    found = found.with_measures(when.day, when.known).prefetch_related("bodies")
    page = page_of(request, query, found, ("-issued_on", "key"))
    record.rewound(page.rows, when.known)
    return dated(when) | page.told(rows.evidence)


@router.get("/evidence/{key}", response=answered(answers.EvidenceInFull), tags=["Evidence"])
def evidence(request: HttpRequest, key: str, query: Query[asked.Asked]) -> Any:
    """One document, and where it is cited."""
    when = dates_of(request, Source.objects.first_given())
    found = Evidence.objects.on(when.day, when.known).with_measures(when.day, when.known)
    document = found.prefetch_related("bodies").with_key(key)
    if document is None:
        raise Refusal(HTTPStatus.NOT_FOUND, _("The library has no document of this key."), "key")
    if when.known is None:
        shows(request, document)
    record.rewound([document], when.known)
    return dated(when) | rows.evidence(document)


@router.get("/progress", response=answered(answers.Progress), tags=["Progress"])
def progress(request: HttpRequest, query: Query[asked.PartAsked]) -> Any:
    """How many commitments stand where, of a source, a theme or a body, and theme by theme."""
    source = source_of(query.source)
    when = dates_of(request, source)
    part = wanted(TrendFilter(request.GET, source))
    state = reckoned.figures(source, when.day, when.known, **part)
    themes = [part["theme"]] if "theme" in part else source.themes.order_by("number")
    return {
        **dated(when),
        "source": source.slug,
        "total": len(state),
        "achieved": state.achieved,
        "counts": shapes.counts(state.counts),
        "themes": [
            {
                "theme": theme.slug,
                "title": theme.title,
                "title_zh": theme.title_zh,
                "total": len(of_theme),
                "counts": shapes.counts(of_theme.counts),
            }
            for theme in record.rewound(themes, when.known)
            for of_theme in [state.of_theme(theme)]
        ],
        "schedules": rows.kept(reckoned.schedules(source, when.day, when.known, **part)),
    }


@router.get("/trend", response=answered(answers.Trend), tags=["Progress"])
def trend(request: HttpRequest, query: Query[asked.PartAsked]) -> Any:
    """How they came to stand so: the same at each month's end since the day of the source."""
    source = source_of(query.source)
    when = dates_of(request, source)
    part = wanted(TrendFilter(request.GET, source))
    found = reckoned.trend(source, when.day, when.known, **part)
    return {**dated(when), "source": source.slug, "points": rows.trend(found)}


@router.get("/compare", response=answered(answers.Comparison), tags=["Progress"])
def compare(request: HttpRequest, query: Query[asked.CompareAsked]) -> Any:
    """What the register says of one day beside what it says of another, and what moved."""
    source = source_of(query.source)
    when = dates_of(request, source)
    part = wanted(TrendFilter(request.GET, source))
    form = CompareForm(request.GET, source, when, usual=source.delivered_on)
    _refuse(form.refusals)
    if form.is_exchanged:
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY, _("The first day is after the second."), "from"
        )
    found = reckoned.compare(
        source, form.first, form.last, when.known, hindsight=query.hindsight, **part
    )
    return {**dated(form.when), "source": source.slug, **shapes.comparison(found)}


@router.get("/changes", response=answered(answers.Listed[answers.Entry]), tags=["Record"])
def changes(request: HttpRequest, query: Query[asked.ChangesAsked]) -> Any:
    """The record: every change anybody made, newest first. `known` limits it, `as_of` does not."""
    when = dates_of(request, Source.objects.first_given())
    entries = reckoned.changed(when.known, tuple(NOUNS), **wanted(ChangesFilter(request.GET)))
    return dated(when) | page_of(request, query, entries, ("-sequence",)).told(shapes.entry)
