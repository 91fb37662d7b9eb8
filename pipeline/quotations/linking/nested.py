"""Nested: words reported inside somebody else's words, each a quotation of its own that knows what it lies in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.marks import Segment

_SAYING: Final = (
    r"(?:sa(?:id|ys|y|ying)|t(?:old|ells|ell|elling)(?: (?:me|us|him|her|them|reporters))?"
    r"|ask(?:ed|s|ing)?|claim(?:ed|s|ing)|"
    r"argu(?:ed|es|ing)|insist(?:ed|s|ing)|warn(?:ed|s|ing)|stat(?:ed|es|ing)|declar(?:ed|es"
    r"|ing)|promis(?:ed|es|ing)|"
    r"den(?:ied|ies|ying)|admit(?:ted|s|ting)|announc(?:ed|es|ing)|repl(?:ied|ies|ying)"
    r"|wr(?:ote|ites|iting)|shout(?:ed|s|ing)?|"
    r"suggest(?:ed|s|ing)|thought|goes|went)"
)
_WHO: Final = (
    r"(?:he|she|they|we|I|you|it|[A-Z][\w\u2019'-]+(?: [A-Z][\w\u2019'-]+){0,3}"
    r"|(?:[Tt]he|[Mm]y|[Hh]is|[Hh]er|[Oo]ur) [a-z]+(?: [a-z]+)?|people)"
)
_BEFORE: Final = re.compile(
    rf"(?:\b(?P<who>{_WHO}) (?:has |had |have |would |will |just |then |used to |also "
    rf"|once )?)?\b(?P<cue>{_SAYING})(?: to (?:me|us|him|her|them))?[,:]? ?$"
)
_AFTER: Final = re.compile(
    rf",? (?:(?P<who>{_WHO}) (?P<cue>{_SAYING})|(?P<cue2>said|asked) (?P<who2>{_WHO}))\b"
)
_THAT: Final = re.compile(
    r"\b(?P<who>he|she|they|[A-Z][\w\u2019'-]+(?: [A-Z][\w\u2019'-]+){0,3}) (?:has |had |have )?"
    r"(?P<cue>said|says|claimed|claims|argued|insisted|warned|stated|declared|promised|denied"
    r"|admitted|told (?:[A-Z]\w+|him|her|them|reporters)) "
    r"(?P<words>that )"
)
_END: Final = re.compile(r"[.;?!](?=\s|$)")
_LEAST_WORDS: Final = 3
_WORD: Final = re.compile(r"\w+")
_REACH: Final = 70
_DEEPEST: Final = 4
"""How many reports of a sentence are told apart: each holds those behind it, and texts would grow with the square."""


def nested(layout: Layout, drafts: Sequence[Draft], segments: Sequence[Segment]) -> list[Draft]:
    """The quotations inside the pieces of ``drafts``: inner marks with a verb of saying beside them, "X said that"."""
    starts = [segment.start for segment in segments]
    found: list[Draft] = []
    for draft in drafts:
        heed()
        for piece in draft.pieces:
            if piece.marked:
                low, high = bisect_left(starts, piece.start + 1), bisect_left(starts, piece.end)
                for segment in segments[low:high]:
                    made = _in_marks(layout.text, piece, segment)
                    if made is not None and (not found or made.start >= found[-1].end):
                        found.append(made)
            else:
                found += _in_words(layout, piece)
    return found


def _in_marks(text: str, piece: Piece, segment: Segment) -> Draft | None:
    """An inner quoted segment as a quotation, where a verb of saying stands before or after it."""
    inside = piece.start < segment.start and segment.end < piece.end and piece.quoted
    if not inside or not segment.opened or not segment.closed:
        return None
    if len(_WORD.findall(text[segment.start : segment.end][:80])) < _LEAST_WORDS:
        return None
    match = _BEFORE.search(text[max(piece.start, segment.start - _REACH) : segment.start])
    base = max(piece.start, segment.start - _REACH)
    if match is None:
        match = _AFTER.match(text, segment.end, piece.end)
        base = 0
    if match is None:
        return None
    named = match.groupdict()
    cue = "cue" if named["cue"] else "cue2"
    who = "who" if named["who"] or cue == "cue" else "who2"
    source = (
        Span(base + match.start(who), base + match.end(who), SOURCE, 0.5) if named[who] else None
    )
    inner = Piece(segment.start, segment.end, True, True, piece.score)
    return Draft(
        (inner,),
        Span(base + match.start(cue), base + match.end(cue), CUE, 0.5),
        source,
        0.6,
        "nested",
    )


def _in_words(layout: Layout, piece: Piece) -> list[Draft]:
    """Indirect speech inside indirect speech: "... that Holm claimed that ..."."""
    found: list[Draft] = []
    end, deep = piece.start, 0
    for match in _THAT.finditer(layout.text, piece.start + 5, piece.end):
        heed()
        if match.end() > end:
            stop = _END.search(layout.text, match.end(), piece.end)
            end, deep = (stop.start() if stop is not None else piece.end), 0
        if (
            deep == _DEEPEST
            or len(_WORD.findall(layout.text[match.end() : end][:80])) < _LEAST_WORDS
        ):
            continue
        deep += 1
        found.append(
            Draft(
                (Piece(match.start("words"), end, False, False, piece.score),),
                Span(match.start("cue"), match.end("cue"), CUE, 0.5),
                Span(match.start("who"), match.end("who"), SOURCE, 0.5),
                0.6,
                "nested",
            )
        )
    return found
