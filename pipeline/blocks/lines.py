"""Which lines of a flat text are the article, and what kind each line is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.pipeline.blocks import line_patterns as p
from onrecord.pipeline.blocks.line_features import Matrix, column

# So many lines of dirt in a row end a region of a page. The nets see the page as a whole: beside the best region, only
# one of next to nothing goes (0.947; 0.938 where it must be a quarter as good, sites held out).
_GAP = 20
_SHARE = 0.1
_STRONGEST = 6.0
_KEEP_AT_LEAST = 1.0
_TRANSCRIPT = re.compile(r"^[A-ZÀ-Þ][\w.’' -]{0,40}:\s+\S")
_LONGEST_TITLE = 320
_PARAGRAPH, _CREDIT = 2000, 200
_QUOTATION = re.compile(
    '“[^“”]{12,800}”|"[^"]{12,800}"|«[^«»]{12,800}»|„[^„“”]{12,800}[“”]|»[^«»]{12,800}«'
)
_WORD = re.compile(r"[a-z]+")
_FULL_STOP = re.compile(r"[.:,;…]['\"”’)\]]*$")


class Line(NamedTuple):
    """A line that is not blank, without the white space around it: offsets and text."""

    start: int
    end: int
    text: str


def split(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    lines: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        line = raw.strip()
        if line:
            start = at + len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(line), line))
        at += len(raw) + 1
    return lines


def choose(scores: Matrix, lines: Sequence[str], table: Matrix) -> list[bool]:
    """Whether each line belongs to the article, from its score and the company it keeps."""
    if not len(lines):
        return []
    adjusted = scores + _certain(lines, table)
    # Every text has an article in it, however unlike the ones the classifier knows.
    adjusted = adjusted + max(0.0, _KEEP_AT_LEAST - float(adjusted.max()))
    kept = np.flatnonzero(adjusted > 0)
    regions = np.split(kept, np.flatnonzero(np.diff(kept) > _GAP) + 1)
    words = np.expm1(column(table, "words"))
    strength = [
        float((np.minimum(adjusted[region], _STRONGEST) * np.sqrt(words[region])).sum())
        for region in regions
    ]
    keep = np.zeros(len(lines), bool)
    for region, value in zip(regions, strength, strict=True):
        if value >= _SHARE * max(strength):
            keep[region] = True
    return [bool(flag) for flag in keep]


def _certain(lines: Sequence[str], table: Matrix) -> npt.NDArray[np.float32]:
    """What is certain whatever the classifier says: counters, spam and forms out; speech in clean surroundings in."""
    out = np.zeros(len(lines), np.float32)
    never = (
        column(table, "counter") + column(table, "spam") + column(table, "comment_form") > 0
    ) & (column(table, "words") < np.log1p(200))
    taken = [p.TAKEN_BY.search(line[-_CREDIT:]) is not None for line in lines]
    never |= np.array(taken, bool) & (column(table, "words") < np.log1p(60))
    out[never] = -20
    spoken = (column(table, "opens_quote") > 0) & (column(table, "words") > np.log1p(3))
    transcript = np.array([_TRANSCRIPT.match(line[:80]) is not None for line in lines])
    clean = (column(table, "dirty") == 0) & (column(table, "window_dirty") < 0.2)
    out[(spoken | transcript) & clean & ~never] = 2.5
    # A paragraph that reports speech is the article's, however dirty the lines beside it.
    reported = np.array([_reports_speech(line[:_PARAGRAPH]) for line in lines], bool)
    out[reported & (column(table, "after_comments") == 0) & ~never] = 2.5
    # A text without menus has no lines that belong to menus; headlines of others it may have.
    menu = (column(table, "dirty") > 0) & (column(table, "words") < np.log1p(15))
    if float(np.mean(menu)) < 0.1:
        other = (
            (column(table, "title_case_share") > 0.6)
            & (column(table, "end_mark") == 0)
            & (column(table, "words") > np.log1p(4))
        )
        clean = (column(table, "dirty") == 0) & ~never & ~other
        out[clean] += 2.0
        # A short sentence, or the rest of one, between paragraphs: dirt is neither.
        whole = (column(table, "end_mark") > 0) | (column(table, "lower_start") > 0)
        out[clean & whole & (column(table, "wide_prose") > 0)] += 6.0
    out[_alternatives(lines, table)] = -20
    return out


def _reports_speech(line: str) -> bool:
    """Whether a line is of several sentences, with a closed quotation and a verb of speech outside it; no link."""
    if not p.QUOTE.search(line) or not p.SENTENCE.search(line) or not p.END_MARK.search(line):
        return False
    if p.RELATED.match(line) or p.BULLET.match(line) or p.CREDIT.search(line):
        return False
    told, quotations = _QUOTATION.subn(" ", line)
    return quotations > 0 and any(word in p.SPEECH for word in _WORD.findall(told.lower()))


def _alternatives(lines: Sequence[str], table: Matrix) -> npt.NDArray[np.bool_]:
    """Lines that tell blind readers what a picture shows: short, without a verb, beside its caption."""
    credit = (column(table, "credit") > 0) & (column(table, "words") < np.log1p(80))
    beside = np.zeros(len(lines), bool)
    beside[:-1] |= credit[1:]
    beside[1:] |= credit[:-1]
    found = np.zeros(len(lines), bool)
    for at in np.flatnonzero(beside & (column(table, "words") < np.log1p(16))).tolist():
        line = lines[at]
        found[at] = (
            bool(p.DOING.match(line)) and not p.FINITE.search(line) and not p.QUOTE.search(line)
        )
    return found


def kinds(
    lines: Sequence[str], keep: Sequence[bool], table: Matrix, title: str | None
) -> list[str]:
    """The kind of each line, a name of BLOCK_KINDS."""
    headline = _title_line(lines, keep, table, title)
    first = next((at for at, flag in enumerate(keep) if flag), 0)
    last = max((at for at, flag in enumerate(keep) if flag), default=-1)
    commenting = False
    out = []
    for at, line in enumerate(lines):
        head = line[:600]
        if at == headline:
            out.append("title")
        elif keep[at]:
            out.append("heading" if _is_heading(lines, at, first) else "body")
        else:
            commenting = commenting or (at > first and _opens_comments(head))
            inside = first < at < last
            out.append("comment" if commenting else _dirt(head, at < first, inside))
    return out


def _title_line(
    lines: Sequence[str], keep: Sequence[bool], table: Matrix, title: str | None
) -> int | None:
    """The line of the headline: the one like the title that the source gives, else the last fit before the text."""
    prose = column(table, "prose")
    text = next(
        (
            at
            for at in range(len(lines))
            if keep[at] and prose[at] > 0 and not (at == 0 and _like_title(lines[0]))
        ),
        None,
    )
    overlap = column(table, "title_overlap")
    if title:
        near = [at for at in range(text or len(lines)) if overlap[at] > 0.6]
        if near:
            return max(near, key=lambda at: (overlap[at], at))
    if text is None:
        return 0 if len(lines) > 1 and keep[0] and _like_title(lines[0]) else None
    fit = [at for at in range(max(0, text - 12), text) if _like_title(lines[at])]
    if not fit:
        return None
    # Right below the headline may stand one line more that reads like one.
    last = fit[-1]
    above = last - 1
    if above in fit and not _crumbs(lines, above):
        return above if 2 * len(lines[above].split()) >= len(lines[last].split()) else last
    return last


def _crumbs(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the next one with the path of its page before it: 'Home Coast Ferry to run at night'."""
    return at + 1 < len(lines) and lines[at] != lines[at + 1] and lines[at].endswith(lines[at + 1])


