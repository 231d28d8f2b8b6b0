"""The text of a page, brought home while a person waits."""

from collections.abc import Callable
from typing import Any

import pytest

from measures import links
from measures.files import MOST_TEXT
from measures.links import Answer, Failed, Fetcher, Limits, Manners, Reader, Refused, words
from tests.links.conftest import Internet
from tests.links.site import Site, for_ever, led, said

Made = Callable[..., Fetcher]
PAGE = "http://example.org/law"


def page(body: bytes, kind: str = "text/html", charset: str = "") -> Answer:
    return Answer(200, PAGE, kind, body, charset=charset)


@pytest.fixture
def reader(fetcher: Made) -> Callable[..., Reader]:
    """One that goes out into the network of the tests and does not really wait."""

    def made(**options: Any) -> Reader:
        return Reader(Manners(fetcher(**options), sleep=lambda seconds: None))

    return made


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<h1>专利法</h1>第一条<br>第二条", "专利法\n第一条\n第二条"),
        ("a <b>bo</b>ld word", "a bold word"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more", "<script>alert(1)</script> & more"),
        ("<head><title>T</title></head><body>words", "words"),
        ("<script>alert(1)</script>seen<style>p{}</style><!-- not -->", "seen"),
        ("seen<script>never closed", "seen"),
        ("seen<script>a</scriptx>b</script >too", "seen too"),
        ("<p>  a \t b \r\n c </p>", "a b\nc"),
        ("hid\u202eden\u2066 \x07bell\x00", "hidden bell"),
        ("<br>" * 1000, ""),
    ],
)
def test_the_words_of_a_page_are_what_a_person_reads(markup: str, text: str) -> None:
    assert words(page(markup.encode())) == text


def test_a_page_of_plain_text_keeps_its_angles() -> None:
    assert words(page(b"a <b> c\r\nd", "text/plain")) == "a <b> c\nd"


LAW = "《专利法》第一条 知识产权保护"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (LAW.encode(), "utf-8"),
        (LAW.encode(), ""),
        (LAW.encode("gb18030"), "gb2312"),
        (LAW.encode("gb18030"), ""),
        (f'<meta charset="gbk">{LAW}'.encode("gb18030"), ""),
        (f'<meta content="text/html; charset=GB2312">{LAW}'.encode("gb18030"), "no-such-set"),
        (LAW.encode("big5", "replace"), "big5"),
        (LAW.encode("utf-8-sig"), "gb2312"),
        (LAW.encode("utf-16"), ""),
        (LAW.encode(), "zlib_codec"),
        (LAW.encode(), "rot13"),
        (LAW.encode(), "x\x00y"),
    ],
)
def test_its_letters_are_read_as_they_were_meant(body: bytes, charset: str) -> None:
    assert "知" in words(page(body, charset=charset)) or charset == "big5"


@pytest.mark.parametrize("piece", [b"<", b"<p", b"<script>", b"<!--", b"</script", b"&", b"&#1;"])
def test_no_markup_is_too_strange(piece: bytes) -> None:
    assert len(words(page(piece * 200_000))) < 2_000_000


def test_a_page_comes_with_the_address_where_it_was_found(
    reader: Callable[..., Reader], site: Site
) -> None:
    site.pages = {
        "/law": led("/new"),
        "/new": said(LAW.encode("gb18030"), Content_Type="text/html; charset=gbk"),
    }
    found = reader().read(PAGE)
    assert (found.text, found.address) == (LAW, "http://example.org/new")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (said(b"", "404 Not Found"), "answers with 404"),
        (said(b"%PDF-1.7", Content_Type="application/pdf"), "attach it as a file"),
        (said(b"<script>all</script>", Content_Type="text/html"), "holds no words"),
        (said(b"x" * (MOST_TEXT + 1)), "too long"),
        (for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096), "to its end"),
    ],
)
def test_what_cannot_be_held_is_said(
    answer: Any, sentence: str, reader: Callable[..., Reader], site: Site
) -> None:
    site.pages["/law"] = answer
    with pytest.raises(Failed, match=sentence):
        reader(limits=Limits(body=2_000_000)).read(PAGE)


def test_the_rules_of_every_request_hold(
    reader: Callable[..., Reader], site: Site, secret: Site, internet: Internet
) -> None:
    for address in ("http://127.0.0.1/", "file:///etc/passwd", "http://a@example.org/", ""):
        with pytest.raises(Refused):
            reader().read(address)
    assert internet.reached == []
    site.pages["/law"] = led(f"http://127.0.0.1:{secret.port}/secret")
    with pytest.raises(Refused):
        reader().read(PAGE)
    site.pages["/robots.txt"] = said(b"User-agent: *\nDisallow: /")
    with pytest.raises(Refused, match=r"robots\.txt"):
        reader().read(PAGE)
    assert secret.asked == []


def test_a_person_is_not_kept_waiting_as_long_as_a_nightly_run() -> None:
    mine, nightly = Reader().manners, links.Checker().manners
    for short, long in (
        (mine.fetcher.limits.seconds, nightly.fetcher.limits.seconds),
        (mine.robots_limits.seconds, nightly.robots_limits.seconds),
        (mine.longest_pace, nightly.longest_pace),
    ):
        assert short < long
