"""Addresses as rows and logs may hold them: whatever lets people in is taken out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# Parts of a query that let people in; their values stay out of rows and logs.
_KEY = (
    r"(?i)((?:^|&)(?:[^=&]*(?:token|secret|passw|signature|api[-_]?key|credential)[^=&]*"
    r"|key|auth|sig|pwd|sid|session(?:[-_]?id)?)=)"
)
_SECRET = re.compile(_KEY + "[^&]*")
_TAKEN_OUT = re.compile(_KEY + r"\.\.\.(?:&|$)")


def shown(source: str) -> str:
    """A source as rows and logs may hold it: of an address, no credentials and no fragment."""
    if "://" not in source:
        return source
    try:
        parts = urlsplit(source)
    except ValueError:
        return source.partition("://")[0] + "://..."
    query = _SECRET.sub(r"\1...", parts.query)
    return without_credentials(urlunsplit((*parts[:3], query, "")))


def lacks_key(source: str) -> bool:
    """Whether an address is one as `shown`, from which a key was taken out: nothing can be had there."""
    return "://" in source and bool(_TAKEN_OUT.search(source.partition("#")[0].partition("?")[2]))


def without_credentials(address: str) -> str:
    """An address without what stands before an @ in its host."""
    scheme, mark, rest = address.partition("://")
    end = next((at for at, char in enumerate(rest) if char in "/?#"), len(rest))
    return f"{scheme}{mark}{rest[:end].rpartition('@')[2]}{rest[end:]}"


def has_credentials(source: str) -> bool:
    """Whether an address holds a password, or anything before an @ that the web would send."""
    scheme, mark, rest = source.partition("://")
    given = rest[: len(source) - len(without_credentials(source))] if mark else ""
    return ":" in given or (given != "" and scheme.lower() in ("http", "https"))
