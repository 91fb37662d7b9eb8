"""Fetching, politely: robots.txt obeyed, one request at a time and a delay for each host, nothing sent twice.

Every hop of a redirect is held to the same rules as the first address. What cannot be had comes out as a refusal.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from onrecord.pipeline.core.settings import FetchSettings
from onrecord.pipeline.readers.items import Refusal, refuse
from onrecord.pipeline.readers.web.page_store import Kept, Store

AGENT = "OnRecord"
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_HOPS = 5
_BUSY = (429, 503)
_LONGEST_WAIT = 30.0
_LONGEST_ADDRESS = 2_000
_ROBOTS_BYTES = 512 << 10
_ROBOTS_SECONDS = 86_400.0
# A host that cannot be reached is not tried for every one of its addresses.
_FAILURE_SECONDS = 300.0
# Threads that ask at once would else make one each, and a host would be asked by all of them.
_MAKING = threading.Lock()


class Fetched(NamedTuple):
    """An answer: the address it came from after redirects, its content type, the file of its body."""

    url: str
    kind: str
    body: Path


class FetchError(Exception):
    """An address that cannot be had: a code of REASONS, what was found, and when to ask again, if that was told."""

    def __init__(self, reason: str, found: str | None = None, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.found, self.after = reason, found, after


class _Host:
    """What is known of a host; whoever holds its lock is the one that talks to it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0
        self.robots: Any = None
        self.failure: FetchError | None = None
        self.asked_at = -_ROBOTS_SECONDS


