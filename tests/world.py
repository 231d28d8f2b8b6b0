"""The small world of the tests: one speech, two themes, three measures, and what was found of them.

Everything is made through the public doors, so that the record accounts for all of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, models

from measures import record, workflow
from measures.models import (
    Body,
    Citation,
    Evidence,
    Finding,
    FrozenCitation,
    Measure,
    Passage,
    Source,
    Theme,
    User,
)
from measures.record import triggers

SPEECH_DAY = date(2020, 11, 30)
SOON_AFTER = datetime(2021, 1, 15, 9, tzinfo=UTC)
LATER = datetime(2023, 6, 1, 9, tzinfo=UTC)

PROPOSAL: dict[str, Any] = {
    "confidence": "moderate",
    "confidence_reason": "One document was read.",
    "rationale": "The document says so.",
}
SEARCH: dict[str, Any] = {
    "search_where": "Gazettes of the State Council",
    "search_languages": "English, Chinese",
    "searched_until": date(2022, 6, 30),
}


def person(username: str, name: str, role: str, **rights: Any) -> User:
    """An account of that role; the password is the user name."""
    user = User.objects.create_user(
        username, f"{username}@example.org", username, display_name=name, **rights
    )
    user.groups.add(Group.objects.get(name=role))
    return user


def cite(measure: Measure, evidence: Evidence, *, by: User, **said: Any) -> Citation:
    """The evidence attached to the measure; in force and supporting unless said otherwise."""
    told = {"stage": "in-force", "bearing": "supports", "note": "Shows what was done.", **said}
    citation = Citation(measure=measure, evidence=evidence, **told)
    record.save(citation, by=by)
    return citation


@dataclass(frozen=True, slots=True)
class World:
    """One speech and what stands under it; `rulings` is not yet assessed."""

    ana: User
    rui: User
    speech: Source
    framing: Passage
    pledges: Passage
    design: Theme
    courts: Theme
    patent_office: Body
    supreme_court: Body
    plan: Measure
    training: Measure
    rulings: Measure
    outline: Evidence
    yearbook: Evidence
    statement: Evidence
    outline_on_plan: Citation
    statement_on_training: Citation
    yearbook_on_training: Citation
    yearbook_on_rulings: Citation

    def propose(
        self,
        measure: Measure,
        status: str,
        day: date,
        cited: Iterable[Citation] = (),
        **said: Any,
    ) -> workflow.Entrance:
        """A finding by Ana and Rui about to enter the record."""
        told = {"author": self.ana, "approver": self.rui, **PROPOSAL, **said}
        finding = Finding(measure=measure, status=status, effective_on=day, **told)
        return workflow.Entrance(finding, [FrozenCitation.of(each) for each in cited])

    def find(
        self,
        measure: Measure,
        status: str,
        day: date,
        cited: Iterable[Citation] = (),
        **said: Any,
    ) -> Finding:
        """The same, entered."""
        (finding,) = workflow.enter(
            [self.propose(measure, status, day, cited, **said)], by=self.rui
        )
        return finding

    def draft(self, measure: Measure, status: str = "partial", **said: Any) -> Any:
        """A draft of Ana's on the measure, submitted."""
        told = {"effective_on": date(2022, 5, 1), **PROPOSAL, **said}
        cited = told.pop("citations", measure.citations.all())
        draft = workflow.start(measure, by=self.ana, citations=cited, status=status, **told)
        return workflow.submit(draft, by=self.ana)


