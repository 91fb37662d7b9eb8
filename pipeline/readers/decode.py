"""Bytes to text, once and at the door; what was repaired on the way is told.

Order: byte order mark, UTF-8, the declared charset, UTF-16 without a mark, charset-normalizer's guess if it is a
common encoding. Offsets count the characters of what comes out of here.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Mapping
from typing import NamedTuple

from onrecord.pipeline.languages.identify import identify_language
from onrecord.pipeline.readers.items import Refusal, refuse

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"RIFF",
    b"ID3",
    b"OggS",
    b"SQLite format 3\x00",
    b"MZ\x90\x00",
)
_SAMPLE = 1 << 16
# A guess over more bytes is no better and takes seconds.
_GUESS_SAMPLE = 1 << 14
# Single-byte encodings of Latin letters look alike; each is believed for its own languages only.
_EAST = frozenset({"pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro", "sq", "sr"})
_LATIN: Mapping[str, frozenset[str]] = {
    "cp1250": _EAST,
    "iso8859_2": _EAST,
    "cp1254": frozenset({"tr", "az"}),
    "iso8859_9": frozenset({"tr", "az"}),
    "cp1257": frozenset({"lt", "lv", "et"}),
    "iso8859_13": frozenset({"lt", "lv", "et"}),
    "cp1258": frozenset({"vi"}),
    "cp852": _EAST,
}
# A guess at anything rarer is more often wrong than right, and what it makes of the letters goes on record: the text is
# refused instead. What a source declares is believed whatever it is.
_COMMON = frozenset(
    {"latin_1", "shift_jis", "cp932", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950"}
    | {"cp949", "koi8_r", "koi8_u", "mac_roman", *(f"cp125{digit}" for digit in range(9))}
)
_FAMILIES = ("iso8859_", "utf_16", "utf_32", "euc_", "iso2022_", "shift_jis")
_ASCII = bytes(range(128))
_FEW, _ONE_IN = 8, 200
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes((*range(9), *range(14, 32), 127))
# A lead byte's face in windows-1252 followed by a continuation byte's: the sign of UTF-8 read as windows-1252. ftfy's
# own test takes 1.4 ms an article, this one 0.03 ms, and every mojibake that ftfy mends shows it.
_MOJIBAKE = re.compile(
    "[ÂÃâÄÅÆÇÈÉÊËÎÏÐÑØÙàáãäåæçèéêëìíïð][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
)
# The same among bytes, where one that begins with a single letter is found ten times as fast; it finds a little more.
_MAY_BE_MOJIBAKE = re.compile(rb"\xc3[\x82-\xb0][\xc2\xc5\xc6\xcb\xe2]")
# Entities are left as they are unless a quotation mark hides behind one.
_ENTITY = re.compile(
    r"&(?:quot|apos|ldquo|rdquo|lsquo|rsquo|laquo|raquo|#34|#39|#822[0-3]|#x201[89cd]);", re.I
)
_TAG = re.compile(r"<[a-zA-Z/!]")


class Decoded(NamedTuple):
    """A text and what was repaired to get it, in order."""

    text: str
    repairs: tuple[str, ...]


def text_of(data: bytes, most: int) -> Decoded | Refusal:
    """What at most `most` bytes say, or why they are refused: nothing there, no text, more of them, no encoding."""
    if not data.strip():
        return refuse("empty")
    if is_binary(data):
        return refuse("binary")
    if len(data) > most:
        return refuse("too_long", None, f"More than {most:,} bytes")
    return decode(data) or refuse("wrong_encoding")


def is_binary(data: bytes) -> bool:
    """Whether the first bytes are of no text in any encoding."""
    head = data[:_SAMPLE]
    if head.startswith(_MAGIC):
        return True
    if any(head.startswith(mark) for mark, _ in _MARKS) or _wide(head):
        return False
    controls = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    return controls > max(8, len(head) // 50)


def encoding_of(data: bytes, declared: str | None = None) -> str | None:
    """The encoding of `data`, whole or a sample; None where none fits."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    wide = _wide(data[:_SAMPLE])
    if wide:
        return wide
    known = _lookup(declared)
    if known and known.startswith("iso2022") and b"\x1b" in data:
        return known
    if _is_utf8(data):
        return "utf-8"
    if known and known != "utf-8" and _decodes(data, known):
        return known
    return _guess(data)


