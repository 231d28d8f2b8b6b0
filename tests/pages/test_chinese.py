"""Under /zh/ everything is said in Chinese, and what is English there is marked as such."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from measures import record
from measures.models import Body, User
from tests.pages.reader import HAN, Node, english_words, parse, unmarked_english
from tests.pages.test_every_page import PAGES
from tests.world import World

pytestmark = pytest.mark.usefixtures("world", "second_source")

# Of those who write in the small world, and of what it has in English only.
PEOPLE = ("Ana", "Rui", "ana", "rui")
TITLES = (
    *("A plan", "Design", "Courts", "Reading", "Plan", "Training", "Rulings", "Library", "Archive"),
    *("The library", "The archive", "It is in force.", "It is open."),
)
ASKED = ("the", "soon", "zzz")
DATES = "as_of=2023-01-01&known=2023-07-01"
# What pages of accounts say comes from allauth's own catalogue.
READ = [path for path in PAGES if not path.startswith("/accounts/")]
OTHERS = [
    "/measures/?status=dropped",
    "/measures/?theme=x",
    "/measures/?as_of=soon",
    "/measures/?status=implemented&theme=design",
    "/evidence/?tier=5",
    "/search/?q=zzz",
    "/compare/",
    "/compare/?from=2021-01-01&to=2023-02-01",
    "/compare/?from=2023-01-01&to=2023-02-01",
    "/brief/?theme=courts&body=patent-office",
    "/timeline/?year=2021&theme=courts",
    "/trend/?theme=courts&body=patent-office",
    "/source/plan-2021/",
    f"/?{DATES}",
    f"/measures/1.1/?{DATES}",
    f"/changes/?{DATES}",
    f"/brief/?{DATES}",
]


@pytest.mark.parametrize("path", [*READ, *OTHERS])
def test_a_chinese_page_has_no_unmarked_english(path: str, page: Callable[..., Node]) -> None:
    assert unmarked_english(page(f"/zh{path}"), *PEOPLE, *ASKED, titles=TITLES) == []


@pytest.mark.parametrize("path", ["/measures/", "/evidence/", "/timeline/", "/search/?q=zzz"])
def test_so_has_a_part_of_it(path: str, visitor: Client) -> None:
    content = visitor.get(
        f"/zh{path}", headers={"hx-request": "true", "hx-target": "results"}
    ).content.decode()
    assert "<html" not in content
    part = parse(f'<div lang="zh-Hans">{content}</div>')
    assert unmarked_english(part, *PEOPLE, *ASKED, titles=TITLES) == []


def test_the_errors_are_told_in_chinese(
    visitor: Client,
    mei: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")
    strict = Client(enforce_csrf_checks=True)
    mei.is_staff = True
    mei.save()
    answers = {
        400: [visitor.get("/zh/measures/?theme=%00"), visitor.get("/zh/embed/ladder.svg?as_of=x")],
        403: [
            strict.post("/zh/accounts/login/", {}),
            signed_in(mei).get("/zh/admin/measures/user/"),
        ],
        404: [visitor.get("/zh/nowhere/")],
    }

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("measures.pages.progress.trend", fail)
    answers[500] = [Client(raise_request_exception=False).get("/zh/")]
    for status, responses in answers.items():
        for response in responses:
            assert response.status_code == status
            shown = parse(response.content.decode())
            assert HAN.search(shown.text), status
            assert unmarked_english(shown, "x") == [], status


@pytest.mark.parametrize(
    "path",
    [
        "/changes.atom",
        "/source.atom",
        "/themes/design/changes.atom",
        "/measures/1.1/changes.atom",
        "/trend.svg",
        "/embed/ladder.svg",
        "/embed/ladder.svg?theme=design",
        "/embed/measures/1.1.svg",
    ],
)
def test_feeds_and_pictures_speak_chinese(path: str, visitor: Client) -> None:
    response = visitor.get(f"/zh{path}")
    assert response.status_code == 200
    content = response.getvalue().decode()
    root = ElementTree.fromstring(content)
    names = ("title", "desc", "text", "subtitle")  # What changed is told as it was written.
    told = [
        "".join(each.itertext()) for each in root.iter() if each.tag.rpartition("}")[2] in names
    ]
    assert HAN.search("".join(told))
    wrong = english_words("\n".join(told), *PEOPLE, *TITLES, *FREE)
    assert wrong == []


# What people wrote, which a feed tells as it was written.
FREE = ("A document came out.", "It is in force.")


def test_a_calendar_speaks_chinese(visitor: Client) -> None:
    content = visitor.get("/zh/calendar.ics").content.decode().replace("\r\n ", "")
    told = re.findall("^(?:SUMMARY|X-WR-CALNAME):(.*)$", content, re.MULTILINE)
    assert len(told) > 1
    assert english_words("\n".join(told), *TITLES) == []


@pytest.mark.parametrize("path", ["/", "/measures/1.1/", "/evidence/", "/changes/"])
def test_a_citation_speaks_chinese(path: str, visitor: Client) -> None:
    for form in ("txt", "json"):
        told = visitor.get(f"/zh/cite.{form}", {"page": f"/zh{path}"}).content.decode()
        words = told if form == "txt" else json.loads(told)[0]["title"]
        assert HAN.search(words)
        assert english_words(words, *TITLES) == []


def test_what_machines_are_told_of_a_page_is_in_its_language(page: Callable[..., Node]) -> None:
    (block,) = page("/zh/").all("script", type="application/ld+json")
    told = json.loads("".join(map(str, block.inside)))
    assert HAN.search(told["name"])
    assert told["inLanguage"]


@pytest.mark.parametrize("path", [*READ, *OTHERS])
def test_no_ascii_mark_or_space_stands_between_chinese_words(
    path: str, page: Callable[..., Node]
) -> None:
    assert misset(page(f"/zh{path}")) == []


def misset(page: Node) -> list[str]:
    """Runs of Chinese with a comma, colon or stop of English, or a space after a Chinese stop."""
    texts = [
        words
        for node in (page, *page.everything())
        if node.language.startswith("zh") and not node.is_within("script", "style", "code", "pre")
        for words in (
            *(each for each in node.inside if isinstance(each, str)),
            *(node.attributes.get(name, "") for name in ("title", "aria-label", "alt")),
        )
    ]
    han = HAN.pattern
    wrong = re.compile(f"{han} ?[,;:.!?](?=\\s|$|{han})|[，。；：、！？》] +(?={han}|\\d)")
    return [" ".join(words.split()) for words in texts if wrong.search(" ".join(words.split()))]


def test_the_checks_would_notice() -> None:
    page = parse(
        '<div lang="zh-Hans"><p>Overdue</p><p title="Not due">逾期</p><b lang="en">Partial</b>'
        "<p>共3项, 逾期。 另有1项</p><code>as_of</code><p>下载CSV</p>"
        "<p>措施：A plan</p><i>A plan</i>"
        "</div>"
    )
    assert unmarked_english(page, titles=("A plan",)) == [
        "<p> Overdue",
        "<p> Not due",
        "<i> A plan",
    ]
    assert misset(page) == ["共3项, 逾期。 另有1项"]
    assert english_words("记录\nRecord 3") == ["Record 3"]


def test_lists_stand_in_the_order_of_their_sounds(world: World, page: Callable[..., Node]) -> None:
    # By characters 专 (zhuān) comes before 国 (guó) and 最 (zuì) before 海 (hǎi).
    for slug, title in (("customs", "海关总署"), ("market", "国家市场监督管理总局")):
        body = Body(slug=slug, title=f"Body {slug}", title_zh=title)
        record.save(body, by=world.ana)
        for measure in (world.plan, world.rulings):
            record.save(measure, by=world.ana, bodies=[*measure.bodies.all(), body])
    sounded = ["国家市场监督管理总局", "海关总署", "专利局", "最高法院"]
    assert sorted(sounded) != sounded
    labels = [each.text for each in page("/zh/measures/").all("label")]
    shown = [name for label in labels for name in sounded if label.startswith(name)]
    assert shown == sounded
    links = [link.text for link in page("/zh/measures/1.1/").one("dl", cls="facts").all("a")]
    assert links == ["国家市场监督管理总局", "海关总署", "专利局"]
    options = [each.text for each in page("/zh/trend/").all("option")]
    assert [each for each in options if each in sounded] == sounded
    english = [each.text for each in page("/trend/").all("option")]
    assert english[-4:] == ["Body customs", "Body market", "Patent Office", "Supreme Court"]


def test_measures_by_title_stand_in_the_order_of_their_sounds(
    world: World, page: Callable[..., Node]
) -> None:
    titles = {"1.1": "专利规划", "1.2": "国家培训", "2.1": "海关裁判"}
    for measure in (world.plan, world.training, world.rulings):
        measure.refresh_from_db()
        measure.title_zh = titles[measure.code]
        record.save(measure, by=world.ana)
    assert sorted(titles.values()) == ["专利规划", "国家培训", "海关裁判"]

    def codes(path: str) -> list[str]:
        return [each.text for each in page(path, order="title").all("td", cls="code")]

    assert codes("/zh/measures/") == ["1.2", "2.1", "1.1"]
    assert codes("/measures/") == ["1.1", "2.1", "1.2"]


def test_a_hit_is_called_by_its_title_in_the_readers_language(
    world: World, page: Callable[..., Node]
) -> None:
    for prefix, title in (("", "1.1 The plan"), ("/zh", "1.1 措施")):
        heads = [each.text for each in page(f"{prefix}/search/?q=1.1").all("p", cls="head")]
        assert title in heads
