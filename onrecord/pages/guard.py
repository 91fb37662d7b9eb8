"""Who may what, and what every answer carries.

Whoever works at this machine may read and mend; others only where the pages are exposed, and then with a token or as
the user that a proxy names. Reading and mending are two rights. A page that another site put before somebody's browser
can do nothing here: its host name is not ours, its form lacks our token, and no script runs that is not a file of ours.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from time import monotonic
from typing import Annotated
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "onrecord"
READ, MEND = "read", "mend"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer carries."""
FORM_BYTES = 64 << 10
COSTLY = ("/search", "/sql", "/feed", "/api/search", "/api/sql")
A_MINUTE = 240
"""Costly requests that somebody from elsewhere may make in a minute: as-you-type asks a few times a second."""


@dataclass(frozen=True)
class Access:
    """Who may what. Without a token and without a proxy's header only this machine is let in, and may do all."""

    read_token: str = ""
    mend_token: str = ""
    user_header: str = ""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    menders: tuple[str, ...] = ()
    local_user: str = "local"
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def exposed(self) -> bool:
        """Whether others than this machine's users may come."""
        return bool(self.read_token or self.mend_token or self.user_header)

    def sealed(self, words: str) -> str:
        """Words that only this server can have sealed."""
        return hmac.new(self.secret, words.encode(), sha256).hexdigest()


@dataclass(frozen=True)
class Who:
    """Somebody who asks, and their rights."""

    name: str
    rights: frozenset[str]


