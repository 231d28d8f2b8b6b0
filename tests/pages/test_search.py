"""One box over everything that a reader may see, on any day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from measures import record, workflow
from measures.models import Evidence, Source, User
from tests.pages.reader import Node, parse
from tests.world import LATER, SPEECH_DAY, World, cite

Page = Callable[..., Node]


def hits(shown: Node) -> dict[str, list[str]]:
    """The first words of each hit, by the heading they stand under."""
    found = {}
    for section in shown.one("section", id="results").all("section"):
        heading = section.one("h3").text.rstrip("0123456789+ ")
        found[heading] = [
            hit.one("p", cls="head").text for hit in section.one(cls="hits").all("li")
        ]
    return found


def test_every_kind_is_found_and_counted(world: World, page: Page) -> None:
    shown = page("/search/", q="plan")
    assert hits(shown)["Measures"] == ["1.1 The plan"]
    shown = page("/search/", q="office")
    assert hits(shown) == {"Bodies": ["Patent Office"]}
    assert shown.one("h2").text == "1 hit"
    assert hits(page("/search/", q="matters")) == {"Passages of the source": ["Paragraph 1"]}
    assert hits(page("/search/", q="courts"))["Themes"] == ["Courts"]
    found = hits(page("/search/", q="yearbook"))
    assert found["Evidence"] == ["The yearbook"]
    assert found["Findings"] == ["1.2 The training Sustained"]


@pytest.mark.parametrize(
    ("prefix", "told"), [("", "More than 6 hits"), ("/zh", "超过6条结果")], ids=["en", "zh"]
)
def test_more_hits_than_are_looked_at_are_said_to_be_more(
    prefix: str, told: str, world: World, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("measures.progress.hits.MOST", 2)
    shown = page(f"{prefix}/search/", q="the", kind="measure")
    assert shown.one("h2").text == told  # Two measures, two documents, two findings.
    assert len(shown.one(cls="hits").all("li")) == 2


def test_one_character_of_chinese_is_found_and_marked(world: World, page: Page) -> None:
    shown = page("/search/", q="利")
    assert hits(shown) == {"Bodies": ["Patent Office"]}
    (mark,) = shown.all("mark")
    assert mark.text == "利"
    assert mark.language == "zh"


def test_a_code_and_a_document_number_come_first(world: World, page: Page) -> None:
    world.rulings.done_when = "As 1.1 of the 国发〔2021〕20号 says."
    record.save(world.rulings, by=world.ana)
    world.outline.document_number = "国发〔2021〕20号"
    record.save(world.outline, by=world.ana)
    assert hits(page("/search/", q="1.1"))["Measures"] == ["1.1 The plan", "2.1 The rulings"]
    for asked in ("国发〔2021〕20号", "国发[2021]20", "国发（２０２１）２０号", "Guofa 2021 20"):
        shown = page("/search/", q=asked)
        found = hits(shown)
        assert next(iter(found.items())) == ("Evidence", ["The outline"]), asked
        assert "Measures" in found or asked.startswith("G")


def test_nothing_found_gives_hints_and_nothing_asked_no_error(world: World, page: Page) -> None:
    shown = page("/search/", q="zebra")
    assert shown.one("h2").text == "0 hits"
    assert "Nothing has all of these words." in shown.one(cls="empty").text
    assert "amendments" in shown.one(cls="hints").text
    assert page("/search/").one("h2").text == "What can be found"
    assert "Nothing has" not in page("/search/", q="  ").text


def test_an_empty_register_can_be_searched(db: None, page: Page) -> None:
    assert page("/search/", q="plan").one("h2").text == "0 hits"


@pytest.mark.parametrize("length", [101, 1_500])
def test_a_question_too_long_is_told_so(world: World, page: Page, length: int) -> None:
    shown = page("/search/", q="a" * length)
    told = f"Ask in at most 100 characters; these are {length}."
    assert shown.one(id="wrong").text == told
    assert hits(shown) == {}


@pytest.mark.parametrize(
    "asked",
    ['"', "a* OR b", "NEAR(", "'); --", "<script>", "\U0001f600", "%", "(", "…？！", "\\"],
)
def test_whatever_is_asked_a_page_answers(world: World, visitor: Client, asked: str) -> None:
    response = visitor.get("/search/", {"q": asked})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_a_nul_is_refused_as_in_every_address(world: World, visitor: Client) -> None:
    assert visitor.get("/search/?q=a%00b").status_code == 400


def test_a_script_in_words_is_shown_as_words(world: World, visitor: Client) -> None:
    evil = "<script>alert(1)</script> & <b onclick='x'>zebra</b>"
    world.plan.title, world.plan.quotation = evil, evil
    record.save(world.plan, by=world.ana)
    for asked in ("zebra", "script", "<script>alert(1)</script>", "b", "alert(1)"):
        text = visitor.get("/search/", {"q": asked}).content.decode()
        assert "<script>alert" not in text
        assert "<b onclick" not in text
        (hit,) = parse(text).all("ul", cls="hits")
        assert evil in hit.text.replace("  ", " "), asked
        assert hit.all("mark"), asked


def test_notes_are_found_by_staff_alone(
    world: World, visitor: Client, mei: User, signed_in: Callable[[User], Client]
) -> None:
    workflow.note(world.plan, "The canary sings: 金丝雀。", by=world.ana)
    stranger = User.objects.create_user("eve", "eve@example.org", "eve")
    addresses = [
        f"/search/?q={quote(asked)}{more}"
        for asked in ("canary", "金", "plan canary", "sings")
        for more in ("", "&kind=journalnote", "&kind=journalnote&page=2")
    ]
    for client in (visitor, signed_in(stranger)):
        for address in addresses:
            for headers in ({}, {"HX-Request": "true", "HX-Target": "results"}):
                text = client.get(address, headers=headers).content.decode()
                assert "canary sings" not in text
                assert "金丝" not in text
                assert "0 hits" in text
    staff = signed_in(world.ana)
    (hit,) = Node.of(staff.get("/search/?q=canary")).all("ul", cls="hits")
    assert "The canary sings" in hit.text
    assert "for staff only" in hit.text
    known = Node.of(staff.get("/search/?q=canary&known=2023-07-01"))
    assert known.one("h2").text == "0 hits"


def test_a_draft_is_not_found(world: World, ada: User, signed_in: Callable[[User], Client]) -> None:
    world.draft(world.rulings, rationale="The canary of a draft.")
    assert Node.of(signed_in(ada).get("/search/?q=canary")).one("h2").text == "0 hits"


def test_the_full_text_is_found_once_it_is_loaded_and_shown(world: World, page: Page) -> None:
    assert hits(page("/search/", q="promptly")) == {}
    world.pledges.text = "Courts will act promptly, he said: 法院要快。"
    record.save(world.pledges, by=world.ana)
    assert hits(page("/search/", q="promptly")) == {"Passages of the source": ["Paragraph 2"]}
    assert "promptly" in page("/source/speech-2020/").text


def test_what_came_later_is_not_found_on_an_earlier_day(world: World, page: Page) -> None:
    assert "Evidence" in hits(page("/search/", q="outline"))
    early = hits(page("/search/", q="outline", as_of="2021-09-21"))
    assert "Evidence" not in early
    assert "Findings" not in early
    late = hits(page("/search/", q="outline", as_of="2021-09-22"))
    assert late["Evidence"] == ["The outline"]
    assert late["Findings"] == ["1.1 The plan Implemented"]
    assert "Findings" not in hits(page("/search/", q="outline", known="2023-05-31"))


def test_words_of_the_past_are_found_on_its_pages_and_those_of_today_are_not(
    world: World, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: datetime(before.year + 1, 6, 1, tzinfo=UTC))
    world.plan.title, world.outline.title = "The canary", "A canary"
    world.pledges.gist, world.patent_office.title = "Canaries.", "Canary Office"
    world.outline_on_plan.note = "Canaries sing."
    for row in (world.plan, world.outline, world.pledges, world.patent_office):
        record.save(row, by=world.ana)
    record.save(world.outline_on_plan, by=world.ana)
    cite(world.rulings, world.outline, by=world.ana, note="More canaries.")
    fresh = Evidence(key="fresh", title="Canary law", kind="law", tier=1)
    record.save(fresh, by=world.ana)
    world.find(world.plan, "partial", SPEECH_DAY, [world.outline_on_plan], rationale="Canary.")
    assert len(hits(page("/search/", q="canary"))) == 6
    known = before.isoformat()
    shown = page("/search/", q="canary", known=known)
    assert hits(shown) == {}
    assert "Evidence" not in hits(page("/search/", q="the outline"))
    then = page("/search/", q="the outline", known=known)
    assert hits(then)["Evidence"] == ["The outline"]
    assert hits(page("/search/", q="promised", known=known)) == {
        "Passages of the source": ["Paragraph 2"]
    }
    assert hits(page("/search/", q="patent", known=known)) == {"Bodies": ["Patent Office"]}


def test_a_corrected_finding_says_so_and_not_before_it_was(world: World, page: Page) -> None:
    world.find(
        world.plan,
        "limited",
        date(2021, 9, 22),
        [world.outline_on_plan],
        supersedes=world.plan.findings.get(number=2),
        correction_reason="It was a draft.",
    )
    shown = page("/search/", q="outline", kind="finding")
    assert [each.text for each in shown.all(cls="is-corrected")] == ["corrected since"]
    earlier = page("/search/", q="outline", kind="finding", known="2023-07-01")
    assert hits(earlier) == {"Findings": ["1.1 The plan Implemented"]}
    assert earlier.all(cls="is-corrected") == []


def test_links_keep_the_dates(world: World, page: Page) -> None:
    shown = page("/search/", q="plan", as_of="2023-01-01").one("main")
    links = [each["href"] for each in shown.all("a")]
    assert "/measures/1.1/?as_of=2023-01-01" in links
    assert all("as_of=2023-01-01" in link for link in links)


def test_many_hits_of_a_kind_stand_on_pages(world: World, page: Page, visitor: Client) -> None:
    for number in range(60):
        fresh = Evidence(key=f"fresh-{number}", title=f"Zebra {number}", kind="plan", tier=1)
        record.save(fresh, by=world.ana)
    shown = page("/search/", q="zebra")
    assert len(hits(shown)["Evidence"]) == 5
    assert shown.one("p", cls="more").text == "55 more: Evidence"
    assert len(hits(page("/search/", q="zebra", kind="evidence"))["Evidence"]) == 50
    assert len(hits(page("/search/", q="zebra", kind="evidence", page="2"))["Evidence"]) == 10


def test_several_sources_are_told_apart(world: World, second_source: Source, page: Page) -> None:
    shown = page("/search/", q="1.1")
    assert hits(shown)["Measures"] == ["1.1 The library", "1.1 The plan"]
    assert "A plan" in shown.one(cls="hits").all("li")[0].one(cls="meta").text


def test_as_you_type_only_the_results_come_and_the_address_follows(
    world: World, visitor: Client
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = visitor.get("/search/?q=plan", headers=headers)
    assert b"<h1" not in response.content
    assert response["HX-Push-Url"] == "/search/?q=plan"
    assert "HX-Request" in response["Vary"]
    shown = parse(response.content.decode())
    assert hits(shown)["Measures"] == ["1.1 The plan"]
    assert "hit" in shown.one(id="announce").text


def test_every_page_has_the_box_once_and_it_needs_no_script(world: World, page: Page) -> None:
    form = page("/measures/", as_of="2023-01-01").one("form", cls="look", role="search")
    assert (form["method"], form["action"]) == ("get", "/search/")
    names = {each["name"]: each.attributes.get("value", "") for each in form.all("input")}
    assert names == {"q": "", "as_of": "2023-01-01"}
    (form,) = page("/search/", q="plan").all("form", role="search")
    assert form.one("input", name="q")["value"] == "plan"


def test_a_finding_recorded_later_is_not_found_earlier(world: World, page: Page) -> None:
    world.find(
        world.rulings,
        "partial",
        SPEECH_DAY,
        [world.yearbook_on_rulings],
        rationale="The canary.",
        recorded_at=LATER,
    )
    assert hits(page("/search/", q="canary")) == {"Findings": ["2.1 The rulings Partial"]}
    assert hits(page("/search/", q="canary", known="2023-05-31")) == {}
