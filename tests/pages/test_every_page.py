"""What holds for every page alike."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import resolve

from measures import record, workflow
from measures.models import Draft, User
from measures.models.fields import LineField, ProseField
from measures.urls import urlpatterns
from tests.pages.reader import Node, inline_code, parse, unmarked_chinese
from tests.world import SPEECH_DAY, World

PAGES = {
    "/": "Progress",
    "/measures/": "Measures",
    "/measures/1.1/": "1.1 The plan",
    "/measures/2.1/": "2.1 The rulings",
    "/themes/design/": "Design",
    "/bodies/patent-office/": "Patent Office",
    "/trend/": "Over time",
    "/measures/1.1/history/": "History of 1.1 The plan",
    "/evidence/": "Evidence",
    "/evidence/outline/": "The outline",
    "/evidence/outline/history/": "History of The outline",
    "/source/speech-2020/": "A speech on intellectual property",
    "/brief/?from=2021-01-01": "Brief since 1 January 2021",
    "/changes/": "Changes",
    "/method/": "Method",
    "/search/": "Search",
    "/search/?q=the": "Search",
    "/search/?q=文": "Search",
    "/about/": "What this is",
    "/accessibility/": "Accessibility",
    "/help/": "Guide",
    "/help/reading/": "The progress page",
    "/data/": "Data",
    "/data/api/": "API",
    "/timeline/": "Timeline",
    "/accounts/login/": "Sign in",
    "/accounts/password/reset/": "Password Reset",
    "/accounts/signup/": "Sign Up Closed",
    "/accounts/password/reset/done/": "Password Reset",
    "/s/plan-2021/": "Progress",
    "/s/plan-2021/measures/": "Measures",
    "/s/plan-2021/measures/1.1/": "1.1 The library",
    "/s/plan-2021/themes/design/": "Reading",
    "/s/plan-2021/bodies/patent-office/": "Patent Office",
    "/s/plan-2021/trend/": "Over time",
    "/s/plan-2021/timeline/": "Timeline",
    "/source/": "Sources",
}

# Those of staff, as an administrator meets them; `test_every_page_of_the_desk_is_here` compares.
DESK = {
    "/desk/": "Desk",
    "/desk/bundle/": "Bundles",
    "/desk/import/": "Import a sheet",
    "/desk/underway/": "Under way",
    "/account/": "Your account",
    "/account/tokens/": "API tokens",
    "/account/invitations/": "Invitations",
    "/account/subscriptions/": "What you follow",
    "/account/subscriptions/{subscription}/": "Change a subscription",
    "/account/webhooks/": "Webhooks",
    "/account/webhooks/{webhook}/": "Deliveries",
    "/accounts/sessions/": "Where you are signed in",
    "/accounts/password/change/": "Change Password",
    "/accounts/2fa/": "Two-Factor Authentication",
    "/accounts/2fa/webauthn/": "Passkeys and security keys",
    "/accounts/reauthenticate/": "Confirm Access",
    "/desk/quality/": "What the register lacks",
    "/desk/views/": "Views",
    "/desk/views/{view}/": "Edit a view",
    "/measures/?status=partial": "Measures",
    "/changes/": "Changes",
    "/desk/drafts/{written}/": "Draft on 2.1 The rulings",
    "/desk/drafts/{handed_in}/": "Draft on 2.1 The rulings",
    "/desk/drafts/{handed_in}/review/": "Decide on 2.1 The rulings",
    "/desk/drafts/{written}/evidence/?q=outline": "Evidence for the draft on 2.1 The rulings",
    "/desk/evidence/": "New evidence",
    "/desk/evidence/?source=speech-2020&measure=1.1": "New evidence",
    "/desk/evidence/outline/": "Edit: The outline",
    "/desk/citations/{citation}/": "Citation under 1.1 The plan",
    # Pages for everybody that hold more for staff.
    "/measures/2.1/": "2.1 The rulings",
    "/evidence/": "Evidence",
    "/evidence/outline/": "The outline",
}
# They act, and lead to another page.
ONLY_ACT = {
    "note-aside",
    "attachment-create",
    "attachment-mark",
    "text-capture",
    "bundle-file",
    "view-delete",
    "view-start",
}

pytestmark = pytest.mark.usefixtures("world", "second_source")


@pytest.fixture(scope="module")
def read() -> list[tuple[str, str, Node]]:
    """The pages as the first test found them: the small world is the same in each."""
    return []


@pytest.fixture
def every(
    read: list[tuple[str, str, Node]],
    page: Callable[..., Node],
    desk_pages: dict[str, str],
    signed_in: Any,
    ada: User,
) -> Any:
    """Each page with its address and its title: for readers, then for staff."""

    def shown() -> list[tuple[str, str, Node]]:
        if not read:
            staff = signed_in(ada)
            read[:] = [
                *((path, title, page(path)) for path, title in PAGES.items()),
                *((path, title, Node.of(staff.get(path))) for path, title in desk_pages.items()),
            ]
        return read

    return shown


@pytest.fixture
def desk_pages(world: World, ada: User) -> dict[str, str]:
    """The titles of the desk's pages by address, on a desk where everything waits for Ada."""
    written = workflow.begin(world.rulings, by=ada, uid=uuid4())
    workflow.save(written, by=ada, rationale="*Nothing* yet.", rationale_zh="**尚无**。")
    workflow.note(world.plan, by=world.rui, uid=uuid4(), text="@ada, 请看。")
    world.rulings.analyst = ada
    world.rulings.review_on = SPEECH_DAY
    record.save(world.rulings, by=ada)
    view = workflow.save_view(by=ada, name="卷宗", place="changes", query="noun=finding")
    subscription = workflow.follow(
        by=ada, uid=uuid4(), subject="measure", source=world.speech, measure=world.plan
    )
    hook = workflow.make_webhook(
        by=ada, uid=uuid4(), name="大屏", address="https://board.example.org/in"
    )
    assert subscription
    assert hook
    names = {
        "subscription": subscription.uid,
        "webhook": hook[0].uid,
        "view": view.uid,
        "written": written.uid,
        "handed_in": world.draft(world.rulings).uid,
        "citation": world.outline_on_plan.pk,
    }
    return {path.format(**names): title for path, title in DESK.items()}