def small_world(ana: User, rui: User) -> World:
    """Build it: what was made known soon after the speech, and what later."""

    def made(obj: Any, **many: Any) -> Any:
        record.save(obj, by=ana, **many)
        return obj

    speech = made(
        Source(
            slug="speech-2020",
            title="A speech on intellectual property",
            title_zh="关于知识产权的讲话",
            delivered_on=SPEECH_DAY,
            is_default=True,
        )
    )
    framing = made(Passage(source=speech, number=1, role="context", gist="Why it matters."))
    pledges = made(Passage(source=speech, number=2, role="commitments", gist="What is promised."))
    design = made(Theme(source=speech, number=1, slug="design", title="Design", passage=pledges))
    courts = made(Theme(source=speech, number=2, slug="courts", title="Courts", passage=pledges))
    patent_office = made(Body(slug="patent-office", title="Patent Office", title_zh="专利局"))
    supreme_court = made(Body(slug="supreme-court", title="Supreme Court", title_zh="最高法院"))

    def measure(theme: Theme, code: str, slug: str, nature: str, body: Body, quotation: str) -> Any:
        return made(
            Measure(
                source=speech,
                theme=theme,
                passage=pledges,
                code=code,
                position=int(code.split(".")[1]),
                slug=slug,
                short=slug.capitalize(),
                title=f"The {slug}",
                title_zh="措施",
                quotation=quotation,
                done_when="It is in force.",
                kind="plan",
                nature=nature,
            ),
            bodies=[body],
        )

    plan = measure(design, "1.1", "plan", "deliverable", patent_office, "we will issue a plan")
    training = measure(
        design, "1.2", "training", "continuing", patent_office, "we will train examiners"
    )
    rulings = measure(courts, "2.1", "rulings", "continuing", supreme_court, "courts will be swift")

    def evidence(key: str, tier: int, kind: str, issued: date, body: Body) -> Any:
        return made(
            Evidence(
                key=key,
                title=f"The {key}",
                title_zh="文件",
                kind=kind,
                tier=tier,
                issued_on=issued,
                url=f"https://example.org/{key}",
            ),
            bodies=[body],
        )

    outline = evidence("outline", 1, "plan", date(2021, 9, 22), patent_office)
    yearbook = evidence("yearbook", 2, "statistics", date(2022, 6, 1), supreme_court)
    statement = evidence("statement", 3, "news", date(2020, 6, 1), patent_office)
    world = World(
        ana=ana,
        rui=rui,
        speech=speech,
        framing=framing,
        pledges=pledges,
        design=design,
        courts=courts,
        patent_office=patent_office,
        supreme_court=supreme_court,
        plan=plan,
        training=training,
        rulings=rulings,
        outline=outline,
        yearbook=yearbook,
        statement=statement,
        outline_on_plan=cite(plan, outline, by=ana),
        statement_on_training=cite(training, statement, by=ana, stage="drafted"),
        yearbook_on_training=cite(training, yearbook, by=ana, stage="applied"),
        yearbook_on_rulings=cite(rulings, yearbook, by=ana, stage="applied"),
    )
    early: dict[str, Any] = {"recorded_at": SOON_AFTER}
    late: dict[str, Any] = {"recorded_at": LATER}
    said, in_force = [world.statement_on_training], [world.outline_on_plan]
    applied = [world.yearbook_on_training]
    workflow.enter(
        [
            world.propose(plan, "not-started", SPEECH_DAY, **early),
            world.propose(training, "limited", SPEECH_DAY, said, **early),
            world.propose(plan, "implemented", date(2021, 9, 22), in_force, **late),
            world.propose(training, "sustained", date(2022, 6, 1), applied, **late),
        ],
        by=rui,
    )
    for assessed in (plan, training):
        assessed.refresh_from_db()  # Its review date is set now.
    return world


def counted() -> None:
    """Let PostgreSQL know how many rows came in, as autovacuum does within a minute.

    Of our own tables: those of the whole server would stay locked to every other test until the end
    of the transaction.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(map(table, apps.get_app_config("measures").get_models()))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


@contextmanager
def unprotected() -> Iterator[None]:
    """The tables without their triggers, as somebody with the database in hand could make them."""
    with connection.cursor() as cursor:
        for statement in _statements("DISABLE"):
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in _statements("ENABLE"):
                cursor.execute(statement)
        triggers.install()


def _statements(turn: str) -> Iterator[str]:
    if connection.vendor == "sqlite":
        if turn == "DISABLE":
            yield from (f"DROP TRIGGER IF EXISTS {name}" for name in triggers.names("sqlite"))
        return
    # A table with foreign keys still to be checked cannot be altered.
    yield "SET CONSTRAINTS ALL IMMEDIATE"
    for model in triggers.APPEND_ONLY:
        yield f"ALTER TABLE {model._meta.db_table} {turn} TRIGGER USER"
    yield "SET CONSTRAINTS ALL DEFERRED"


def tamper(sql: str, *values: Any) -> None:
    """Run one statement past the triggers."""
    with unprotected(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def table(model: type[models.Model]) -> str:
    """The model's table."""
    return model._meta.db_table


def a_plan(by: User, slug: str, delivered_on: date, theme: str, **told: Any) -> Source:
    """Another source with one commitment, which nobody has judged; `told` says more of it."""

    def made(obj: Any) -> Any:
        record.save(obj, by=by)
        return obj

    source = made(Source(slug=slug, title="A plan", delivered_on=delivered_on))
    passage = made(Passage(source=source, number=1, role="commitments", gist="Libraries."))
    made(
        Measure(
            source=source,
            theme=made(
                Theme(source=source, number=1, slug=theme, title="Reading", passage=passage)
            ),
            passage=passage,
            code="1.1",
            position=1,
            slug="library",
            short="Library",
            title="The library",
            quotation="a library will open",
            kind="institution",
            nature="deliverable",
            **told,
        )
    )
    return source