class Web:
    """The web under some settings. `client` and `sleep` are what tests replace; `client` follows no redirects."""

    def __init__(
        self,
        settings: FetchSettings,
        client: Any = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._client = client or _client(settings)
        self._sleep = sleep
        self._store = Store(settings.cache or _cache())
        self._finding = threading.Lock()
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._agent = f"{AGENT}/{version('onrecord')}{contact}"

    def fetch(self, url: str) -> Fetched | Refusal:
        """What stands at an address now, or why it cannot be had. Safe to call from several threads."""
        try:
            for _ in range(_MOST_HOPS + 1):
                answer = self._hop(url)
                if isinstance(answer, Fetched):
                    return answer
                url = answer
            raise FetchError("http_status", f"More than {_MOST_HOPS} redirects")
        except FetchError as error:
            return refuse(error.reason, None, error.found)

    def _hop(self, url: str) -> Fetched | str:
        """The answer, or the address that it leads on to."""
        origin = _origin(url)
        with self._finding:
            host = self._hosts[origin]
        with host.lock:
            delay = self._permitted(url, origin, host)
            try:
                return self._in_turn(url, host, delay)
            except FetchError as error:
                if error.after is None or error.after > _LONGEST_WAIT:
                    raise
                self._sleep(error.after)
                return self._in_turn(url, host, delay)

    def _in_turn(self, url: str, host: _Host, delay: float) -> Fetched | str:
        wait = host.free_at - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        try:
            return self._get(url, self._settings.max_bytes)
        finally:
            host.free_at = time.monotonic() + delay

    def _permitted(self, url: str, origin: str, host: _Host) -> float:
        """Seconds between requests to the host. Raises FetchError where its robots.txt refuses the address."""
        age = time.monotonic() - host.asked_at
        if age > (_ROBOTS_SECONDS if host.failure is None else _FAILURE_SECONDS):
            host.failure, host.asked_at = None, time.monotonic()
            try:
                host.robots = self._robots(origin)
            except FetchError as error:
                host.failure = error
        if host.failure is not None:
            raise host.failure
        if not host.robots.can_fetch(url, AGENT):
            raise FetchError("robots_refuse")
        asked = host.robots.crawl_delay(AGENT) or 0.0
        return max(self._settings.delay_seconds, min(float(asked), _LONGEST_WAIT))

    def _robots(self, origin: str) -> Any:
        """A host's rules (RFC 9309): none where there is no such file, nothing allowed where it is out of order."""
        from protego import Protego

        url = f"{origin}/robots.txt"
        try:
            for _ in range(_MOST_HOPS + 1):
                _origin(url)
                answer = self._get(url, _ROBOTS_BYTES)
                if isinstance(answer, Fetched):
                    return Protego.parse(answer.body.read_text("utf-8", "replace"))
                url = answer
        except FetchError as error:
            if error.reason == "http_status":
                # 4xx but "too many requests": the host has no rules.
                gone = (error.found or "").startswith("Status 4") and error.after is None
                return Protego.parse("" if gone else "User-agent: *\nDisallow: /")
            if error.reason != "too_long":
                raise
        return Protego.parse("")

    def _get(self, url: str, most: int) -> Fetched | str:
        """One request: an answer, or the address that it leads on to. Raises FetchError for all else."""
        import httpcore
        import httpx

        from onrecord.pipeline.readers.web.network import ForbiddenAddressError, told

        kept = self._store.find(url)
        try:
            with self._client.stream("GET", url, headers=self._headers(kept)) as response:
                return self._answer(url, response, kept, most)
        except ForbiddenAddressError:
            raise FetchError("fetch_refused") from None
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise FetchError("too_slow") from None
        except (httpcore.UnsupportedProtocol, httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise FetchError("fetch_refused") from None
        except (httpcore.ProtocolError, httpx.ProtocolError) as error:
            raise FetchError("truncated", type(error).__name__) from None
        except (httpcore.NetworkError, httpx.HTTPError) as error:
            raise FetchError("unreachable", told(error)) from None

    def _headers(self, kept: Kept | None) -> dict[str, str]:
        headers = {"User-Agent": self._agent, "Accept-Encoding": "gzip", "Accept": "*/*"}
        if kept is not None and kept.etag:
            headers["If-None-Match"] = kept.etag
        if kept is not None and kept.modified:
            headers["If-Modified-Since"] = kept.modified
        return headers

    def _answer(self, url: str, response: Any, kept: Kept | None, most: int) -> Fetched | str:
        status, told = response.status_code, response.headers
        if status == 304 and kept is not None:
            self._store.used(url, kept)
            return Fetched(url, kept.kind, kept.body)
        if status in _REDIRECTS and "location" in told:
            return _joined(url, told["location"])
        if status != 200:
            after = _seconds(told.get("retry-after")) if status in _BUSY else None
            raise FetchError("http_status", f"Status {status}", after)
        length = told.get("content-length", "")
        if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > most):
            raise FetchError("too_long", f"{length[:20]} bytes")
        body = _unpacked(response.iter_raw(), told.get("content-encoding", "").lower(), most)
        kind = told.get("content-type", "")
        kept = self._store.keep(url, told.get("etag"), told.get("last-modified"), kind, body)
        return Fetched(url, kind, kept.body)


def web(settings: FetchSettings) -> Web:
    """The web under some settings, one for the whole process: hosts are waited for across sources and threads."""
    with _MAKING:
        return _web(settings)


@lru_cache(maxsize=4)
def _web(settings: FetchSettings) -> Web:
    return Web(settings)


def _client(settings: FetchSettings) -> Any:
    import httpx

    from onrecord.pipeline.readers.web.network import Pinned, Transport

    # It logs every address whole, keys and all.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    backend = Pinned(settings.hosts, settings.timeout_seconds)
    return httpx.Client(
        transport=Transport(backend), timeout=settings.timeout_seconds, trust_env=False
    )


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "onrecord" / "fetched"


def _origin(url: str) -> str:
    """Scheme and host of an address. Raises FetchError where it is none that may be fetched."""
    if len(url) > _LONGEST_ADDRESS:
        raise FetchError("fetch_refused", "A very long address")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable:
        raise FetchError("fetch_refused", "Not an http(s) address")
    if "@" in parts.netloc:
        raise FetchError("fetch_refused", "Credentials in the address")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location).partition("#")[0]
    except ValueError:
        raise FetchError("fetch_refused", "A redirect to no address") from None


def _seconds(value: str | None) -> float:
    """What Retry-After asks for; a date or nothing is taken for five seconds."""
    plain = value and value.isascii() and value.isdigit() and len(value) < 10
    return float(value) if value and plain else 5.0


def _unpacked(parts: Iterator[bytes], packing: str, most: int) -> Iterator[bytes]:
    """A body as it was before it was packed for the way, of at most `most` bytes."""
    unpacker = None
    if packing in ("gzip", "x-gzip"):
        unpacker = zlib.decompressobj(31)
    elif packing not in ("", "identity"):
        raise FetchError("no_page", f"Packed as {packing[:20]}")
    size = 0
    for part in parts:
        try:
            out = unpacker.decompress(part, most - size + 1) if unpacker else part
        except zlib.error as error:
            raise FetchError("damaged", str(error)[:80]) from None
        size += len(out)
        if size > most:
            raise FetchError("too_long", f"More than {most:,} bytes")
        yield out
    if unpacker and not unpacker.eof:
        raise FetchError("truncated")