def test_every_page_of_the_desk_is_here(desk_pages: dict[str, str]) -> None:
    shown = {resolve(path.split("?")[0]).url_name for path in desk_pages}
    named = {each.name for each in urlpatterns if str(each.pattern).startswith("desk/")}
    assert named - shown == ONLY_ACT


def test_a_page_says_what_it_is(every: Any) -> None:
    for path, title, shown in every():
        assert len(shown.all("h1")) == 1, path
        assert shown.one("h1").text, path
        assert shown.one("head").one("title").text == f"{title} · IPR Tracker"
        assert shown.one("html")["lang"] == "en", path
        assert shown.one("main")["id"] == "main", path


def test_a_page_brings_its_policy_and_nothing_that_the_policy_forbids(
    visitor: Client, desk_pages: dict[str, str], signed_in: Any, ada: User
) -> None:
    staff = signed_in(ada)
    browsers = [*((visitor, path) for path in PAGES), *((staff, path) for path in desk_pages)]
    for browser, path in browsers:
        response = browser.get(path)
        directives = response["Content-Security-Policy"].split("; ")
        for directive in ("default-src 'none'", "script-src 'self'", "style-src 'self'"):
            assert directive in directives, path
        assert "unsafe" not in response["Content-Security-Policy"], path
        assert inline_code(Node.of(response)) == [], path


def test_no_two_elements_of_a_page_have_the_same_id(every: Any) -> None:
    for path, _title, shown in every():
        ids = [node["id"] for node in shown.everything() if "id" in node.attributes]
        assert len(ids) == len(set(ids)), path


def test_what_is_named_by_id_is_there(every: Any) -> None:
    for path, _title, shown in every():
        ids = {node["id"] for node in shown.everything() if "id" in node.attributes}
        for node in shown.everything():
            for attribute in ("for", "aria-labelledby", "aria-describedby"):
                named = set(node.attributes.get(attribute, "").split())
                assert named <= ids, (path, attribute, named - ids)


def test_a_page_is_painted_when_its_foot_has_come(every: Any) -> None:
    for path, _title, shown in every():
        waited_for = shown.one("head").one("link", rel="expect")
        assert waited_for["blocking"] == "render", path
        assert waited_for["href"] == f"#{shown.one('footer')['id']}", path


