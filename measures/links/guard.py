"""Where the tracker may go: public addresses of the web, and nothing else.

Whoever can write a link into the register would otherwise have this machine ask what only this
machine may ask. So the address is written out of what was asked, resolved once, every answer is
judged, and the connection is made to what was judged: nothing is resolved a second time.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2000
LONGEST_HOST = 253
# What a path may hold besides letters and digits; the rest, Chinese for example, is encoded.
KEPT = "%/:?[]@!$&'()*+,;=-._~"
NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
# 1, 017 and 0x7f: whatever some resolver may read as a part of a number.
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)

# Only this part of IPv6 is given out to the public at all.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
# Addresses that count as public and still lead inwards, or carry another address inside.
INWARD = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # the wire server inside one large cloud
        "192.0.0.0/24",  # protocols; older Pythons take most of it for public
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # Teredo and other protocols
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


class Refused(Exception):
    """An address that we do not ask, in a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was judged: what to ask for, and the IP addresses to ask it of."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def site(self) -> str:
        """Scheme, host and port, as they begin an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (
            f":{self.port}" if self.port != PORTS[self.scheme] else ""
        )


def is_public(address: Address) -> bool:
    """Whether the address belongs to a machine of the public, and cannot lead back inside."""
    if address.version == 6 and (address not in GIVEN_OUT or address.ipv4_mapped):
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in net for net in INWARD if net.version == address.version)


def resolved(host: str, port: int) -> list[str]:
    """The IP addresses of a host as this machine's resolver tells them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules by which an address is judged. The defaults are the only ones in use."""

    allows: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], list[str]] = resolved
    ports: frozenset[int] = frozenset(PORTS.values())

    def judged(self, address: str) -> Target:
        """What may be asked for; raises Refused, and OSError where the host has no address."""
        scheme, host, port, path = _taken_apart(address)
        if port not in self.ports:
            raise Refused(f"Port {port} is not asked; only 80 and 443 are.")
        literal = _literal(host)
        found = [str(literal)] if literal else self.resolve(host, port)
        if not found:
            raise OSError(f"{host} has no address.")
        for each in found:
            if not self.allows(_read(each)):
                raise Refused(f"{host} leads to an address that is not public.")
        return Target(scheme, host, port, path, tuple(found))


def _taken_apart(address: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query. What two readers may read differently is refused."""
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"The address is longer than {LONGEST_ADDRESS} characters.")
    if "\\" in address or any(c.isspace() or unicodedata.category(c) == "Cc" for c in address):
        raise Refused("The address has characters that do not belong into one.")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused("The address cannot be read.") from error
    if parts.scheme not in PORTS:
        raise Refused("Only http and https are asked.")
    if "@" in parts.netloc:
        raise Refused("The address holds a user name.")
    if ("[" in parts.netloc) != (":" in host):
        raise Refused("The address names no host.")
    path = quote(parts.path or "/", safe=KEPT)
    path += f"?{quote(parts.query, safe=KEPT)}" if parts.query else ""
    return parts.scheme, _host(host), PORTS[parts.scheme] if port is None else port, path


def _host(told: str) -> str:
    """The host in the letters that a resolver reads."""
    if ":" in told:
        return told
    try:
        host = told if told.isascii() else told.encode("idna").decode().lower()
    except UnicodeError as error:
        raise Refused("The address names no host.") from error
    if not NAME.fullmatch(host) or len(host) > LONGEST_HOST:
        raise Refused("The address names no host.")
    return host


def _literal(host: str) -> Address | None:
    """The IP address, if the host is one. A number written in any other way is refused."""
    last = host.rstrip(".").rsplit(".", 1)[-1]
    if ":" not in host and not NUMBER.fullmatch(last):
        return None
    return _read(host)


def _read(told: str) -> Address:
    try:
        found = ipaddress.ip_address(told)
    except ValueError as error:
        raise Refused("The address writes a number where a host should be.") from error
    if found.version == 6 and found.scope_id:
        raise Refused("The address means something on one machine only.")
    return found
