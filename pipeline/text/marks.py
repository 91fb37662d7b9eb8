"""Quotation marks: the quoted segments of a text, whatever marks it uses."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.text.capitalised import name_of

# A tag's attributes carry quotation marks that quote nobody (`<tweet id="1">`); the bound keeps
# the scan linear.
_TAG: Final = r"<[A-Za-z/!][^<>\n]{0,400}>"
_MARK: Final = re.compile(
    rf"(?P<tag>{_TAG})|(?P<line>[\n\r\u2028\u2029]+)"
    r"|(?P<mark>``|''|[\"\uff02\u201c-\u201f\u00ab\u00bb\u2039\u203a'\u2018-\u201b`])"
)
_STYLE: Final = {
    '"': "double", "\uff02": "double", "\u201c": "double", "\u201d": "double", "\u201e": "double",
    "\u201f": "double", "``": "double", "''": "double",
    "\u00ab": "guillemet", "\u00bb": "guillemet",
    "\u2039": "single guillemet", "\u203a": "single guillemet",
    "'": "single", "\u2018": "single", "\u2019": "single", "\u201a": "single", "\u201b": "single",
    "`": "single",
}  # fmt: skip
_OPENING: Final = frozenset("\u201c\u201e\u201f\u00ab\u2039\u2018\u201a\u201b`") | {"``"}
_CLOSING: Final = frozenset("\u201d\u00bb\u203a\u2019") | {"''"}
# Marks whose shape binds them: these never change sides without a partner of the other shape
# beside them.
_LOW: Final = frozenset("\u201e\u201a")
_BEFORE_OPENING: Final = frozenset("([{<-\u2010\u2011\u2012\u2013\u2014\u2015/:=>\u00bf\u00a1")
_END_PUNCTUATION: Final = frozenset(".,!?;:\u2026")
_ELISION: Final = re.compile(
    r"(?:\d0?s?\b|\d\d(?:s\b|\b)|(?:tis|twas|twere|til|till|em|im|er|cause|bout|round|n|cos|coz|fraid|nother|nuff|s|t|re|ve|ll|d|m)\b)",
    re.IGNORECASE,
)
_INCHES: Final = re.compile(
    r"(?<![\w.,])(?:\d+['\u2019\u2032] ?)?\d{1,3}(?:[.\u00bd\u00bc\u00be]\d{0,2})?$"
)
_THING: Final = re.compile(r"[ -][a-z]")
_FEET: Final = re.compile(r"\d['\u2019\u2032] ?\d{1,2}$")
_WORD: Final = re.compile(r"[^\W_]")
_SENTENCE: Final = re.compile(r"[.!?\u2026][)\]]?\s+(?=[^\W\d_a-z])")
_WHO: Final = rf"(?:{name_of(1, 4)}|he|she|they)"
_REPORT: Final = re.compile(
    rf"\w(?P<comma>[,!?]) (?:{_WHO} (?:said|says|added|told \w+|wrote|replied|asked)"
    rf"|(?:said|says|added) {_WHO})(?=[.,;])"
)
_DEPTH: Final = 4


class Segment(NamedTuple):
    """A quoted stretch of one paragraph, its marks included where they are present.

    ``start`` and ``end`` count code points, ``end`` exclusive. ``opened`` and ``closed`` tell
    whether the opening and the
    closing mark are there. ``style`` is ``double``, ``single``, ``guillemet`` or ``single guillemet``.
    """

    start: int
    end: int
    opened: bool
    closed: bool
    style: str


class _Mark(NamedTuple):
    start: int
    end: int
    text: str
    can_open: bool
    can_close: bool


@lru_cache(maxsize=8)
def segments(text: str) -> tuple[Segment, ...]:
    """Every quoted segment of ``text``, ordered by start, the enclosing one before what it encloses.

    Takes straight, curly, low and full-width marks, guillemets both ways round, `` and '', and single marks told from
    apostrophes, mixed as they come. Paragraphs (lines) are read independently, so an odd mark spoils one at most. An
    opening mark without a partner runs to the paragraph's end, or to the next quotation at its level; a closing mark
    without one reaches back to the paragraph's start or, after another segment, to the next sentence's. Markup tags are
    stepped over. A segment with no letter or digit in it is none. Time and memory grow in line with the text. Never
    raises. Kept for the next who asks: the tagger's features and the reading of its spans want the same.
    """
    found: list[Segment] = []
    start = 0
    marks: list[_Mark] = []
    for match in _MARK.finditer(text):
        kind = match.lastgroup
        if kind == "line":
            if marks:
                found += _paragraph(text, start, match.start(), marks)
                marks = []
            start = match.end()
        elif kind == "mark":
            mark = _classify(text, match.start(), match.end())
            if mark is not None:
                marks.append(mark)
    if marks:
        found += _paragraph(text, start, len(text), marks)
    return tuple(found)


def _classify(text: str, start: int, end: int) -> _Mark | None:
    """The mark at ``start`` with the sides it may stand on, or None for an apostrophe or a sign of measure."""
    symbol = text[start:end]
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    free_left = before.isspace() or before in _BEFORE_OPENING or before in _STYLE
    free_right = not after.isalnum()
    if _STYLE[symbol] == "single":
        return _classify_single(text, start, end, free_left, free_right)
    if symbol in '"\uff02' and before.isdigit() and _FEET.search(text, max(0, start - 6), start):
        return None
    if symbol in _LOW:
        return _Mark(start, end, symbol, True, False)
    can_open = free_left and not after.isspace()
    can_close = not before.isspace() and (free_right or not free_left)
    if before in _STYLE and after in _STYLE:
        can_open = can_close = True
    return _Mark(start, end, symbol, can_open, can_close)


def _classify_single(
    text: str, start: int, end: int, free_left: bool, free_right: bool
) -> _Mark | None:
    symbol = text[start:end]
    if symbol == "\u201a":
        return _Mark(start, end, symbol, True, False)
    if not free_left and not free_right:
        return None
    elided = free_left and _ELISION.match(text, end) is not None
    can_open = free_left and not text[end : end + 1].isspace() and end < len(text)
    can_open = can_open and symbol != "\u2019" and not elided
    can_close = (
        free_right and start > 0 and not text[start - 1].isspace() and symbol not in "\u2018`"
    )
    if not can_open and not can_close:
        return None
    return _Mark(start, end, symbol, can_open, can_close)


def _paragraph(text: str, start: int, end: int, marks: list[_Mark]) -> list[Segment]:
    """The segments of the paragraph ``text[start:end]`` given its marks."""
    heed()
    families: dict[str, list[_Mark]] = {}
    for mark in marks:
        families.setdefault(_STYLE[mark.text], []).append(mark)
    while end > start and text[end - 1].isspace():
        end -= 1
    found: list[Segment] = []
    for style in ("double", "guillemet", "single guillemet"):
        if style in families:
            family = _without_measures(text, families[style])
            found += _pair(text, start, end, family, style) if family else []
    if "single" in families:
        found += _without_crossing(_pair_single(text, start, end, families["single"]), found)
    found = [s for s in found if _has_words(text, s)]
    return sorted(found, key=lambda s: (s.start, -s.end))


def _without_measures(text: str, marks: list[_Mark]) -> list[_Mark]:
    """The marks but for those that stand for inches: behind a number where nothing is open to be closed, or where a
    thing follows that is so long and the next mark closes what is open: "the 12" pipe broke," he said.
    """
    kept: list[_Mark] = []
    is_open = False
    for index, mark in enumerate(marks):
        if mark.can_open == mark.can_close:
            is_open = not is_open
        elif mark.can_open:
            is_open = True
        elif _INCHES.search(text, max(0, mark.start - 8), mark.start) is None:
            is_open = False
        elif not is_open:
            continue
        elif _THING.match(text, mark.end) and not any(
            m.can_open for m in marks[index + 1 : index + 2]
        ):
            if index + 1 < len(marks):
                continue
            is_open = False
        else:
            is_open = False
        kept.append(mark)
    return kept


def _has_words(text: str, segment: Segment) -> bool:
    return _WORD.search(text, segment.start, segment.end) is not None


def _pair(text: str, start: int, end: int, marks: list[_Mark], style: str) -> list[Segment]:
    """Pair marks by the sides they can stand on; where that leaves one over and turn-taking does not, by turns."""
    found = _by_sides(text, start, end, marks, style)
    if all(s.opened and s.closed for s in found) or len(marks) % 2:
        return found
    if any(mark.text not in '"\uff02' for mark in marks):
        return found
    turns = zip(marks[::2], marks[1::2], strict=True)
    return [Segment(a.start, b.end, True, True, style) for a, b in turns]


def _by_sides(text: str, start: int, end: int, marks: list[_Mark], style: str) -> list[Segment]:
    open_marks: list[_Mark] = []
    found: list[Segment] = []
    reached = start
    for mark in marks:
        if _opens(mark, open_marks):
            if len(open_marks) < _DEPTH:
                open_marks.append(mark)
        elif open_marks:
            found.append(Segment(open_marks.pop().start, mark.end, True, True, style))
            reached = mark.end
        else:
            begin = _unopened(text, start, reached, mark.start)
            if begin is not None:
                found.append(Segment(begin, mark.end, False, True, style))
            reached = mark.end
    if open_marks:
        found += _unclosed(text, end, open_marks, found, style)
    return found


def _unopened(text: str, start: int, reached: int, end: int) -> int | None:
    """Where the words before a lone closing mark begin: with the paragraph, or, after another
    quotation, with the next sentence. None where no sentence begins there: the mark is a stray one.
    """
    if reached > start:
        sentence = _SENTENCE.search(text, reached, end)
        return sentence.end() if sentence else None
    while reached < end and text[reached].isspace():
        reached += 1
    return reached


def _opens(mark: _Mark, open_marks: list[_Mark]) -> bool:
    """Whether ``mark`` opens a segment, given the marks still open before it."""
    if mark.text in _LOW:
        return True
    if open_marks and open_marks[-1].text in _LOW:
        return False
    if mark.can_open != mark.can_close:
        if mark.text in _CLOSING and open_marks:
            return open_marks[-1].text in _CLOSING and mark.text not in _CLOSING
        return mark.can_open or (mark.text in _OPENING and not open_marks)
    if mark.text in _OPENING:
        # Guillemets may be turned about: what »opens« is closed by what opens elsewhere.
        return not (open_marks and open_marks[-1].text in _CLOSING)
    if mark.text in _CLOSING:
        return False
    return not open_marks


def _unclosed(
    text: str, end: int, open_marks: list[_Mark], found: list[Segment], style: str
) -> list[Segment]:
    """Segments for marks that nothing closed: to the next quotation of a sentence's weight, else to the end."""
    starts = [s.start for s in found if _weighty(text, s)]
    starts.sort()
    made: list[Segment] = []
    for i, mark in enumerate(open_marks):
        limit = open_marks[i + 1].start if i + 1 < len(open_marks) else end
        k = bisect_right(starts, mark.start)
        if k < len(starts):
            limit = min(limit, starts[k])
        reported = _REPORT.search(text, mark.end, limit)
        if reported is not None:
            # What reports the words stands behind them, where the mark that closes them is missing.
            limit = reported.start("comma") + 1
        while limit > mark.end and text[limit - 1].isspace():
            limit -= 1
        made.append(Segment(mark.start, limit, True, False, style))
    return made


