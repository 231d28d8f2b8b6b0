import socket
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any

import pytest

from measures.links import Fetcher, Guard, Limits, fetch
from tests.links.site import Site, said

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