def decode(data: bytes, declared: str | None = None) -> Decoded | None:
    """`data` as a text with '\\n' line ends, or None where no encoding fits.

    `declared` is a charset that the source names; it is believed only where the bytes are not valid UTF-8.
    """
    encoding = encoding_of(data, declared)
    if encoding is None:
        return None
    repairs: list[str] = []
    text = data.decode(encoding, "replace")
    if text.startswith("\ufeff"):
        text = text[1:]
        repairs.append("byte order mark taken out")
    if encoding != "utf-8":
        repairs.append(f"decoded from {encoding}")
    elif _lookup(declared) not in (None, "utf-8", "ascii"):
        repairs.append(f"declared {declared}, is utf-8")
    broken = _broken(data) if encoding == "utf-8" else 0
    if broken:
        repairs.append(f"{broken} bytes were not UTF-8" if broken > 1 else "1 byte was not UTF-8")
    text, more = repair(text)
    return Decoded(text, (*repairs, *more))


def repair(text: str) -> Decoded:
    """`text` with what damage is certain mended; quotation marks, ligatures and white space stay as printed."""
    repairs: list[str] = []
    if "&" in text and _ENTITY.search(text) and not _TAG.search(text):
        text = html.unescape(text)
        repairs.append("HTML entities resolved")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        repairs.append("line ends made \\n")
    if "\x0b" in text or "\x0c" in text:
        text = text.replace("\x0b", "\n").replace("\x0c", "\n")
        repairs.append("form feeds made \\n")
    try:
        data = text.encode()
    except UnicodeEncodeError:
        # Pairs are characters written in halves; a half alone is none.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        repairs.append("surrogates joined or replaced")
        data = text.encode()
    # Bytes are counted ten times as fast as characters are searched for.
    count = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if count:
        text = _CONTROL.sub("", text)
        repairs.append(f"{count} control character(s) taken out")
    if _MAY_BE_MOJIBAKE.search(data):
        text, more = _mend_mojibake(text)
        repairs.extend(more)
    return Decoded(text, tuple(repairs))


def _mend_mojibake(text: str) -> Decoded:
    repairs = []
    if _MOJIBAKE.search(text):
        mended = "\n".join(
            _fix_line(line) if _MOJIBAKE.search(line) else line for line in text.split("\n")
        )
        if mended != text:
            text = mended
            repairs.append("mojibake mended")
    return Decoded(text, tuple(repairs))


def _fix_line(line: str) -> str:
    import ftfy

    mended: str = ftfy.fix_encoding(line)
    return _CONTROL.sub("", mended.replace("\r", " ").replace("\n", " "))


def _lookup(name: str | None) -> str | None:
    if not name:
        return None
    try:
        found = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    # Codecs such as rot13 and zip make no text.
    if not found._is_text_encoding:
        return None
    # Browsers read Latin-1 as windows-1252, and so does everyone who writes it.
    return {"iso8859-1": "cp1252"}.get(found.name, found.name)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, ValueError):
        return False
    return text.count("\ufffd") <= len(text) // 200


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of a Western text is NUL."""
    if len(head) < 8 or b"\x00" not in head:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.02 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.02 * len(odd):
        return "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, stray ones aside: a few bad bytes are bad bytes, not another encoding.

    Few is one in 200, or 8 of a short text, and no more than stand in whole characters of several bytes, which no
    other encoding has by chance; in a text of such characters (Greek, Chinese), one bad byte in 20 of them.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample may end inside a character.
        if error.end == len(data) and error.reason == "unexpected end of data":
            return True
    else:
        return True
    broken = _broken(data)
    whole = len(data.translate(None, _ASCII)) - broken
    if broken <= max(_FEW, len(data) // _ONE_IN):
        return broken <= whole
    return broken <= _multibyte(data) // 20


def _broken(data: bytes) -> int:
    """How many bytes belong to no UTF-8 character."""
    return len(data) - len(data.decode("utf-8", "ignore").encode())


def _multibyte(data: bytes) -> int:
    return sum(1 for char in data[: 1 << 18].decode("utf-8", "ignore") if char > "\x7f")


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    high = next((at for at, byte in enumerate(data[: 1 << 20]) if byte > 0x7F), 0)
    sample = data[max(0, high - 2048) : high + _GUESS_SAMPLE]
    best = from_bytes(sample, threshold=0.2).best()
    if best is None or not _decodes(data, best.encoding):
        return None
    encoding = str(best.encoding)
    if _decodes(data, "cp1252") and not _is_own(sample, encoding):
        return "cp1252"
    # Encodings that give the same text come as one guess, under the name of any.
    return next(
        (name for name in (encoding, *best.could_be_from_charset) if _is_common(name)), None
    )


def _is_common(encoding: str) -> bool:
    return encoding in _COMMON or encoding.startswith(_FAMILIES)


def _is_own(sample: bytes, encoding: str) -> bool:
    """Whether a guessed encoding is not windows-1252 under another name: by the text's language."""
    text = sample.decode(encoding, "replace")
    if encoding not in _LATIN:
        return any(char > "\u024f" and char.isalpha() for char in text)
    return identify_language(text) in _LATIN[encoding]
