"""Addresses as rows, payloads and logs may hold them: whatever lets people in is taken out."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, unquote_plus, urlsplit

# Parts of a query that let people in, and say nothing of the page.
_SECRET = re.compile(
    r"[^=]*(?:token|secret|passw|signature|credential|authorization|hmac|jwt|sessi(?:on)?[-_]?id|phpsess)[^=]*"
    r"|(?:.*[-_])?(?:api|app|auth|access|private|licen[cs]e|consumer|user|subscription|shared|service|account"
    r"|client|feed)[-_]?key(?:[-_]?id)?|awsaccesskeyid|googleaccessid|key-pair-id"
    r"|x-(?:amz|goog|oss|cos|ms|obs|tos|bce)-.*|oauth_.*|sig|auth|authuser|pass|pwd|session|otp|bearer|hdn(?:ts|ea|tl)"
    r"|unlocked_article_code|apikey|subscription-key|gift(?:[-_]?(?:id|code|key))?|passcode|passphrase"
)
# Those that let people in at one site, and name the page at another.
_EITHER = re.compile(r"key|sid")
# Beside a signature, what it signs: until when, for whom, for what.
_SIGNATURES = ("sig", "signature", "x-amz-signature", "x-goog-signature")
_SIGNED = re.compile(
    r"s[vrepts]|srt|spr|sip|sk(?:oid|tid|t|e|s|v)|sdd|expires|expiry|policy|algorithm|hash"
)
_BETWEEN = re.compile(r"(&amp;|&|;|\\u0026)")
# As some write it in JSON.
_EQUALS = re.compile(r"=|\\u003d", re.I)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.I)
_ADDRESS = re.compile(rb"https?:(?:\\?/){2}[^\s\"'<>{}|^`\x00-\x20\x7f]{1,8000}", re.I)
# What stands before an @ in a host, as it stands in JSON too; an address may lead to another in its path.
_LOGIN = re.compile(r"(:(?:\\?/){2})[^/?#\s\"'<>]*@")
_LOGIN_BYTES = re.compile(_LOGIN.pattern.encode())
# An address within an address is encoded, one within that twice; what is deeper and has keys is taken out whole.
_DEEPEST = 3
_MOST_TIMES = 32
# No site calls a part of a query by so many signs.
_LONGEST_NAME = 200
# What may be more than a plain value: a sign of a query, of an encoding or of a host.
_ENCODED = re.compile(r"[=%@]")
_WITHIN = re.compile(r"[?&#;]")
_MOST_PARTS = 1_000
PLAIN_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|$)")
_HOST_PREFIX = re.compile(r"^(?:www\d?|m|amp|mobile)\.")


def shown(source: str) -> str:
    """A source as rows and logs may hold it: of an address, no credentials and no fragment."""
    if "://" not in source:
        return source
    try:
        urlsplit(source)
    except ValueError:
        return source.partition("://")[0] + "://..."
    return redacted(source.partition("#")[0])


def redacted(address: str, depth: int = 0) -> str:
    """An address without what lets people in: credentials before the host, and the values of keys.

    So is each address within it.
    """
    address = without_credentials(address)
    before, mark, fragment = address.partition("#")
    path, asked, query = before.partition("?")
    if ";" in path:
        path = _SESSION.sub("", path)
    query = _without_keys(query, depth) if query else query
    if _EQUALS.search(fragment):
        fragment = _without_keys(fragment, depth)
    return f"{path}{asked}{query}{mark}{fragment}"


def redacted_payload(data: bytes) -> bytes:
    """What was refused, with each address in it redacted."""
    if b"?" not in data and b"@" not in data and b";" not in data and b"#" not in data:
        return data
    data = _LOGIN_BYTES.sub(rb"\1", data)
    return _ADDRESS.sub(lambda found: redacted(found[0].decode("latin-1")).encode("latin-1"), data)


def is_secret(name: str) -> bool:
    """Whether a part of a query lets people in, and says nothing of the page."""
    return len(name) <= _LONGEST_NAME and _SECRET.fullmatch(name.lower()) is not None


def _is_either(name: str) -> bool:
    """Whether a part of a query lets people in at one site and names the page at another, or is too long to tell."""
    return len(name) > _LONGEST_NAME or _EITHER.fullmatch(name) is not None


def _may_let_in(name: str) -> bool:
    """Whether a part of a query lets people in somewhere."""
    return is_secret(name) or _is_either(name)


def is_signed(names: set[str]) -> bool:
    """Whether a query with parts of these names is signed: what is signed says nothing of the page either."""
    return not names.isdisjoint(_SIGNATURES)


def says_nothing(name: str, signed: bool) -> bool:
    """Whether a part of a query is a key, or belongs to a signature."""
    return is_secret(name) or (signed and _SIGNED.fullmatch(name.lower()) is not None)


def _without_keys(query: str, depth: int) -> str:
    parts = _BETWEEN.split(query, _MOST_PARTS)
    names = [_name(part) for part in parts]
    signed = is_signed(set(names))
    oauth = {"code", "state"} <= set(names)
    for at, name in enumerate(names):
        lets_in = (
            says_nothing(name, signed)
            or _is_either(name)
            or (oauth and name in ("code", "state"))
            or (at == 2 * _MOST_PARTS)
        )
        equals = _EQUALS.search(parts[at])
        if equals and (value := parts[at][equals.end() :]):
            told = "..." if lets_in else _within(value, depth + 1)
            parts[at] = parts[at][: equals.end()] + told
    return "".join(parts)


def _name(part: str) -> str:
    """What a part of a query is called; an app's fragment is a path and a query of its own ("#/a?b=c")."""
    head = _EQUALS.split(part[:600], 1)[0]
    return unquote_plus(head.rpartition("?")[2]).strip().lower()


