"""Registers of three sizes, made up and the same every time: `generate(SIZES["B"])`.

Into an empty, migrated database. Everything is in the record, hash by hash, as if it had come
through the pages, and search knows all of it by its own words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from measures import record
from measures.models import (
    Body,
    Citation,
    Evidence,
    Finding,
    FrozenCitation,
    Measure,
    Passage,
    RecordEntry,
    SearchDoc,
    Source,
    Theme,
    User,
)

from . import texts, words
from .days import DAYS, LAST, SOURCES, moment
from .found import Found
from .pouring import ENTRIES, Chain, Row, Table, insert, poured
from .stories import Span, Told, counts, story

BATCH = 20_000
# Of twenty measures, so many belong to the default source, the second and the third.
SHARES = (14, 4, 2)
PER_PASSAGE = 50
AUTHORS, REVIEWERS = 6, 3


@dataclass(frozen=True, slots=True)
class Size:
    """How large a register is; as many documents as measures (an even number)."""

    name: str
    measures: int
    findings: int

    @property
    def documents(self) -> int:
        return self.measures + self.measures % 2


SIZES = {
    size.name: size
    for size in (Size("A", 45, 500), Size("B", 10_000, 100_000), Size("C", 100_000, 1_000_000))
}


class Register:
    """One register on its way into the database."""

    def __init__(self, size: Size, seed: int = 1) -> None:
        self.size = size
        self.rng = Random(f"{size.name} {seed}")
        self.chain, self.found = Chain(), Found()
        models = (Source, Passage, Theme, Body, Evidence, Measure, Citation)
        self.tables = {model: Table(model) for model in (*models, Finding, FrozenCitation)}
        self.rows: dict[str, list[Row]] = {}
        self.people = [
            record.system_account(f"register-{kind}-{n}", f"Made-up {kind} {n}")
            for kind, number in (("author", AUTHORS), ("reviewer", REVIEWERS))
            for n in range(1, number + 1)
        ]
        self.themes: list[tuple[int, int, str]] = []  # Of each: its id, its source, its key.
        self.passages: dict[int, int] = {}  # The first passage's id of each source.
        self.counted = [0] * len(SOURCES)
        self.natures: list[str] = []
        self.keys: list[str] = []

    # One row, its entry in the record and its words.
    def add(self, model: type[Any], at: str, by: User, key: str, /, **values: Any) -> None:
        """`told_…` names what the record tells otherwise than the table keeps."""
        table = self.tables[model]
        told = {name[5:]: values.pop(name) for name in list(values) if name.startswith("told_")}
        self.put(table.name, table.row(values))
        after = table.snapshot(values, **told)
        entry = self.chain.entry(
            at, str(by.opaque_id), "added", table.noun, values["id"], key, after
        )
        self.put(RecordEntry._meta.db_table, entry)
        self.put_words(table.noun, values)

    def put(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)

    def put_words(self, noun: str, values: dict[str, Any], frozen: Iterable[Any] = ()) -> None:
        for row in self.found.rows(noun, values, frozen):
            self.put(SearchDoc._meta.db_table, row)

    def flush(self) -> None:
        columns: dict[str, Any] = {table.name: table.columns for table in self.tables.values()}
        columns[RecordEntry._meta.db_table] = ENTRIES
        columns[SearchDoc._meta.db_table] = ["noun", "object_id", "part", "tokens"]
        for through in (Measure.bodies.through, Evidence.bodies.through):
            fields = through._meta.concrete_fields
            columns[through._meta.db_table] = [f.column for f in fields if not f.primary_key]
        for name, rows in self.rows.items():
            insert(name, columns[name], rows)
        self.rows = {}

    def frame(self) -> None:
        """Sources, passages, themes and bodies."""
        by, at = self.people[0], moment(SOURCES[0])
        for n, (delivered, (en, zh)) in enumerate(
            zip(SOURCES, words.SOURCES, strict=True), start=1
        ):
            self.add(
                Source, at, by, f"register-{n}", id=n, slug=f"register-{n}", title=en, title_zh=zh,
                delivered_on=DAYS[delivered], is_default=n == 1, publisher="A made-up publisher",
            )  # fmt: skip
        number = 0
        for n, share in enumerate(SHARES, start=1):
            self.passages[n] = number + 1
            for p in range(1, self.size.measures * share // 20 // PER_PASSAGE + 12):
                number += 1
                en, zh = texts.gist(p)
                self.add(
                    Passage, at, by, f"register-{n}/{p}", id=number, source=n, number=p,
                    role="commitments", gist=en, gist_zh=zh, told_source=f"register-{n}",
                )  # fmt: skip
            for t, (en, zh) in enumerate(words.THEMES, start=1):
                slug = texts.slug(en)
                self.themes.append((len(self.themes) + 1, n, f"register-{n}/{slug}"))
                self.add(
                    Theme, at, by, self.themes[-1][2], id=len(self.themes), source=n, number=t,
                    slug=slug, title=en, title_zh=zh, told_source=f"register-{n}",
                )  # fmt: skip
        for n, (en, zh) in enumerate(words.BODIES, start=1):
            slug = texts.slug(en)
            self.add(Body, at, by, slug, id=n, slug=slug, title=en, title_zh=zh)

    def measures(self) -> None:
        """Every measure, in the order of its source."""
        for n in range(self.size.measures):
            self._measure(n, Random(f"measure {n}"))
            if len(self.rows.get(Measure._meta.db_table, ())) == BATCH:
                self.flush()

    def _measure(self, n: int, rng: Random) -> None:
        place = n % 20
        source = 0 if place < SHARES[0] else 1 if place < SHARES[0] + SHARES[1] else 2
        count = self.counted[source]
        self.counted[source] += 1
        theme, position = count % len(words.THEMES), count // len(words.THEMES) + 1
        theme_id, _of, theme_key = self.themes[source * len(words.THEMES) + theme]
        code, slug = f"{theme + 1}.{position}", f"register-{source + 1}"
        passages = self.size.measures * SHARES[source] // 20 // PER_PASSAGE + 11
        passage = count % passages
        self.natures.append("continuing" if rng.random() < 0.4 else "deliverable")
        self.keys.append(f"{slug}/{code}")
        bodies = sorted(rng.sample(range(len(words.BODIES)), rng.choice((1, 1, 2))))
        for body in bodies:
            self.put(Measure.bodies.through._meta.db_table, (n + 1, body + 1))
        review = DAYS[LAST + rng.randrange(-60, 300)]
        due = DAYS[SOURCES[source] + rng.randrange(300, 3000)] if rng.random() < 0.2 else None
        values = texts.measure(n, rng) | {"review_on": review, "due_on": due}
        self.add(
            Measure, moment(SOURCES[0]), self.people[0], self.keys[-1], id=n + 1,
            source=source + 1, theme=theme_id, passage=self.passages[source + 1] + passage,
            code=code, position=position, slug=f"{texts.slug(values['short'])}-{n + 1}",
            nature=self.natures[-1], baseline=rng.choice(("", "new", "under-way", "already-done")),
            told_source=slug, told_theme=theme_key, told_passage=f"{slug}/{passage + 1}",
            told_bodies=sorted(texts.slug(words.BODIES[body][0]) for body in bodies), **values,
        )  # fmt: skip

    def document(self, n: int) -> None:
        """A document with its citations, entered ten days after its issue."""
        values = texts.document(n)
        body = n % len(words.BODIES)
        at = moment(max(values.pop("day") + 10, SOURCES[0]))
        self.put(Evidence.bodies.through._meta.db_table, (n + 1, body + 1))
        told = [texts.slug(words.BODIES[body][0])]
        self.add(Evidence, at, self.people[1], values["key"], id=n + 1, told_bodies=told, **values)
        for measure in self.citing(n):
            citation = texts.citation(n, measure)
            self.add(
                Citation, at, self.people[1], f"{values['key']} @ {self.keys[measure]}",
                id=2 * measure + n % 2 + 1, evidence=n + 1, measure=measure + 1,
                told_evidence=values["key"], told_measure=self.keys[measure], **citation,
            )  # fmt: skip

    def citing(self, n: int) -> Iterator[int]:
        """The measures that cite document `n`, counted from 0: see `texts.cited`."""
        half = self.size.documents // 2
        first = (n if n % 2 == 0 else n - texts.APART) % self.size.documents // 2
        return (m for m in (first, first + half) if m < self.size.measures)

    def told(self) -> list[Told]:
        """Every finding, in the order in which they were recorded."""
        told: list[Told] = []
        numbers = counts(self.rng, self.size.measures, self.size.findings)
        for n, count in enumerate(numbers):
            source = self._source_of(n)
            span = Span(SOURCES[source], max(SOURCES), LAST)
            told += story(Random(f"story {n}"), n, count, self.natures[n], span)
        told.sort()
        return told

    def _source_of(self, n: int) -> int:
        return int(self.keys[n].partition("/")[0][-1]) - 1

    def events(self) -> None:
        """Documents and findings, each on its day."""
        told = self.told()
        last = max(SOURCES) + 1
        days = sorted(
            (max(texts.issued(n) + 10, SOURCES[0]), n) for n in range(self.size.documents)
        )
        waiting = iter(days)
        upcoming = next(waiting, None)
        corrected: dict[tuple[int, int], int] = {}
        wanted = {(t.measure, t.corrects) for t in told if t.corrects}
        for number, each in enumerate(told, start=1):
            while upcoming and upcoming[0] < max(each.at // 86400, last):
                self.document(upcoming[1])
                upcoming = next(waiting, None)
            if (each.measure, each.number) in wanted:
                corrected[each.measure, each.number] = number
            self._finding(number, each, corrected.get((each.measure, each.corrects)))
            if number % BATCH == 0:
                self.flush()
        for _day, n in ([upcoming] if upcoming else []) + list(waiting):
            self.document(n)

    def _finding(self, number: int, told: Told, corrects: int | None) -> None:
        measure, key = told.measure, self.keys[told.measure]
        at = moment(told.at // 86400, told.at % 86400)
        author = self.people[number % AUTHORS]
        approver = self.people[AUTHORS + measure % REVIEWERS]
        frozen = list(self._frozen(number, told))
        values = texts.finding(told) | {
            "id": number, "measure": measure + 1, "number": told.number, "recorded_at": at,
            "author": author.pk, "approver": approver.pk, "supersedes": corrects,
            "method_version": "1.0", "citation_count": len(frozen),
            "coding": "agree" if told.number == 1 else "",
        }  # fmt: skip
        table, copies = self.tables[Finding], self.tables[FrozenCitation]
        after = table.snapshot(
            values,
            measure=key,
            recorded_at=f"{at.replace(' ', 'T')}+00:00",
            author=str(author.opaque_id),
            approver=str(approver.opaque_id),
            supersedes=f"{key}#{told.corrects}" if corrects else None,
        )
        after["citations"] = [
            copies.snapshot(each, evidence=texts.key(each["evidence"] - 1)) for each in frozen
        ]
        for each in after["citations"]:
            del each["finding"]
        self.put(table.name, table.row(values))
        for each in frozen:
            self.put(copies.name, copies.row(each))
        by = str(approver.opaque_id)
        entry = self.chain.entry(at, by, "found", "finding", number, f"{key}#{told.number}", after)
        self.put(RecordEntry._meta.db_table, entry)
        self.put_words("finding", values, frozen)

    def _frozen(self, number: int, told: Told) -> Iterator[dict[str, Any]]:
        for position, n in enumerate(texts.cited(told, self.size.documents), start=1):
            frozen_id = 2 * number - 2 + position
            yield texts.frozen(n, told.measure) | {
                "id": frozen_id, "finding": number, "position": position, "evidence": n + 1
            }  # fmt: skip


def generate(size: Size, seed: int = 1) -> Register:
    """Fill the database, which is migrated and holds no register."""
    if Source.objects.exists():
        raise SystemExit("There is a register in this database already; take an empty one.")
    register = Register(size, seed)
    names = [table.name for table in register.tables.values()]
    names += [RecordEntry._meta.db_table, SearchDoc._meta.db_table]
    names += [m._meta.db_table for m in (Measure.bodies.through, Evidence.bodies.through)]
    with poured(names), register.found.remembering():
        register.frame()
        register.measures()
        register.events()
        register.flush()
    return register
