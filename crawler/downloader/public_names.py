"""Which hosts are everyone's: a name that leads to a private address is not connected to.

The addresses of a name are looked at when it is resolved, before any connection; who names a
private address himself (``http://127.0.0.1:8000/``, localhost) may reach it.
"""

import ipaddress
import socket
from typing import Any, Self

from twisted.internet.interfaces import IAddress, IHostResolution


class PrivateAddress(Exception):
    """Raised when a name leads to a loopback or private address that the user did not name as the
    site.
    """


class UnknownHost(Exception):
    """Raised when DNS does not know a host, or gives no answer."""


def is_public(host: str) -> bool:
    """Return whether *host*, when it is a literal IP address, is reachable for everyone; names are
    public until resolved.
    """
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return host.rstrip(".").lower() != "localhost"
    # Newer Pythons call the local twin of NAT64 private: what counts is the address it carries.
    is_open = address in _LOCAL_NAT64 or _is_everyones(address)
    return is_open and all(map(_is_everyones, _carried(address)))


def look_up(host: str) -> None:
    """Ask DNS for *host*, as a crawl will.

    Raises UnknownHost, and PrivateAddress when it leads to no address that is everyone's.
    """
    if not is_public(host):
        raise PrivateAddress(f"{host} is a private address.")
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no name that DNS can have"
        raise UnknownHost(f"DNS does not know {host}: {why}.") from error
    addresses = [str(address[0]) for *_kind, address in found]
    if not any(map(is_public, addresses)):
        raise PrivateAddress(f"{host} leads to the private address {addresses[0]}.")


def is_same_machine(host: str, other: str) -> bool:
    """Return whether two private hosts are one, on whatever port: by name, or both as this
    machine's own address.
    """
    if is_public(host) or is_public(other):
        return False
    return host == other or (_is_loopback(host) and _is_loopback(other))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return True  # of names only "localhost" is private


def _is_everyones(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    is_reserved = any(address in network for network in _RESERVED)
    return address.is_global and not address.is_multicast and not is_reserved


def _carried(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, NAT64,
    ISATAP.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    last = int(address) & 0xFFFFFFFF
    is_isatap = int(address) >> 32 & 0xFDFFFFFF == _ISATAP
    if is_isatap or any(address in network for network in _CARRYING):
        carried.append(ipaddress.IPv4Address(last))
    return [inner for inner in carried if inner is not None]


# Nobody's on the open net, though Python's table leaves them out: the IETF's own, the old relays
# of 6to4, the old site-local addresses, segment routing, documentation (IANA's special-purpose
# address registries).
_RESERVED = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "5f00::/16", "3fff::/20"),
    )
)
# NAT64, its local twin, translated addresses and the old "::127.0.0.1": the last four bytes are an
# IPv4 address. ISATAP marks such four bytes by those before them (RFC 5214; one bit is free).
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_CARRYING = (
    _LOCAL_NAT64,
    *map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")),
)
_ISATAP = 0x00005EFE


class PublicNames:
    """Resolves names as the reactor's own resolver does, and leaves out their private addresses."""

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver
        self._refused: dict[str, str] = {}

    @classmethod
    def on_reactor(cls) -> Self:
        """Return the one that guards the reactor's names; it is put there at the first call."""
        from twisted.internet import reactor  # noqa: PLC0415  # importing it installs it

        running: Any = reactor
        if not isinstance(running.nameResolver, cls):
            running.installNameResolver(cls(running.nameResolver))
        guard: Self = running.nameResolver
        return guard

    def check(self, name: str) -> None:
        """Raise PrivateAddress when *name* led to private addresses only."""
        if name in self._refused:
            raise PrivateAddress(f"The name leads to the private address {self._refused[name]}.")

    def resolveHostName(self, receiver: Any, name: str, *more: Any, **named: Any) -> Any:  # noqa: N802  # Twisted's name
        """Resolve *name* for *receiver*, as Twisted's IHostnameResolver asks for it."""
        self._refused.pop(name, None)
        if is_public(name):
            receiver = _PublicOnly(receiver, name, self._refused)
        return self._resolver.resolveHostName(receiver, name, *more, **named)


class _PublicOnly:
    """Hands on the public addresses of a name, and notes in *refused* that there was another."""

    def __init__(self, receiver: Any, name: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._name = name
        self._refused = refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802  # Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802  # Twisted's name
        host = str(getattr(address, "host", ""))
        if is_public(host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._name] = host

    def resolutionComplete(self) -> None:  # noqa: N802  # Twisted's name
        self._receiver.resolutionComplete()
