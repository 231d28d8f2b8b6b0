"""What came of asking for a page: the outcome in each case, the order, the pace, two runs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import DatabaseError
from django.utils import timezone

from measures import links, record
from measures.links import Checker, Fetcher, Manners
from measures.models import Evidence, LinkCheck
from tests.links.site import Site, for_ever, led, said
from tests.world import World

pytestmark = pytest.mark.django_db
Made = Callable[..., Fetcher]
HTML = {"Content_Type": "text/html"}


@pytest.fixture
def outline(world: World) -> Evidence:
    return world.outline


def anew(checker: Checker) -> Checker:
    """The same in another run, which asks for robots.txt again."""
    manners = checker.manners
    return Checker(Manners(manners.fetcher, clock=manners.clock, sleep=manners.sleep))


def outcomes(evidence: Evidence) -> list[str]:
    return list(LinkCheck.objects.of(evidence).values_list("outcome", flat=True))[::-1]


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        (said(), "answers", 200),
        (said(b"", "204 None"), "answers", 204),
        (said(b"", "404 Not Found"), "gone", 404),
        (said(b"", "410 Gone"), "gone", 410),
        (led("/"), "gone", 200),
        (led("/index.html"), "gone", 200),
        (led("http://www.example.org/outline/"), "answers", 200),
        (led("/elsewhere"), "moved", 200),
        (led("/nowhere"), "gone", 404),
        (led("http://10.0.0.1/"), "refused", None),
        (said(b"", "403 Forbidden"), "refused", 403),
        (said(b"", "429 Slow down"), "refused", 429),
        (said(b"", "500 Oh"), "unreachable", 500),
        (b"nonsense\r\n", "unreachable", None),
    ],
)
def test_each_answer_has_its_outcome(
    answer: bytes, outcome: str, status: int | None, outline: Evidence, checker: Checker, site: Site
) -> None:
    site.pages = {
        "/outline": answer, "/outline/": said(), "/": said(), "/index.html": said(),
        "/elsewhere": said(),
    }  # fmt: skip
    outline.url = "http://example.org/outline"
    found = checker.look(outline)
    assert (found.outcome, found.status, found.address) == (outcome, status, outline.url)


def test_a_moved_page_tells_where_it_is(outline: Evidence, checker: Checker, site: Site) -> None:
    site.pages = {"/outline": led("/new/place"), "/new/place": said()}
    outline.url = "http://example.org/outline"
    assert checker.look(outline).final_address == "http://example.org/new/place"


def test_the_front_page_itself_may_be_cited(
    outline: Evidence, checker: Checker, site: Site
) -> None:
    site.pages["/"] = said()
    outline.url = "http://example.org/"
    assert checker.look(outline).outcome == "answers"


class TestChanged:
    """Changed since it was cited: by its words, not by what nobody reads."""

    @pytest.fixture
    def looked(self, outline: Evidence, checker: Checker, site: Site) -> Callable[[bytes], str]:
        outline.url = "http://example.org/outline"
        record.save(outline, by=record.system_account())

        def look(body: bytes, **headers: str) -> str:
            site.pages["/outline"] = said(body, **{**HTML, **headers})
            found = checker.look(outline)
            found.save()
            return found.outcome

        return look

    def test_other_words_are_a_change_until_the_old_ones_are_back(
        self, looked: Callable[[bytes], str]
    ) -> None:
        assert looked(b"<h1>Article 1</h1>") == "answers"
        assert looked(b"<h1>Article 1</h1>") == "answers"
        assert looked(b"<h1>Article 2</h1>") == "changed"
        assert looked(b"<h1>Article 2</h1>") == "changed"
        assert looked(b"<h1>Article 1</h1>") == "answers"

    def test_scripts_styles_and_markup_are_no_words(self, looked: Callable[[bytes], str]) -> None:
        assert looked(b"<script>a=1</script><p class=a>Article 1</p>") == "answers"
        assert looked(b"<style>p{}</style><p>Article  1 <script>a=2</script></p>") == "answers"

    def test_of_a_file_every_byte_counts(self, looked: Callable[..., str]) -> None:
        assert looked(b"%PDF <p>a</p>", Content_Type="application/pdf") == "answers"
        assert looked(b"%PDF <b>a</b>", Content_Type="application/pdf") == "changed"

    def test_a_person_who_checks_the_document_takes_the_change_for_known(
        self, looked: Callable[[bytes], str], outline: Evidence
    ) -> None:
        looked(b"<h1>Article 1</h1>")
        assert looked(b"<h1>Article 2</h1>") == "changed"
        outline.checked_on = timezone.localdate()
        assert looked(b"<h1>Article 2</h1>") == "answers"
        assert looked(b"<h1>Article 3</h1>") == "changed"

    def test_another_address_is_another_page(
        self, looked: Callable[[bytes], str], outline: Evidence, checker: Checker, site: Site
    ) -> None:
        looked(b"<h1>Article 1</h1>")
        outline.url = "http://example.org/other"
        site.pages["/other"] = said(b"Article 2", **HTML)
        assert checker.look(outline).outcome == "answers"

    def test_half_a_page_is_compared_with_nothing(
        self, looked: Callable[..., str], outline: Evidence
    ) -> None:
        looked(b"<h1>Article 1</h1>")
        assert looked(b"<h1>Art", Content_Length="18") == "answers"
        newest = LinkCheck.objects.of(outline)[0]
        assert (newest.content_hash, newest.note) == ("", "Not read to its end, so not compared.")

    @pytest.mark.parametrize(
        "piece",
        [b"<![x", b"<", b"<b>", b"<div>", b"<!--", b"<script ", b"</script ", b"<svg></sv", b"&#9",
         b"\x00\xff&#xd800;"],
    )  # fmt: skip
    def test_no_markup_is_too_strange(self, piece: bytes, looked: Callable[[bytes], str]) -> None:
        """A megabyte of each; some of it a parser of HTML reads for hours."""
        body = piece * (1_000_000 // len(piece))
        assert looked(body) == "answers"
        assert looked(body) == "answers"


class TestManners:
    def look(self, checker: Checker, outline: Evidence, path: str = "/a") -> str:
        outline.url = f"http://example.org{path}"
        return checker.look(outline).outcome

    def test_a_site_that_wants_no_programs_is_left_alone(
        self, checker: Checker, outline: Evidence, site: Site
    ) -> None:
        site.pages = {"/robots.txt": said(b"User-agent: *\nDisallow: /a\n"), "/b": said()}
        assert self.look(checker, outline) == "refused"
        assert self.look(checker, outline, "/b") == "answers"
        assert site.asked == ["/robots.txt", "/b"]

    def test_it_may_mean_us(self, checker: Checker, outline: Evidence, site: Site) -> None:
        site.pages["/robots.txt"] = said(b"User-agent: ipr-tracker\nDisallow: /\n")
        assert self.look(checker, outline) == "refused"

    def test_it_may_mean_others(self, checker: Checker, outline: Evidence, site: Site) -> None:
        site.pages = {"/robots.txt": said(b"User-agent: other\nDisallow: /\n"), "/a": said()}
        assert self.look(checker, outline) == "answers"

    @pytest.mark.parametrize(
        ("robots", "outcome"),
        [
            (said(b"", "404 No"), "answers"),
            (said(b"<html>no robots</html>"), "answers"),
            (said(b"\xff\x00: \n" * 99), "answers"),
            (led("http://127.0.0.1/"), "answers"),
            (said(b"", "503 Later"), "unreachable"),
            (b"nonsense\r\n", "unreachable"),
            (said(b"User-agent: *\nDisallow: http://[\n"), "unreachable"),
        ],
    )
    def test_what_cannot_be_read(
        self, robots: bytes, outcome: str, checker: Checker, outline: Evidence, site: Site
    ) -> None:
        site.pages = {"/robots.txt": robots, "/a": said()}
        assert self.look(checker, outline) == outcome

    def test_a_redirect_keeps_to_the_rules_of_where_it_leads(
        self, checker: Checker, outline: Evidence, site: Site
    ) -> None:
        site.pages = {"/robots.txt": said(b"User-agent: *\nDisallow: /b\n"), "/a": led("/b")}
        assert self.look(checker, outline) == "refused"
        assert "/b" not in site.asked

    def test_a_site_that_does_not_answer_is_asked_for_its_rules_once(
        self, checker: Checker, outline: Evidence, site: Site
    ) -> None:
        site.pages["/robots.txt"] = said(b"", "503 Later")
        self.look(checker, outline)
        self.look(checker, outline, "/b")
        assert site.asked == ["/robots.txt"]

    def test_requests_to_one_host_lie_two_seconds_apart(
        self, checker: Checker, outline: Evidence, site: Site, waits: list[float]
    ) -> None:
        site.pages = {"/a": led("/b"), "/b": said()}
        self.look(checker, outline)
        assert (site.asked, waits) == (["/robots.txt", "/a", "/b"], [2, 2])

    def test_a_host_may_ask_for_more_but_not_for_ever(
        self, checker: Checker, outline: Evidence, site: Site, waits: list[float]
    ) -> None:
        site.pages["/robots.txt"] = said(b"User-agent: *\nCrawl-delay: 9\n")
        self.look(checker, outline)
        assert waits == [9]
        site.pages["/robots.txt"] = said(b"User-agent: *\nCrawl-delay: 99999\n")
        self.look(anew(checker), outline)
        assert waits[-1] == 30

    def test_the_agent_names_the_installation(self, settings: Any) -> None:
        assert links.agent() == f"IPR-Tracker/{settings.VERSION}"
        settings.CSRF_TRUSTED_ORIGINS = ["https://*.example.org", "https://tracker.example.org"]
        assert links.agent() == f"IPR-Tracker/{settings.VERSION} (+https://tracker.example.org/)"


class TestCommand:
    def test_it_counts_what_it_found(
        self, pages: World, run: Callable[..., None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        run()
        assert capsys.readouterr().out == (
            "        gone http://example.org/yearbook\n"
            "2 pages checked.\n     1 answers\n     1 gone\n"
        )
        assert outcomes(pages.outline) == ["answers"]
        assert outcomes(pages.yearbook) == ["gone"]
        assert outcomes(pages.statement) == []

    def test_the_longest_unchecked_comes_first(
        self, pages: World, run: Callable[..., None]
    ) -> None:
        for _ in range(4):
            run("--all", "--limit", "1")
        assert outcomes(pages.outline) == ["answers"] * 2
        assert outcomes(pages.yearbook) == ["gone"] * 2

    def test_what_was_checked_lately_may_be_left_out(
        self, pages: World, run: Callable[..., None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        run()
        LinkCheck.objects.of(pages.outline).update(at=timezone.now() - timedelta(days=8))
        run("--older-than", "7")
        assert outcomes(pages.outline) == ["answers"] * 2
        assert outcomes(pages.yearbook) == ["gone"]
        capsys.readouterr()
        run("--older-than", "7")
        assert capsys.readouterr().out == "0 pages checked.\n"

    def test_two_runs_at_once_do_not_ask_for_a_page_twice(
        self, pages: World, checker: Checker
    ) -> None:
        first, second = links.check(checker), links.check(anew(checker))
        assert next(first).evidence == pages.outline
        assert next(second).evidence == pages.yearbook
        assert list(first) == []
        assert outcomes(pages.yearbook) == ["gone"]

    def test_no_page_stops_the_run(
        self, pages: World, run: Callable[..., None], site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        get = Fetcher.get

        def failing(self: Fetcher, address: str, before: Any = None) -> Any:
            if address.endswith("outline"):
                raise RuntimeError("a mistake of ours")
            return get(self, address, before)

        monkeypatch.setattr(Fetcher, "get", failing)
        run()
        assert outcomes(pages.outline) == ["unreachable"]
        assert outcomes(pages.yearbook) == ["gone"]

    def test_a_database_that_fails_does(
        self, pages: World, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*args: Any, **kw: Any) -> None:
            raise DatabaseError("disk full")

        monkeypatch.setattr(LinkCheck, "save", failing)
        with pytest.raises(DatabaseError):
            run()

    @pytest.mark.parametrize("words", [("--limit", "0"), ("--older-than", "-1")])
    def test_numbers_that_make_no_sense_are_refused(
        self, words: tuple[str, ...], pages: World, run: Callable[..., None]
    ) -> None:
        with pytest.raises(CommandError, match="Write a limit of 1 or more"):
            run(*words)

    def test_the_checks_leave_the_record_alone(
        self, pages: World, run: Callable[..., None]
    ) -> None:
        head = record.head()
        run()
        assert record.head() == head

    def test_a_document_that_goes_takes_its_checks_along(
        self, pages: World, run: Callable[..., None], world: World
    ) -> None:
        stray = Evidence(key="stray", title="S", kind="law", tier=1, url="http://example.org/s")
        record.save(stray, by=world.ana)
        run()
        assert outcomes(stray) == ["gone"]
        record.delete(stray, by=world.ana)
        assert LinkCheck.objects.count() == 2


def test_an_endless_page_is_there_but_not_compared(
    outline: Evidence, fetcher: Made, site: Site
) -> None:
    site.pages["/outline"] = for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096)
    outline.url = "http://example.org/outline"
    quick = fetcher(limits=links.Limits(body=10_000))
    found = Checker(Manners(quick, sleep=lambda seconds: None)).look(outline)
    assert (found.outcome, found.content_hash) == ("answers", "")


def test_the_newest_check_comes_first_and_the_past_sees_none_of_it(outline: Evidence) -> None:
    early, late = (datetime(2024, month, 1, tzinfo=UTC) for month in (1, 2))
    for at, outcome in ((late, "gone"), (early, "answers")):
        LinkCheck.objects.create(evidence=outline, address=outline.url, at=at, outcome=outcome)
    assert outcomes(outline) == ["answers", "gone"]
    assert [each.outcome for each in LinkCheck.objects.by(early)] == ["answers"]
