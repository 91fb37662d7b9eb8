"""Edges: where reported words outside of marks begin and end, set right where the tagger cut a clause or ran on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.tagging.spans import CUE, Span
from onrecord.pipeline.text.layout import Layout

_DANGLING: Final = re.compile(
    r"(?:^|[\s(])(?:an?|the|of|to|in|on|at|by|for|from|with|and|or|but|as|that|than|its|his|her|their|our|my|your|is|are|was"
    r"|were|be|been|has|have|had|will|would|could|can|should|may|might|not|very|into|over|under|about|which|who|whose|because"
    r"|if|when|while|since|until)$",
    re.IGNORECASE,
)
_BROKEN: Final = re.compile(r"-\w|['\u2019]s\b")
_CLAUSE_END: Final = re.compile(r"[,.;:!?\n\u2014(\"\u201c\u201d]|\s[\u2013-]\s")
_FURTHER: Final = 90
_COMMENT: Final = re.compile(
    r"to (?:(?:\w+ly )?(?:comment|speak|respond|reply|elaborate|be drawn|answer|talk|say more|go into detail"
    r"|be interviewed)"
    r"(?: (?:further|publicly|directly|again|(?:any )?questions|requests|queries|to requests|to questions))?"
    r"(?: for comment)?)(?: (?P<on>on|about|over|as to|to|regarding) )?",
    re.IGNORECASE,
)
_KEEPING: Final = re.compile(r"(?:declin|refus|fail)\w*$|yet$", re.IGNORECASE)
# Words that stand wholly in marks, and what the speaker did then: "... told us “we sail” and left the hall".
_INSIDE: Final = r"[^\s\"\u201c\u201d\u00ab\u00bb]+"
_DEED: Final = re.compile(
    rf"(?P<words>(?P<lead>(?:it|him|her|them|this|that) )?[\"\u201c\u00ab]"
    rf"(?:{_INSIDE}\s+){{2,80}}{_INSIDE}[\"\u201d\u00bb]),?"
    r" (?:(?:and|but|and then|then|before|as|while) (?:(?:he|she|they) )?(?:\w+ly )?"
    r"(?:left|leaving|walk\w+|turn(?:ed|ing)|sat|stood|rose|hung up|hanging up|went|going|drove|driving|ran|rode"
    r"|slammed|stormed|smil\w+|laugh\w+|grinn\w+|wept|cried|nodd\w+|shrugg\w+|sigh\w+|shook|shaking|clos(?:ed|ing)|shut"
    r"|point(?:ed|ing)|wav(?:ed|ing)|hand(?:ed|ing)|put|took|taking|got|climb\w+|bow(?:ed|ing)|disappear\w+|vanish\w+"
    r"|resum\w+|return(?:ed|ing))\b|(?:leaving|walking|smiling|laughing|grinning|nodding|shrugging|pointing|waving)\b)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w")


def edged(layout: Layout, drafts: Sequence[Draft], spans: Sequence[Span]) -> list[Draft]:
    """The drafts with the edges of their unmarked pieces set; what has no words left is out."""
    others = sorted(span.start for span in spans)
    made = []
    for draft in drafts:
        told = _near(layout, draft)
        pieces = tuple(_set(layout, draft, piece, others) for piece in told.pieces)
        told = _behind_comment(layout.text, replace(told, pieces=pieces))
        if all(_WORD.search(layout.text, p.start, p.end) for p in told.pieces):
            made.append(told)
    return made


def _near(layout: Layout, draft: Draft) -> Draft:
    """A draft without words outside of marks that another sentence parts from what reports them, if any are left."""
    cue = draft.cue
    if cue is None or len(draft.pieces) < 2:
        return draft
    kept = tuple(
        piece
        for piece in draft.pieces
        if piece.quoted
        or layout.sentence_breaks(piece.end - 1, cue.start) == 0
        or piece.start > cue.start
    )
    return replace(draft, pieces=kept) if kept else draft


def _set(layout: Layout, draft: Draft, piece: Piece, others: Sequence[int]) -> Piece:
    if piece.marked:
        return _without_deed(layout.text, draft, piece)
    return _completed(layout, _in_one_sentence(layout, draft, piece), others)


def _without_deed(text: str, draft: Draft, piece: Piece) -> Piece:
    """A piece that goes on behind its marks with what the speaker did, up to the mark."""
    if piece.quoted or draft.cue is None or draft.cue.end > piece.start:
        return piece
    deed = _DEED.match(text, piece.start, piece.end)
    if deed is None:
        return piece
    return piece._replace(end=deed.end("words"), quoted=deed["lead"] is None)


def _in_one_sentence(layout: Layout, draft: Draft, piece: Piece) -> Piece:
    """A piece that runs over a full stop, but for what lies beyond it from where it is reported."""
    if layout.sentence_breaks(piece.start, piece.end - 1) == 0:
        return piece
    if draft.cue is not None and draft.cue.start >= piece.end:
        start = layout.sentence_at(piece.end - 1)[0]
        return piece._replace(start=max(piece.start, start))
    end = layout.sentence_at(piece.start)[1]
    text = layout.text[piece.start : min(piece.end, end)].rstrip()
    return piece._replace(end=piece.start + len(text.rstrip(".")))


def _completed(layout: Layout, piece: Piece, others: Sequence[int]) -> Piece:
    """A piece that ends within a clause, on to the clause's end; cut back where that is too far."""
    text = layout.text
    broken = _BROKEN.match(text, piece.end) is not None
    dangling = _DANGLING.search(text, max(piece.start, piece.end - 12), piece.end)
    if not broken and dangling is None:
        return piece
    index = bisect_left(others, piece.end)
    limit = min(
        others[index] if index < len(others) else len(text),
        piece.end + _FURTHER,
        layout.sentence_at(piece.end - 1)[1],
    )
    stop = _CLAUSE_END.search(text, piece.end + 1, limit)
    if stop is not None:
        return piece._replace(end=stop.start())
    if limit == layout.sentence_at(piece.end - 1)[1]:
        return piece._replace(end=limit)
    return (
        piece
        if broken or dangling is None
        else piece._replace(end=max(piece.start + 1, dangling.start()))
    )


def _behind_comment(text: str, draft: Draft) -> Draft:
    """What somebody did not comment on, without "to comment on", which goes with what reports it."""
    cue, first = draft.cue, draft.pieces[0]
    if cue is None or first.marked or first.start < cue.end:
        return draft
    match = _COMMENT.match(text, first.start, first.end)
    if match is None or not _KEEPING.search(text[cue.start : cue.end].strip()):
        return draft
    end = min(match.end(), first.end) if match["on"] else first.end
    rest = first._replace(start=end)
    whole = Span(cue.start, cue.start + len(text[cue.start : end].rstrip()), CUE, cue.score)
    return replace(draft, cue=whole, pieces=(rest, *draft.pieces[1:]))
