"""The way out to the web: connections to public addresses only, each to the very address that was looked at.

A name is resolved here, its addresses are judged, and the connection is opened to one that passed: a second look-up,
which could answer otherwise (DNS rebinding), never happens. Redirects are not followed here, so each hop comes by.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

Resolver = Callable[[str, int], Iterable[str]]
"""The addresses of a name, as text."""

_GLOBAL_6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Addresses that stand for another one (Teredo, 6to4), tests and documentation: not all are known to ipaddress.
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)


class ForbiddenAddressError(OSError):
    """The name leads to no address on the public internet."""


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: not private, shared, loopback, link-local, multicast, reserved.

    An IPv4 address inside an IPv6 one (mapped, NAT64) is judged as itself. After IANA's registries of special-purpose
    addresses (RFC 6890) and of IPv6 unicast assignments.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or (
            ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        )
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_6:
            return False
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _NEVER)
    return ip.is_global and not special


def resolve(host: str, port: int) -> list[str]:
    """The system's answer. Raises OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


class Pinned(httpcore.NetworkBackend):
    """Connects to the public addresses of a name, or to any address of a name in `trusted`.

    Every request ends `seconds` after its connection was begun, however slowly the other end drips.
    """

    def __init__(
        self,
        trusted: Iterable[str],
        seconds: float,
        resolver: Resolver = resolve,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._trusted = frozenset(name.lower() for name in trusted)
        self._seconds = seconds
        self._resolver = resolver
        self._network = network or httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **options: Any
    ) -> httpcore.NetworkStream:
        """A connection to the first address that answers. Raises ForbiddenAddressError where none may be reached."""
        until = time.monotonic() + self._seconds
        try:
            addresses = list(self._resolver(host, port))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("The name has no address") from error
        if host.lower() not in self._trusted:
            addresses = [address for address in addresses if is_public(address)]
        if not addresses:
            raise ForbiddenAddressError
        failure: Exception | None = None
        for address in addresses:
            try:
                left = _left(until, timeout)
                stream = self._network.connect_tcp(address, port, left, *args, **options)
                return _Ending(stream, until)
            except httpcore.ConnectError as error:
                failure = error
        raise failure or httpcore.ConnectError("No address")


class _Ending(httpcore.NetworkStream):
    """A connection that ends at a point in time."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._until, timeout)
        return _Ending(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("The request's time is over")
    return left if timeout is None else min(left, timeout)


class Transport(httpx.BaseTransport):
    """httpx over a backend of ours; a connection serves one request, and none goes through a proxy.

    A certificate must be for the host that the address names, whichever of its addresses answers, and from an
    authority that `trust` knows: those of certifi where none is given.
    """

    def __init__(
        self, backend: httpcore.NetworkBackend, trust: ssl.SSLContext | None = None
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust or httpx.create_ssl_context(trust_env=False),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises what httpcore raises, and ForbiddenAddressError."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """End every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Any:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def told(error: Exception) -> str:
    """What is wrong with a connection, in the words of whoever found it; of a certificate, why it was not believed."""
    # httpcore makes the first error the argument of its own, and takes its cause away.
    first = error.args[0] if error.args else None
    if isinstance(first, ssl.SSLCertVerificationError):
        return f"Certificate refused: {first.verify_message.rstrip('.')}"
    return str(error)[:80] or type(error).__name__
