"""Relayed: words that an outlet or a document quotes, and words that a correction takes back.

"The Post quoted Ines Roth as saying …" are her words, by way of the Post. "An earlier version quoted Holm as saying …"
are nobody's until somebody says so again. What joins pieces to cues takes the outlet for the speaker; here each such
draft gets the one who is quoted, and keeps the outlet as what it comes through.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.capitalised import UPPER, name_of
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.marks import Segment

Extent = tuple[int, int]

_BACK: Final = 200
_AHEAD: Final = 160
_SURE: Final = 0.8
_QUOTES: Final = (
    r"(?:mis)?(?:quot(?:ed?|es|ing)|cit(?:ed?|es|ing)|report(?:s|ed|ing)?|paraphras(?:ed?|es|ing)|record(?:s|ed|ing)?"
    r"|describ(?:ed?|es|ing)|remember(?:s|ed|ing)?|recall(?:s|ed|ing)?|show(?:s|ed|n)?)"
)
_SAYING: Final = (
    r"(?:say|tell|writ|tweet|post|ask|warn|argu|call|add|claim|declar|insist|describ|stat|announc|admit|prais|urg|promis"
    r"|shout|repl|answer|explain|suggest)(?:y|t|l)?ing"
)
_TO: Final = (
    rf"(?: (?:him|her|them|it|us|me|reporters|[{UPPER}][\w'\u2019-]+"
    r"|(?<=telling )(?:the |an? |his |her |its |their )?[\w'\u2019-]{2,30}))?"
)
_ACTIVE: Final = re.compile(
    rf"\b(?P<verb>{_QUOTES}) (?:also )?(?P<who>[^\n\"\u201c\u201d\u00ab:;.!?]{{2,90}}?"
    r"(?:\. [A-Z][^\n\"\u201c\u201d.;:!?]{2,60}?)?)"
    rf",? as (?:having )?(?P<cue>{_SAYING}|said|told|written|called|tweeted){_TO}(?: that)?(?P<end>[,:]? )"
)
_BEHIND: Final = re.compile(
    rf"[ ,]{{1,2}}(?P<via>[^\n\"\u201c\u201d\u00ab,;:.]{{2,60}}?) (?:also |later |has |had )?(?P<verb>{_QUOTES}) "
    r"(?P<who>[^\n\"\u201c\u201d\u00ab:;.!?]{2,90}?),? as (?:having )?"
    rf"(?P<cue>{_SAYING}|said|told|written)\b"
)
"""“…,” the Post quoted Ines Roth as saying."""
_PASSIVE_BEHIND: Final = re.compile(
    rf"[ ,]{{1,2}}(?P<who>[^\n\"\u201c\u201d\u00ab;:.]{{2,90}}?),? (?:was|were|is|are) (?:\w+ )?(?P<verb>{_QUOTES}) as "
    rf"(?:having )?(?P<cue>{_SAYING}|said|told)\b(?: (?:by|in|on) (?P<via>[^\n\"\u201c\u201d,;:.]{{2,50}}))?"
)
"""“…,” Ines Roth was quoted as saying by the Post."""
_PASSIVE: Final = re.compile(
    rf"(?P<be>\b(?:was|were|is|are|been|being)(?: \w+ly| also| once| later| never)*) (?P<verb>{_QUOTES})"
    r"(?: (?:by|in|on) (?P<via>[^\n\"\u201c\u201d,;:]{2,50}?))?,? as (?:having )?"
    rf"(?P<cue>{_SAYING}|said|told|written){_TO}(?P<end>[,:]? )"
)
_HEARD: Final = re.compile(
    r"\b(?P<verb>heard|overheard|hears|imagin(?:e|es|ed|ing)|pictur(?:e|es|ed|ing)|caught|filmed|recorded) "
    rf"(?P<who>{name_of(1, 4)}|him|her|them) (?P<cue>say|saying|tell|telling|shout"
    rf"|shouting|ask|asking|whisper|whispering){_TO}(?: that)?(?P<end>[,:]? )"
)
_BY_WAY: Final = re.compile(
    r",? (?:by|in|on) (?P<via>(?:the |an? )?[A-Z][\w&.'\u2019 -]{1,50}?)(?=[.,;\n]|$)"
)
_LARGE: Final = r"[A-Z][\w&.'\u2019-]{0,30}"
_OUTLET: Final = re.compile(
    r"(?P<via>(?:[Tt]he |[Aa]n? |[Hh]is |[Hh]er )?"
    rf"(?:{_LARGE}(?: (?:of |and |the )?{_LARGE}){{0,4}}"
    r"|(?:[a-z-]{1,20} ){0,2}(?:newspaper|paper|website|magazine|agency|station|broadcaster|report|article"
    r"|story|document|filing|transcript|indictment|lawsuit|affidavit)))"
    r"(?: (?:has|have|had|also|later|then|first|on \w{1,12})){0,3} $"
)
_DOCUMENT: Final = (
    r"(?:tweet|post|posting|letter|e-?mail|memo|statement|video|recording|interview|transcript|book|column|op-ed|diary|message"
    r"|text|filing|affidavit|report|document|note|essay|speech|clip|tape|podcast|broadcast|blog)s?"
)
_IN_WHICH: Final = re.compile(
    rf"\b(?:according to|from|in) (?P<via>(?:an?|the|his|her|its|their|one) (?:[\w'\u2019-]+ ){{0,3}}?{_DOCUMENT}"
    r"(?: (?:of|from|on|to|by|in|posted|published|sent|seen) [^\n\"\u201c\u201d,;:.]{1,50}?)?),? (?:in|on) which "
    r"(?P<who>[^\n\"\u201c\u201d,;:.]{2,50}?) (?:\w+ly |also |can be heard |is heard )?"
    r"(?P<cue>says?|said|writes?|wrote|tells?|told|claims?|claimed|states?|stated|asks?|asked|argues?|argued|warns?|warned"
    r"|insists?|insisted|saying|called|calls)\b"
)
_CORRECTED: Final = re.compile(
    r"\b(?:(?:(?:an?|the|this|our|one|some) )?(?:earlier|previous|original|prior|first|initial|former)"
    r"(?: online| print| web)? (?:versions?|headlines?|editions?|captions?|reports?|story|stories|articles?|posts?"
    r"|tweets?|drafts?|copy)\b[^\n\"\u201c\u201d:;.]{0,80}? (?:\w+ly )?(?:mis)?"
    r"(?:quot|attribut|stat|report|sa|cit|identif|g[ai]v)\w*"
    r"|(?:this|our|the) (?:\w+ )?(?:article|story|report|headline|caption) (?:originally|initially|first|previously"
    r"|mistakenly|wrongly|incorrectly) (?:mis)?(?:quot|attribut|stat|report|sa|cit)\w*"
    r"|(?:wrongly|incorrectly|mistakenly|erroneously|falsely|inaccurately) (?:quot|attribut|report|cit)\w*|misquot\w+)",
    re.IGNORECASE,
)
_ATTRIBUTED: Final = re.compile(rf"attribut\w+ [^\n;.]{{0,80}}? ?to (?P<who>{name_of(1, 4)})")
_PART: Final = re.compile(r"[^,\s][^,]*[^,\s]|[^,\s]")
_NAME: Final = re.compile(r"[A-Z][\w.'\u2019-]*")


def relayed(
    layout: Layout, drafts: Sequence[Draft], segments: Sequence[Segment], names: Sequence[Extent]
) -> list[Draft]:
    """The drafts, each with the one who is quoted for its source, and what it comes through where the text tells."""
    whole = {(segment.start, segment.end) for segment in segments}
    starts = {segment.start: segment for segment in segments}
    made = [_in_correction(layout, _quoted_by(layout, d, starts, whole, names)) for d in drafts]
    # Who is quoted is no part of the words.
    spoken = [(d.source, d) for d in made if d.via is not None and d.source is not None]
    return [
        draft
        for draft in made
        if not any(
            source.start < draft.end and draft.start < source.end and draft is not other
            for source, other in spoken
        )
    ]


def _quoted_by(
    layout: Layout,
    draft: Draft,
    segments: dict[int, Segment],
    whole: set[Extent],
    names: Sequence[Extent],
) -> Draft:
    """A draft whose clause says "quoted X as saying", "was quoted as saying" or "in which X says"."""
    text, cue = layout.text, draft.cue
    at = draft.start if cue is None else min(cue.start, draft.start)
    low, limit = layout.sentence_at(at)
    low = max(low, at - _BACK)
    high = min(max(limit, draft.end), draft.start + _AHEAD)
    for rule in (_PASSIVE, _ACTIVE, _HEARD):
        for match in rule.finditer(text, low, high):
            first = draft.pieces[0]
            if not _reports(match, draft) or (first.quoted and match.start() > first.start):
                continue
            trimmed = _after(text, draft, match.end(), segments, whole)
            if trimmed is not None:
                if rule is _PASSIVE:
                    trimmed = _without_outlet(text, trimmed, segments)
                return _of_whom(text, trimmed, match, rule is _PASSIVE, names)
    return _behind(text, draft, segments) or _of_document(
        text, draft, low, min(limit, draft.end + _AHEAD)
    )


def _behind(text: str, draft: Draft, segments: dict[int, Segment]) -> Draft | None:
    """A draft whose quoted words an outlet behind them is told to quote of somebody."""
    first = draft.pieces[0]
    segment = segments.get(first.start)
    if segment is None:
        return None
    match = _BEHIND.match(text, segment.end) or _PASSIVE_BEHIND.match(text, segment.end)
    if match is None:
        return None
    return replace(
        draft,
        pieces=(first._replace(end=segment.end, quoted=True),),
        cue=Span(*match.span("cue"), CUE, _SURE),
        source=Span(*_named(text, *match.span("who")), SOURCE, _SURE),
        via=_extent(match, "via"),
        origin="linked",
    )


def _reports(match: re.Match[str], draft: Draft) -> bool:
    """Whether a report by somebody else stands where the words of a draft begin."""
    first, cue = draft.pieces[0], draft.cue
    if match.end("cue") <= first.start:
        # Hard before the words.
        return first.start - match.end() <= 1
    within = first.start <= match.end() < first.end
    return within and not first.quoted and (cue is None or cue.start <= match.start("cue"))


def _after(
    text: str, draft: Draft, at: int, segments: dict[int, Segment], whole: set[Extent]
) -> Draft | None:
    """A draft whose first piece begins behind the report; None where nothing is left of it."""
    first = draft.pieces[0]
    if first.start >= at:
        return draft
    end = first.end
    segment = segments.get(at)
    if segment is not None and re.match(r"\W*[;.]", text[segment.end : segment.end + 3]):
        # Behind a semicolon the sentence tells something else.
        end = min(end, segment.end)
    if end - at < 2:
        return None
    quoted = (at, end) in whole
    piece = Piece(at, end, quoted, first.marked, first.score)
    return replace(draft, pieces=(piece, *draft.pieces[1:]))


def _without_outlet(text: str, draft: Draft, segments: dict[int, Segment]) -> Draft:
    """A draft whose piece does not hold the outlet behind its marks: “…” by the Post."""
    last = draft.pieces[-1]
    segment = segments.get(last.start)
    if segment is None or segment.end >= last.end or not _BY_WAY.match(text, segment.end):
        return draft
    cut = last._replace(end=segment.end, quoted=True)
    return replace(draft, pieces=(*draft.pieces[:-1], cut))


def _of_whom(
    text: str, draft: Draft, match: re.Match[str], passive: bool, names: Sequence[Extent]
) -> Draft:
    """A draft with the one who is quoted, and the outlet that quotes him."""
    cue = Span(match.start("cue"), match.end("cue"), CUE, _SURE)
    before = draft.source if draft.source and draft.source.end <= match.start() + 1 else None
    if passive:
        source = before or _name_before(names, match.start(), text)
        via = _extent(match, "via") or _by_way(text, draft)
        return replace(draft, cue=cue, source=source or draft.source, via=via)
    source = Span(*_named(text, *match.span("who")), SOURCE, _SURE)
    outlet = _OUTLET.search(text, max(0, match.start() - 90), match.start())
    via = (before.start, before.end) if before is not None else _extent(outlet, "via")
    if match.re is _HEARD:
        via = None
    return replace(draft, cue=cue, source=source, via=via)


def _of_document(text: str, draft: Draft, low: int, high: int) -> Draft:
    """A draft that comes from "a tweet in which X says"."""
    for match in _IN_WHICH.finditer(text, low, high):
        near = match.start() - draft.end <= 3 and match.start() >= draft.end - 1
        if near or (draft.cue is not None and match.start() <= draft.cue.start < match.end()):
            source = Span(*match.span("who"), SOURCE, _SURE)
            cue = Span(*match.span("cue"), CUE, _SURE)
            return replace(draft, cue=cue, source=source, via=match.span("via"), origin="linked")
    return draft


def _in_correction(layout: Layout, draft: Draft) -> Draft:
    """A draft that a correction tells of: not told as said, and of nobody where the old version itself would be it."""
    text = layout.text
    if draft.cue is None:
        return draft
    low = max(layout.sentence_at(draft.cue.start)[0], draft.cue.start - _BACK)
    match = _CORRECTED.search(text, low, max(draft.start, draft.cue.start))
    if match is None or any(p.start <= match.start() < p.end for p in draft.pieces):
        return draft
    source, what = draft.source, match.span()
    attributed = _ATTRIBUTED.search(text, match.start(), layout.sentence_at(draft.start)[1])
    if attributed is not None:
        source = Span(*attributed.span("who"), SOURCE, _SURE)
    elif source is not None and what[0] <= source.start < what[1]:
        source = None
    return replace(draft, source=source, via=None, corrected=what)


def _named(text: str, start: int, end: int) -> Extent:
    """The part of "Paul Dorn, a diver" or "the minister, Ines Roth" that names, or the first where none does."""
    first = _PART.match(text, start, end)
    for part in _PART.finditer(text, start, end):
        if _NAME.search(part.group()):
            return part.span()
    return first.span() if first is not None else (start, end)


def _name_before(names: Sequence[Extent], at: int, text: str) -> Span | None:
    """The name that ends hard before a place."""
    index = bisect_left(names, (at, 0)) - 1
    if index < 0 or names[index][1] > at or len(text[names[index][1] : at].split()) > 8:
        return None
    return Span(*names[index], SOURCE, _SURE)


def _by_way(text: str, draft: Draft) -> Extent | None:
    """The outlet that stands behind the words: “…” by the Post."""
    return _extent(_BY_WAY.match(text, draft.end), "via")


def _extent(match: re.Match[str] | None, group: str) -> Extent | None:
    return match.span(group) if match is not None and match[group] is not None else None
