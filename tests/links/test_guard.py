"""Nobody gets the tracker to ask what only this machine may ask. Each guard with its harm."""

import socket
import urllib.request
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest

from measures.links import Fetcher, Guard, Refused, is_public
from tests.links.conftest import PUBLIC, Internet
from tests.links.site import Site, led, said

Made = Callable[..., Fetcher]
ANYTHING: Callable[[Any], bool] = lambda address: True  # noqa: E731


def unguarded(address: str) -> bytes:
    """The page as an ordinary client gets it."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=10) as answer:  # What a client does without a guard.
        return bytes(answer.read())


LOOPBACK = ("127.0.0.1", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.1",
            "127.1", "127.0.1", "0", "0.0.0.0", "localhost")  # noqa: S104 # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK)
def test_no_way_of_writing_this_machine_leads_to_it(host: str, secret: Site) -> None:
    address = f"http://{host}:{secret.port}/"
    fetcher = Fetcher("Tests/1", Guard(ports=frozenset({secret.port})))
    with pytest.raises(Refused):
        fetcher.get(address)
    assert secret.asked == []
    if not host.strip("0."):
        return  # These lead here as well, but the tests are kept from asking them.
    assert unguarded(address) == b"the secret"  # The harm: every one of them leads here.


@pytest.mark.parametrize("host", ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0::1]"])
def test_nor_does_any_in_ipv6(host: str, secret: Site) -> None:
    fetcher = Fetcher("Tests/1", Guard(ports=frozenset({secret.port})))
    with pytest.raises(Refused):
        fetcher.get(f"http://{host}:{secret.port}/")
    assert secret.asked == []


def test_without_the_judgement_the_sentinel_is_reached(fetcher: Made, secret: Site) -> None:
    address = f"http://example.org:{secret.port}/"
    with pytest.raises(Refused):
        fetcher("127.0.0.1").get(address)
    assert secret.asked == []
    answer = fetcher("127.0.0.1", allows=ANYTHING).get(address)
    assert (answer.body, secret.asked) == (b"the secret", ["/"])


INWARD = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1",  # noqa: S104
    "127.9.9.9",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
)  # fmt: skip


@pytest.mark.parametrize("told", INWARD)
def test_addresses_that_are_not_of_the_public_are_not_connected_to(
    told: str, fetcher: Made, internet: Internet
) -> None:
    assert not is_public(ip_address(told))
    host = f"[{told}]" if ":" in told else told
    for where, answer in (("example.org", told), (host, PUBLIC)):
        with pytest.raises(Refused):
            fetcher(answer).get(f"http://{where}/")
    assert internet.reached == []


@pytest.mark.parametrize("told", ["10.0.0.1", "169.254.169.254", "100.64.0.1", "fd00:ec2::254"])
def test_without_the_judgement_they_would_be(told: str, fetcher: Made, internet: Internet) -> None:
    with pytest.raises(Exception, match="No route to host"):
        fetcher(told, allows=ANYTHING).get("http://example.org/")
    assert internet.reached == [told]


@pytest.mark.parametrize("told", ["93.184.216.34", "8.8.8.8", "2606:4700::6810:84e5", "240e::1"])
def test_the_public_is_asked(told: str) -> None:
    assert is_public(ip_address(told))


def test_one_bad_address_among_good_ones_is_enough() -> None:
    guard = Guard(resolve=lambda host, port: [PUBLIC, "10.0.0.1"])
    with pytest.raises(Refused, match=r"example\.org leads to an address that is not public"):
        guard.judged("http://example.org/")


def test_the_name_is_resolved_once_and_the_answer_is_what_is_connected_to(
    fetcher: Made, site: Site, secret: Site, internet: Internet
) -> None:
    """A resolver that says one thing to the judge and another to the one who connects."""
    site.pages["/"] = said(b"public")
    address = f"http://rebind.example:{secret.port}/"
    assert fetcher(PUBLIC, "127.0.0.1").get(address).body == b"public"
    assert (internet.reached, secret.asked) == ([PUBLIC], [])
    # The harm: who judges first and then connects by name, asks a second time.
    hasty = fetcher(PUBLIC, "127.0.0.1").guard
    assert hasty.judged(address).addresses == (PUBLIC,)
    (second,) = hasty.resolve("rebind.example", secret.port)
    assert unguarded(f"http://{second}:{secret.port}/") == b"the secret"


def test_a_second_request_is_judged_again(fetcher: Made, site: Site, secret: Site) -> None:
    site.pages["/"] = led(f"http://rebind.example:{secret.port}/secret")
    address = f"http://rebind.example:{secret.port}/"
    with pytest.raises(Refused):
        fetcher(PUBLIC, "127.0.0.1").get(address)
    assert secret.asked == []
    assert fetcher(PUBLIC, "127.0.0.1", allows=ANYTHING).get(address).body == b"the secret"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Away", "308 Gone"])
@pytest.mark.parametrize("scheme", ["http:", ""])
def test_no_redirect_leads_inside(
    status: str, scheme: str, fetcher: Made, site: Site, secret: Site
) -> None:
    site.pages["/"] = led(f"{scheme}//127.0.0.1:{secret.port}/secret", status)
    with pytest.raises(Refused):
        fetcher().get("http://example.org/")
    assert (site.asked, secret.asked) == (["/"], [])
    assert fetcher(allows=ANYTHING).get("http://example.org/").body == b"the secret"


@pytest.mark.parametrize(
    "leads_to",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1/", "data:,x"],
)
def test_no_redirect_leads_out_of_the_web(leads_to: str, fetcher: Made, site: Site) -> None:
    site.pages["/"] = led(leads_to)
    with pytest.raises(Refused):
        fetcher().get("http://example.org/")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}\\@example.org/",
        "http://example.org\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@example.org/",
        "http://example.org@127.0.0.1:{port}/",
        "http://a:b@example.org/",
        "http://127.0.0.1:{port} @example.org/",
        "http://exa\tmple.org/",
        "http://example.org/\r\nHost: 127.0.0.1",
        "http://example.org\x00.example.net/",
        "http://１２７.0.0.1:{port}/",
        "http://127。0。0。1:{port}/",
        "http://①②⑦.0.0.1:{port}/",
        "http://[::1%25lo]:{port}/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.x]/",
        "http://%31%32%37.0.0.1:{port}/",
        "http:127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://-example.org/",
        "http://.example.org/",
        "http://example..org/",
        "http://1.2.3.4.5/",
        "http://example.org.0x7f/",
        "http://256.1.1.1/",
        "http://example.org:port/",
        "http://example.org:99999/",
        "http://" + "a" * 64 + ".org/",
        "http://example.org/" + "a" * 2000,
        "javascript:alert(1)",
        "",
    ],
)
def test_what_two_readers_may_read_differently_is_refused(
    address: str, fetcher: Made, internet: Internet, secret: Site
) -> None:
    with pytest.raises(Refused):
        fetcher().get(address.format(port=secret.port))
    assert (internet.reached, secret.asked) == ([], [])


def test_a_lenient_reader_of_a_backslash_gets_to_the_sentinel(secret: Site) -> None:
    trick = f"http://127.0.0.1:{secret.port}\\@example.org/"
    with pytest.raises(Refused):
        Guard(ports=frozenset({secret.port})).judged(trick)
    as_browsers_read_it = trick.partition("\\")[0] + "/"
    assert unguarded(as_browsers_read_it) == b"the secret"


def test_only_the_ports_of_the_web_are_asked(internet: Internet, secret: Site) -> None:
    rules: dict[str, Any] = {"resolve": lambda host, port: ["127.0.0.1"], "allows": ANYTHING}
    address = f"http://example.org:{secret.port}/"
    for other in (address, "http://example.org:22/", "https://example.org:6379/"):
        with pytest.raises(Refused, match="only 80 and 443"):
            Fetcher("Tests/1", Guard(**rules)).get(other)
    assert internet.reached == []
    open_to_it = Guard(**rules, ports=frozenset({secret.port}))
    assert Fetcher("Tests/1", open_to_it).get(address).body == b"the secret"


def test_no_proxy_is_taken_from_the_environment(
    fetcher: Made, site: Site, secret: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{secret.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    site.pages["/"] = said(b"public")
    assert fetcher().get("http://example.org/").body == b"public"
    assert secret.asked == []
    secret.pages["http://example.org/"] = said(b"through the proxy")
    with urllib.request.urlopen("http://example.org/", timeout=10) as answer:
        assert answer.read() == b"through the proxy"  # The harm.


def test_names_in_other_letters_are_asked_as_resolvers_know_them() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    target = Guard(resolve=resolve).judged("https://国务院.中国/法律/文件?号=1#附件")
    assert asked == ["xn--3kqs68ivnh.xn--fiqs8s"] or asked[0].startswith("xn--")
    assert target.site == f"https://{asked[0]}"
    assert target.path == "/%E6%B3%95%E5%BE%8B/%E6%96%87%E4%BB%B6?%E5%8F%B7=1"


def test_a_name_that_is_not_known_is_no_refusal(fetcher: Made) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    with pytest.raises(Exception, match="The name of the site is not known") as failure:
        Fetcher("Tests/1", Guard(resolve=unknown)).get("http://example.invalid/")
    assert not isinstance(failure.value, Refused)
