"""Identities that are the same on every machine: hashes of content, never counters, clocks or paths.

128 bits of BLAKE2b in hexadecimal; fields are joined by the unit separator, which no text of ours keeps.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import groupby

_SEPARATOR = "\x1f"
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[^\x00-\u02ff\w\s]{32,}+")


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
    if not text.isascii():
        text = unicodedata.normalize("NFC", _MARKS.sub(_ordered, text))
    return _SPACE.sub(" ", text).strip()


def _ordered(marks: re.Match[str]) -> str:
    """A long run of marks as Unicode orders them, which Python does in time that grows with its square."""
    made: list[str] = []
    for _, group in groupby(marks.group(), key=lambda mark: unicodedata.combining(mark) == 0):
        made += sorted(group, key=unicodedata.combining)
    return "".join(made)


def utterance_id(text: str) -> str:
    """Identity of a wording; the model is the other half of an utterance's key."""
    return digest("utterance", wording(text))
