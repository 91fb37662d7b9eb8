"""Subjects: who says words where the tagger marks nobody, or takes a place or whoever the sentence is about for it.

"Protesters marching through the streets chanted", "rebuked critics who say that", "a report by the Courier that", "Holm
rose, arguing that", "Holm's suggestion that".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from onrecord.pipeline.names.lists import GROUPS, ROLES
from onrecord.pipeline.names.spelling import plain
from onrecord.pipeline.names.titles import is_title
from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.layout import Layout

_SURE: Final = 0.7
_BACK: Final = 240
_NEAR: Final = 120
_CHANTED: Final = re.compile(r"\b(?:chant|boo|jeer|heckl)(?:s|es|ed|e|ing)?\b", re.IGNORECASE)
_THE_CHANT: Final = re.compile(
    r"\b(?:chant|cheer|cry|shout|refrain|roar)(?:s|ies)? (?:of )?$", re.IGNORECASE
)
_CROWD: Final = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]|[Ss]ome|[Mm]any|[Hh]is|[Hh]er|(?:[Ss]mall groups|[Hh]undreds|[Tt]housands|[Dd]ozens) of) )?"
    r"(?:\b[A-Z][\w.'\u2019-]* )?\b(?P<noun>[Pp]rotesters?|[Dd]emonstrators?|[Mm]archers?|[Ss]upporters|[Cc]rowds?"
    r"|[Aa]udience|[Ff]ans|[Ss]tudents|[Ww]orkers|[Ss]trikers|[Pp]eople|[Aa]ctivists|[Oo]nlookers|[Dd]elegates"
    r"|[Ss]pectators|[Ll]isteners|[Bb]ackers|[Aa]ttendees|[Tt]hrong|[Mm]ob|[Mm]embers|[Vv]oters|[Pp]risoners|[Dd]ockers)\b"
)
_CROWD_CLAUSE: Final = re.compile(
    r"(?:,|,? (?:and|but|while|as|when)|;) (?P<who>(?:the|his|her) (?:[a-z]+ )?"
    r"(?:crowd|audience|protesters|demonstrators|supporters|fans|students|workers|onlookers|delegates))"
    r" (?:[a-z]+ ){0,6}"
)
_CAME: Final = re.compile(
    r",? (?P<cue>(?:came|went|rose|rang out) (?:the |a )?"
    r"(?:shout|cr(?:y|ie)|call|chant|answer|repl(?:y|ie)|jeer|roar)s?)"
    r" (?:from|of) (?P<who>(?:the|an?|his|her|some) (?:[a-z-]+ ){0,2}[a-z]+)"
)
_OF_A_GROUP: Final = re.compile(
    r"(?P<who>(?:(?:the|some|many|his|her|their|its|all|those|other) )?(?:[a-z]+ ){0,2}(?P<noun>[a-z]{4,}))"
    r",? who (?:have |has |had |also |still |now |often )?"
    r"(?P<cue>say|said|claim(?:ed)?|argued?|insist(?:ed)?|call(?:ed)?|contend(?:ed)?|complain(?:ed)?|maintain(?:ed)?"
    r"|charged?|alleged?|accused?|described?)(?: that)? "
)
_BY_REPORT: Final = re.compile(
    r"\b(?:report|story|study|article|survey|analysis|poll|column|editorial|investigation|finding|suggestion|claim"
    r"|allegation|accusation)s? (?:by|from|in)"
    r" (?P<who>(?:the )?[A-Z][\w&.'\u2019-]*(?: (?:of |and |the )?[A-Z][\w&.'\u2019-]*){0,4})"
    r"(?: (?:on |last |this )?\w+day)?,? (?:that |saying (?:that )?|claiming (?:that )?)?$"
)
_WHICH: Final = re.compile(
    r"(?:(?:[a-z]+ ){1,6}?in |in )?which"
    r" (?P<who>he|she|they|(?:[A-Z][\w.'\u2019-]* ){0,2}[A-Z][\w'\u2019-]*) (?:\w+ly |also |had )?"
    r"(?P<cue>called|described|said|accused|branded|labell?ed|denounced|referred to|claimed|wrote|argued|declared)"
    r"(?: that)? "
)
_REMARK: Final = re.compile(
    r"(?<![\w.-])(?P<who>(?:[A-Z][\w.-]{0,24} ){0,3}[A-Z][\w-]{1,24})['\u2019]s?"
    r" (?:[a-z-]{1,20} ){0,2}(?P<cue>suggestion|claim|remark|comment"
    r"|assertion|contention|statement|observation|promise|pledge|vow|warning|quip|joke|boast|insistence|complaint)s?"
    r"\b[^,;.:\"\u201c]{0,60}$"
)
_GOES_ON: Final = re.compile(r"(?:,| and(?: then| later| also)?| but| or) (?:\w+ly )?$")
_INVERTED: Final = re.compile(
    r"(?:[Nn]owhere|[Nn]ever|[Nn]or|[Aa]t no \w+|[Oo]n no \w+|[Ii]n no \w+|[Nn]ot once|[Ss]eldom|[Rr]arely"
    r"|[Oo]nly|[Hh]ow|[Ww]hen"
    r"|[Ww]hy|[Ss]o)\b[^.;:!?\n]{0,90}? (?:does|did|do|has|have|had|would|could|should|will) "
    r"(?P<who>[^.;:!?\n\"\u201c]{2,80}?),? (?:(?:ever|once|yet|actually|even|also) )?$"
)
"""A subject behind its auxiliary: nowhere does “the bishop” write."""
_ASKED: Final = re.compile(r"(?:Asked|Pressed|Questioned|Challenged|Quizzed)\b")
_DENIED_IT: Final = re.compile(
    r"[,\"\u201d\u2019]{0,2} (?P<who>[^,;:.\n\"\u201c]{2,60}?(?:\. [^,;:.\n\"\u201c]{2,40}?)?)"
    r" (?P<cue>den(?:ied|ies)|reject(?:ed|s)|disput(?:ed|es)) (?:it|that|this|doing so|having|saying|the)\b"
)
_FRONT: Final = re.compile(
    r"(?:In|On|At|By|After|With|Before|During) [a-z ]{2,40}\b(?<!the)(?<! an)(?<! a)(?<!his)(?<!her)(?<!its)(?<!their)"
)
_ING: Final = re.compile(r"\w+ing\b")
_HE: Final = re.compile(r"(?P<who>[Hh]e|[Ss]he)\b")
_AFTER_ADVERB: Final = re.compile(r"(?:[A-Z][\w ]{2,40}|[A-Z]\w+ [^,\n]{2,60}), (?P<who>he|she)\b")
_ANOTHER: Final = re.compile(
    r"(?:[,;])? (?:and|but|while|as|when|so) (?:the|an?|his|her|their|he|she|they|[A-Z][\w'\u2019-]+) [a-z]+ "
)
"""Where another subject may have come in between."""


def with_subjects(
    layout: Layout, drafts: Sequence[Draft], names: Sequence[tuple[int, int]]
) -> list[Draft]:
    """The drafts; those whose words a crowd, critics, a report or the sentence's subject says get these for source.

    ``names`` are the extents of the article's names, in order.
    """
    return [_with_subject(layout, draft, names) for draft in drafts]


def _with_subject(layout: Layout, draft: Draft, names: Sequence[tuple[int, int]]) -> Draft:
    if draft.origin not in ("linked", "none"):
        return draft
    found = None if draft.pieces[0].quoted else _critics(layout, draft) or _in_which(layout, draft)
    found = found or _answered(layout, draft) or _chanted(layout, draft) or _reported(layout, draft)
    if found is None and draft.cue is not None:
        found = _owned(layout, draft, draft.cue)
    if found is None and draft.cue is not None and draft.source is None:
        found = _subject(layout, draft, draft.cue, names)
    return found or draft


def _answered(layout: Layout, draft: Draft) -> Draft | None:
    """Words that somebody is asked about, and denies: asked whether he had said “…”, “Holm denied” it."""
    opens, ends = layout.sentence_at(draft.start)
    if draft.pieces[0].quoted or _ASKED.match(layout.text, opens) is None:
        return None
    match = _DENIED_IT.match(layout.text, draft.end, min(ends, draft.end + _NEAR))
    return _said_by(draft, match) if match is not None else None


def _critics(layout: Layout, draft: Draft) -> Draft | None:
    """Words that begin with who says them: rebuked “critics who say she should go”."""
    first = draft.pieces[0]
    match = _OF_A_GROUP.match(layout.text, first.start, first.end)
    if match is None or not (match["noun"] in GROUPS or match["noun"] == "those"):
        return None
    if draft.cue is not None and draft.cue.start > first.start:
        return None
    return _said_by(_cut_to(draft, match.end()), match)


def _chanted(layout: Layout, draft: Draft) -> Draft | None:
    """Words that are chanted: by the nearest noun of many people before, not by a place or whoever else is named."""
    text, first = layout.text, draft.pieces[0]
    if not first.marked:
        return None
    came = _CAME.match(text, draft.end)
    if came is not None:
        return _said_by(draft, came)
    chant, cue = _THE_CHANT.search(text, max(0, first.start - 24), first.start), draft.cue
    if chant is None:
        if cue is None or cue.start > first.start:
            return None
        at = cue.start
        if _CHANTED.search(text, at, cue.end) is None:
            return _of_clause(text, draft, max(layout.sentence_at(at)[0], at - _NEAR), at)
    else:
        at = chant.start()
        cue = Span(chant.start(), len(text[: chant.end()].rstrip()), CUE, _SURE)
    low = max(layout.sentence_at(at)[0], at - _BACK)
    crowd = None
    for match in _CROWD.finditer(text, low, at):
        crowd = match
    if crowd is None:
        return None
    return replace(_by(draft, crowd.span()), cue=cue)


def _of_clause(text: str, draft: Draft, low: int, at: int) -> Draft | None:
    """Words that a crowd says in a clause of its own, behind whom the sentence is about."""
    match = _CROWD_CLAUSE.search(text, low, at)
    if match is None or match.end() != at:
        return None
    if draft.source is not None and draft.source.end > match.start("who"):
        return None
    return _by(draft, match.span("who"))


def _reported(layout: Layout, draft: Draft) -> Draft | None:
    """Words that an outlet's or a body's report tells, without a verb: “a report by the Courier that he …”."""
    first = draft.pieces[0]
    low = max(layout.sentence_at(first.start)[0], first.start - _NEAR)
    match = _BY_REPORT.search(layout.text, low, first.start)
    if match is None:
        return None
    cue = draft.cue
    if cue is None or cue.end > first.start:
        cue = Span(match.start(), match.start("who") - 1, CUE, _SURE)
    return replace(_by(draft, match.span("who")), cue=cue)


def _in_which(layout: Layout, draft: Draft) -> Draft | None:
    """Words that begin with a clause that says them: tweets in “which he called her a liar”."""
    first = draft.pieces[0]
    match = _WHICH.match(layout.text, first.start, first.end)
    if match is None or (draft.source is not None and draft.source.start > first.start):
        return None
    return _said_by(_cut_to(draft, match.end()), match)


def _owned(layout: Layout, draft: Draft, cue: Span) -> Draft | None:
    """Words that somebody's remark tells: Holm's “suggestion that” the port is full."""
    first = draft.pieces[0]
    low = max(layout.sentence_at(first.start)[0], first.start - _NEAR)
    match = _REMARK.search(layout.text, low, first.start)
    if match is None or not cue.start <= match.start("cue") < cue.end:
        return None
    return _by(draft, match.span("who"))


def _subject(
    layout: Layout, draft: Draft, cue: Span, names: Sequence[tuple[int, int]]
) -> Draft | None:
    """A verb that goes on with what the sentence's subject does: “Holm rose, arguing that”, “he came and explained”."""
    text = layout.text
    opens = layout.sentence_at(cue.start)[0]
    if cue.start - opens > _BACK or draft.start < opens:
        return None
    inverted = _INVERTED.search(text, opens, cue.start)
    if inverted is not None:
        return _by(draft, inverted.span("who"))
    goes_on = _GOES_ON.search(text, max(opens, cue.start - 16), cue.start)
    if _ANOTHER.search(text, opens, cue.start) is not None:
        return None
    if goes_on is None or (
        goes_on.group().lstrip().startswith(",") and not _ING.match(text, cue.start)
    ):
        return None
    pronoun = _HE.match(text, opens) or _AFTER_ADVERB.match(text, opens, cue.start)
    if pronoun is not None and pronoun["who"]:
        return _by(draft, pronoun.span("who"))
    at = bisect_left(names, (opens, 0))
    if at < len(names) and names[at][1] <= cue.start:
        before = text[opens : names[at][0]].split()
        fronted = _FRONT.fullmatch(" ".join(before)) is not None
        if not before or fronted or plain(before[-1]) in ROLES or is_title(before[-1]):
            return _by(draft, names[at])
    return None


def _said_by(draft: Draft, match: re.Match[str]) -> Draft:
    """A draft whose words are those of whom a match tells, by its cue."""
    return replace(_by(draft, match.span("who")), cue=Span(*match.span("cue"), CUE, _SURE))


def _cut_to(draft: Draft, start: int) -> Draft:
    """A draft whose first piece begins further on."""
    return replace(draft, pieces=(draft.pieces[0]._replace(start=start), *draft.pieces[1:]))


def _by(draft: Draft, who: tuple[int, int]) -> Draft:
    """A draft with somebody for its source."""
    return replace(draft, source=Span(*who, SOURCE, _SURE), origin="linked")
