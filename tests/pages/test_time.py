"""Any page as of any day: stated on it, carried along, and the same for ever."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from measures import record
from measures.models import Evidence, Measure
from tests.pages.reader import Node
from tests.world import LATER, SPEECH_DAY, World, cite

READING = (
    "/",
    "/trend/",
    "/timeline/",
    "/brief/",
    "/measures/",
    "/measures/?status=implemented&order=title",
    "/measures/?status=implemented&status=sustained&theme=design",
    "/evidence/?kind=plan&kind=statistics&tier=1",
    "/measures/1.1/",
    "/measures/1.1/history/",
    "/measures/2.1/",
    "/themes/design/",
    "/bodies/patent-office/",
    "/evidence/",
    "/evidence/outline/",
    "/evidence/outline/history/",
    "/source/speech-2020/",
    "/changes/",
    "/changes/?noun=measure",
    "/search/?q=plan",
    "/method/",
)
# Where a link leads out of the pages that are read: to sign in, to write, to files.
NOT_READ = ("/accounts/", "/admin/", "/desk/", "/language/", "/static/", "/cite")

Page = Callable[..., Node]


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def links_of(page: Node) -> list[str]:
    """Where the links lead that stay in the register at the dates of the page.

    The date control is there to leave them; citations, files and periods name theirs differently.
    """
    others = page.all(role="region", aria_label="Dates")
    others += page.all("ul", cls="files") + page.all("ul", cls="days")
    others += [each for each in page.all("details") if each.all("summary")[0].text[:4] == "Cite"]
    leaving = {id(link) for other in others for link in other.all("a")}
    return [
        link["href"]
        for link in page.all("a")
        if id(link) not in leaving
        and link["href"].startswith(("/", "?"))
        and not link["href"].startswith(NOT_READ)
    ]


@pytest.mark.usefixtures("second_source")
@pytest.mark.parametrize(
    "path", [*READING, "/source/", "/s/plan-2021/", "/s/plan-2021/measures/1.1/"]
)
def test_the_dates_are_stated_and_travel_along_in_every_link(path: str, visitor: Client) -> None:
    joint = "&" if "?" in path else "?"
    page = Node.of(visitor.get(f"{path}{joint}as_of=2023-01-01&known=2023-07-01"))
    words = "s of 1 January 2023, as known on 1 July 2023"
    assert f"a{words}" in page.one("head").one("title").text
    assert f"A{words}." in page.one("footer").text
    assert f"A{words}" == page.one("summary", cls="dates").text
    for link in links_of(page):
        assert "as_of=2023-01-01" in link, link
        assert "known=2023-07-01" in link, link
    for form in page.one("main").all("form", method="get"):
        if form.all("input", name="to"):
            continue  # It names the day of the page itself.
        kept = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
        assert kept == {"as_of": "2023-01-01", "known": "2023-07-01"}


def test_the_only_source_is_opened_at_the_dates_asked_for(visitor: Client, world: World) -> None:
    response = visitor.get("/source/?as_of=2023-01-01")
    assert response["Location"] == "/source/speech-2020/?as_of=2023-01-01"


def test_today_needs_no_dates_in_its_links(visitor: Client, world: World) -> None:
    for path in READING:
        page = Node.of(visitor.get(path))
        assert [link for link in links_of(page) if "as_of" in link or "known" in link] == []
        assert "as known today" in page.one("footer").text
        assert page.all("meta", name="robots") == []


Said = tuple[dict[str, str], str, str]
# One of each kind, and other ways of writing it.
NOT_MEANT: tuple[Said, ...] = (
    ({"as_of": "yesterday"}, "“yesterday” is no date. Write it as 2021-06-30.", "1 March 2024"),
    ({"as_of": "2024-03-02"}, "2 March 2024 is in the future", "1 March 2024"),
    ({"as_of": "2020-11-29"}, "the day of the source: nothing had been", "30 November 2020"),
    ({"known": "once"}, "“once” is no date.", "as known today"),
    ({"known": "2024-03-02"}, "in the future, and nothing was recorded yet", "as known today"),
)
WRITTEN_OTHERWISE: tuple[Said, ...] = (
    ({"as_of": "2023-02-30"}, "“2023-02-30” is no date.", "1 March 2024"),
    ({"as_of": "2023-2-3"}, "“2023-2-3” is no date.", "1 March 2024"),
    ({"as_of": "20230203"}, "is no date", "1 March 2024"),
    ({"as_of": "２０２３-01-01"}, "is no date", "1 March 2024"),
    ({"as_of": "9" * 1500}, "is no date", "1 March 2024"),
    ({"as_of": "9999-12-31"}, "9999-12-31 is in the future", "1 March 2024"),
    ({"as_of": "0001-01-01"}, "the day of the source: nothing had been", "30 November 2020"),
    ({"known": "2023-01-01T25:00"}, "is no date", "as known today"),
    ({"known": "0001-01-01T00:00:00+14:00"}, "is no date", "as known today"),
    ({"known": "9999-12-31"}, "is no date", "as known today"),
)
ADDRESSES = tuple(dict.fromkeys(path.partition("?")[0] for path in READING))


def is_said(answer: Node, sentence: str, shown: str) -> None:
    note = answer.one("main").one("p", cls="is-error", role="status")
    assert sentence in note.text
    assert shown in answer.one("footer").text


@pytest.mark.parametrize("said", NOT_MEANT)
def test_a_date_that_cannot_be_meant_is_said_and_a_page_shown(
    said: Said, today: date, world: World, page: Page
) -> None:
    asked, sentence, shown = said
    for path in ADDRESSES:
        is_said(page(path, **asked), sentence, shown)


@pytest.mark.parametrize("said", WRITTEN_OTHERWISE)
def test_it_is_said_however_it_is_written(
    said: Said, today: date, world: World, page: Page
) -> None:
    asked, sentence, shown = said
    for path in ("/", "/evidence/outline/"):
        is_said(page(path, **asked), sentence, shown)


def test_a_moment_may_be_written_with_its_offset_or_as_a_day(
    today: date, world: World, page: Page
) -> None:
    """The later findings were recorded on 1 June 2023 at nine o'clock."""
    for known, status in [
        ("2023-06-01T08:59:59Z", "Not started"),
        ("2023-06-01T09:00:00Z", "Implemented"),
        ("2023-06-01T16:59:59+08:00", "Not started"),
        ("2023-06-01T17:00:00+08:00", "Implemented"),
        ("2023-06-01T09:00:00.000001Z", "Implemented"),
        ("2023-05-31", "Not started"),
        ("2023-06-01", "Implemented"),
    ]:
        shown = page("/measures/1.1/", known=known)
        assert shown.one("span", cls="large").text == status, known


