from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from measures import record, workflow
from measures.models import Citation, Evidence, Measure, Passage, Source, Theme
from tests.pages.reader import Node
from tests.pages.take_away import PERIOD, Files
from tests.world import SOON_AFTER, SPEECH_DAY, World, counted

TODAY = date(2024, 3, 1)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A day on which the pages are read, so that what is overdue can be reckoned."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    return TODAY


@pytest.fixture
def page(visitor: Client) -> Callable[..., Node]:
    """A page as a visitor gets it."""

    def get(path: str, **asked: Any) -> Node:
        return Node.of(visitor.get(path, asked))

    return get


@pytest.fixture
def second_source(world: World) -> Source:
    """Another source beside the speech, with a theme and a code of the same names."""

    def made(obj: Any, **many: Any) -> Any:
        record.save(obj, by=world.ana, **many)
        return obj

    source = made(Source(slug="plan-2021", title="A plan", delivered_on=date(2021, 6, 1)))
    passage = made(Passage(source=source, number=1, role="commitments", gist="Libraries."))
    theme = made(Theme(source=source, number=1, slug="design", title="Reading", passage=passage))
    for position, short in enumerate(("library", "archive"), start=1):
        made(
            Measure(
                source=source,
                theme=theme,
                passage=passage,
                code=f"1.{position}",
                position=position,
                slug=short,
                short=short.capitalize(),
                title=f"The {short}",
                quotation=f"a {short} will open",
                done_when="It is open.",
                kind="institution",
                nature="deliverable",
            ),
            bodies=[world.patent_office],
        )
    library = source.measures.get(code="1.1")
    world.find(library, "not-started", date(2021, 6, 1), recorded_at=SOON_AFTER)
    return source


@pytest.fixture
def crowd(world: World) -> Callable[[int], list[Measure]]:
    """Many measures of one theme, each with two findings, its own document and a shared one."""

    def gather(number: int) -> list[Measure]:
        first = 100 + Measure.objects.count()
        numbers = range(first, first + number)
        measures = Measure.objects.bulk_create(
            Measure(
                source=world.speech,
                theme=world.design,
                passage=world.pledges,
                code=f"1.{n}",
                position=n,
                slug=f"measure-{n}",
                short=f"Measure {n}",
                title=f"Measure {n}",
                quotation=f"the words of measure {n}",
                done_when="It is done.",
                kind="plan",
                nature="continuing",
                review_on=date(2022, 1, 1),
            )
            for n in numbers
        )
        responsible = Measure.bodies.through
        responsible.objects.bulk_create(
            responsible(measure=measure, body=world.patent_office) for measure in measures
        )
        documents = Evidence.objects.bulk_create(
            Evidence(
                key=f"document-{n}", title=f"Document {n}", kind="law", tier=1, issued_on=SPEECH_DAY
            )
            for n in numbers
        )
        issued = Evidence.bodies.through
        issued.objects.bulk_create(
            issued(evidence=document, body=world.patent_office) for document in documents
        )
        citations = Citation.objects.bulk_create(
            Citation(measure=measure, evidence=evidence, stage="in-force", bearing="supports")
            for measure, document in zip(measures, documents, strict=True)
            for evidence in (document, world.outline)
        )
        for rows in (measures, documents, citations):
            record.added(rows, by=world.ana)
        entrances = [
            world.propose(citation.measure, status, SPEECH_DAY, [citation], recorded_at=SOON_AFTER)
            for citation in citations
            for status in ("limited" if citation.evidence == world.outline else "partial",)
        ]
        workflow.enter(entrances, by=world.rui)
        counted()
        return list(measures)

    return gather


@pytest.fixture
def taken(visitor: Client) -> Callable[..., Files]:
    """The brief for a query, three times."""

    return lambda query=PERIOD: Files(visitor, query)
