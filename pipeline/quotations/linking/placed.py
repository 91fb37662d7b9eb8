"""Placed: reports of quoted words that no cue was found for, told by where they stand.

“…,” the council candidate Hedda Brun responded. “…” ⏎ That was how Jonas Berwick described it. “…”: Holm stands firm.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.lexicon import reports_speech

Extent = tuple[int, int]

_SURE: Final = 0.7
_REACH: Final = 120
_SAID_SO: Final = re.compile(r"[,!?][\"\u201d\u2019'\u00bb]+$")
_PLAIN: Final = re.compile(r"[^.,;:!?\n\"\u201c\u201d()]*")
_VERB: Final = re.compile(
    r" (?:\w+ly |once |later |then |also )?"
    r"(?P<verb>[a-z]{2,}ed|said|says|told|wrote|spoke|swore|went|began|shot back|quoth)\b"
)
_SO_SPOKE: Final = re.compile(
    r"\s*(?:(?:That|This|So|Such|Those|These)(?:['\u2019]s| is| was| were| are)?"
    r"(?: (?:also|at least|roughly|more or less|exactly|precisely))? (?:how|what|the way|the words? of|the verdict of"
    r"|the view of|the message (?:of|from)|the answer of)|Thus|So|(?:With|In) those words,?) "
)
_ANY_VERB: Final = re.compile(
    r"\b(?P<verb>describ\w+|put it|saw it|sees it|sums? up|summed up|explain\w*|recall\w*|remember\w*|said|says|spoke"
    r"|told|wrote|called|answer\w*|respond\w*)\b"
)
_VOWS: Final = re.compile(r",? (?P<verb>[a-z]{3,10}s) (?P<job>(?:[a-z-]+ ){0,2})(?=[A-Z])")
_HEADLINE: Final = re.compile(r"(?:[:,]? +|(?: [\u2012-\u2015]| --?) )(?=[A-Z])")


def placed(layout: Layout, drafts: Sequence[Draft], names: Sequence[Extent]) -> list[Draft]:
    """The drafts; those that are wholly quoted and reported by nothing get what the place tells."""
    return [
        _placed(layout, draft, names)
        if draft.origin == "none" and draft.cue is None and draft.pieces[-1].quoted
        else draft
        for draft in drafts
    ]


def _placed(layout: Layout, draft: Draft, names: Sequence[Extent]) -> Draft:
    text, end = layout.text, draft.end
    if layout.paragraphs[layout.paragraph_at(draft.start)].kind == "title":
        opens = layout.paragraphs[layout.paragraph_at(draft.start)].start
        if draft.start > opens and text[draft.start - 2 : draft.start] == ": ":
            first = _name_from(names, opens)
            if first is not None and first[1] < draft.start:
                return _with(draft, (draft.start - 2, draft.start - 1), first)
        found = _verb_before(text, end, names)
        if found is not None:
            return _with(draft, *found)
        match = _HEADLINE.match(text, end)
        name = _name_from(names, match.end()) if match is not None else None
        if match is not None and name is not None and name[0] == match.end():
            return _with(draft, (end, max(end + 1, match.end() - 1)), name)
    if _SAID_SO.search(text, max(draft.start, end - 4), end) is not None:
        found = _verb_behind(text, end, names)
        if found is not None:
            return _with(draft, *found)
    spoke = _SO_SPOKE.match(text, end, end + _REACH)
    if spoke is not None:
        name = _name_from(names, spoke.end())
        if name is not None and name[0] - spoke.end() <= 40:
            stop = layout.sentence_at(name[0])[1]
            verb = _ANY_VERB.search(text, spoke.end(), stop)
            if verb is not None:
                return _with(draft, verb.span("verb"), name)
    return draft


def _verb_behind(text: str, start: int, names: Sequence[Extent]) -> tuple[Extent, Extent] | None:
    """The first name behind a place that a verb follows, with nothing but plain words between."""
    plain = _PLAIN.match(text, start, start + _REACH)
    limit = plain.end() if plain is not None else start
    for name in names[bisect_left(names, (start, 0)) :]:
        if name[1] > limit:
            return None
        verb = _VERB.match(text, name[1])
        if verb is not None:
            return verb.span("verb"), name
    return None


def _verb_before(text: str, start: int, names: Sequence[Extent]) -> tuple[Extent, Extent] | None:
    """A verb of saying and the name behind it, as headlines have them: “…”, vows Holm."""
    verb = _VOWS.match(text, start)
    if verb is None or not reports_speech(verb["verb"]):
        return None
    name = _name_from(names, verb.end("job"))
    return (verb.span("verb"), name) if name is not None and name[0] == verb.end("job") else None


def _name_from(names: Sequence[Extent], start: int) -> Extent | None:
    index = bisect_left(names, (start, 0))
    return names[index] if index < len(names) else None


def _with(draft: Draft, cue: Extent, source: Extent) -> Draft:
    return replace(
        draft,
        cue=Span(*cue, CUE, _SURE),
        source=Span(*source, SOURCE, _SURE),
        link=_SURE,
        origin="linked",
    )
