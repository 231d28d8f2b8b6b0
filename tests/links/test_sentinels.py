"""Nothing goes out but to what was judged: no other socket is opened, and nothing is carried."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from measures.links import Checker, Failed, Fetcher, Guard, Limits, Manners, Reader, Refused
from tests.links.conftest import PUBLIC, Internet
from tests.links.site import Site, led, said

Made = Callable[..., Fetcher]
PAGE = "http://example.org/"
INSIDE = (
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://user@example.org/",
    "http://example.org@127.0.0.1/",
    "http://127.0.0.1\\@example.org/",
    "http://example.org:22/",
    "https://example.org:8443/",
    "http://example.org:0/",
    "http://example.org:-1/",
    "file:///etc/passwd",
    "file://example.org/etc/passwd",
    "FILE:///etc/passwd",
    "ftp://example.org/",
    "gopher://127.0.0.1:6379/_INFO",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "data:text/plain,x",
    "jar:http://example.org/!/",
)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection and every look-up that this thread began."""
    begun: list[Any] = []
    here = threading.get_ident()

    def noted(name: str) -> Any:
        def note(*args: Any, **kw: Any) -> Any:
            if threading.get_ident() == here:
                begun.append((name, args[-1] if args else kw))
            raise AssertionError(f"{name} was called")

        return note

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, noted(name))
    for name in ("create_connection", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, name, noted(name))
    return begun


@pytest.mark.parametrize("address", INSIDE)
def test_no_socket_is_opened_for_an_address_that_is_refused(
    address: str, sockets: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kw: [(2, 1, 6, "", (PUBLIC, 80))])
    fetcher = Fetcher("Tests/1")  # The guard as it is in use.
    for go in (fetcher.get, Reader(Manners(fetcher)).read):
        with pytest.raises(Refused):
            go(address)
    assert sockets == []


def test_the_watch_on_sockets_sees_one(sockets: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kw: [(2, 1, 6, "", (PUBLIC, 80))])
    with pytest.raises(AssertionError, match="create_connection"):
        Fetcher("Tests/1").get(PAGE)
    assert len(sockets) == 1


@pytest.mark.parametrize("address", INSIDE)
def test_no_redirect_leads_there(
    address: str, fetcher: Made, site: Site, internet: Internet
) -> None:
    site.pages["/"] = led(address)
    with pytest.raises(Refused):
        fetcher().get(PAGE)
    assert internet.reached == [PUBLIC]


def test_a_cookie_that_a_site_sets_goes_nowhere(fetcher: Made, site: Site) -> None:
    site.pages = {
        "/": led("/next", "302 Found").replace(b"Location", b"Set-Cookie: a=secret\r\nLocation"),
        "/next": said(b"there", Set_Cookie="b=secret"),
    }
    mine = fetcher()
    for _ in range(2):
        assert mine.get(PAGE).body == b"there"
    assert len(site.heads) == 4
    assert not [head for head in site.heads if "cookie" in head.lower()]


def test_no_secret_of_this_machine_is_sent_along(
    fetcher: Made, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine example.org login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    site.pages = {"/": led("http://example.net/next"), "/next": said(b"there")}
    fetcher().get(PAGE)
    sent = {
        line.partition(":")[0] for head in site.heads for line in head.split("\r\n")[1:] if line
    }
    assert sent == {
        "Host",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Connection",
    }


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /" + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=["long", "many", "location", "status"],
)
def test_a_huge_head_fails(head: bytes, fetcher: Made, site: Site) -> None:
    site.pages["/"] = head
    with pytest.raises((Failed, Refused)):
        fetcher().get(PAGE)


@pytest.mark.parametrize("told", ["127.0.0.1", "::1", "fd00::1", "169.254.169.254"])
def test_a_name_that_turns_inward_between_robots_and_page_is_not_followed(
    told: str, internet: Internet, site: Site
) -> None:
    """Rebinding between two requests of one check: what robots.txt was read from is not trusted."""
    answers = iter([PUBLIC, PUBLIC, told, told])
    site.pages = {"/robots.txt": said(b""), "/": led("/law")}
    guard = Guard(resolve=lambda host, port: [next(answers)])
    reader = Reader(Manners(Fetcher("Tests/1", guard, Limits()), sleep=lambda seconds: None))
    with pytest.raises(Refused, match="not public"):
        reader.read(PAGE)
    assert set(internet.reached) == {PUBLIC}


def test_the_checker_and_the_reader_go_by_the_only_rules_in_use() -> None:
    for manners in (Checker().manners, Reader().manners):
        assert manners.fetcher.guard == Guard()
