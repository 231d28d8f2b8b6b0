"""Every reading page says how to cite it, and what was cited shows the same for ever."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from measures import cite, record
from measures.models import LinkCheck, Source
from tests.pages.reader import Node
from tests.world import SOON_AFTER, SPEECH_DAY, World

LATER_DAY = datetime(2099, 5, 4, 12, tzinfo=UTC)
READ = (
    "/",
    "/measures/",
    "/measures/1.1/",
    "/measures/1.1/history/",
    "/themes/design/",
    "/bodies/patent-office/",
    "/evidence/",
    "/evidence/outline/",
    "/evidence/outline/history/",
    "/source/",
    "/source/speech-2020/",
    "/changes/",
    "/method/",
    "/compare/",
    "/timeline/",
    "/trend/",
    "/brief/",
    "/s/plan-2021/",
    "/s/plan-2021/measures/1.1/",
)
TEX = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def bibtex(text: str) -> dict[str, str]:
    """The fields of the only entry, read as BibTeX reads them: by counting braces."""
    begin = re.match(r"@misc\{([A-Za-z0-9.-]+),", text)
    assert begin, text
    fields, place = {"key": begin[1]}, begin.end()
    while field := re.compile(r"\s*(\w+) = \{").match(text, place):
        depth, place = 1, field.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            place += 1
        fields[field[1]] = text[field.end() : place - 1]
        place += text[place] == ","
    assert text[place:].strip() == "}"
    return fields


def untexed(value: str) -> str:
    """What LaTeX would print of a field that protects its capitals with braces."""
    assert value.startswith("{")
    assert value.endswith("}")
    inner = re.sub(r"(?<!\\)%", "!comment!", value[1:-1])
    return re.sub(r"\\(text\w+)\{\}|\\([%&$#_])", lambda m: TEX[m[1]] if m[1] else m[2], inner)


@pytest.fixture
def cited(visitor: Client) -> Callable[..., str]:
    """The citation of a page in one of its forms."""

    def get(page: str, form: str = "txt") -> str:
        response = visitor.get(f"/cite.{form}", {"page": page})
        assert response.status_code == 200, page
        return str(response.content.decode())

    return get


def foot(page: Node) -> Node:
    return page.one("details", cls="cite")


def permanent(page: Node) -> str:
    return foot(page).links()["Permanent link"]


def test_every_reading_page_can_be_cited(
    world: World, second_source: Source, page: Callable[..., Node]
) -> None:
    head = record.head()
    assert head
    for path in READ:
        shown = page(path)
        asked = parse_qs(urlsplit(permanent(shown)).query)
        assert asked["known"] == [cite.in_full(head.at)], path
        assert asked["as_of"] == [timezone.localdate().isoformat()], path
        assert f"head {head.hash[:12]}" in foot(shown).text, path


def test_pages_of_work_and_of_accounts_are_not_cited(
    world: World, mei: Any, signed_in: Callable[..., Client], page: Callable[..., Node]
) -> None:
    for shown in (page("/accounts/login/"), Node.of(signed_in(mei).get("/desk/"))):
        assert shown.all("details", cls="cite") == []


def test_the_page_and_its_files_say_the_same(
    world: World, page: Callable[..., Node], visitor: Client
) -> None:
    shown = page("/measures/1.1/", as_of="2021-12-31")
    links = foot(shown).links()
    text = visitor.get(links["Plain text"]).content.decode()
    assert foot(shown).one("p").text == text.strip()
    assert "“1.1 The plan”. As of 2021-12-31" in text
    item = json.loads(visitor.get(links["CSL-JSON"]).content)[0]
    entry = bibtex(visitor.get(links["BibTeX"]).content.decode())
    assert item["URL"] == entry["url"] == f"http://testserver{links['Permanent link']}"
    assert untexed(entry["title"]) == item["title"] == "1.1 The plan"


def test_the_link_shows_years_later_what_it_showed(
    world: World, page: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = permanent(page("/measures/1.1/"))
    world.find(world.plan, "reversed", timezone.localdate(), [world.outline_on_plan])
    world.plan.refresh_from_db()
    world.plan.title = "Another title"
    record.save(world.plan, by=world.ana)
    monkeypatch.setattr(timezone, "now", lambda: LATER_DAY)
    now, then = page("/measures/1.1/"), page(link)
    assert now.one("h1").text == "1.1 Another title"
    assert now.one("div", cls="lede").one(cls="status").text == "Reversed"
    assert then.one("h1").text == "1.1 The plan"
    assert then.one("div", cls="lede").one(cls="status").text == "Implemented"
    assert permanent(then) == link


def test_a_citation_of_the_past_says_so_and_names_the_head_of_then(
    world: World, page: Callable[..., Node], cited: Callable[..., str]
) -> None:
    head = record.head()
    assert head
    moment = cite.in_full(head.at)
    world.find(world.rulings, "limited", SPEECH_DAY, [world.yearbook_on_rulings])
    told = foot(page("/", known=moment)).one("p").text
    assert f"Record {head.sequence}, head {head.hash[:12]}." in told
    assert moment.replace("T", " ").replace("Z", " UTC") in told
    assert told == cited(f"/?known={moment}").strip()


def test_before_the_record_began_no_head_is_named(cited: Callable[..., str], world: World) -> None:
    told = cited(f"/?known={cite.in_full(SOON_AFTER)}")
    assert "as known on 2021-01-15 09:00:00.000000 UTC. http" in told


def test_a_day_of_knowledge_becomes_a_moment(world: World, page: Callable[..., Node]) -> None:
    asked = parse_qs(urlsplit(permanent(page("/", known="2023-06-01"))).query)
    assert asked["known"] == ["2023-06-01T23:59:59.999999Z"]


def test_filters_stay_and_the_dates_are_said_once(world: World, page: Callable[..., Node]) -> None:
    link = permanent(page("/measures/", theme="design", status="", as_of="2022-01-01"))
    asked = parse_qs(urlsplit(link).query, keep_blank_values=True)
    assert asked["theme"] == ["design"]
    assert asked["as_of"] == ["2022-01-01"]
    assert "status" not in asked


def test_a_filter_chosen_in_the_page_reaches_the_citation(world: World, visitor: Client) -> None:
    part = Node.of(
        visitor.get(
            "/measures/?theme=design", headers={"HX-Request": "true", "HX-Target": "results"}
        )
    )
    assert foot(part)["hx-swap-oob"] == "true"
    assert "theme=design" in permanent(part)


def test_each_finding_has_a_citation_of_its_own(
    world: World, page: Callable[..., Node], visitor: Client
) -> None:
    findings = page("/measures/1.1/").one("ol", cls="findings")
    second = next(n for n in findings.all("li") if n.attributes.get("id") == "finding-2")
    assert "Cite finding no. 2" in second.text
    links = second.links()
    assert links["Permanent link"].endswith("#finding-2")
    item = json.loads(visitor.get(links["CSL-JSON"]).content)[0]
    assert item["title"] == "1.1 The plan, finding no. 2"
    assert item["URL"].endswith("#finding-2")
    assert item["id"].startswith("ipr-tracker-measures-1.1-finding-2-")


NASTY = 'A "plan" \\ {of 100% & more_$#^~ 知识产权} }{ <b>'


def test_any_title_makes_valid_files(world: World, cited: Callable[..., str]) -> None:
    world.plan.title = NASTY
    record.save(world.plan, by=world.ana)
    for page, title in (
        ("/measures/1.1/", f"1.1 {NASTY}"),
        ("/measures/1.1/history/", f"History of 1.1 {NASTY}"),
    ):
        entry = bibtex(cited(page, "bib"))
        assert untexed(entry["title"]) == title
        assert set(entry) == {"key", "author", "title", "year", "month", "url", "urldate", "note"}
        assert re.fullmatch(r"[A-Za-z0-9.-]+", entry["key"])
        (item,) = json.loads(cited(page, "json"))
        assert item["title"] == title
        assert title in cited(page)


def test_csl_json_has_the_structure_of_its_schema(world: World, cited: Callable[..., str]) -> None:
    (item,) = json.loads(cited("/measures/1.1/?as_of=2022-03-04", "json"))
    assert item["type"] == "webpage"
    assert item["author"] == [{"literal": "IPR Tracker"}]
    for name in ("issued", "accessed"):
        (parts,) = item[name]["date-parts"]
        assert date(*parts)
    words = {"id", "title", "container-title", "URL", "note", "version"}
    assert all(isinstance(item[name], str) for name in words)
    assert set(item) == words | {"type", "author", "issued", "accessed"}
    head = record.head()
    assert head
    assert item["version"] == head.hash


@pytest.mark.parametrize(
    "page",
    [
        "",
        "measures/1.1/",
        "https://evil.example/measures/1.1/",
        "//evil.example/measures/1.1/",
        "///evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http://[broken/",
        "/nowhere/",
        "/desk/",
        "/admin/",
        "/accounts/login/",
        "/cite.txt?page=/",
        "/measures/9.9/",
        "/themes/nothing/",
        "/bodies/nothing/",
        "/evidence/nothing/",
        "/source/nothing/",
        "/s/nothing/",
        "/measures/1.1/drafts/",
    ],
)
def test_only_our_own_reading_pages_are_cited(page: str, world: World, visitor: Client) -> None:
    response = visitor.get("/cite.txt", {"page": page})
    assert response.status_code == 404
    assert "evil" not in response.content.decode()


def test_a_strange_fragment_is_left_out(world: World, cited: Callable[..., str]) -> None:
    assert "#" not in cited("/measures/1.1/#finding-1;x")


def test_a_form_nobody_knows_is_not_found(world: World, visitor: Client) -> None:
    assert visitor.get("/cite.ris", {"page": "/"}).status_code == 404


def test_an_unreadable_date_is_cited_as_the_day_that_is_shown(
    world: World, cited: Callable[..., str], page: Callable[..., Node]
) -> None:
    assert f"as_of={timezone.localdate().isoformat()}" in cited("/?as_of=tomorrow")
    assert permanent(page("/", as_of="1999-01-01")).startswith(f"/?as_of={SPEECH_DAY.isoformat()}")


def test_files_are_named_after_the_page(world: World, visitor: Client) -> None:
    response = visitor.get("/cite.bib", {"page": "/measures/1.1/?as_of=2022-03-04"})
    assert response["Content-Type"].startswith("application/x-bibtex")
    named = 'attachment; filename="ipr-tracker-measures-1.1-2022-03-04.bib"'
    assert response["Content-Disposition"] == named


def test_an_empty_record_has_nothing_to_cite(db: None, visitor: Client) -> None:
    assert Node.of(visitor.get("/method/")).all("details", cls="cite") == []
    assert visitor.get("/cite.txt", {"page": "/method/"}).status_code == 404


def test_what_was_seen_of_a_link_stands_behind_the_citation_too(
    world: World, visitor: Client
) -> None:
    look = LinkCheck.objects.create(
        evidence=world.outline, address=world.outline.url, outcome="gone", at=timezone.now()
    )
    shown = Node.of(visitor.get("/evidence/outline/"))
    (link,) = [
        a["href"] for a in shown.one("details", cls="cite").all("a") if a.text == "Permanent link"
    ]
    known = parse_qs(urlsplit(link).query)["known"][0]
    assert datetime.fromisoformat(known) == look.at
    assert Node.of(visitor.get(link)).one("main").text == shown.one("main").text
