"""The progress page: what stands today beside what stood on the day of the source."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from measures import method, record
from measures.models import Finding, Measure, Source, User
from tests.pages.reader import Node
from tests.world import SEARCH, SOON_AFTER, SPEECH_DAY, World, cite

Get = Callable[..., Node]


def standing(measure: Measure, day: date) -> str:
    """The status on that day, reckoned by hand: no query of the tracker is asked."""
    undone = set(Finding.objects.values_list("supersedes", flat=True))
    held = [
        (f.effective_on, f.recorded_at, f.number, f.status)
        for f in Finding.objects.all()
        if f.measure_id == measure.pk and f.pk not in undone and f.effective_on <= day
    ]
    return max(held)[-1] if held else method.NOT_ASSESSED


def tally(day: date) -> Counter[str]:
    return Counter(standing(measure, day) for measure in Measure.objects.filter(retired_on=None))


def figures(shown: Node) -> dict[str, list[str]]:
    """The rows of the table of figures: the status, then, now, change."""
    table = shown.one("table", cls="figures")
    return {
        row.one("th").text: [cell.text for cell in row.all("td")]
        for row in table.one("tbody").all("tr")
    }


@pytest.fixture
def eventful(world: World, today: date) -> World:
    """The world after a fall, a correction, a doubt and a contradiction."""
    contrary = cite(world.rulings, world.outline, by=world.ana, bearing="contradicts")
    world.find(world.rulings, "substantial", SPEECH_DAY, [world.yearbook_on_rulings])
    world.find(
        world.rulings,
        "partial",
        date(2023, 2, 1),
        [world.yearbook_on_rulings, contrary],
        confidence="low",
    )
    return world


def test_the_figures_agree_with_the_findings(eventful: World, today: date, page: Get) -> None:
    now, then = tally(today), tally(SPEECH_DAY)
    assert (now["implemented"], now["sustained"], now["partial"]) == (1, 1, 1)  # Three measures.
    shown = figures(page("/"))
    assert list(shown) == [status.en for status in method.SHOWN_STATUSES.values()]
    for slug, status in method.SHOWN_STATUSES.items():
        change = now[slug] - then[slug]
        signed = f"+{change}" if change > 0 else f"−{-change}" if change < 0 else "0"
        assert shown[status.en] == [str(then[slug]), str(now[slug]), signed]
    foot = page("/").one("tfoot")
    assert [cell.text for cell in foot.all("td")][:2] == ["3", "3"]


def test_the_sentence_agrees_with_the_findings(eventful: World, today: date, page: Get) -> None:
    said = page("/").one("p", cls="headline").text
    assert said.startswith("2 of 3 commitments are implemented or sustained; on 30 November 2020")
    assert "none" in said
    assert "0 are substantially in place and 1 is under way." in said
    assert "not yet assessed" not in said


def test_the_sentence_hides_nothing(world: World, today: date, page: Get) -> None:
    assert "1 not yet assessed" in page("/").one("p", cls="headline").text
    world.find(world.rulings, "no-evidence", date(2022, 7, 1), **SEARCH)
    said = page("/").one("p", cls="headline").text
    assert "1 no evidence found" in said
    assert "not yet assessed" not in said


def test_each_ladder_draws_its_day(eventful: World, today: date, page: Get) -> None:
    for drawn, day in zip(page("/").all("svg", cls="ladder"), (today, SPEECH_DAY), strict=True):
        counted = tally(day)
        steps = [
            f"{status.en} {counted[slug]}"
            for slug, status in method.SHOWN_STATUSES.items()
            if counted[slug]
        ]
        assert drawn["role"] == "img"
        assert drawn["aria-label"].endswith(f"{day:%-d %B %Y}: {', '.join(steps)}")
        widths = [float(rect["width"].removesuffix("%")) for rect in drawn.all("rect")]
        assert sum(widths) == pytest.approx(100, abs=0.01)
        assert len(widths) == len(steps)


def test_the_legend_leads_to_the_measures_of_each_status(eventful: World, page: Get) -> None:
    links = page("/").one("ul", cls="legend").all("a")
    assert [link["href"] for link in links] == [
        f"/measures/?status={slug}" for slug in method.SHOWN_STATUSES
    ]


def test_each_tile_leads_to_its_measure_and_shows_its_status(
    eventful: World, today: date, page: Get
) -> None:
    tiles = {a["href"]: a for tiles in page("/").all(cls="tiles") for a in tiles.all("a")}
    assert list(tiles) == ["/measures/1.1/", "/measures/1.2/", "/measures/2.1/"]
    for measure in (eventful.plan, eventful.training, eventful.rulings):
        tile = tiles[measure.get_absolute_url()]
        status = method.STATUSES[standing(measure, today)]
        assert f"is-{status.slug}" in tile.classes
        assert tile.text.startswith(f"{measure.code} {measure.short} {status.en}")
        assert tile["title"] == f"{measure.title}: {status.en}"


def test_a_tile_is_marked_when_its_measure_moved(eventful: World, page: Get) -> None:
    shown = page("/")
    up, down = shown.all("a", cls="moved-up"), shown.all("a", cls="moved-down")
    assert [tile["href"] for tile in up] == ["/measures/1.1/", "/measures/1.2/"]
    assert [tile["href"] for tile in down] == ["/measures/2.1/"]
    assert up[0].text.endswith("moved up")
    assert down[0].text.endswith("moved down")


def test_a_tile_that_did_not_move_is_not_marked(world: World, page: Get) -> None:
    tile = page("/").one("a", href="/measures/2.1/", title="The rulings: Not yet assessed")
    assert tile.classes == {"is-not-assessed"}


def test_each_theme_counts_what_is_achieved_of_what_is_promised(world: World, page: Get) -> None:
    themes = page("/").section("by-theme")
    assert "2 of 2 achieved" in themes.row("1. Design").text
    assert "0 of 1 achieved" in themes.row("2. Courts").text
    assert themes.links()["1. Design"] == "/themes/design/"


def test_what_changed_names_both_statuses_and_the_day_latest_first(
    eventful: World, page: Get
) -> None:
    rows = page("/").section("what-changed").all("li")
    assert [row.one("a").text for row in rows] == [
        "2.1 The rulings",
        "1.2 The training",
        "1.1 The plan",
    ]
    assert [status.text for status in rows[0].all(cls="status")] == ["Substantial", "Partial"]
    assert rows[0].one("time")["datetime"] == "2023-02-01"
    assert "2 pieces of evidence" in rows[0].text
    assert "1 piece of evidence" in rows[1].text
    assert rows[2].one("a")["href"] == "/measures/1.1/"


def test_a_correction_is_not_shown_as_a_change_in_the_world(world: World, page: Get) -> None:
    wrong = world.find(world.rulings, "partial", SPEECH_DAY, [world.yearbook_on_rulings])
    before = page("/").section("what-changed")
    assert "The rulings" not in before.text
    world.find(
        world.rulings,
        "limited",
        date(2021, 1, 1),
        [world.yearbook_on_rulings],
        supersedes=wrong,
        correction_reason="The yearbook was misread.",
    )
    row = page("/").section("what-changed").row("The rulings")
    assert row.chips() == ["corrected"]
    assert page("/").section("what-changed").row("The plan").chips() == []


def test_what_needs_attention_says_why(eventful: World, today: date, page: Get) -> None:
    overdue = eventful.plan
    overdue.review_on, overdue.done_when = today - timedelta(days=41), ""
    on_time = eventful.training
    on_time.review_on = today
    eventful.rulings.refresh_from_db()
    eventful.rulings.review_on = today + timedelta(days=1)
    for measure in (overdue, on_time, eventful.rulings):
        record.save(measure, by=eventful.ana)
    needs = page("/").section("needs-attention")
    assert (
        needs.row("The plan").one("small").text == "review overdue by 41 days · no written criteria"
    )
    doubts = "contradicting evidence is unresolved · low confidence"
    assert needs.row("The rulings").one("small").text == doubts
    assert "The training" not in needs.text
    assert needs.one("header").one("small").text == "2"
    overdue.review_on = today - timedelta(days=1)
    record.save(overdue, by=eventful.ana)
    assert "overdue by 1 day ·" in page("/").section("needs-attention").text


def test_what_is_not_yet_assessed_needs_attention(world: World, page: Get) -> None:
    assert "not yet assessed" in page("/").section("needs-attention").row("The rulings").text


def test_nothing_needs_attention_where_all_is_well(world: World, today: date, page: Get) -> None:
    world.find(world.rulings, "partial", SPEECH_DAY, [world.yearbook_on_rulings])
    for measure in (world.plan, world.training, world.rulings):
        measure.refresh_from_db()
        measure.review_on = today
        record.save(measure, by=world.ana)
    needs = page("/").section("needs-attention")
    assert needs.one("li").text.startswith("Nothing: every commitment is assessed")


def test_a_finding_in_the_future_of_the_reader_does_not_count(
    world: World, today: date, page: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2 of 3" in page("/").one("p", cls="headline").text
    monkeypatch.setattr(timezone, "now", lambda: SOON_AFTER)
    assert "0 of 3" in page("/").one("p", cls="headline").text


def test_a_retired_measure_is_no_longer_counted(world: World, today: date, page: Get) -> None:
    world.rulings.retired_on = today
    record.save(world.rulings, by=world.ana)
    shown = page("/")
    assert "2 of 2 commitments" in shown.one("p", cls="headline").text
    assert "The rulings" not in shown.text


def test_an_empty_register_says_how_to_fill_it(db: None, page: Get) -> None:
    shown = page("/")
    assert shown.one("h1").text == "The register is empty"
    assert "load_bundle seeds/" in shown.one("code").text


def test_a_source_without_measures_says_so(roles: None, ana: User, page: Get) -> None:
    record.save(Source(slug="empty", title="An empty one", delivered_on=SPEECH_DAY), by=ana)
    shown = page("/")
    assert "no commitments yet" in shown.one(cls="empty").text
    assert shown.all("svg") == []


def test_each_source_has_its_own_progress(world: World, second_source: Source, page: Get) -> None:
    other = page("/s/plan-2021/")
    assert "0 of 2 commitments" in other.one("p", cls="headline").text
    assert "2 of 3 commitments" in page("/").one("p", cls="headline").text
    tiles = [a["href"] for tiles in other.all(cls="tiles") for a in tiles.all("a")]
    assert tiles == ["/s/plan-2021/measures/1.1/", "/s/plan-2021/measures/1.2/"]
    legend = other.one("ul", cls="legend").links()
    assert legend["Not started 1"] == "/s/plan-2021/measures/?status=not-started"
    assert other.section("by-theme").links()["1. Reading"] == "/s/plan-2021/themes/design/"
    assert page("/s/speech-2020/").one("main").text == page("/").one("main").text


def test_an_unknown_source_is_not_found(world: World, visitor: Client) -> None:
    assert visitor.get("/s/nowhere/").status_code == 404
