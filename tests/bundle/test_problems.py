"""What is wrong in a bundle is said at once, with file, record and field; nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from measures import bundle, record
from measures.bundle import BundleError, Problem
from measures.models import Body, Passage, RecordEntry, Source, User

pytestmark = pytest.mark.django_db

Rows = dict[str, list[dict[str, Any]]]
Folder = Callable[[Rows], Path]


def problems(folder: Path, by: User) -> list[tuple[str, str, str, str]]:
    """What a load complains of, after making sure that it wrote nothing."""
    before = RecordEntry.objects.count(), User.objects.count(), Body.objects.count()
    with pytest.raises(BundleError) as refusal:
        bundle.load(folder, by=by)
    assert (RecordEntry.objects.count(), User.objects.count(), Body.objects.count()) == before
    return [(p.file, p.record, p.field, p.sentence) for p in refusal.value.problems]


MISSING = "It is missing."
A_TEXT = "This is a text; put it in quotation marks."
NO_FIELD = "There is no such field."
TWICE = "It stands twice in the file."


@pytest.mark.parametrize(
    ("file", "row", "field", "value", "place", "sentence"),
    [
        ("bodies", 0, "colour", "red", "patent-office", NO_FIELD),
        ("findings", 0, "colour", "red", "1.1 #1", NO_FIELD),
        ("measures", 0, "title", None, "1.1", MISSING),
        ("measures", 0, "theme", None, "1.1", MISSING),
        ("measures", 0, "passage", None, "1.1", MISSING),
        ("measures", 0, "position", None, "1.1", MISSING),
        ("measures", 0, "kind", None, "1.1", MISSING),
        ("measures", 0, "code", None, "record 1", MISSING),
        ("sources", 0, "delivered_on", None, "speech-2020", MISSING),
        ("evidence", 0, "tier", None, "outline", MISSING),
        ("citations", 0, "stage", None, "outline @ 1.1", MISSING),
        ("findings", 1, "author", None, "1.1 #2", MISSING),
        ("findings", 1, "number", None, "1.1 #2", MISSING),
        ("measures", 0, "title", "", "1.1", "This field cannot be blank."),
        ("measures", 0, "code", 4.10, "4.1", A_TEXT.replace("This is a text", "A code is a text")),
        ("citations", 0, "measure", 4.10, "outline @ 4.1",
         "A code is a text; put it in quotation marks."),
        ("findings", 0, "measure", 4.10, "4.1 #1",
         "A code is a text; put it in quotation marks."),
        ("measures", 0, "title", 2021, "1.1", A_TEXT),
        ("measures", 0, "title", False, "1.1", A_TEXT),
        ("measures", 0, "code", "4/1", "4/1",
         "Use lower-case letters, digits, single hyphens and points."),
        ("measures", 0, "bodies", "patent-office", "1.1", "This is a list."),
        ("measures", 0, "bodies", ["nobody"], "1.1",
         "There is no body named “nobody” in the bundle or the register."),
        ("measures", 0, "theme", "nothing", "1.1",
         "There is no theme named “nothing” in the bundle or the register."),
        ("measures", 0, "passage", 99, "1.1",
         "There is no passage named “99” in the bundle or the register."),
        ("measures", 0, "kind", "splendid", "1.1", "Value 'splendid' is not a valid choice."),
        ("measures", 0, "position", "first", "1.1", "“first” value must be an integer."),
        ("measures", 0, "title", "Hid\u202eden", "1.1",
         "Character 4 is U+202E RIGHT-TO-LEFT OVERRIDE, which cannot be shown. Remove it."),
        ("measures", 0, "title", "Two\nlines", "1.1", "This is one line; remove the line breaks."),
        ("measures", 0, "title", "Two\u2028lines", "1.1",
         "This is one line; remove the line breaks."),
        ("measures", 0, "title", "x" * 201, "1.1",
         "Ensure this value has at most 200 characters (it has 201)."),
        ("sources", 0, "is_default", "yes", "speech-2020", "This is true or false."),
        ("evidence", 0, "issued_on", "2021-13-01", "outline",
         "“2021-13-01” value has the correct format (YYYY-MM-DD) but it is an invalid date."),
        ("evidence", 0, "issued_on", "September", "outline",
         "“September” value has an invalid date format. It must be in YYYY-MM-DD format."),
        ("evidence", 0, "issued_on", 2021, "outline", "Write the day as YYYY-MM-DD."),
        ("evidence", 0, "tier", 7, "outline", "Value 7 is not a valid choice."),
        ("evidence", 0, "url", "javascript:alert(1)", "outline", "Enter a valid URL."),
        ("evidence", 0, "seen_at", "https://example.org", "outline", "This is a list of texts."),
        ("evidence", 0, "seen_at", [["a"]], "outline", "This is a list of texts."),
        ("findings", 0, "status", "splendid", "1.1 #1",
         "Value 'splendid' is not a valid choice."),
        ("findings", 0, "effective_on", "soon", "1.1 #1",
         "“soon” value has an invalid date format. It must be in YYYY-MM-DD format."),
        ("findings", 0, "recorded_at", "2021-01-15", "1.1 #1",
         "Say the time zone, too: 2021-01-15T09:00:00+00:00."),
        ("findings", 0, "recorded_at", 2021, "1.1 #1", "Write the day as YYYY-MM-DD."),
        ("findings", 0, "recorded_at", "2999-01-01T00:00:00+00:00", "1.1 #1",
         "It is in the future."),
        ("findings", 0, "method_version", "the very first", "1.1 #1",
         "Ensure this value has at most 12 characters (it has 14)."),
        ("findings", 0, "author", "nobody", "1.1 #1",
         "people.yaml has nobody with the key “nobody”."),
        ("findings", 0, "supersedes", 7, "1.1 #1",
         "It corrects a finding that does not come before it."),
        ("findings", 0, "supersedes", "first", "1.1 #1", "“first” value must be an integer."),
        ("findings", 1, "evidence", "outline", "1.1 #2", "This is a list."),
        ("findings", 1, "evidence", ["nothing"], "1.1 #2",
         "There is no evidence named “nothing” in the bundle or the register."),
        ("findings", 1, "evidence", ["yearbook"], "1.1 #2",
         "yearbook is not cited under measure 1.1; add it to citations.yaml."),
        ("findings", 1, "evidence", ["outline", "outline"], "1.1 #2", "outline is cited twice."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    rows: Rows, folder: Folder, system: User, file: str, row: int, field: str, value: Any,
    place: str, sentence: str,
) -> None:  # fmt: skip
    if value is None:
        del rows[file][row][field]
    else:
        rows[file][row][field] = value
    assert (f"{file}.yaml", place, field, sentence) in problems(folder(rows), system)


@pytest.mark.parametrize(
    ("file", "field", "place"),
    [
        ("measures", "theme", "1.1"),
        ("measures", "passage", "1.1"),
        ("measures", "title", "1.1"),
        ("passages", "number", "record 1"),
        ("citations", "evidence", "1.1"),
    ],
)
def test_nothing_given_is_as_good_as_missing(
    rows: Rows, folder: Folder, system: User, file: str, field: str, place: str
) -> None:
    rows[file][0][field] = None
    assert (f"{file}.yaml", place, field, MISSING) in problems(folder(rows), system)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"evidence": []}, "status",
         "“Implemented” needs evidence, and none is cited. Cite at least one document."),
        ({"effective_on": "2999-01-01"}, "effective_on",
         "2999-01-01 is in the future. A finding states what has taken effect; record it on the "
         "day."),
        ({"rationale": ""}, "rationale", "Write the rationale in English or in Chinese."),
        ({"status": "sustained"}, "status",
         "“Sustained” is for continuing measures, and this one is a deliverable. Choose "
         "“Implemented”, or a lower status."),
        ({"supersedes": 1}, "correction_reason",
         "A correction says what was wrong. Write the reason."),
        ({"approver": "coding"}, "approver",
         "Nobody approves their own finding. Ask another reviewer to decide."),
    ],
    ids=["no evidence", "future", "no reason", "sustained", "no reason to correct", "four eyes"],
)  # fmt: skip
def test_a_finding_that_breaks_a_rule_is_refused(
    rows: Rows, folder: Folder, system: User, changed: dict[str, Any], field: str, sentence: str
) -> None:
    rows["findings"][1] |= changed
    found = problems(folder(rows), system)
    assert found == [("findings.yaml", "1.1 #2", field, sentence)]


def test_a_desk_of_one_may_bring_its_findings_to_a_desk_of_one(
    rows: Rows, folder: Folder, system: User, settings: Any
) -> None:
    settings.FOUR_EYES = False
    rows["findings"][1]["approver"] = "coding"
    bundle.load(folder(rows), by=system)
    source = Source.objects.get()
    told = source.measures.get(code="1.1").findings.order_by("number")
    assert [finding.four_eyes for finding in told] == [True, False]


def test_two_corrections_of_one_finding_are_refused(
    rows: Rows, folder: Folder, system: User
) -> None:
    again = rows["findings"][1] | {"supersedes": 2, "correction_reason": "Misread."}
    rows["findings"] += [again | {"number": 3}, again | {"number": 4}]
    assert problems(folder(rows), system) == [
        ("findings.yaml", "1.1 #4", "supersedes",
         "Finding 3 corrects that one already; correct the correction."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("copy", "sentence"),
    [
        ({"colour": "red"}, "There is no field colour."),
        ({"tier": 9}, "outline, tier: Value 9 is not a valid choice."),
        ({"stage": "soon"}, "outline, stage: Value 'soon' is not a valid choice."),
        ({"title": ""}, "outline, title: This field cannot be blank."),
        (
            {"note": "\0"},
            "outline, note: Character 1 is U+0000 NULL, which cannot be shown. Remove it.",
        ),
        ({"issued_on": 2021}, "outline, issued_on: Write the day as YYYY-MM-DD."),
    ],
    ids=["field", "tier", "stage", "title", "note", "day"],
)
def test_a_copy_of_evidence_is_read_as_strictly(
    rows: Rows, folder: Folder, system: User, copy: dict[str, Any], sentence: str
) -> None:
    good = {"evidence": "outline", "title": "The outline", "tier": 1, "stage": "in-force",
            "bearing": "supports"}  # fmt: skip
    rows["findings"][1]["evidence"] = [good | copy]
    assert problems(folder(rows), system) == [("findings.yaml", "1.1 #2", "evidence", sentence)]


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("bodies", "patent-office"),
        ("passages", "1"),
        ("measures", "1.1"),
        ("evidence", "outline"),
        ("citations", "outline @ 1.1"),
    ],
)
def test_a_record_stands_once(
    rows: Rows, folder: Folder, system: User, file: str, place: str
) -> None:
    rows[file].append(dict(rows[file][0]))
    assert problems(folder(rows), system) == [(f"{file}.yaml", place, "", TWICE)]


def test_a_finding_and_a_person_stand_once(rows: Rows, folder: Folder, system: User) -> None:
    rows["findings"].append(dict(rows["findings"][0]))
    rows["people"].append(dict(rows["people"][0]))
    assert problems(folder(rows), system) == [
        ("people.yaml", "coding", "", TWICE),
        ("findings.yaml", "1.1 #1", "number", TWICE),
    ]


def test_an_address_belongs_to_one_measure(rows: Rows, folder: Folder, system: User) -> None:
    rows["measures"][1]["slug"] = "plan"
    assert ("measures.yaml", "1.2", "slug", "Another record has the same one.") in problems(
        folder(rows), system
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"id": "4711"}, "The id is not a UUID."),
        ({"name": ""}, "A person has a key, an id and a name."),
        ({"email": "coding@example.org"}, "There is no field email."),
        ({"key": "ana"}, "Another account has this key and another id."),
        ({"name": "x" * 81}, "Ensure this value has at most 80 characters (it has 81)."),
    ],
    ids=["id", "name", "field", "key", "long"],
)
def test_people_are_read_as_strictly(
    rows: Rows, folder: Folder, system: User, ana: User, changed: dict[str, Any], sentence: str
) -> None:
    rows["people"][0] |= changed
    found = problems(folder(rows), system)
    assert ("people.yaml", rows["people"][0]["key"], "", sentence) in found


def test_a_quotation_must_stand_in_a_passage_whose_text_is_loaded(
    rows: Rows, folder: Folder, system: User
) -> None:
    bundle.load(folder({n: rows[n] for n in ("bodies", "sources", "passages", "themes")}),
                by=system)  # fmt: skip
    passage = Passage.objects.get(number=2)
    passage.text = "Indeed we will issue a plan, and we shall train examiners."
    record.save(passage, by=system)
    sentence = "These words do not stand in Paragraph 2 of the source."
    found = problems(folder(rows), system)
    assert [each for each in found if each[0] == "measures.yaml"] == [
        ("measures.yaml", "1.2", "quotation", sentence)
    ]
    rows["measures"][1]["quotation"] = "we shall train examiners"
    assert bundle.load(folder(rows), by=system).added["measures"] == 2


def test_everything_is_said_at_once(rows: Rows, folder: Folder, system: User) -> None:
    rows["bodies"][0]["colour"] = "red"
    rows["measures"][0] |= {"kind": "splendid", "title": "", "theme": "nothing"}
    rows["evidence"][1]["tier"] = 9
    rows["findings"][0]["status"] = "splendid"
    rows["findings"][1]["evidence"] = []
    places = {(file, field) for file, _record, field, _sentence in problems(folder(rows), system)}
    assert places >= {
        ("bodies.yaml", "colour"),
        ("measures.yaml", "theme"),
        ("evidence.yaml", "tier"),
    }
    rows["bodies"][0].pop("colour")
    rows["measures"][0]["theme"] = "design"
    places = {(file, field) for file, _record, field, _sentence in problems(folder(rows), system)}
    assert places == {
        ("measures.yaml", "kind"),
        ("measures.yaml", "title"),
        ("evidence.yaml", "tier"),
        ("findings.yaml", "status"),
    }


class TestFiles:
    def test_a_folder_that_is_not_there(self, tmp_path: Path, system: User) -> None:
        ((place, *_rest, sentence),) = problems(tmp_path / "nowhere", system)
        assert place.endswith("nowhere")
        assert sentence == "There is no such folder."

    def test_an_empty_folder(self, tmp_path: Path, system: User) -> None:
        (tmp_path / "README.md").write_text("# No bundle")
        ((*_place, sentence),) = problems(tmp_path, system)
        assert sentence.startswith("The folder holds none of the files of a bundle: people.yaml")

    def test_an_unknown_file(self, rows: Rows, folder: Folder, system: User) -> None:
        (folder(rows) / "mesures.yaml").write_text("[]")
        assert problems(folder(rows), system)[0][0] == "mesures.yaml"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("- slug: a\n  slug: b\n", "the field 'slug' stands twice"),
            ("- slug: [\n", "expected"),
            ("slug: a\n", "must be a list of records"),
            ("- a\n", "must be a list of records"),
            ("- ? [a]\n  : b\n", "the name of a field is a text"),
            ("- !!python/object/apply:os.getcwd []\n", "has no tag; write it plainly"),
        ],
        ids=["twice", "broken", "mapping", "texts", "odd name", "code"],
    )
    def test_a_file_that_is_no_list_of_records(
        self, tmp_path: Path, system: User, text: str, sentence: str
    ) -> None:
        (tmp_path / "bodies.yaml").write_text(text)
        (tmp_path / "themes.yaml").write_bytes(b"\xff\xfe\xff")
        first, second = problems(tmp_path, system)
        assert first[0] == "bodies.yaml"
        assert sentence in first[3]
        assert (second[0], "utf-8" in second[3]) == ("themes.yaml", True)

    def test_an_unquoted_code_is_not_read_as_another_one(
        self, rows: Rows, folder: Folder, system: User
    ) -> None:
        """In YAML 4.10 is a number, and the same as 4.1."""
        rows["measures"][0]["code"] = "4.10"
        path = folder(rows) / "measures.yaml"
        path.write_text(path.read_text().replace("'4.10'", "4.10"))
        found = problems(path.parent, system)
        assert ("measures.yaml", "4.1", "code",
                "A code is a text; put it in quotation marks.") in found  # fmt: skip

    def test_a_day_needs_no_quotation_marks(self, rows: Rows, folder: Folder, system: User) -> None:
        path = folder(rows) / "sources.yaml"
        path.write_text(path.read_text().replace("'2020-11-30'", "2020-11-30"))
        bundle.load(path.parent, by=system)
        assert Source.objects.get().delivered_on.isoformat() == "2020-11-30"


def test_a_second_default_source_is_named(rows: Rows, folder: Folder, system: User) -> None:
    other = Source(slug="other", title="Other", delivered_on=timezone.localdate(), is_default=True)
    record.save(other, by=system)
    ((_file, _record, _field, sentence),) = problems(folder(rows), system)
    assert sentence.startswith("“other” is the default source already.")
    rows["sources"][0]["is_default"] = False
    assert bundle.load(folder(rows), by=system).added["sources"] == 1


def test_the_default_source_moves_with_an_update(rows: Rows, folder: Folder, system: User) -> None:
    bundle.load(folder(rows), by=system)
    first = rows["sources"][0]
    moved = folder({"sources": [first | {"slug": "new"}, first | {"is_default": False}]})
    told = problems(moved, system)
    assert [record for _file, record, _field, _sentence in told] == ["new"]
    bundle.load(moved, by=system, update=True)
    assert Source.objects.get(is_default=True).slug == "new"
    back = folder({"sources": [first, first | {"slug": "new", "is_default": False}]})
    bundle.load(back, by=system, update=True)
    assert Source.objects.get(is_default=True).slug == first["slug"]


def test_what_only_the_database_knows_is_told_as_well(
    rows: Rows, folder: Folder, system: User
) -> None:
    def meanwhile(stage: str, done: int, in_all: int) -> None:
        if stage == "writing" and not done:
            slug = rows["sources"][0]["slug"]
            record.save(Source(slug=slug, title="Theirs", delivered_on="2020-11-30"), by=system)

    with pytest.raises(BundleError, match="The database refuses it: "):
        bundle.load(folder(rows), by=system, tell=meanwhile)
    assert not Source.objects.exists()


def test_a_problem_reads_as_a_sentence() -> None:
    problem = Problem("measures.yaml", "4.7", "title", MISSING)
    assert str(problem) == "measures.yaml · 4.7 · title: It is missing."