def test_an_offset_whose_plus_became_a_space_is_understood(world: World, visitor: Client) -> None:
    for path in ("?known=2023-06-01T16:59:59+08:00", "?known=2023-06-01T16:59:59%2B08:00"):
        shown = Node.of(visitor.get(f"/measures/1.1/{path}"))
        assert shown.one("span", cls="large").text == "Not started"
        assert "known=2023-06-01T16%3A59%3A59%2B08%3A00" in links_of(shown)[0]


def test_the_choices_keep_the_page_and_its_filters(today: date, world: World, page: Page) -> None:
    shown = page("/measures/", status="implemented", page="3", as_of="2023-01-01")
    control = shown.one(role="region", aria_label="Dates")
    assert control.one("ul", cls="days").links() == {
        "Today 1 Mar 2024": "?status=implemented",
        "End of last quarter 31 Dec 2023": "?status=implemented&as_of=2023-12-31",
        "A year ago 1 Mar 2023": "?status=implemented&as_of=2023-03-01",
        "Day of the source 30 Nov 2020": "?status=implemented&as_of=2020-11-30",
    }
    assert control.links()["Back to today"] == "?status=implemented"
    kept = [(each["name"], each["value"]) for each in control.all("input", type="hidden")]
    assert kept == [("status", "implemented")]


def main_of(client: Client, path: str) -> str:
    """What the page shows; not what is there to leave it, nor the day on which it was read."""
    text = client.get(path).content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    leaving = "<form [^>]*method=.get.*?</form>|<ul class=.days.*?</ul>|[Rr]ead on [0-9-]+"
    return re.sub(leaving, "", main, flags=re.DOTALL)


def much_happens(world: World) -> None:
    """Findings, a correction, a late record, mended words, new evidence, a retired measure."""
    world.find(world.training, "limited", date(2025, 2, 1), [world.statement_on_training])
    world.find(world.rulings, "partial", date(2022, 1, 1), [world.yearbook_on_rulings])
    world.find(
        world.plan,
        "limited",
        date(2021, 9, 22),
        [world.outline_on_plan],
        supersedes=world.plan.findings.get(number=2),
        correction_reason="It was a draft.",
    )
    plan = Measure.objects.get(pk=world.plan.pk)
    plan.title, plan.done_when, plan.review_on = "Renamed", "Something else.", date(2021, 1, 1)
    world.outline.title, world.outline.tier = "Renamed", 4
    world.outline_on_plan.note = "Rewritten."
    world.design.title, world.speech.title = "Renamed", "Renamed"
    world.patent_office.title = "Renamed"
    fresh = Evidence(key="fresh", title="Fresh", kind="plan", tier=1, issued_on=date(2021, 1, 1))
    rows: list[Any] = [plan, world.outline, world.outline_on_plan, world.design, world.speech]
    for row in (*rows, world.patent_office, fresh):
        record.save(row, by=world.ana)
    cite(plan, fresh, by=world.ana)
    rulings = Measure.objects.get(pk=world.rulings.pk)
    rulings.retired_on = date(2025, 3, 1)
    record.save(rulings, by=world.ana)


def test_an_address_with_both_dates_shows_the_same_page_for_ever(
    world: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = timezone.now()
    day = timezone.localdate(then).isoformat()
    dates = f"as_of={day}&known={then.isoformat().replace('+00:00', 'Z')}"
    paths = [f"{path}{'&' if '?' in path else '?'}{dates}" for path in READING]
    served = {path: main_of(visitor, path) for path in paths}
    undated = {path: main_of(visitor, path) for path in READING}
    at(monkeypatch, datetime(then.year + 1, 6, 1, 12, tzinfo=UTC))
    much_happens(world)
    for path in paths:
        assert main_of(visitor, path) == served[path], path
    changed = [path for path in READING if main_of(visitor, path) != undated[path]]
    assert changed == [path for path in READING if path != "/method/"]


def test_what_was_recorded_later_is_not_told_on_an_earlier_page(world: World, page: Page) -> None:
    world.find(
        world.rulings,
        "partial",
        SPEECH_DAY,
        [world.yearbook_on_rulings],
        rationale="Only told now.",
        recorded_at=LATER,
    )
    for path in ("/measures/2.1/", "/measures/2.1/history/", "/changes/", "/"):
        shown = page(path, known="2023-05-31").one("main")
        assert "Only told now." not in shown.text, path
    assert "Only told now." in page("/measures/2.1/", known="2023-06-01").text
