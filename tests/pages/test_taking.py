"""Every list as a file: what the page shows, with its filters and dates, safe to open."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from measures import record
from measures.models import Citation, Evidence, Finding, Measure, RecordEntry
from tests.pages.reader import Node
from tests.world import SPEECH_DAY, World

LISTS = ("measures", "evidence", "citations", "findings", "timeline", "changes")
DATES = "as_of=2022-01-01&known=2023-07-01"

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def taken(visitor: Client) -> Callable[..., Any]:
    """A file as a visitor takes it away, whole."""

    def get(path: str, browser: Client = visitor) -> bytes:
        response = browser.get(path)
        assert response.status_code == 200, path
        return b"".join(response.streaming_content)  # type: ignore[arg-type]

    return get


def rows_of(content: bytes, kind: str) -> list[dict[str, Any]]:
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if kind == "json":
        return list(json.loads(content)["rows"])
    if kind == "jsonl":
        return [json.loads(line) for line in content.splitlines()]
    head, *rows = (
        openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    )
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_every_list_is_taken_away_in_every_form_with_the_same_rows(
    taken: Any, second_source: Any
) -> None:
    rows = {
        "measures": 3,
        "evidence": Evidence.objects.count(),
        "citations": Citation.objects.count(),
        "timeline": Citation.objects.count(),
        "findings": Finding.objects.filter(measure__source__slug="speech-2020").count(),
        "changes": RecordEntry.objects.count(),
    }
    for name in LISTS:
        files = {kind: taken(f"/{name}.{kind}") for kind in ("csv", "xlsx", "json", "jsonl")}
        told = {kind: rows_of(content, kind) for kind, content in files.items()}
        columns = {kind: list(each[0]) for kind, each in told.items()}
        assert {kind: len(each) for kind, each in told.items()} == dict.fromkeys(files, rows[name])
        assert columns["csv"] == columns["xlsx"] == columns["json"] == columns["jsonl"]


def test_a_file_has_the_rows_of_its_page_with_its_filters(taken: Any) -> None:
    def codes(query: str) -> list[str]:
        return [row["code"] for row in rows_of(taken(f"/measures.csv?{query}"), "csv")]

    assert codes("") == ["1.1", "1.2", "2.1"]
    assert codes("theme=design") == ["1.1", "1.2"]
    assert codes("status=implemented") == ["1.1"]
    assert codes("order=title") == ["1.1", "2.1", "1.2"]
    stages = rows_of(taken("/citations.csv?stage=applied"), "csv")
    assert [row["measure"] for row in stages] == ["1.2", "2.1"]
    only = rows_of(taken("/changes.csv?noun=theme"), "csv")
    assert {row["noun"] for row in only} == {"theme"}
    assert {row["measure"] for row in rows_of(taken("/findings.csv?theme=courts"), "csv")} == set()
    kinds = rows_of(taken("/evidence.csv?kind=plan"), "csv")
    assert [row["key"] for row in kinds] == ["outline"]


def test_the_links_of_a_page_carry_its_filters_and_dates(page: Callable[..., Node]) -> None:
    for path, name in (
        ("/measures/", "measures"),
        ("/evidence/", "evidence"),
        ("/timeline/", "timeline"),
    ):
        links = page(path, as_of="2022-01-01", known="2023-07-01").all("ul", cls="files")[0].links()
        assert links["CSV"] == f"/{name}.csv?{DATES}"
        assert links["JSON"] == f"/{name}.json?{DATES}"
    changes = page("/changes/", noun="finding", as_of="2022-01-01").one("ul", cls="files")
    assert changes.links()["Excel"] == "/changes.xlsx?noun=finding&as_of=2022-01-01"
    files = page("/measures/", theme="design", status="implemented").all("ul", cls="files")
    links = files[0].links() | files[1].links()
    assert links["Excel"] == "/measures.xlsx?theme=design&status=implemented"
    assert links["CSV Findings of the theme"] == "/findings.csv?theme=design"


def test_a_file_tells_the_past_as_its_page_does(world: World, taken: Any) -> None:
    plan = Measure.objects.get(pk=world.plan.pk)
    plan.title = "Renamed"
    record.save(plan, by=world.ana)
    now = rows_of(taken("/measures.json"), "json")[0]
    then = rows_of(taken("/measures.json?as_of=2021-01-01&known=2021-06-30"), "json")[0]
    assert (now["title"], now["status"], now["version"]) == ("Renamed", "implemented", 3)
    assert (then["title"], then["status"], then["version"]) == ("The plan", "not-started", 0)
    found = rows_of(taken("/findings.json?known=2022-01-01"), "json")
    assert {row["status"] for row in found} == {"not-started", "limited"}


def test_a_file_says_its_filters_its_dates_and_the_head_of_the_record(
    taken: Any, visitor: Client
) -> None:
    head = record.head()
    assert head is not None
    told = json.loads(taken("/measures.json?theme=design&as_of=2022-01-01"))["about"]
    assert told["filters"] == {"theme": ["design"]}
    assert told["dates"] == {"as_of": "2022-01-01"}
    assert told["told"] == "as of 1 January 2022, as known today"
    assert told["record"] == f"{head.sequence} {head.hash}"
    response = visitor.get("/measures.csv?theme=design&as_of=2022-01-01&known=2023-07-01")
    assert response["Content-Disposition"] == (
        'attachment; filename="ipr-measures-design-2022-01-01-known-2023-07-01.csv"'
    )
    assert response["X-As-Of"] == "2022-01-01"
    assert response["X-Known"] == "2023-07-01"
    book = openpyxl.load_workbook(io.BytesIO(taken("/measures.xlsx?theme=design")))
    facts = dict(book["About"].iter_rows(values_only=True))
    assert facts["filters.theme"] == "design"
    assert facts["record"] == f"{head.sequence} {head.hash}"
    assert facts["rows"] == "2"


def test_a_csv_file_begins_with_its_columns_and_with_more_only_if_asked(taken: Any) -> None:
    assert taken("/measures.csv").startswith(b"source,code,slug,")
    assert taken("/measures.csv?bom=on").startswith(b"\xef\xbb\xbfsource,code,slug,")
    told = taken("/measures.csv?about=on").decode().splitlines()
    assert told[0] == "# list: measures"
    assert any(line.startswith("source,code") for line in told)


def test_nothing_that_a_spreadsheet_would_run_leaves(world: World, taken: Any) -> None:
    for title in ("=1+1", "+1", "-1", "@sum", "'=1", "<r>x</r>"):
        world.outline.title = title
        record.save(world.outline, by=world.ana)
        cell = rows_of(taken("/evidence.csv?kind=plan"), "csv")[0]["title"]
        assert cell == (title if title.startswith("<") else f"'{title}")
        book = openpyxl.load_workbook(io.BytesIO(taken("/evidence.xlsx?kind=plan")))
        cell = book.worksheets[0]["B2"]
        assert (cell.value.strip(), cell.data_type) == (title, "s")


def test_excel_gets_dates_as_dates_a_filter_and_a_frozen_head(taken: Any) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(taken("/evidence.xlsx"))).worksheets[0]
    columns = [cell.value for cell in sheet[1]]
    issued = sheet.cell(2, columns.index("issued_on") + 1)
    assert issued.is_date
    assert issued.value.date() == date(2022, 6, 1)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")


@pytest.mark.parametrize(
    "query", ["as_of=once", "known=2999-01-01", "as_of=2019-01-01", "theme=none", "kind=none"]
)
def test_what_cannot_be_read_is_refused(query: str, visitor: Client) -> None:
    response = visitor.get(f"/measures.csv?{query}")
    assert response.status_code == 400
    assert "cannot be" in response.content.decode() or "valid choice" in response.content.decode()


def test_another_ending_names_nothing(visitor: Client) -> None:
    for name in LISTS:
        assert visitor.get(f"/{name}.exe").status_code == 404
        assert visitor.post(f"/{name}.csv").status_code == 405


def test_a_source_has_its_lists_under_its_name(taken: Any, second_source: Any) -> None:
    told = rows_of(taken("/s/plan-2021/measures.csv"), "csv")
    assert [(row["source"], row["code"]) for row in told] == [
        ("plan-2021", "1.1"),
        ("plan-2021", "1.2"),
    ]
    assert [row["measure"] for row in rows_of(taken("/s/plan-2021/findings.csv"), "csv")] == ["1.1"]


def test_no_file_names_an_account(world: World, taken: Any) -> None:
    world.rulings.analyst = world.rui
    record.save(world.rulings, by=world.ana)
    world.rulings.analyst = None
    record.save(world.rulings, by=world.ana)
    for name in LISTS:
        content = taken(f"/{name}.jsonl").decode()
        assert "@example.org" not in content, name
        assert '"rui"' not in content, name
    assert '"after": null' in taken("/changes.jsonl?noun=measure").decode()
    assert "a colleague" in taken("/changes.jsonl?noun=measure").decode()


def test_questions_are_asked_by_the_thousand_rows_not_by_the_row(
    world: World,
    crowd: Callable[[int], Any],
    taken: Any,
    django_assert_max_num_queries: Any,
) -> None:
    crowd(300)  # Some 2,700 entries of the record.
    for name in LISTS:
        for kind in ("csv", "xlsx"):
            with django_assert_max_num_queries(24):
                taken(f"/{name}.{kind}")


def test_a_late_correction_is_not_told_before_it_was_known(world: World, taken: Any) -> None:
    wrong = world.plan.findings.get(number=1)
    world.find(
        world.plan,
        "limited",
        SPEECH_DAY,
        [world.outline_on_plan],
        supersedes=wrong,
        correction_reason="It was a draft.",
    )
    now = rows_of(taken("/findings.json"), "json")[0]
    then = rows_of(taken("/findings.json?known=2023-07-01"), "json")[0]
    assert (now["number"], now["superseded_by"]) == (1, 3)
    assert (then["number"], then["superseded_by"]) == (1, None)
