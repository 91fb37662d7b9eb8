"""Addresses as rows, payloads and logs may hold them: whatever lets people in is taken out."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus, urlsplit

# Parts of a query that let people in, and say nothing of the page.
_SECRET = re.compile(
    r"[^=]*(?:token|secret|passw|signature|credential|authorization|hmac|jwt|sessi(?:on)?[-_]?id|phpsess)[^=]*"
    r"|(?:.*[-_])?(?:api|app|auth|access|private|licen[cs]e|consumer|user|subscription|shared|service|account"
    r"|client|feed)[-_]?key(?:[-_]?id)?|awsaccesskeyid|googleaccessid|key-pair-id"
    r"|x-(?:amz|goog|oss|cos|ms|obs|tos|bce)-.*|oauth_.*|sig|auth|authuser|pass|pwd|session|otp|bearer|hdn(?:ts|ea|tl)"
    r"|unlocked_article_code|apikey|subscription-key"
)
# Those that let people in at one site, and name the page at another.
_EITHER = re.compile(r"key|sid")
# Beside a signature, what it signs: until when, for whom, for what.
_SIGNATURES = ("sig", "signature", "x-amz-signature", "x-goog-signature")
_SIGNED = re.compile(
    r"s[vrepts]|srt|spr|sip|sk(?:oid|tid|t|e|s|v)|sdd|expires|expiry|policy|algorithm|hash"
)
_BETWEEN = re.compile(r"(&amp;|&|\\u0026)")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.I)
_ADDRESS = re.compile(rb"https?:(?:\\?/){2}[^\s\"'<>{}|^`\x00-\x20\x7f]{1,8000}", re.I)
# As they stand in JSON, too.
_SLASHES = re.compile(r":(?:\\?/){2}")
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


def redacted(address: str) -> str:
    """An address without what lets people in: credentials before the host, and the values of keys."""
    address = without_credentials(address)
    before, mark, fragment = address.partition("#")
    path, asked, query = before.partition("?")
    if ";" in path:
        path = _SESSION.sub("", path)
    query = _without_keys(query) if query else query
    if "=" in fragment:
        fragment = _without_keys(fragment)
    return f"{path}{asked}{query}{mark}{fragment}"


def redacted_payload(data: bytes) -> bytes:
    """What was refused, with each address in it redacted."""
    if b"?" not in data and b"@" not in data and b";" not in data and b"#" not in data:
        return data
    return _ADDRESS.sub(lambda found: redacted(found[0].decode("latin-1")).encode("latin-1"), data)


def is_secret(name: str) -> bool:
    """Whether a part of a query lets people in, and says nothing of the page."""
    return _SECRET.fullmatch(name.lower()[:200]) is not None


def is_signed(names: set[str]) -> bool:
    """Whether a query with parts of these names is signed: what is signed says nothing of the page either."""
    return not names.isdisjoint(_SIGNATURES)


def says_nothing(name: str, signed: bool) -> bool:
    """Whether a part of a query is a key, or belongs to a signature."""
    return is_secret(name) or (signed and _SIGNED.fullmatch(name.lower()) is not None)


def _without_keys(query: str) -> str:
    parts = _BETWEEN.split(query, _MOST_PARTS)
    names = [_name(part) for part in parts]
    signed = is_signed(set(names))
    oauth = {"code", "state"} <= set(names)
    for at, name in enumerate(names):
        lets_in = (
            says_nothing(name, signed)
            or _EITHER.fullmatch(name) is not None
            or (oauth and name in ("code", "state"))
            or (at == 2 * _MOST_PARTS)
        )
        head, equals, value = parts[at].partition("=")
        if equals and value and (lets_in or _holds_keys(value)):
            parts[at] = f"{head}=..."
    return "".join(parts)


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0][:600]).strip().lower()


def _holds_keys(value: str) -> bool:
    """Whether the value is itself an address that has keys."""
    if "%3d" not in value.lower() and "=" not in value:
        return False
    inner = unquote(value)
    return any(is_secret(_name(part)) for part in re.split(r"[?&#]", inner)[1:50] if "=" in part)


def lacks_key(source: str) -> bool:
    """Whether an address is one as `shown`, from which a key was taken out: nothing can be had there."""
    if "://" not in source:
        return False
    return bool(_taken_out(source))


def hides_page(address: str) -> bool:
    """Whether a part was taken out of an address that may have told which page it is."""
    return any(_EITHER.fullmatch(name) for name in _taken_out(address))


def _taken_out(address: str) -> list[str]:
    """The names of the keys whose values were taken out."""
    query = address.partition("#")[0].partition("?")[2]
    if "=..." not in query:
        return []
    names = [_name(part) for part in query.split("&") if part.endswith("=...")]
    return [name for name in names if is_secret(name) or _EITHER.fullmatch(name)]


def without_credentials(address: str) -> str:
    """An address without what stands before an @ in its host."""
    mark = _SLASHES.search(address)
    start = mark.end() if mark else len(address)
    end = next((at for at in range(start, len(address)) if address[at] in "/?#"), len(address))
    return f"{address[:start]}{address[start:end].rpartition('@')[2]}{address[end:]}"


def has_credentials(source: str) -> bool:
    """Whether an address holds a password, or anything before an @ that the web would send."""
    scheme, mark, rest = source.partition("://")
    given = rest[: len(source) - len(without_credentials(source))] if mark else ""
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