class Guard:
    """Lets in whom `access` lets in, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, access: Access, prefix: str = "") -> None:
        self.app, self.access, self.prefix, self.limits = app, access, prefix, _Limits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A proxy may send its prefix on or keep it to itself.
        scope = {**scope, "root_path": self.prefix}

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].endswith((".css", ".js")):
                    headers.setdefault("cache-control", "private, no-cache")
            await send(message)

        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is not None:
            await _plain(*refusal)(scope, receive, headed)
            return
        await self.app(scope, receive, headed)

    def _refusal(self, request: Request) -> tuple[HTTPStatus, str, dict[str, str]] | None:
        if not self.access.exposed and not _is_local(request.headers.get("host", "")):
            # Another name for this machine is somebody's trick (DNS rebinding), or a proxy nobody told of.
            words = "These pages are shown to this machine alone: ask for them at localhost."
            return HTTPStatus.MISDIRECTED_REQUEST, words, {}
        if request.url.path.endswith("/static/style.css"):
            return None
        who = self._who(request)
        if isinstance(who, str):
            # A first visit with the token: from now on the cookie tells.
            return HTTPStatus.SEE_OTHER, "", self._welcome(request, who)
        if READ not in who.rights:
            words = (
                "These pages ask for a token: open the address that you were given, with ?token=…"
            )
            return HTTPStatus.UNAUTHORIZED, words, {"www-authenticate": "Bearer"}
        if self.access.exposed and not self.limits.allow(_client(request, who), request):
            words = "That were many questions in a short time: try again in a moment."
            return HTTPStatus.TOO_MANY_REQUESTS, words, {"retry-after": "10"}
        request.state.who, request.state.rights = who.name, who.rights
        return None

    def _who(self, request: Request) -> Who | str:
        """Who asks; the token itself where it came in the address of a page."""
        access = self.access
        if not access.exposed:
            return Who(access.local_user, frozenset((READ, MEND)))
        if access.user_header and request.client and request.client.host in access.proxies:
            name = request.headers.get(access.user_header, "").strip()
            if name:
                mends = "*" in access.menders or name in access.menders
                return Who(name, frozenset((READ, MEND) if mends else (READ,)))
        bearer = request.headers.get("authorization", "")
        if bearer[:7].lower() == "bearer ":
            return Who("token", self._rights(bearer[7:].strip()))
        if given := request.query_params.get("token"):
            rights = self._rights(given)
            # A feed reader keeps no cookie.
            if not rights or request.url.path.endswith("/feed"):
                return Who("token", rights)
            return given
        return Who("token", self._rights_of_cookie(request))

    def _rights(self, token: str) -> frozenset[str]:
        if _same(token, self.access.mend_token):
            return frozenset((READ, MEND))
        return frozenset((READ,)) if _same(token, self.access.read_token) else frozenset()

    def _rights_of_cookie(self, request: Request) -> frozenset[str]:
        told = cookie(request, COOKIE)
        for token, rights in (
            (self.access.mend_token, (READ, MEND)),
            (self.access.read_token, (READ,)),
        ):
            if token and _same(told, _ticket(token)):
                return frozenset(rights)
        return frozenset()

    def _welcome(self, request: Request, token: str) -> dict[str, str]:
        rest = [
            (name, value) for name, value in request.query_params.multi_items() if name != "token"
        ]
        made: SimpleCookie = SimpleCookie()
        made[COOKIE] = _ticket(token)
        made[COOKIE].update(
            {"httponly": True, "samesite": "Lax", "path": "/", "max-age": 2_592_000}
        )
        if request.headers.get("x-forwarded-proto", request.url.scheme) == "https":
            made[COOKIE]["secure"] = True
        path = request.scope.get("root_path", "") + request.scope["path"].removeprefix(
            request.scope.get("root_path", "")
        )
        # Two slashes would lead to another host.
        to = "/" + path.lstrip("/\\") + (f"?{urlencode(rest)}" if rest else "")
        return {"location": to, "set-cookie": made[COOKIE].OutputString()}


class _Limits:
    """How many costly requests each client made in the minute that runs."""

    def __init__(self) -> None:
        self._minute, self._made = 0, dict[str, int]()

    def allow(self, client: str, request: Request) -> bool:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if not path.startswith(COSTLY):
            return True
        minute = int(monotonic() // 60)
        if minute != self._minute:
            self._minute, self._made = minute, {}
        self._made[client] = self._made.get(client, 0) + 1
        return self._made[client] <= A_MINUTE


@dataclass(frozen=True)
class Form:
    """What somebody who may mend has sent: who, and the fields."""

    who: str
    fields: dict[str, str]

    def get(self, name: str) -> str:
        """A field, "" where it is not there."""
        return self.fields.get(name, "").strip()


async def _sent(request: Request) -> Form:
    if MEND not in getattr(request.state, "rights", ()):
        raise HTTPException(HTTPStatus.FORBIDDEN, "You may read here, not mend.")
    if not _from_here(request):
        raise HTTPException(
            HTTPStatus.FORBIDDEN, "That came from another site: nothing was changed."
        )
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send it as a form.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is more than a form holds."
            )
    read = await run_in_threadpool(
        parse_qs, body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100
    )
    fields = {name: values[-1] for name, values in read.items()}
    if not _same(fields.pop("csrf", ""), csrf(request)):
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "The page was open too long, or came from elsewhere: load it again.",
        )
    return Form(request.state.who, fields)


Sent = Annotated[Form, Depends(_sent)]
"""For a handler that writes: it has the form of somebody who may, sent from a page of ours, or is never called."""


def csrf(request: Request) -> str:
    """What a form of ours carries in its hidden field `csrf`."""
    access: Access = request.app.state.access
    return access.sealed(f"{request.state.who}\n{cookie(request, COOKIE)}")


def cookie(request: Request, name: str) -> str:
    """A cookie's value, "" where there is none."""
    try:
        told = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return ""
    return told[name].value if name in told else ""


def _from_here(request: Request) -> bool:
    """Whether the browser says that a page of ours sent it; one that says nothing has the form's token still."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _client(request: Request, who: Who) -> str:
    return f"{who.name} {request.client.host if request.client else ''}"


def _is_local(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _ticket(token: str) -> str:
    """What the cookie holds: of a token, not the token."""
    return sha256(f"onrecord pages {token}".encode()).hexdigest()


def _same(told: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(told.encode(), expected.encode())


def _plain(
    status: HTTPStatus, words: str, headers: Iterable[tuple[str, str]] | dict[str, str]
) -> ASGIApp:
    return PlainTextResponse(words, status_code=status, headers=dict(headers))