def _weighty(text: str, segment: Segment) -> bool:
    """Whether a closed segment is speech of its own rather than a few words quoted inside another's."""
    inner = text[segment.start : segment.end].rstrip("\"\u201d'\u2019\u00bb\u201c")
    return inner[-1:] in _END_PUNCTUATION or inner.count(" ") >= 6


def _pair_single(text: str, start: int, end: int, marks: list[_Mark]) -> list[Segment]:
    """Pair single marks, stepping over apostrophes and plural possessives."""
    found: list[Segment] = []
    opening: _Mark | None = None
    doubtful: _Mark | None = None
    for mark in marks:
        if opening is None:
            if mark.can_open:
                opening = mark
        elif mark.can_open and not mark.can_close:
            if doubtful is not None:
                found.append(Segment(opening.start, doubtful.end, True, True, "single"))
            opening, doubtful = mark, None
        elif _possessive(text, mark):
            doubtful = doubtful or mark
        elif mark.can_close:
            found.append(Segment(opening.start, mark.end, True, True, "single"))
            opening = doubtful = None
    if opening is not None and doubtful is not None:
        found.append(Segment(opening.start, doubtful.end, True, True, "single"))
    elif opening is not None and _continues(text, start, end, opening):
        found.append(Segment(opening.start, end, True, False, "single"))
    return found


