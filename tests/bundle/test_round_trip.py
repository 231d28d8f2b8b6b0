"""A register that was dumped and loaded elsewhere is the same register, whatever its words are."""

import filecmp
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import bundle, method, record, workflow
from measures.models import (
    Attachment,
    Body,
    Citation,
    Draft,
    Evidence,
    Finding,
    FrozenCitation,
    Measure,
    Passage,
    Source,
    Theme,
    User,
)
from measures.record.chain import tracked_models
from measures.text import REFUSED, cleaned
from tests.world import person, small_world

pytestmark = pytest.mark.django_db

# What YAML, CSV and careless code are known to trip over.
ARCHIVE: dict[str, Any] = {"archive_url": "https://web.archive.org/web/2024/https://example.org/"}
ODD = [
    " leading and trailing ", "colon: here", "- dash", "# hash", "? question", "'single'",
    '"double"', "back\\slash", "it's \"both\"", "yes", "No", "null", "~", "4.10", "1e3", "0x1F",
    "010", "1_000", "12:30:45", "2020-11-30", "=", "<<", "*alias", "&anchor", "!tag", "%d %s",
    "@at", "`tick`", "{a: b}", "[a]", "a, b", "|", ">", "---", "...", "\ttab\t", "专利 “保护”：强",
    "汉字" * 400, "e\u0301", "🀄️👩‍⚖️", "\u00a0no break", "\U0010ffff", "x" * 3000,
    "word " * 600, "<script>alert(1)</script>", "{{ 7 * 7 }}",
]  # fmt: skip
LINES = [
    "two\nlines", "\n\nleading", "trailing\n\n", "windows\r\nlines", "old\rmac", "\n", " \n ",
    "line\u2028separator", "paragraph\u2029separator", "  indented\n    more\n",
]  # fmt: skip
KEPT_OUT = "".join(each for each in map(chr, range(0x10000)) if REFUSED.match(each))

LINE_ENDS = "\u2028\u2029"
letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=KEPT_OUT + LINE_ENDS)


def line(most: int = 40) -> st.SearchStrategy[str]:
    """One line of readable text, never empty."""
    written = st.one_of(
        st.sampled_from(ODD).map(lambda text: text[:most]),
        st.text(letters, min_size=1, max_size=most),
    )
    # As every door would have stored it; a few characters become two by that.
    return written.map(cleaned).filter(lambda text: 0 < len(text) <= most)


