"""Sources: the tagger's source spans made whole, and the speakers that layout rather than grammar tells.

A name cut by a tag is completed and fragments of one name are joined. A dash after a quotation (``"..." - Eva Holm``),
a label before it (``HOLM: "..."``) and a bare subject beside a verb that was tagged alone name their speakers by place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Final

from onrecord.pipeline.names.lists import NOT_NAMES
from onrecord.pipeline.names.spelling import plain
from onrecord.pipeline.names.titles import is_job
from onrecord.pipeline.quotations.linking.pieces import (
    BULLET,
    Piece,
    is_named_above,
    is_named_under,
    is_what,
)
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.capitalised import name_of
from onrecord.pipeline.text.cues import cue_class
from onrecord.pipeline.text.layout import Layout

Extent = tuple[int, int]

_LOOSE_FRONT: Final = re.compile(
    r"(?:(?:and|but|or|by|to|as|that|while|when)\s++|[\s,;:.\u2014\u2013-]++|['\u2019]s\s++)++",
    re.I,
)
_LOOSE_BACK: Final = re.compile(
    r"(?:[\s,;:\u2014\u2013-]|(?<=\w\w)\.|\s(?:of|and|or|in|at|by|for|from|with|the|an?|to|on"
    r"|as|also|has|have|had))+$",
    re.I,
)
_LOOSEST: Final = 200
_DASH: Final = re.compile(
    r"\s*+(?P<dash>[\u2012-\u2015]"
    r"|--?)\s*+(?P<name>[^\W\d_a-z][^\n\"\u201c\u201d:;!?]{1,90}?)\.?[ \t\u00a0]*(?=\n|$)"
)
_SIGNED: Final = re.compile(
    r"[^\S\n]*+\n\s*+(?P<dash>[\u2012-\u2015]"
    r"|--?)\s*+(?P<name>[^\W\d_a-z][^\n\"\u201c\u201d:;!?]{1,90}?)\.?[ \t\u00a0]*(?=\n|$)"
)
_LABEL: Final = re.compile(
    r"(?:^|\n)\s*[\"\u201c\u201d`']{0,2}(?P<name>[A-Z][\w.\u2019'-]*(?: [A-Z(][\w.)\u2019'-]*){0,4})"
    r"(?P<colon>:)\s*[\"\u201c\u201d`']{0,2}$"
)
_LISTED: Final = re.compile(
    rf"(?:^|\n)\s*(?P<name>{name_of(2, 4)}), [^:\n\"\u201c]{{2,60}}"
    r"(?P<colon>:)\s*[\"\u201c\u201d`']{0,2}$"
)
_FROM: Final = re.compile(
    r"(?:^|[\n.!?] ?)(?:(?:And|But|Also|Now|This|That|Then|Here|More|Another|One|An?)\b[\w ,'\u2019]{0,40}? )?"
    r"[Ff]rom (?P<name>[^:\n\"\u201c.!?]{0,30}?[A-Z][^:\n\"\u201c!?]{2,70})(?P<colon>:)\s*$"
)
_SIGNATURE: Final = re.compile(name_of(1, 4))
_LONGEST_SIGNATURE: Final = 12
_SENT_BY: Final = re.compile(
    r"\b(?:toast|letter|e-?mail|message|note|words?|line|tweet|reply|answer|question|text|postcard|cry|shout|joke|tip|advice"
    rf"|is|was|comes?|came) from (?P<name>{name_of(2, 4)}(?: of {name_of(1, 3)}"
    rf"|, [^:\n\"\u201c.]{{2,50}})?)(?P<colon>:)\s*$"
)
_REACH: Final = 60
_LEADS: Final = (
    r"(?!(?:of|for|at|in|from|with|to|by|on|about|against|after|before|as|when|while|who|which|that|but|or"
    r"|said|says|told|was|were|is|are|had|has)\b)"
)
_NO_JOB: Final = frozenset(
    ["he", "she", "they", "it", "we", "i", "you", "who", "which", "that", "this", "these", "those"]
)
_JOB: Final = re.compile(rf"(?:{_LEADS}[\w\u2019'-]+ ){{1,6}}")
_JOB_ON: Final = re.compile(rf",? (?:{_LEADS}[a-z-]+,? ){{1,5}}")
_BULLET: Final = re.compile(rf"{BULLET}[\"\u201c\u201d]*\s*")
_REPORTED: Final = re.compile(
    r"[,!?][\"\u201d\u2019'\u00bb]*\s[^.\n\"\u201c]{0,80}?\b(?:said|says|told|added|wrote|asked|explained|declared|replied|recalled"
    r"|insisted|warned|argued|joked|quipped|announced|noted|observed|remarked|answered|admitted|suggested|continued|tweeted"
    r"|posted|shouted|laughed|cried)\b"
)
_NO_LABEL: Final = frozenset(
    [
        "note",
        "update",
        "updated",
        "correction",
        "related",
        "watch",
        "read",
        "photo",
        "image",
        "video",
        "caption",
        "source",
        "sources",
        "editor",
        "quote",
        "warning",
        "breaking",
        "exclusive",
        "analysis",
        "opinion",
        "example",
        "question",
        "answer",
        "here",
    ]
)
_LABEL_WORDS: Final = 3
_SAID_SO: Final = re.compile(
    r"\b(?:reads?|sa(?:id|ys)|stated?|states|added|adds|wrote|writes|goes|went|told [\w ]{2,30}|asked|asks"
    r"|replied|tweeted"
    r"|declared|answered|explained|continued|announced|warned|recalled|joked)$"
)
_BEFORE: Final = re.compile(r"(?:^|[\s\u201d\"'\u2019(])(he|she|they|it|we|i|who)\s+$", re.I)
_AFTER: Final = re.compile(r"\s+(he|she|they|it|we|i)\b", re.I)
_CLAUSE_MARK: Final = re.compile(r"[,!?][\"\u201d\u2019'\u00bb]+$")
_SAYS: Final = re.compile(
    r"\s+(?:[a-z]+ly\s+)?(?P<verb>wanted to know|[a-z]{2,}ed|(?:laugh|smile|sigh|grin|shrug|joke|recall|add"
    r"|insist|explain|grumble|reckon"
    r"|whisper|shout|admit|warn|argue|reply|repli|note|continue|ask|declare|answer)e?s|said|says|told|wrote"
    r"|spoke|swore|went|began|shot back)\b"
)
_SAID: Final = re.compile(r"\s(?P<verb>[a-z]{3,}) (?:that )?[\"\u201c\u2018']*")
_SUBJECT: Final = re.compile(r"\s+(?P<name>he|she|they)(?=\s)")
_CLAUSE_REACH: Final = 160
_WHAT: Final = (
    r"\bwhat (?P<name>(?:he|she|they|it|we|I|(?:[\w.\u2019'-]+ ){0,9}?[\w.\u2019'-]+))"
    r" (?:(?:has|have|had|would|later|once|recently|repeatedly|often|also|then|himself|herself) ){0,2}"
    r"(?P<cue>(?:calls?|called|dubbed|termed|labell?ed|describe[sd]?(?: \w+)? as|referred to as|refers? to as"
    r"|characteri[sz]e[sd]? as|said (?:was|were|is|are)|says (?:is|are|was|were)))"
    r"(?: [\w\u2019'-]+){0,5} ?"
)
_WHAT_CALLED: Final = re.compile(_WHAT + r"(?=[\"\u201c\u2018'`]*$)")
_WHAT_MARKED: Final = re.compile(_WHAT + r"(?P<words>[\"\u201c][^\"\u201c\u201d\n]+[\"\u201d])")
_HEARD: Final = re.compile(
    r"\b(?:footage|clips?|recordings?|videos?|audio|tapes?) of (?P<name>(?:[A-Z][\w.\u2019'-]+ ?){1,4})"
    r" (?P<cue>saying|declaring|telling)(?: [\w\u2019'-]+){0,7},? ?$"
)
_FRAGMENTS: Final = re.compile(r"['\u2019]s?\s|\s|['\u2019\u2010-]|\s(?:of|for|the|of the)\s")
_TIME: Final = re.compile(
    r"\s(?:(?:on|in|late|early|last|this)\s){1,6}(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|week|month|year|"
    r"(?:19|20)\d\d|January|February|March|April|May|June|July|August|September|October|November|December)\b.*$"
)
_RELATIVE: Final = re.compile(r"(?:who|which|that)(?=\s)", re.I)
_PUT_BEFORE: Final = re.compile(
    r"(?:^|[.!?\n\u201d\"] ?)\w+(?:ed|ing|en|ght)? (?:[\w-]+ ){0,5}?(?:by|from|with|to|of|at|about) "
    r"(?:(?:the|an?|his|her) )?(?:[a-z-]+ ){0,3}$"
)
"""What stands before the subject of a sentence: "Pressed by prosecutor" Renee Paquin, Okafor said."""


def whole(layout: Layout, sources: Sequence[Span], names: Sequence[Extent]) -> list[Span]:
    """The sources in order, each trimmed of loose words, completed to the names it touches, fragments joined."""
    starts = [start for start, _ in names]
    found: list[Span] = []
    for source in chain.from_iterable(_by_sentence(layout, source) for source in sources):
        start, end = _complete(layout.text, source.start, source.end, names, starts)
        start, end = _trimmed(layout.text, start, end)
        if start >= end:
            continue
        start = _behind_what_is_put_before(layout, start, end, names)
        end = reached(layout.text, Span(start, end, SOURCE, source.score), names).end
        if found and (
            start <= found[-1].end or _FRAGMENTS.fullmatch(layout.text[found[-1].end : start])
        ):
            last = found[-1]
            found[-1] = Span(last.start, max(last.end, end), SOURCE, max(last.score, source.score))
        else:
            found.append(Span(start, end, SOURCE, source.score))
    return found


def _behind_what_is_put_before(
    layout: Layout, start: int, end: int, names: Sequence[Extent]
) -> int:
    """Where the subject begins in a source that took in what is put before it: "prosecutor Renee Paquin, Okafor"."""
    text = layout.text
    index = bisect_left(names, (start, 0))
    for (_, first), (second, last) in pairwise(names[index : index + 3]):
        if last > end:
            break
        opens = layout.sentence_at(start)[0]
        if text[first:second] == ", " and last == end:
            before = text[max(opens, start - _REACH) : names[index][0]]
            return second if _PUT_BEFORE.search(before) is not None else start
    return start


def _by_sentence(layout: Layout, source: Span) -> list[Span]:
    """A source parted where a sentence begins within it: nobody is named across a full stop."""
    breaks = layout.sentence_starts(source.start, source.end)
    return [
        Span(start, end, SOURCE, source.score)
        for start, end in pairwise([source.start, *breaks, source.end])
    ]


def by_place(layout: Layout, piece: Piece) -> tuple[Span, Span] | None:
    """Cue and source that stand beside a quoted piece by layout alone: after a dash, or as a label before a colon."""
    text = layout.text
    low = max(0, piece.start - 120)
    line_start = text.rfind("\n", low, piece.start) + 1
    if line_start == 0 and low > 0:
        return None
    if _BULLET.fullmatch(text, line_start, piece.start) is not None:
        match = _DASH.match(text, piece.end) or _SIGNED.match(text, piece.end)
        if match is not None and _fits(layout, piece, match["name"]):
            return (
                Span(match.start("dash"), match.end("dash"), CUE, 0.9),
                Span(match.start("name"), match.end("name"), SOURCE, 0.9),
            )
        match = is_named_under(text, piece.start, piece.end)
        match = match or is_named_above(text, piece.start, piece.end)
        if match is not None:
            # The comma behind the name stands for a verb, else the mark before it.
            comma = match.start("mark") if match["mark"] else piece.end - 1
            return (
                Span(comma, comma + 1, CUE, 0.9),
                Span(match.start("name"), match.end("name"), SOURCE, 0.9),
            )
    if _REPORTED.search(text, max(piece.start, piece.end - 3), piece.end + 100) is not None:
        return None
    line = max(0, line_start - 1)
    match = _LABEL.search(text, line, piece.start) or _LISTED.search(text, line, piece.start)
    match = match or _FROM.search(text, low, piece.start) or _SENT_BY.search(text, low, piece.start)
    if match is not None and _SAID_SO.search(text, match.start("name"), match.start("colon")):
        return None
    if match is not None and not piece.quoted and len(match["name"].split()) > _LABEL_WORDS:
        return None
    if match is not None and match["name"].split()[0].lower() not in _NO_LABEL:
        return (
            Span(match.start("colon"), match.end("colon"), CUE, 0.9),
            Span(match.start("name"), match.end("name"), SOURCE, 0.9),
        )
    return None


def _fits(layout: Layout, piece: Piece, name: str) -> bool:
    """Whether what stands behind a dash may be who said it; a headline goes on behind one with more than a name."""
    if layout.paragraphs[layout.paragraph_at(piece.start)].kind == "title":
        return _SIGNATURE.fullmatch(name) is not None
    return len(name.split()) <= _LONGEST_SIGNATURE


def called(layout: Layout, piece: Piece) -> tuple[Piece, Span, Span] | None:
    """Words that a clause of their own hands over, with its cue and source: denounced what Eva Holm called “a lie”.

    A tag that begins with the clause ends up on the quoted words alone: they are not the reporter's of the sentence.
    """
    text = layout.text
    inside = _WHAT_MARKED.match(text, piece.start, piece.end)
    if inside is not None and inside["name"].lower() not in _NO_JOB:
        quoted = piece._replace(start=inside.start("words"), end=inside.end("words"), quoted=True)
        return quoted, Span(*inside.span("cue"), CUE, 0.8), Span(*inside.span("name"), SOURCE, 0.8)
    if not piece.quoted:
        return None
    behind = is_what(text, piece.end)
    if behind is not None:
        return piece, Span(*behind.span("verb"), CUE, 0.8), Span(*behind.span("who"), SOURCE, 0.8)
    low = max(0, layout.sentence_at(piece.start)[0], piece.start - _CLAUSE_REACH)
    match = _WHAT_CALLED.search(text, low, piece.start) or _HEARD.search(text, low, piece.start)
    if match is None:
        return None
    return piece, Span(*match.span("cue"), CUE, 0.8), Span(*match.span("name"), SOURCE, 0.8)


def beside(layout: Layout, cue: Span, names: Sequence[Extent]) -> Span | None:
    """A name or pronoun hard by a cue that has no source: before it, else after it."""
    text = layout.text
    match = _BEFORE.search(text, max(0, cue.start - 12), cue.start)
    if match is not None:
        return Span(match.start(1), match.end(1), SOURCE, 0.5)
    at = bisect_left(names, (cue.start, 0)) - 1
    if (
        at >= 0
        and cue.start - 2 <= names[at][1] <= cue.start
        and not text[names[at][1] : cue.start].strip()
    ):
        return Span(names[at][0], names[at][1], SOURCE, 0.5)
    match = _AFTER.match(text, cue.end)
    if match is not None:
        return Span(match.start(1), match.end(1), SOURCE, 0.5)
    if at + 1 < len(names) and cue.end <= names[at + 1][0] <= cue.end + 1:
        return Span(names[at + 1][0], names[at + 1][1], SOURCE, 0.5)
    if cue_class(text[cue.start : cue.end]) == "spoken" or text[cue.end - 1 : cue.end] == "s":
        described = _described(text, cue.end + 1, names[at + 1 : at + 4])
        job = text[cue.end : names[at + 1][0]].split() if described is not None else []
        if described is not None and job and _is_trade(plain(job[-1])):
            return Span(*described, SOURCE, 0.5)
    return None


def _is_trade(word: str) -> bool:
    return is_job(word) and word not in NOT_NAMES


def hard_before(layout: Layout, cue: Span, people: Sequence[Extent]) -> Span | None:
    """A person named hard before a verb of saying: "the ad shows footage of Eva Holm saying"."""
    at = bisect_left(people, (cue.start, 0)) - 1
    if at < 0 or layout.text[people[at][1] : cue.start] != " ":
        return None
    if cue_class(layout.text[cue.start : cue.end]) != "spoken":
        return None
    return Span(*people[at], SOURCE, 0.6)


def clause_after(layout: Layout, piece: Piece, names: Sequence[Extent]) -> tuple[Span, Span] | None:
    """Cue and source hard behind a quoted piece whose marks close on a comma, an exclamation or a question.

    A name and a finite verb, in either order, report such words whatever the verb is: "...," Eva Holm thundered.
    """
    text = layout.text
    if _CLAUSE_MARK.search(text, max(piece.start, piece.end - 4), piece.end) is None:
        return None
    verb = _SAYS.match(text, piece.end, piece.end + 40)
    at = verb.end() + 1 if verb is not None else piece.end + 1
    pronoun = _SUBJECT.match(text, at - 1, at + 6)
    index = bisect_left(names, (at, 0))
    source = pronoun.span("name") if pronoun else _described(text, at, names[index : index + 3])
    if source is None:
        return None
    verb = verb or _SAYS.match(text, source[1], source[1] + 40)
    if verb is None:
        return None
    return Span(*verb.span("verb"), CUE, 0.6), Span(*source, SOURCE, 0.6)


def clause_before(
    layout: Layout, piece: Piece, people: Sequence[Extent]
) -> tuple[Span, Span] | None:
    """Cue and source hard before a quoted piece: Eva Holm said "..."."""
    at = bisect_left(people, (piece.start, 0)) - 1
    if at < 0:
        return None
    verb = _SAID.fullmatch(layout.text, people[at][1], piece.start)
    if verb is None:
        return None
    return Span(*verb.span("verb"), CUE, 0.6), Span(*people[at], SOURCE, 0.6)


def _described(text: str, at: int, names: Sequence[Extent]) -> Extent | None:
    """A name at a place, or behind a body and a job there that lead to it: "then-Brall candidate Hedda Brun"."""
    for start, end in names:
        job = text[at:start]
        if not job or _JOB.fullmatch(job) is not None:
            if not job or start == names[-1][0] or _JOB.match(text[end : end + 30]) is None:
                return at, end
        elif start - at > _REACH:
            return None
    return None


def reached(text: str, source: Span, names: Sequence[Extent]) -> Span:
    """A source that breaks off within the job before a name, carried on to it: "oil" and gas worker Eva Holm."""
    words = text[source.start : source.end]
    if not words.islower() or words.split()[0] in _NO_JOB:
        return source
    index = bisect_left(names, (source.end, 0))
    if index == len(names) or names[index][0] - source.end > _REACH:
        return source
    between = text[source.end : names[index][0]]
    if _JOB_ON.fullmatch(between) is None or any(w.endswith("ed") for w in between.split()):
        return source
    return Span(source.start, names[index][1], SOURCE, source.score)


def _complete(
    text: str, start: int, end: int, names: Sequence[Extent], starts: list[int]
) -> Extent:
    """Stretch a span over the names that its edges cut."""
    for at in {bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1}:
        if at < 0:
            continue
        first, last = names[at]
        if first < start < last:
            start = first
        if first < end < last:
            end = last
    return start, end


def _trimmed(text: str, start: int, end: int) -> Extent:
    front = _LOOSE_FRONT.match(text, start, end)
    if front is not None and front.end() < end:
        start = front.end()
    relative = _RELATIVE.match(text, start, end)
    if relative is not None:
        return relative.span()
    time = _TIME.search(text, start, end)
    if time is not None and time.start() > start:
        end = time.start()
    low = max(start, end - _LOOSEST)
    back = _LOOSE_BACK.search(text[low:end])
    if back is not None and low + back.start() > start:
        end = low + back.start()
    return start, end