def _possessive(text: str, mark: _Mark) -> bool:
    """`the workers' rights`: an s before, a space and a small letter after."""
    after = text[mark.end : mark.end + 2]
    return text[mark.start - 1] in "sS" and after[:1] == " " and after[1:].islower()


def _continues(text: str, start: int, end: int, opening: _Mark) -> bool:
    """Whether a lone single mark opens a paragraph that quotes to its end, and is no elision or bullet."""
    lead = text[start : min(opening.start, start + 3)]
    return (
        not lead.strip()
        and opening.start - start < 3
        and text[opening.end : opening.end + 1].isupper()
        and text[end - 1] in _END_PUNCTUATION
        and text.count(" ", opening.end, end) >= 4
    )


def _without_crossing(singles: list[Segment], others: list[Segment]) -> list[Segment]:
    """The single-quoted segments that lie wholly inside or outside every other segment."""
    edges = sorted({s.start for s in others if s.opened} | {s.end for s in others if s.closed})
    outer = sorted((s.start, s.end) for s in others)
    kept: list[Segment] = []
    for single in singles:
        low, high = bisect_right(edges, single.start), bisect_left(edges, single.end)
        if low == high or _balanced(outer, single):
            kept.append(single)
    return kept


def _balanced(outer: list[tuple[int, int]], single: Segment) -> bool:
    """Whether the segments that begin inside ``single`` end there too, and none ends inside that began before."""
    first = bisect_left(outer, (single.start, 0))
    last = bisect_left(outer, (single.end, 0))
    inside = all(stop <= single.end for _, stop in outer[first:last])
    before = outer[max(0, first - _DEPTH) : first]
    return inside and not any(single.start < stop < single.end for _, stop in before)
