"""Speech: what looks like reported words and is none: deeds, topics of a talk, a word or two, headlines."""

from __future__ import annotations

import re
from typing import Final

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.text.layout import Layout, is_title_case
from onrecord.pipeline.text.lexicon import reports_speech

_WORD: Final = re.compile(r"\w+(?:['\u2019]\w+)*")
_LEAST: Final = 3
_CLAUSE: Final = re.compile(
    r"\W{0,4}(?:that|whether|if|how|why|what|when|where|who|which)\b", re.IGNORECASE
)
_DEED: Final = re.compile(
    r"\b(?:(?:contend|echo|struggl|grappl|wrestl|battl|cop)(?:e|es|ed|ing|s)? with"
    r"|(?:argu|quarrel|bicker|squabbl|feud|fight|fought|row)(?:e|es|ed|ing|s|led|ling)? (?:about|over)"
    r"|(?:to|will|would|could|can|should|may|might) (?:\w+ ){0,3}?(?:talk|speak|chat|argue|quarrel) (?:about|of|over)"
    r"|apologi[sz](?:e|es|ed|ing) to|outlin(?:e|es|ed|ing))$",
    re.IGNORECASE,
)
_ANSWER: Final = re.compile(
    r"\b(?:sa(?:y|id|ying)|tell(?:ing)?|told|comment(?:ed|ing)?|repl(?:y|ied|ying)|respond(?:ed|ing)?|answer(?:ed|ing)?"
    r"|mention(?:ed|ing)?|discuss(?:ed|ing)?|address(?:ed|ing)?|explain(?:ed|ing)?|disclos(?:e|ed|ing)|elaborat(?:e|ed|ing)"
    r"|ask(?:ed|ing)?|questions?|quer(?:y|ies)|e-?mails?|requests?)\b",
    re.IGNORECASE,
)
_ECHO: Final = re.compile(
    r"\b(?:contend|echo|resound|ring|rang|struggl|grappl|cop)(?:e|es|ed|ing|s)?$", re.IGNORECASE
)
_TERM: Final = re.compile(r"[\"\u201c\u00ab]")
_TELLS: Final = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|told|tell(?:s|ing)?|announc\w+|wr[io]t\w*|not(?:es?|ed|ing)|add(?:s|ed|ing)?|claim\w*|explain\w*"
    r"|argu\w+|warn\w*|recall\w*|insist\w*|reveal\w*|confirm\w*|promis\w+|testif\w+)(?: that)?$",
    re.IGNORECASE,
)
_WITH: Final = re.compile(r" with\b")
_TO: Final = re.compile(r" to\b")
_APOLOGY: Final = re.compile(r"\bapologi[sz](?:e|es|ed|ing)$")


def is_reported(layout: Layout, draft: Draft, *, unsaid: bool = False) -> bool:
    """Whether words outside of marks are reported ones: more than a word or two, and no deed or topic of a talk.

    A word or two are enough for what somebody did not say or answer: "did not reply to emails about the contract".
    """
    if any(piece.marked for piece in draft.pieces) or draft.origin == "nested":
        return True
    text = layout.text
    if sum(len(_WORD.findall(text[p.start : p.end])) for p in draft.pieces) < _LEAST:
        cue = text[draft.cue.start : draft.cue.end] if draft.cue is not None else ""
        return unsaid and _ANSWER.search(cue) is not None
    if draft.cue is None:
        return True
    cue = text[draft.cue.start : draft.cue.end].strip()
    if _CLAUSE.match(text, draft.start) is None and _DEED.search(cue) is not None:
        return False
    if _WITH.match(text, draft.cue.end) and _ECHO.search(cue) is not None:
        return False
    if _TO.match(text, draft.cue.end) and _APOLOGY.search(cue) is not None:
        return False
    if any(_TERM.search(text, piece.start, piece.end) for piece in draft.pieces):
        # What is left of words in marks, once a name in them is known for one: "sings Nord's “Winter Skin”".
        return _TELLS.search(cue) is not None
    if reports_speech(cue):
        return True
    paragraph = layout.paragraphs[layout.paragraph_at(draft.start)]
    return paragraph.kind != "title" and not is_title_case(text[paragraph.start : paragraph.end])
