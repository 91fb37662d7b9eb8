"""Stretches: the words of a paragraph that stand between marks or behind a dash, and what reports them inside.

A pair of marks or a line behind a dash may hold its own report: «Так, — сказала вона, — підемо», « Nous partons, a dit
la maire, demain ». Then the words are two stretches of one quotation, and the report is the paragraph's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.text.marks import Segment, segments

_PARAGRAPH: Final = re.compile(r"[^\n\r\u2028\u2029]+")
_DASH_LINE: Final = re.compile(r"\s*(?:[\u2014\u2013]\s*|-\s+)(?=\S)")
_DASH_INSIDE: Final = re.compile(r"(?<=[.!?\u2026:])\s+[\u2014\u2013]\s?(?=[^\W\d_a-z])")
# A dash that parts words and report: with a space at one side at least.
_PARTING: Final = re.compile(
    r"(?<=\s)[\u2014\u2013](?=\S)|[\u2014\u2013](?=[\s.,:;!?]|$)|(?<=\s)-(?=\s)"
)
_CORNERS: Final = re.compile(r"[\u300c\u300e](?P<inner>[^\u300c-\u300f\n]{1,2000})[\u300d\u300f]")
_EDGES: Final = (
    "\"'\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2039\u203a"
    "\u300c\u300d\u300e\u300f \t\u00a0\u202f\u2009"
)
_TOKEN: Final = re.compile(r"[^\W\d_]+")
_SPLIT_TOKEN: Final = re.compile(r"[^\W\d_]+(?:[-'\u2019\u02bc][^\W\d_]+)*")
_FIRST_WORDS: Final = 4
_LONGEST: Final = 110


class Stretch(NamedTuple):
    """Words that somebody says, ``[start, end)``, the marks included.

    `pair` numbers the pair of marks, or the line, that it stands in; `dash` tells a line behind a dash; `closed` is
    False where the mark that ends it is missing, so that the next paragraph may go on with it.
    """

    start: int
    end: int
    pair: int
    dash: bool
    closed: bool

    def words(self, text: str) -> str:
        """The words without the marks at their edges."""
        return text[self.start : self.end].strip(_EDGES)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where each line that holds anything starts and ends."""
    return (found.span() for found in _PARAGRAPH.finditer(text) if not found.group().isspace())


def stretches(text: str, start: int, end: int, pack: Pack | None) -> list[Stretch]:
    """The stretches of the paragraph ``[start, end)``, in order, none inside another."""
    line = text[start:end]
    found = [
        (start + one.start, start + one.end, one.closed)
        for one in segments(line)
        if one.style != "single"
    ]
    found += [(start + one.start(), start + one.end(), True) for one in _CORNERS.finditer(line)]
    made: list[Stretch] = []
    reached = start
    for number, (a, b, closed) in enumerate(sorted(found, key=lambda one: (one[0], -one[1]))):
        if a < reached:
            continue
        reached = b
        spoken = _spoken(text, a, b, pack) if pack is not None else [(a, b)]
        made += [Stretch(x, y, number, False, closed) for x, y in spoken]
    if pack is not None and (lead := _DASH_LINE.match(line)):
        return _behind_dash(text, start + lead.end(), end, pack, made)
    if pack is not None and (lead := _DASH_INSIDE.search(line)):
        return _behind_words(text, start + lead.end(), end, pack, made)
    return made


def _behind_words(
    text: str, start: int, end: int, pack: Pack, marked: list[Stretch]
) -> list[Stretch]:
    """The stretches behind a dash amid a line, where a report between dashes follows; else those between marks."""
    spoken = _between_dashes(text, start, end, pack)
    before = [one for one in marked if one.end <= start]
    inner = [
        one
        for one in marked[len(before) :]
        if any(a <= one.start and one.end <= b for a, b in spoken)
    ]
    if spoken[0][1] == end or len(before) + len(inner) < len(marked):
        return marked
    number = len(before)
    return before + [Stretch(a, b, number, True, True) for a, b in spoken]


def within(text: str, start: int, found: Sequence[Segment], one: Stretch) -> list[Stretch]:
    """The words between marks within a stretch; of those in one another the outer.

    `found` is what stands between marks in its paragraph, which begins at `start`.
    """
    made: list[Stretch] = []
    reached = one.start + (0 if one.dash else 1)
    first = bisect_left(found, reached - start, key=attrgetter("start"))
    last = bisect_left(found, one.end - start, key=attrgetter("start"))
    for number, inner in enumerate(found[first:last], first):
        a, b = start + inner.start, start + inner.end
        if a < reached or b > one.end or not inner.opened:
            continue
        if len(_TOKEN.findall(text, a, b)) > 1:
            made.append(Stretch(a, b, number, False, inner.closed))
            reached = b
    return made


