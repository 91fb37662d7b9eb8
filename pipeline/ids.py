"""Identities that are the same on every machine: hashes of content, never counters, clocks or paths.

128 bits of BLAKE2b in hexadecimal; fields are joined by the unit separator, which no text of ours keeps.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SEPARATOR = "\x1f"
_SPACE = re.compile(r"\s+")


def digest(*fields: str | int | None) -> str:
    """32 hexadecimal digits for the fields in their order; None and "" differ."""
    joined = _SEPARATOR.join("\x00" if field is None else str(field) for field in fields)
    # A lone surrogate cannot be encoded strictly, and an identity must exist for every text.
    data = joined.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def content_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def article_id(text: str, outlet: str | None, url: str | None) -> str:
    """Identity of an article: the same text at another outlet or address is another article."""
    return digest("article", outlet, url, text)


def quotation_id(article: str, start: int, end: int) -> str:
    """Identity of a quotation: its article and its span."""
    return digest("quotation", article, start, end)


def wording(text: str) -> str:
    """A text as a distinct wording: NFC, white space folded to single blanks, ends trimmed."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def utterance_id(text: str) -> str:
    """Identity of a wording; the model is the other half of an utterance's key."""
    return digest("utterance", wording(text))
