"""A page within limits: nobody holds the tracker up, fills its memory or leads it round."""

import gzip
import zlib
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from measures.links import Failed, Fetcher, Limits
from tests.links.conftest import Internet
from tests.links.site import Site, for_ever, led, nothing, said

Made = Callable[..., Fetcher]
PAGE = "http://example.org/"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_page_comes_with_its_status_kind_and_address(fetcher: Made, site: Site) -> None:
    site.pages["/"] = said("你好".encode(), Content_Type="text/html; charset=utf-8")
    answer = fetcher().get(PAGE)
    assert (answer.status, answer.kind, answer.address) == (200, "text/html", PAGE)
    assert (answer.body.decode(), answer.is_whole) == ("你好", True)


def test_the_tracker_says_who_it_is_and_asks_by_the_name(fetcher: Made, site: Site) -> None:
    site.pages["/a?b=c"] = said()
    assert fetcher().get("http://Example.org/a?b=c#part").status == 200
    (head,) = site.heads
    assert "\r\nHost: example.org\r\n" in head
    assert "\r\nUser-Agent: Tests/1\r\n" in head
    assert "Cookie" not in head
    assert "Authorization" not in head


def test_redirects_are_followed_to_their_end(fetcher: Made, site: Site) -> None:
    site.pages |= {
        "/": led("/two", "301 Moved"),
        "/two": led("//example.net/three words"),
        "/three%20words": led("http://example.org/法律".encode().decode("latin-1"), "308 P"),
        "/%E6%B3%95%E5%BE%8B": said(),
    }
    site.pages["/three%20words"] = (
        b"HTTP/1.1 308 P\r\nLocation: http://example.org/"
        + "法律".encode()
        + b"\r\nContent-Length: 0\r\n\r\n"
    )
    answer = fetcher().get(PAGE)
    assert (answer.status, answer.address) == (200, "http://example.org/%E6%B3%95%E5%BE%8B")


def test_a_redirect_without_a_place_is_an_answer(fetcher: Made, site: Site) -> None:
    site.pages["/"] = said(b"", "302 Found")
    assert fetcher().get(PAGE).status == 302


def test_redirects_that_lead_round_end(fetcher: Made, site: Site) -> None:
    site.pages |= {"/": led("/round"), "/round": led("/")}
    with pytest.raises(Failed, match="More than 5 redirects"):
        fetcher().get(PAGE)
    assert len(site.asked) == 6
    site.asked.clear()
    with pytest.raises(Failed, match="More than 20 redirects"):  # The limit, and nothing else.
        fetcher(limits=Limits(redirects=20)).get(PAGE)
    assert len(site.asked) == 21


@pytest.mark.parametrize(
    "talk",
    [
        for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096),
        for_ever(CHUNKED, b"3\r\nxxx\r\n"),
        said(b"x" * 100_000),
    ],
    ids=["endless", "endless chunks", "long"],
)
def test_a_body_is_read_up_to_the_limit(talk: Any, fetcher: Made, site: Site) -> None:
    site.pages["/"] = talk
    for limit in (1000, 50_000):
        answer = fetcher(limits=Limits(body=limit)).get(PAGE)
        assert (answer.status, answer.is_whole) == (200, False)
        assert len(answer.body) <= limit


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_packed_body_is_unpacked_up_to_the_limit(coding: str, fetcher: Made, site: Site) -> None:
    packed = (gzip.compress if coding == "gzip" else zlib.compress)(b"0" * 50_000_000)
    assert len(packed) < 60_000
    site.pages["/"] = said(packed, Content_Encoding=coding)
    answer = fetcher(limits=Limits(body=100_000)).get(PAGE)
    assert (len(answer.body), answer.is_whole) == (100_000, False)
    harm = fetcher(limits=Limits(body=60_000_000)).get(PAGE)  # Without the limit it goes off.
    assert (len(harm.body), harm.is_whole) == (50_000_000, True)


def test_a_body_in_a_packing_that_is_not_known_is_not_taken_for_whole(
    fetcher: Made, site: Site
) -> None:
    site.pages["/"] = said(b"???", Content_Encoding="br")
    assert not fetcher().get(PAGE).is_whole
    site.pages["/"] = said(b"no gzip at all", Content_Encoding="gzip")
    assert not fetcher().get(PAGE).is_whole
    site.pages["/"] = said(gzip.compress(b"x" * 999)[:-9], Content_Encoding="gzip")
    assert not fetcher().get(PAGE).is_whole