def _behind_dash(
    text: str, start: int, end: int, pack: Pack, marked: list[Stretch]
) -> list[Stretch]:
    """The stretches of a line that begins with a dash; those between marks where nothing reports it."""
    spoken = _between_dashes(text, start, end, pack)
    if len(spoken) == 1 and spoken[0][1] == end and pack.reports_inside:
        spoken = _between_commas(text, start, end, pack)
    if len(spoken) == 1 and spoken[0][1] == end:
        # Nothing in it reports: a question of an interview, or a point of a list.
        whole = text[start:end].rstrip()
        if whole[-1:] not in "?!.\u2026" or " " not in whole or (marked and whole[-1:] != "?"):
            return marked
        return [Stretch(start, start + len(whole), 0, True, True)]
    return [Stretch(a, b, 0, True, True) for a, b in spoken]


def _spoken(text: str, start: int, end: int, pack: Pack) -> list[tuple[int, int]]:
    """What of ``[start, end)``, one pair of marks, is said, where its report stands inside."""
    spoken = _between_dashes(text, start, end, pack)
    if len(spoken) > 1 or spoken[0] != (start, end):
        return spoken
    return _between_commas(text, start, end, pack) if pack.reports_inside else spoken


def _between_dashes(text: str, start: int, end: int, pack: Pack) -> list[tuple[int, int]]:
    cuts = [start, *(start + dash.start() for dash in _PARTING.finditer(text[start:end])), end]
    if len(cuts) == 2:
        return [(start, end)]
    spoken: list[tuple[int, int]] = []
    for at, (a, b) in enumerate(pairwise(cuts)):
        begin = a if at == 0 else a + 1
        if at > 0 and _reports(text[begin:b], pack):
            continue
        if at > 0 and spoken and spoken[-1][1] == a:
            spoken[-1] = (spoken[-1][0], b)
        else:
            spoken.append((begin, b))
    trimmed = [_trimmed(text, a, b) for a, b in spoken]
    return [(a, b) for a, b in trimmed if _TOKEN.search(text, a, b)] or [(start, end)]


def _reports(words: str, pack: Pack) -> bool:
    """Whether words between dashes tell who speaks: a verb of saying stands at their beginning, in small letters."""
    first = words.lstrip()
    if pack.script == "cased" and (not first or not first[0].islower()):
        return False
    tokens = _SPLIT_TOKEN.findall(first)[:_FIRST_WORDS]
    return any(
        is_saying(token.lower(), pack) or pack.is_document(token.lower()) for token in tokens
    )


def is_saying(low: str, pack: Pack) -> bool:
    """Whether a word as printed, hyphens and all, is a verb of saying: "dit-elle", "disse-lhe"."""
    return pack.is_verb(low) or any(
        pack.is_verb(part) for part in re.split(r"[-'\u2019]", low)[:2] if len(part) > 2
    )


def _between_commas(text: str, start: int, end: int, pack: Pack) -> list[tuple[int, int]]:
    """« Nous partons, a dit la maire, Anne Castel, dès demain »: the verb stands right behind the comma."""
    inner = text[start:end]
    for comma in re.finditer(r"[,!?]\s+", inner):
        if len(_TOKEN.findall(inner[: comma.start()])) < 2:
            continue
        rest = inner[comma.end() : comma.end() + _LONGEST]
        tokens = list(_SPLIT_TOKEN.finditer(rest))[:3]
        if not tokens or not rest[0].islower() or not _inverted(tokens, pack):
            continue
        stop = _end_of_report(rest)
        if stop is None:
            continue
        after = start + comma.end() + stop
        first = (start, start + comma.start() + 1)
        last = _trimmed(text, after, end)
        return [first, last] if _TOKEN.search(text, *last) else [first]
    return [(start, end)]


def _inverted(tokens: Sequence[re.Match[str]], pack: Pack) -> bool:
    """Whether words begin with a verb of saying, or with what helps one: "a déclaré", "a-t-il dit", "ha detto"."""
    first = tokens[0].group().lower()
    if is_saying(first, pack):
        return True
    if first in {"se", "si"}:
        return len(tokens) > 1 and is_saying(tokens[1].group().lower(), pack)
    helps = first in {"a", "ont", "ha", "hanno", "avait", "aveva"} or re.fullmatch(
        r"(?:a|ont|avait)-t?-?(?:il|elle|ils|elles|on)|s['\u2019](?:est|était)(?:-\w+)?", first
    )
    return bool(helps) and len(tokens) > 1 and is_saying(tokens[1].group().lower(), pack)


def _end_of_report(rest: str) -> int | None:
    """Where the report ends: at a comma or stop, behind the name that an apposition gives."""
    stop = re.search(r"(?<!\bM)(?<!\bMme)[,.!?;\u00bb\u201d]", rest)
    if stop is None:
        return None
    named = re.match(
        r",\s+(?:[A-Z\u00c0-\u00de][\w'\u2019-]*\s?){2,4}(?=[,.])", rest[stop.start() :]
    )
    return stop.end() if named is None else stop.start() + named.end() + 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (
        text[start].isspace() or (text[start] in ",;:.\u2026" and text[start : start + 3] != "...")
    ):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