prose = st.one_of(
    st.just(""),
    st.sampled_from(ODD + LINES),
    st.lists(line(), min_size=2, max_size=4).map("\n".join),
).map(cleaned)
days = st.dates(date(2015, 1, 1), date(2025, 12, 31))
moments = st.datetimes(datetime(2021, 1, 1), datetime(2025, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def registers(draw: st.DrawFn) -> dict[str, Any]:
    """A register as plain values; `build` makes it."""
    return {
        "people": draw(st.tuples(line(), line())),
        "ids": draw(st.lists(st.uuids(version=4), min_size=2, max_size=2, unique=True)),
        "bodies": [
            {"slug": f"body-{n}", "title": draw(line()), "abbreviation": draw(line(20))}
            for n in range(draw(st.integers(1, 2)))
        ],
        "sources": [draw(sources(f"source-{n}")) for n in range(draw(st.integers(1, 2)))],
        "evidence": [draw(evidence(f"evidence-{n}")) for n in range(draw(st.integers(1, 3)))],
        "edits": draw(st.lists(st.tuples(st.integers(0, 2), line(), prose), max_size=2)),
        "taken_away": draw(st.booleans()),
        "cleared": draw(st.sets(st.integers(0, 3), max_size=2)),
    }


@st.composite
def sources(draw: st.DrawFn, slug: str) -> dict[str, Any]:
    return {
        "source": {"slug": slug, "title": draw(line()), "delivered_on": date(2020, 11, 30),
                   "is_default": slug == "source-0"},
        "gist": draw(prose),
        "theme": draw(line()),
        "summary": draw(prose),
        "measures": [
            {
                "title": draw(line()), "short": draw(line()), "quotation": draw(line()),
                "done_when_zh": draw(prose), "nature": draw(st.sampled_from(list(method.NATURES))),
                "due_on": draw(st.none() | days), "due_as_said": draw(st.just("") | line()),
                "due_as_said_zh": draw(st.just("") | line()),
                "findings": draw(st.lists(findings(), max_size=3)),
            }
            for _ in range(draw(st.integers(1, 2)))
        ],
    }  # fmt: skip


@st.composite
def findings(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "status": draw(st.sampled_from(["partial", "limited", "not-started", "dropped"])),
        "effective_on": draw(days),
        "confidence": draw(st.sampled_from(["moderate", "low"])),
        "confidence_reason": draw(line()),
        "rationale": draw(line()) + draw(prose),
        "rationale_zh": draw(prose),
        "recorded_at": draw(moments),
        "coding": draw(st.sampled_from(["", *method.CODINGS])),
        "correction_reason": draw(st.one_of(st.just(""), line())),
    }


@st.composite
def evidence(draw: st.DrawFn, key: str) -> dict[str, Any]:
    return {
        "key": key, "title": draw(line()), "issuer": draw(line()),
        "kind": draw(st.sampled_from(list(method.EVIDENCE_KINDS))),
        "tier": draw(st.integers(1, 5)), "issued_on": draw(st.none() | days),
        "title_zh_ours": draw(st.booleans()), "seen_at": draw(st.lists(line(), max_size=2)),
        **draw(st.sampled_from([{}, ARCHIVE, ARCHIVE | {"archived_on": date(2024, 5, 3)}])),
        "checked_how": draw(prose), "note": draw(prose), "quotation": draw(prose),
        "copies": draw(st.sampled_from([(0, 0), (0, 0), (1, 0), (0, 1), (1, 1)])),
    }  # fmt: skip


def build(told: dict[str, Any]) -> None:
    """Make the register by the ordinary doors, with all its people."""
    author, approver = (
        User.objects.create(username=username, display_name=name, opaque_id=opaque_id)
        for username, name, opaque_id in zip(
            ("writer", "reviewer"), told["people"], told["ids"], strict=True
        )
    )

    def made(obj: Any, **many: Any) -> Any:
        record.save(obj, by=author, **many)
        return obj

    bodies = [made(Body(**each)) for each in told["bodies"]]
    cited: list[tuple[Evidence, dict[str, Any]]] = []
    for each in told["evidence"]:
        words = {name: each[name] for name in ("note", "quotation")}
        aside = {*words, "copies"}
        fields = {name: value for name, value in each.items() if name not in aside}
        cited.append((made(Evidence(**fields), bodies=bodies), words))
        _hold(each, 0, author)
    for each in told["sources"]:
        source = made(Source(**each["source"]))
        passage = made(Passage(source=source, number=1, role="commitments", gist=each["gist"]))
        theme = made(
            Theme(source=source, number=1, slug="theme", title=each["theme"], passage=passage,
                  summary=each["summary"])
        )  # fmt: skip
        for place, fields in enumerate(each["measures"], start=1):
            found = fields.pop("findings")
            measure = made(
                Measure(source=source, theme=theme, passage=passage, position=place,
                        code=f"1.{place}", slug=f"measure-{place}", kind="plan", **fields),
                bodies=bodies[:place],
            )  # fmt: skip
            fields["findings"] = found
            citations = [
                made(Citation(measure=measure, evidence=e, stage="in-force", bearing="supports",
                              **words))
                for e, words in cited
            ]  # fmt: skip
            _find(measure, found, citations, author, approver)
    for each in told["evidence"]:
        _hold(each, 1, author)
    for place in told["cleared"]:
        measure = Measure.objects.order_by("pk")[place : place + 1].first()
        if measure is not None:
            measure.review_on = None
            record.save(measure, by=author)
    for place, title, note in told["edits"]:
        _edit(cited[place % len(cited)][0].key, title, note, author)
    if told["taken_away"]:
        record.delete(Citation.objects.first(), by=author)  # type: ignore[arg-type]


def _hold(told: dict[str, Any], when: int, by: User) -> None:
    """Attach a copy before the findings (0) or after them (1), if the register has one then."""
    if told["copies"][when]:
        evidence = Evidence.objects.get(key=told["key"])
        copy = Attachment(evidence=evidence, sha256=f"{when}" * 64, name="x", kind="x", size=1,
                          added_by=by)  # fmt: skip
        record.save(copy, by=by)


def _find(measure: Measure, found: list[Any], cited: Any, author: User, approver: User) -> None:
    """Enter the findings; one with a reason for it corrects the one before."""
    last = None
    for fields in found:
        corrects = last if fields["correction_reason"] else None
        finding = Finding(
            measure=measure, author=author, approver=approver, supersedes=corrects, **fields
        )
        entrance = workflow.Entrance(finding, [FrozenCitation.of(c) for c in cited])
        (last,) = workflow.enter([entrance], by=approver)


def _edit(key: str, title: str, note: str, by: User) -> None:
    """Change evidence after findings were frozen, so that the copies read otherwise."""
    changed = Evidence.objects.get(key=key)
    changed.title = title
    record.save(changed, by=by)
    for citation in changed.citations.all():
        citation.note = note
        record.save(citation, by=by)


@contextmanager
def an_empty_database() -> Iterator[None]:
    """Whatever is written within is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def snapshots() -> dict[str, Any]:
    """Everything a register holds, by name; drafts and held copies stay at home."""
    told: dict[str, Any] = {
        model.__name__: {obj.record_key: obj.snapshot() for obj in model.objects.all()}  # type: ignore[attr-defined]
        for model in tracked_models()
        if model not in (Draft, Attachment)
    }
    told["people"] = {(person.record_key, person.display_name) for person in _people_of_findings()}
    return told


def _people_of_findings() -> set[User]:
    named = Finding.objects.values_list("author", "approver")
    return set(User.objects.filter(pk__in={pk for pair in named for pk in pair}))


def same(left: Path, right: Path) -> bool:
    """Whether two folders hold the same files byte for byte."""
    names = sorted(path.name for path in left.iterdir())
    if names != sorted(path.name for path in right.iterdir()):
        return False
    return filecmp.cmpfiles(left, right, names, shallow=False) == (names, [], [])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=registers())
def test_a_register_comes_home_from_its_bundle(db: None, told: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as place:
        first, second = Path(place) / "first", Path(place) / "second"
        with an_empty_database():
            build(told)
            before = snapshots()
            bundle.dump(first)
        with an_empty_database():
            system = record.system_account()
            bundle.load(first, by=system)
            assert snapshots() == before
            bundle.dump(second)
            assert same(first, second)
            assert bundle.load(second, by=system, update=True).nothing_to_do
            assert record.verify().broken is None


def test_what_is_compared_would_show_a_difference(tmp_path: Path) -> None:
    for name, text in (("left", "a"), ("right", "b")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bodies.yaml").write_text(text)
    assert same(tmp_path / "left", tmp_path / "left")
    assert not same(tmp_path / "left", tmp_path / "right")
    (tmp_path / "right/themes.yaml").touch()
    assert not same(tmp_path / "left", tmp_path / "right")


def test_a_copy_that_a_finding_rests_on_and_one_attached_later_come_home(
    db: None, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with an_empty_database():
        world = small_world(person("ana", "Ana", "Analysts"), person("rui", "Rui", "Reviewers"))
        _hold({"key": "yearbook", "copies": (1, 0)}, 0, world.ana)
        world.find(world.rulings, "partial", date(2022, 6, 1), [world.yearbook_on_rulings])
        _hold({"key": "outline", "copies": (0, 1)}, 1, world.ana)
        before = _hashes()
        bundle.dump(first)
    with an_empty_database():
        system = record.system_account()
        bundle.load(first, by=system)
        assert _hashes() == before
        assert {hash for *_, hash in before} == {"", "0" * 64}
        _hold({"key": "statement", "copies": (0, 1)}, 1, system)  # theirs, not of these findings
        bundle.dump(second)
        assert same(first, second)


def test_a_key_takes_no_copy_that_the_register_happens_to_hold(db: None, tmp_path: Path) -> None:
    with an_empty_database():
        world = small_world(person("ana", "Ana", "Analysts"), person("rui", "Rui", "Reviewers"))
        bundle.dump(tmp_path)
        rows = (tmp_path / "findings.yaml").read_text()
        _hold({"key": "outline", "copies": (0, 1)}, 1, world.ana)
        more = rows.split("\n\n")[1].replace("number: 2", "number: 3")
        (tmp_path / "findings.yaml").write_text(f"{rows}\n{more}\n")
        bundle.load(tmp_path, by=world.ana)
        assert {hash for *_, hash in _hashes()} == {""}


def _hashes() -> set[tuple[str, int, str, str]]:
    """Of each frozen piece of evidence: measure, finding, document, hash of the copy."""
    fields = ("finding__measure__code", "finding__number", "evidence__key", "copy_sha256")
    return set(FrozenCitation.objects.values_list(*fields))


def test_a_review_date_that_was_cleared_comes_home_so(db: None, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with an_empty_database():
        world = small_world(person("ana", "Ana", "Analysts"), person("rui", "Rui", "Reviewers"))
        world.plan.review_on = None
        record.save(world.plan, by=world.ana)
        bundle.dump(first)
    with an_empty_database():
        system = record.system_account()
        bundle.load(first, by=system)
        reviews = dict(Measure.objects.values_list("code", "review_on"))
        assert reviews["1.1"] is None
        assert reviews["1.2"] is not None
        assert reviews["2.1"] is None  # never assessed: there is nothing to review
        bundle.dump(second)
        assert same(first, second)
        assert bundle.load(second, by=system, update=True).nothing_to_do
    measures = (first / "measures.yaml").read_text()
    (first / "measures.yaml").write_text(measures.replace("review_on: null\n", ""))
    with an_empty_database():  # the control: unsaid, it is taken from the finding
        bundle.load(first, by=record.system_account())
        assert Measure.objects.get(code="1.1").review_on is not None
