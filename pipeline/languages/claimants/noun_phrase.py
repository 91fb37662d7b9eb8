"""Noun phrases: how far what is said of a claimant beside the name goes, as a mention shows it."""

from __future__ import annotations

import re
from typing import Final

from onrecord.pipeline.languages.claimants.claimant import Candidate
from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.sentences import Sentence, Token

_LONGEST: Final = 14
_PARTY: Final = re.compile(r"\s*\([^()\n]{1,40}\)")
_CLOSED: Final = re.compile(r"\s*[,.;:)\u2013\u2014]")


def end_of(text: str, sentence: Sentence, one: Candidate, pack: Pack) -> int:
    """Where the phrase of a claimant ends: "Ute Held (PS)", "Jan Berg vom Amt in Kiel", "Eva Roth, Leiterin,"."""
    party = _PARTY.match(text, one.end, sentence.end)
    end = party.end() if party else one.end
    at = next(
        (k for k in range(one.last, len(sentence.items)) if sentence.items[k].start >= end), None
    )
    if at is None:
        return end
    first = sentence.items[at]
    gap = text[end : first.start]
    apposed = gap.strip() == ","
    governed = isinstance(first, Token) and (
        pack.has("prepositions", first.low) or pack.has("of", first.low)
    )
    if not apposed and (gap.strip() or not governed):
        return end
    reached = _reached(text, sentence, at, pack)
    if reached is None or (apposed and not _closes(text, sentence, reached, pack)):
        return end
    return reached


def _closes(text: str, sentence: Sentence, reached: int, pack: Pack) -> bool:
    """Whether an apposition ends here: at a stop, or at the verb that reports."""
    if _CLOSED.match(text, reached, reached + 3):
        return True
    behind = next((item for item in sentence.items if item.start >= reached), None)
    return isinstance(behind, Token) and behind.says(pack)


def _reached(text: str, sentence: Sentence, at: int, pack: Pack) -> int | None:
    """The end of the words from `at` up to a verb, a comma or a stretch; None where they go on too far."""
    end: int | None = None
    for item in sentence.items[at : at + _LONGEST]:
        if not isinstance(item, Token) or item.says(pack):
            return end
        if end is not None and text[end : item.start].strip(" .-/\u00a0"):
            return end
        end = item.end
    return end if at + _LONGEST >= len(sentence.items) else None
