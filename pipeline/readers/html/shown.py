"""Shown: what a browser shows that markup only means, made text before an extractor looks.

The marks of <q>, whose words a quotation block or an embedded post is, the paragraph that is one link, a row's cells.
"""

from __future__ import annotations

import re
from typing import Any, Final

_EMBEDDED: Final = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|bluesky-embed|mastodon-embed|threads-post)\b"
)
_HANDLE: Final = re.compile(r"(?P<name>[^(@\n]{2,80})\(@?[\w.@-]{1,80}\)")
_MARKS: Final = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u201e"
_END: Final = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]*$")
_SPACE: Final = re.compile(r"\s+")
_LEAST_WORDS: Final = 8
_LONGEST: Final = 3_000
_OPENING: Final = "\"'\u201c\u2018\u00ab\u201e"


def as_shown(tree: Any) -> Any:
    """The tree with marks, names and cells as text, in place."""
    for element in list(tree.iter("q")):
        _quote(element)
    for block in list(tree.iter("blockquote")):
        if _EMBEDDED.search(block.get("class") or ""):
            _post(block)
        else:
            _cited(block)
    for link in tree.xpath("//article//p//a | //main//p//a"):
        _whole_paragraph(link)
    return tree


def cell_separator(before: str, after: str) -> str:
    """What stands between two cells of a row, so that a name and its words are one line: "Mia Falk: “We asked.”"."""
    if after[:1] in _OPENING and before[-1:] not in ":,":
        return ": "
    return " " if after[:1].islower() or before[-1:] in ":," else " | "


def _quote(element: Any) -> None:
    """Words in <q>, with the marks that a browser sets, where none are printed."""
    text = "".join(element.itertext()).strip()
    if not text or element.getparent() is None:
        return
    if text[0] not in _MARKS:
        element.text = "\u201c" + (element.text or "")
        last = element[-1] if len(element) else None
        if last is None:
            element.text = element.text.rstrip() + "\u201d"
        else:
            last.tail = (last.tail or "").rstrip() + "\u201d"
    element.drop_tag()


def _cited(block: Any) -> None:
    """A quotation block whose words are somebody's: in marks, the name behind a dash."""
    named = [one for tag in ("cite", "footer", "figcaption") for one in block.iter(tag)]
    if len(named) != 1:
        return
    name = _line("".join(named[0].itertext())).lstrip("\u2014\u2013- ")
    whole = _line("".join(block.itertext()))
    words = _line(whole.replace(_line("".join(named[0].itertext())), "", 1)).rstrip(
        "\u2014\u2013- "
    )
    if not name or not words or len(whole) > _LONGEST:
        return
    _replace(block, words, name)


def _post(block: Any) -> None:
    """An embedded post: its words in marks, the name behind a dash, without handle and date."""
    paragraph = next(block.iter("p"), None)
    if paragraph is None:
        return
    words = _line("".join(paragraph.itertext()))
    found = _HANDLE.fullmatch(_line(paragraph.tail).lstrip(" \u2014\u2013-"))
    if words and found is not None and len(words) <= _LONGEST:
        _replace(block, words, found["name"].strip())


def _replace(block: Any, words: str, name: str) -> None:
    tail = block.tail
    block.clear()
    block.tail, block.tag = tail, "p"
    said = words if words[0] in _MARKS else f"\u201c{words}\u201d"
    block.text = f"{said} \u2014 {name}"


def _whole_paragraph(link: Any) -> None:
    """A link that is all of a paragraph of prose, which extractors take for a teaser."""
    paragraph = next((one for one in link.iterancestors("p")), None)
    if paragraph is None or len(list(paragraph.iter("a"))) != 1:
        return
    text = _line("".join(link.itertext()))
    prose = len(text.split()) >= _LEAST_WORDS and _END.search(text) is not None
    if prose and text == _line("".join(paragraph.itertext())):
        link.drop_tag()


def _line(text: str | None) -> str:
    return _SPACE.sub(" ", text or "").strip()