def _within(value: str, depth: int) -> str:
    """A value; where it is itself an address, that one redacted, and nothing of it where it has keys in another way."""
    if not _holds_keys(value):
        return value
    inner = value
    for times in range(_DEEPEST + 1 - depth):
        if "://" in inner:
            told = redacted(inner, depth)
            if not _holds_keys(told):
                for _ in range(times):
                    told = quote(told, safe="")
                return told
        inner = unquote(inner)
    return "..."


def _holds_keys(value: str) -> bool:
    """Whether a value, however often it was encoded, has keys or credentials in it that still stand."""
    if _ENCODED.search(value) is None:
        return False
    inner = _decoded(value)
    if inner is None or _LOGIN.search(inner):
        return True
    return any(
        _may_let_in(name)
        for part in _WITHIN.split(inner)
        if "=" in part and not part.endswith(("=", "=..."))
        for name in [_name(part)]
    )


def _decoded(value: str) -> str | None:
    """A value as it was before it was encoded; None where that was done more often than anybody does."""
    for _ in range(_MOST_TIMES):
        inner = unquote(value)
        if inner == value:
            return value
        value = inner
    return None


def lacks_key(source: str) -> bool:
    """Whether an address is one as `shown`, from which a key was taken out: nothing can be had there."""
    if "://" not in source:
        return False
    return any(_may_let_in(name) for name in _taken_out(source))


def hides_page(address: str) -> bool:
    """Whether a part was taken out of an address that may have told which page it is."""
    names = _taken_out(address)
    signed = is_signed(set(names))
    return any(not says_nothing(name, signed) for name in names)


def _taken_out(address: str) -> list[str]:
    """The names of the parts whose values were taken out, those of an address within it among them."""
    query = address.partition("#")[0].partition("?")[2]
    if "..." not in query:
        return []
    return [
        _name(part) for part in _WITHIN.split(_decoded(query) or query) if part.endswith("=...")
    ]


def without_credentials(address: str) -> str:
    """An address without what stands before an @ in its host, and in that of each address in its path."""
    return _LOGIN.sub(r"\1", address) if "@" in address else address


def has_credentials(source: str) -> bool:
    """Whether an address holds a password, or anything before an @ that the web would send."""
    scheme, mark, rest = source.partition("://")
    given = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")[0] if mark else ""
    return ":" in given or (given != "" and scheme.lower() in ("http", "https"))


def host(url: str | None) -> str | None:
    """The site of an address, without 'www.'; None where there is none."""
    if not url:
        return None
    if plain := PLAIN_HOST.match(url):
        return _HOST_PREFIX.sub("", plain[1].lower())
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return _HOST_PREFIX.sub("", name) if name else None