def _like_title(line: str) -> bool:
    if not 3 <= len(line.split()) <= 50 or len(line) > _LONGEST_TITLE:
        return False
    return not (
        _FULL_STOP.search(line)
        or p.BULLET.match(line)
        or p.STAMP.match(line)
        or p.BYLINE.match(line)
        or p.COUNTER.match(line)
        or p.RELATED.match(line)
        or p.CREDIT.search(line)
        or p.CLOCK.search(line)
        or (p.DATE.search(line) and len(line.split()) < 8)
        or p.ADDRESS.search(line)
        or p.SUBSCRIBE.search(line)
        or p.LEGAL.search(line)
        or p.SOCIAL.search(line)
        or p.PERSON_LINE.match(line)
    )


def _is_heading(lines: Sequence[str], at: int, first: int) -> bool:
    line = lines[at]
    return (
        at > first
        and len(line.split()) <= 12
        and len(line) < 100
        and not p.END_MARK.search(line)
        and not line.endswith((":", ",", ";", "…", "-", "–"))
        and not p.OPENS_QUOTE.match(line)
        and not p.BULLET.match(line)
        and not _TRANSCRIPT.match(line)
        and any(map(str.isalpha, line))
    )


def _opens_comments(line: str) -> bool:
    if p.is_spam(line):
        return True
    return (p.COMMENTS_HEAD.match(line) or p.COMMENT_FORM.search(line)) is not None


def _dirt(line: str, before: bool, inside: bool) -> str:
    words = len(line.split())
    if p.COUNTER.match(line):
        return "other"
    if p.ADVERT.search(line) and words < 12:
        return "advert"
    if p.RELATED.match(line):
        return "related"
    if p.BYLINE.match(line) or p.STAMP.match(line) or p.BIO.search(line):
        return "byline"
    if p.CREDIT.search(line) or p.TAKEN_BY.search(line[-_CREDIT:]):
        return "caption"
    if p.LEGAL.search(line):
        return "other"
    if p.SUBSCRIBE.search(line):
        return "advert"
    if p.BULLET.match(line) or p.SOCIAL.search(line) or words < 4:
        return "byline" if inside and p.PERSON_LINE.match(line) and words > 1 else "navigation"
    if p.SHOWS.search(line) or (p.END_MARK.search(line) and inside):
        return "caption"
    return "navigation" if before and words < 6 else "related"