def test_chinese_is_marked_as_chinese(every: Any) -> None:
    for path, _title, shown in every():
        assert unmarked_chinese(shown) == [], path


def test_the_checks_would_notice() -> None:
    page = parse(
        '<p onclick="x()" style="color:red" title="规划">规划 <b lang="zh-Hans">法律</b></p>'
        '<script>x()</script><script src="/x.js"></script><a href="javascript:x()">x</a>'
    )
    assert inline_code(page) == ["<p onclick>", "<p style>", "<script>", "<a href>"]
    assert unmarked_chinese(page) == ["<p> 规划", "<p> 规划"]
    with pytest.raises(AssertionError, match="closes"):
        parse("<p><b>x</p></b>")
    with pytest.raises(AssertionError, match="never closed"):
        parse("<p>")


def test_the_navigation_marks_the_room_of_the_page(page: Callable[..., Node]) -> None:
    for path, room in (
        ("/", "Progress"),
        ("/themes/design/", "Progress"),
        ("/trend/", "Progress"),
        ("/measures/1.1/", "Measures"),
        ("/evidence/outline/", "Evidence"),
        ("/timeline/", "Timeline"),
        ("/source/speech-2020/", "Source"),
        ("/changes/", "Changes"),
        ("/method/", "Method"),
    ):
        navigation = page(path).one("nav", aria_label="Main")
        assert navigation.one("a", aria_current="page").text == room


def test_the_foot_names_the_head_of_the_record(page: Callable[..., Node]) -> None:
    head = record.head()
    assert head is not None
    assert f"Record {head.sequence}, head {head.hash[:12]}." in page("/").one("footer").text


def written_by_people(obj: Any) -> list[str]:
    """The names of its fields that take whatever somebody writes."""
    return [
        field.name
        for field in obj._meta.fields
        if isinstance(field, LineField | ProseField) and (field.max_length or 999) > len(HOSTILE)
    ]


HOSTILE = "<script>alert(1)</script><b onclick=x>bold</b> & “quoted” 'n' \"all\""


def test_what_people_write_is_shown_as_they_wrote_it(
    world: World, page: Callable[..., Node]
) -> None:
    world.rulings.refresh_from_db()
    for obj in (
        world.speech,
        world.framing,
        world.pledges,
        world.courts,
        world.supreme_court,
        world.rulings,
        world.outline,
        world.outline_on_plan,
        world.yearbook_on_rulings,
    ):
        for name in written_by_people(obj):
            setattr(obj, name, HOSTILE)
        record.save(obj, by=world.ana, why=HOSTILE)
    hostile = dict.fromkeys(written_by_people(Draft), HOSTILE)
    del hostile["decision_note"]
    world.find(world.rulings, "partial", SPEECH_DAY, [world.yearbook_on_rulings], **hostile)
    as_text = " ".join(HOSTILE.split())
    for path in (
        "/",
        "/measures/",
        "/measures/2.1/",
        "/measures/2.1/history/",
        "/themes/courts/",
        "/bodies/supreme-court/",
        "/trend/",
        "/trend/?theme=courts&body=supreme-court",
        "/evidence/",
        "/evidence/outline/",
        "/timeline/",
        "/source/",
        "/source/speech-2020/",
        "/changes/",
    ):
        shown = page(path)
        assert as_text in shown.one("body").text, path
        assert inline_code(shown) == [], path
    measure = page("/measures/2.1/")
    rationale = measure.one("ol", cls="findings").all("p")[0]
    assert rationale.text == as_text
    assert rationale.all() == []
    for prefix in ("", "/zh"):
        criteria = page(f"{prefix}/measures/2.1/").section("criteria")
        assert [p.text for p in criteria.all("p")] == [as_text]


def test_only_addresses_of_the_web_become_links(world: World, page: Callable[..., Node]) -> None:
    world.outline.url = "javascript:alert(1)"
    world.outline.seen_at = ["javascript:alert(2)", "https://example.org/seen"]
    record.save(world.outline, by=world.ana)
    shown = page("/evidence/outline/")
    assert inline_code(shown) == []
    facts = shown.one("dl", cls="facts")
    assert "javascript:alert(1)" in facts.text
    assert "https://example.org/seen" in facts.links().values()