@pytest.mark.parametrize(
    "head",
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1000),
        (b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n",),
        (b"x" * 1000,),
    ],
    ids=["lines", "one line", "continue", "no head"],
)
def test_an_endless_head_fails(head: tuple[bytes, ...], fetcher: Made, site: Site) -> None:
    site.pages["/"] = for_ever(*head)
    with pytest.raises(Failed):
        fetcher().get(PAGE)


def test_a_site_that_says_nothing_is_left(fetcher: Made, site: Site) -> None:
    site.pages["/"] = nothing
    with pytest.raises(Failed, match="did not answer in time"):
        fetcher(limits=Limits(silence=0.05)).get(PAGE)


def test_a_site_that_never_stops_saying_little_runs_out_of_time(fetcher: Made, site: Site) -> None:
    """Each byte comes soon after the one before, so that no single wait is long."""
    site.pages["/"] = for_ever(b"HTTP/1.1 100 Continue\r\n\r\n")
    ticking = count().__next__  # Each look at the clock is a second later.
    with pytest.raises(Failed, match="did not answer in time"):
        fetcher(limits=Limits(seconds=5, head=10**9), clock=ticking).get(PAGE)
    site.pages["/"] = for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
    ticking = count().__next__
    answer = fetcher(limits=Limits(seconds=8, body=10**9), clock=ticking).get(PAGE)
    assert (answer.status, answer.is_whole) == (200, False)


def test_time_counts_over_all_redirects(fetcher: Made, site: Site) -> None:
    site.pages |= {"/": led("/two"), "/two": led("/three"), "/three": said()}
    with pytest.raises(Failed, match="did not answer in time"):
        fetcher(limits=Limits(seconds=8), clock=count().__next__).get(PAGE)
    assert fetcher(limits=Limits(seconds=80), clock=count().__next__).get(PAGE).status == 200


def test_our_own_waiting_does_not_count(fetcher: Made, site: Site) -> None:
    site.pages["/"] = said()
    now = [0.0]

    def wait(target: Any, address: str) -> None:
        now[0] += 1000

    quick = fetcher(limits=Limits(seconds=5), clock=lambda: now[0])
    assert quick.get(PAGE, before=wait).status == 200


@pytest.mark.parametrize(
    "answer",
    [b"", b"\r\n", b"no http\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n"],
)
def test_what_is_no_http_fails_in_a_sentence(answer: bytes, fetcher: Made, site: Site) -> None:
    site.pages["/"] = answer
    with pytest.raises(Failed, match=r"^The connection failed: "):
        fetcher().get(PAGE)


def test_what_the_site_wrote_is_not_repeated_in_a_failure(fetcher: Made, site: Site) -> None:
    site.pages["/"] = b"\x00\xff<script>\r\n\r\n"
    with pytest.raises(Failed) as failure:
        fetcher().get(PAGE)
    assert str(failure.value) == "The connection failed: BadStatusLine."


def test_chunks_that_cannot_be_read_are_not_whole(fetcher: Made, site: Site) -> None:
    site.pages["/"] = CHUNKED + b"zz\r\n"
    assert not fetcher().get(PAGE).is_whole


def test_a_page_that_breaks_off_is_not_whole(fetcher: Made, site: Site) -> None:
    site.pages["/"] = said(b"half", Content_Length="8")
    answer = fetcher().get(PAGE)
    assert (answer.body, answer.is_whole) == (b"half", False)


def test_every_address_of_a_site_is_tried(fetcher: Made, site: Site, internet: Internet) -> None:
    from measures.links import Guard

    site.pages["/"] = said()
    two = Guard(resolve=lambda host, port: ["93.184.216.35", "93.184.216.34"])
    assert Fetcher("Tests/1", two).get(PAGE).status == 200
    assert internet.reached == ["93.184.216.35", "93.184.216.34"]


def test_https_wants_a_certificate_that_holds(fetcher: Made, site: Site) -> None:
    site.pages["/"] = said()
    with pytest.raises(Failed):
        fetcher().get("https://example.org/")
    assert site.asked == []
