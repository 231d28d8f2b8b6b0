import socket
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import pytest
from django.core.management import call_command

from measures import links, record
from measures.links import Checker, Fetcher, Guard, Limits, Manners, fetch
from tests.links.site import Site, said
from tests.world import World

PUBLIC = "93.184.216.34"


class Internet:
    """What lies behind the addresses: one public machine, this one, and nothing else.

    `reached` are the IP addresses to which a connection was made or tried.
    """

    def __init__(self, site: Site) -> None:
        self.site, self.reached = site, list[str]()
        self.connect = socket.create_connection

    def create_connection(self, address: tuple[str, int], *args: Any, **kw: Any) -> socket.socket:
        host = address[0]
        self.reached.append(host)
        if host == PUBLIC:
            return self.connect(("127.0.0.1", self.site.port), *args, **kw)
        if host in ("127.0.0.1", "::1"):
            return self.connect(address, *args, **kw)
        raise OSError(113, "No route to host")


@pytest.fixture
def site() -> Iterator[Site]:
    """A site of the public."""
    with Site() as open_site:
        yield open_site


@pytest.fixture
def secret() -> Iterator[Site]:
    """What only this machine may ask: nobody must get here."""
    with Site() as sentinel:
        sentinel.pages["/"] = sentinel.pages["/secret"] = said(b"the secret")
        yield sentinel


@pytest.fixture
def internet(site: Site, monkeypatch: pytest.MonkeyPatch) -> Internet:
    """The network as the tracker sees it in these tests."""
    net = Internet(site)
    monkeypatch.setattr(fetch.socket, "create_connection", net.create_connection)
    return net


@pytest.fixture
def fetcher(internet: Internet, secret: Site) -> Callable[..., Fetcher]:
    """One that goes out by the real rules, save for the ports of the sentinel.

    `answers` are what the resolver says, one after the other, the last for ever.
    """

    def made(*answers: str, allows: Any = None, limits: Limits | None = None, **other: Any) -> Any:
        told = chain(answers or [PUBLIC], repeat((answers or [PUBLIC])[-1]))
        rules: dict[str, Any] = {"resolve": lambda host, port: [next(told)]}
        if allows:
            rules["allows"] = allows
        guard = Guard(ports=frozenset({80, 443, secret.port}), **rules)
        return Fetcher("Tests/1", guard, limits or Limits(), **other)

    return made


@pytest.fixture
def waits() -> list[float]:
    """How long the tracker waited between requests, in seconds."""
    return []


@pytest.fixture
def checker(fetcher: Callable[..., Fetcher], waits: list[float]) -> Checker:
    """One that does not really wait."""
    now = [1000.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    return Checker(Manners(fetcher(), clock=lambda: now[0], sleep=sleep))


@pytest.fixture
def run(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The command, going out into the network of the tests."""
    monkeypatch.setattr(links, "Checker", lambda: checker)

    def ran(*words: str) -> None:
        call_command("check_links", *words)

    return ran


@pytest.fixture
def pages(world: World, site: Site) -> World:
    """The outline is there, the yearbook is gone, the statement has no page."""
    for document, url in (
        (world.outline, "http://example.org/outline"),
        (world.yearbook, "http://example.org/yearbook"),
        (world.statement, ""),
    ):
        document.url = url
        record.save(document, by=world.ana)
    site.pages = {"/outline": said()}
    return world
