"""Flags: what a reader needs to know of a quotation before trusting it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_EDITOR: Final = re.compile(
    r"\s?\([^()\n]{0,120}?[-\u2013\u2014,]\s?(?:ed|eds|editor|editors?'? note|note|author)\.?\)"
    r"|\s?\[[^\[\]\n]{1,120}\]"
    r"|(?<=\b[Hh]e) \([A-Z][\w.' -]{1,40}\)|(?<=\b[Ss]he) \([A-Z][\w.' -]{1,40}\)"
    r"|(?<=\b[Tt]hey) \([A-Z][\w.' -]{1,40}\)|(?<=\b[Hh]im) \([A-Z][\w.' -]{1,40}\)"
    r"|(?<=\b[Hh]er) \([A-Z][\w.' -]{1,40}\)|(?<=\b[Tt]hem) \([A-Z][\w.' -]{1,40}\)"
    r"|(?<=\b[Ii]t) \([A-Z][\w.' -]{1,40}\)",
    re.IGNORECASE,
)
_ELLIPSIS: Final = re.compile(r"\[\s*(?:\.\s*){2,4}\]|\[\u2026\]")
_OPENING: Final = " \t\n\r\u00a0\"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02`\u2018\u201a\u2039'"
_CLOSING: Final = " \t\n\r\u00a0\"\u201c\u201d\u201f\u00ab\u00bb\uff02`\u2019\u203a'"
_GAP: Final = "\u2026"
_LETTER: Final = re.compile(r"[^\W_]")
_LAST_COMMA: Final = re.compile(r",(?=[\"\u201d\u2019\u00bb'` ]*$)")
_DOUBLE: Final = re.compile("[\"\u201c\u201d\u201e\u00ab\u00bb]|``|''")
_INTERPRETER: Final = re.compile(
    r"\b(?:through|via|with(?: the help of)?|by|using|and) (?:an? |and |his |her |their "
    r"|the )?(?:\w+ )?(?:interpreter|translator)\b"
    r"|\b(?:as )?translated (?:from|by|in(?:to)?)\b|\baccording to (?:an? "
    r"|the )?(?:\w+ )?(?:translation|interpreter)\b"
    r"|\bspeaking (?:in )?(?:Arabic|Chinese|Mandarin|French|German|Hebrew|Hindi|Italian"
    r"|Japanese|Korean|Persian|Farsi|Polish|Portuguese|"
    r"Russian|Spanish|Turkish|Ukrainian|Urdu)\b|\b(?:said|says|told|added|wrote"
    r"|posted) in (?:Arabic|Chinese|Mandarin|French|German|Hebrew|"
    r"Hindi|Italian|Japanese|Korean|Persian|Farsi|Polish|Portuguese|Russian|Spanish|Turkish"
    r"|Ukrainian|Urdu)\b",
    re.IGNORECASE,
)
_WRITING: Final = re.compile(
    r"\b(?:in|on|by|via|through|per|of) (?:an?|his|her|their|its|the|another|one|this"
    r"|that)?\s?(?:[\w-]+ ){0,3}?"
    r"(?:(?:written |prepared |press |joint |e-?mailed )?statements?|posts?|tweets?|letters?"
    r"|e-?mails?|op-eds?|editorials?|memos?|memoirs?|books?|"
    r"news releases?|press releases?|blog|essays?|columns?|text messages?|filings?|Facebook"
    r"|Twitter|Telegram|Instagram|Truth Social|X)\b"
)
_TOLD: Final = re.compile(
    r"^\s*(?:exclusively |later |also |earlier )?"
    r"((?:(?:the|a|an|his|her|their|our|my|one|some"
    r"|several)\s+)?(?:[\w\u2019'&.-]+[ \t]+){0,7}?[\w\u2019'&-]+)"
    r"(?=\s*[,.;:\u201c\"\u201d]|\s+(?:that|on|in|at|during|after|before|last|this|late|early"
    r"|via|through|and|he|she|it|they|we|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|to|why|how|what|when"
    r"|where|who|if|whether|about|of|as|by|while|there|her|his|their)\b|\s*$)"
)
_TELLING: Final = re.compile(
    r"\b(?:told|tells?|telling|informed|informs|reminded|reminds|assured|warned|advised|asked"
    r"|urged)$",
    re.IGNORECASE,
)
_NOBODY: Final = frozenset(
    [
        "that",
        "it",
        "what",
        "how",
        "why",
        "there",
        "because",
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
        "not",
        "to",
        "if",
        "whether",
        "about",
    ]
)


def insertions(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of the editor's insertions inside a quotation: "(the mayor, - editor)", "[the]", "he (Brandt)"."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        for match in _EDITOR.finditer(text, start, end):
            first = match.start() + (len(match.group()) - len(match.group().lstrip()))
            if not _ELLIPSIS.fullmatch(text[first : match.end()]):
                found.append((first, match.end()))
    return found


def content(
    text: str, spans: Sequence[tuple[int, int]], taken_out: Sequence[tuple[int, int]]
) -> str:
    """The words alone: outer marks and insertions taken out, white space folded.

    Where words of the article stand between two pieces, "…" stands between them here, so that nobody takes for one
    sentence what was said in two. A comma at the very end belongs to the sentence that reports the words and is left
    out; within, it stays.
    """
    joined = ""
    reached = spans[0][0] if spans else 0
    waiting = iter(taken_out)
    cut = next(waiting, None)
    for start, end in spans:
        at, kept = start, []
        while cut is not None and cut[0] < end:
            kept.append(text[at : cut[0]].rstrip(" "))
            at = cut[1]
            cut = next(waiting, None)
        kept.append(text[at:end])
        words = re.sub(r"\s+", " ", " ".join(part.strip(" ") for part in kept))
        if part := _bare(re.sub(r" (?=[,.;:!?])", "", words)):
            apart = _LETTER.search(text, reached, start) is not None
            joined += (f" {_GAP} " if apart else " ") * bool(joined) + part
        reached = end
    return _LAST_COMMA.sub("", joined)


def _bare(words: str) -> str:
    """Words without the marks at their outer edges; a mark that closes one within the words stays."""
    words = words.strip(" ")
    core = words.lstrip(_OPENING).rstrip(_CLOSING)
    if words[:1] == core[:1] and _DOUBLE.search(core) is not None:
        return words
    return core


def is_translated(around: str) -> bool:
    """Whether the words beside a quotation tell of an interpreter or of another language."""
    return _INTERPRETER.search(around) is not None


def is_written(around: str) -> bool:
    """Whether the words beside a quotation, its own left out, tell of a statement, a post, a letter."""
    return _WRITING.search(around) is not None


def told_to(text: str, cue: tuple[int, int], limit: int) -> str | None:
    """To whom it was told, as printed after a verb of telling; None where the verb takes no addressee."""
    if not _TELLING.search(text[cue[0] : cue[1]].strip()):
        return None
    match = _TOLD.match(text[cue[1] : min(limit, cue[1] + 120)])
    if match is None:
        return None
    told = match.group(1).strip()
    return None if told.split()[0].lower() in _NOBODY else told
