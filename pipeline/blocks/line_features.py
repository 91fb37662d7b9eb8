"""What is measured of each line of a flat text: the line itself, its place, and which words it is of.

Everything is one pass over the lines, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log1p
from zlib import crc32

import numpy as np
import numpy.typing as npt

from onrecord.pipeline.blocks import line_patterns as p
from onrecord.pipeline.machine.deadline import heed

Matrix = npt.NDArray[np.float32]

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
# Patterns look at the ends of a line only: a page may be one line of a million characters.
_HEAD, _TAIL = 400, 150
# Scripts of so many letters that two of them are a word.
_PAIRED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")

OWN = (
    "words",
    "chars",
    "end_mark",
    "colon",
    "bullet",
    "function_share",
    "lower_share",
    "title_case_share",
    "upper_share",
    "digit_share",
    "sentences",
    "quote",
    "opens_quote",
    "address",
    "handle",
    "date",
    "clock",
    "stamp",
    "byline",
    "credit",
    "shows",
    "related",
    "subscribe",
    "legal",
    "social",
    "advert",
    "counter",
    "comments_head",
    "comment_form",
    "spam",
    "joined",
    "separated",
    "emoji",
    "money",
    "person_line",
    "bio",
    "credited",
    "about",
    "speech",
    "third",
    "second",
    "commas",
    "word_length",
    "lower_start",
    "paren_end",
    "foreign",
    "unspaced",
    "asks",
    "trails_off",
    "first",
    "distinct",
)
PLACE = (
    "prose",
    "dirty",
    "copies",
    "title_overlap",
    "from_start",
    "from_end",
    "position",
    "lines",
    "prose_share",
    "prose_before",
    "prose_after",
    "since_prose",
    "until_prose",
    "window_prose",
    "window_dirty",
    "wide_prose",
    "in_run",
    "to_run",
    "after_comments",
    "after_related",
    "words_before",
    "median_ratio",
    "topic",
)
NAMES = (*OWN, *PLACE)
BUCKETS, MOST_WORDS = 4096, 16
"""Into how many numbers words fall (two words may share one), and how many of a line are looked at."""
_AT = {name: index for index, name in enumerate(NAMES)}
_DIRTY = (
    "bullet",
    "address",
    "handle",
    "clock",
    "stamp",
    "byline",
    "credit",
    "related",
    "subscribe",
    "legal",
    "social",
    "advert",
    "counter",
    "comments_head",
    "comment_form",
    "spam",
    "joined",
    "separated",
    "emoji",
)


def own(line: str) -> list[float]:
    """The values of OWN for one line, in that order."""
    head = line[:_HEAD]
    tail = line[-_TAIL:]
    ends = head if len(line) <= _HEAD else f"{head[:_TAIL]} {tail}"
    words = _WORD.findall(head)
    count = max(1, len(words))
    letters = sum(map(str.isalpha, head)) or 1
    lowered = [word.lower() for word in words]
    alphabetic = [word for word in words if word[0].isalpha()]
    known = frozenset(lowered)
    if len(line) > _HEAD:
        known |= frozenset(_WORD.findall(tail.lower()))
    total = len(words) if len(line) <= _HEAD else len(line) / 6
    foreign = unspaced = 0
    if not head.isascii():
        foreign = sum(map("\u024f".__lt__, filter(str.isalpha, head)))
        unspaced = len(p.UNSPACED.findall(head)) if foreign else 0
        # A word of such a script is some two letters.
        total += unspaced / 2 if len(line) <= _HEAD else unspaced / letters * len(line) / 3
    return [
        log1p(total),
        log1p(len(line)),
        float(p.END_MARK.search(tail) is not None),
        float(tail.endswith((":", ",", ";"))),
        float(p.BULLET.match(head) is not None),
        sum(word in p.FUNCTION_WORDS for word in lowered) / count,
        sum(word[0].islower() for word in alphabetic) / count,
        sum(word[0].isupper() and len(word) > 3 for word in alphabetic) / count,
        sum(map(str.isupper, head)) / letters,
        sum(map(str.isdigit, head)) / max(1, len(head)),
        log1p(len(p.SENTENCE.findall(head))),
        float(p.QUOTE.search(head) is not None),
        float(p.OPENS_QUOTE.match(head) is not None),
        float(p.ADDRESS.search(ends) is not None),
        float(p.HANDLE.search(ends) is not None),
        float(p.DATE.search(ends) is not None),
        float(p.CLOCK.search(ends) is not None),
        float(p.STAMP.match(head) is not None),
        float(p.BYLINE.match(head) is not None and len(line) < 160),
        _hits(p.CREDIT, known, ends, 1),
        _hits(p.SHOWS, known, head, 1),
        float(p.RELATED.match(head) is not None),
        _hits(p.SUBSCRIBE, known, head, 3),
        _hits(p.LEGAL, known | {"c"} if "©" in head else known, head, 3),
        _hits(p.SOCIAL, known, head, 3),
        _hits(p.ADVERT, known, head, 1),
        float(p.COUNTER.match(head) is not None),
        float(p.COMMENTS_HEAD.match(head) is not None and len(line) < 80),
        _hits(p.COMMENT_FORM, known, head, 1),
        float(p.is_spam(ends)),
        float(p.JOINED.search(head) is not None),
        float(p.SEPARATED.search(head) is not None),
        float(p.EMOJI.search(head) is not None),
        float(p.MONEY.search(head) is not None),
        float(p.PERSON_LINE.match(head) is not None),
        _hits(p.BIO, known, ends, 1),
        _hits(p.CREDITED, known, head, 1),
        _hits(p.ABOUT, known, head, 4),
        float(any(word in p.SPEECH for word in lowered)),
        sum(word in p.THIRD for word in lowered) / count,
        sum(word in p.SECOND for word in lowered) / count,
        head.count(",") / count,
        sum(map(len, words)) / count,
        float(head[:1].islower()),
        float(tail.endswith((")", "]"))),
        foreign / letters,
        unspaced / letters,
        float(tail.endswith(("?", "？", "؟"))),
        float(tail.endswith(("…", "...", "[…]", "[...]"))),
        sum(word in p.FIRST for word in lowered) / count,
        len(set(lowered)) / count,
    ]


def _hits(pattern: re.Pattern[str], words: frozenset[str], text: str, most: int) -> float:
    """How often a pattern is found, at most `most`; told from the line's words where it cannot be."""
    if p.GATES[pattern].isdisjoint(words):
        return 0.0
    if most == 1:
        return float(pattern.search(text) is not None)
    return float(min(most, len(pattern.findall(text))))


def _heeded(line: str) -> list[float]:
    heed()
    return own(line)


def measure(lines: Sequence[str], title: str | None = None) -> Matrix:
    """A row of NAMES for each line; `lines` are the text's lines that are not blank."""
    # Once where a line stands more often: what most of ten thousand lines are, if they are that many.
    known = {line: _heeded(line) for line in dict.fromkeys(lines)}
    rows = np.array([known[line] for line in lines], np.float32).reshape(len(lines), len(OWN))
    table = np.zeros((len(lines), len(NAMES)), np.float32)
    table[:, : len(OWN)] = rows
    _place(table, lines, title)
    return table


def hashed(lines: Sequence[str]) -> npt.NDArray[np.int64]:
    """The first and the last words of each line, each a number below BUCKETS; 0 where there is none."""
    found = np.zeros((len(lines), MOST_WORDS), np.int64)
    for at, line in enumerate(lines):
        numbers = [
            1 + crc32(word.encode("utf-8", "surrogatepass")) % (BUCKETS - 1)
            for word in _ends(_WORD.findall(line[:_HEAD]))
        ]
        found[at, : len(numbers)] = numbers
    return found


def _ends(words: list[str]) -> list[str]:
    """The words that tell a line's kind, alike whatever their capitals and digits; letter pairs of unspaced scripts."""
    told: list[str] = []
    for word in words[:10] + words[10:][-4:]:
        if word[0].isdigit():
            told.append("0" * min(4, len(word)))
        elif len(word) > 2 and _PAIRED.match(word):
            told += [word[at : at + 2] for at in range(min(10, len(word) - 1))]
        else:
            told.append(word.lower()[:12])
    return told[:MOST_WORDS]


def column(table: Matrix, name: str) -> Matrix:
    """One column of a measured table, by its name."""
    return table[:, _AT[name]]


def _place(table: Matrix, lines: Sequence[str], title: str | None) -> None:
    count = len(lines)
    words = np.expm1(column(table, "words"))
    dirty = sum(np.minimum(1, column(table, name)) for name in _DIRTY)
    prose = (
        (words >= 8)
        & (column(table, "end_mark") > 0)
        # Nothing is known of the commonest words in other letters.
        & ((column(table, "function_share") > 0.15) | (column(table, "foreign") > 0.5))
        & (column(table, "bullet") == 0)
        & (np.asarray(dirty) < 2)
    ).astype(np.float32)
    prose_words = prose * words
    total = float(prose_words.sum()) or 1.0
    before = np.concatenate([[0.0], np.cumsum(prose_words)[:-1]])
    index = np.arange(count, dtype=np.float32)
    start, end = _best_run(np.where(prose > 0, words, -np.maximum(3.0, 0.5 * words)))
    inside = (index >= start) & (index < end)
    median = float(np.median(words[prose > 0])) if prose.any() else 10.0
    values = {
        "prose": prose,
        "dirty": dirty,
        "copies": _copies(lines),
        "title_overlap": _overlap(lines, title),
        "from_start": np.log1p(index),
        "from_end": np.log1p(count - 1 - index),
        "position": index / max(1, count - 1),
        "lines": np.full(count, np.log1p(count)),
        "prose_share": np.full(count, total / max(1.0, float(words.sum()))),
        "prose_before": before / total,
        "prose_after": 1 - (before + prose_words) / total,
        "since_prose": np.log1p(_since(prose > 0)),
        "until_prose": np.log1p(_since(prose[::-1] > 0)[::-1]),
        "window_prose": _window(prose, 3),
        "window_dirty": _window(np.minimum(1, np.asarray(dirty)), 3),
        "wide_prose": _window(prose, 10),
        "in_run": inside,
        "to_run": np.log1p(np.where(inside, 0, np.maximum(start - index, index - end + 1))),
        "after_comments": _met_before(
            (column(table, "comments_head") + column(table, "comment_form") > 0)
            & (before > 0.3 * total)
        ),
        "after_related": _met_before((column(table, "related") > 0) & (before > 0.5 * total)),
        "words_before": np.log1p(np.concatenate([[0.0], np.cumsum(words)[:-1]])),
        "median_ratio": np.log1p(words / max(1.0, median)),
        "topic": _topic(lines, prose > 0),
    }
    for name, value in values.items():
        table[:, _AT[name]] = value


def _best_run(gains: npt.NDArray[np.float32]) -> tuple[int, int]:
    """Start and end of the run of lines with the greatest sum (Kadane)."""
    best, best_start, best_end, here, start = 0.0, 0, 0, 0.0, 0
    for at, gain in enumerate(gains.tolist()):
        if here <= 0:
            here, start = 0.0, at
        here += gain
        if here > best:
            best, best_start, best_end = here, start, at + 1
    return best_start, best_end


def _copies(lines: Sequence[str]) -> npt.NDArray[np.float64]:
    keys = [line[:_HEAD].strip("•*-· \t").lower() for line in lines]
    counts = Counter(keys)
    return np.log1p(np.array([counts[key] - 1 for key in keys], np.float64))


def _overlap(lines: Sequence[str], title: str | None) -> npt.NDArray[np.float64]:
    wanted = set(_WORD.findall((title or "").lower()))
    if not wanted:
        return np.full(len(lines), -1.0)
    shares = []
    for line in lines:
        words = set(_WORD.findall(line[:_HEAD].lower()))
        shares.append(len(words & wanted) / max(1, len(words | wanted)))
    return np.array(shares)


def _topic(lines: Sequence[str], prose: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The share of a line's longer words that other lines of prose hold too."""
    held = [frozenset(p.telling(line[:_HEAD])) for line in lines]
    told = Counter(word for words, flag in zip(held, prose, strict=True) if flag for word in words)
    return np.array(
        [
            sum(told[word] > flag for word in words) / len(words) if words else -1.0
            for words, flag in zip(held, prose.tolist(), strict=True)
        ]
    )


def _since(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Lines since the last flagged line, itself not counted."""
    out = np.empty(len(flags))
    last = 50.0
    for at, flag in enumerate(flags.tolist()):
        last = min(last + 1, 50.0)
        out[at] = last
        if flag:
            last = 0.0
    return out


def _window(values: npt.NDArray[np.float32], reach: int) -> npt.NDArray[np.float64]:
    """Mean over the lines within `reach`, the line itself left out."""
    padded = np.concatenate([np.zeros(reach + 1), np.cumsum(values)])
    padded = np.concatenate([padded, np.full(reach, padded[-1])])
    count = len(values)
    sums = padded[2 * reach + 1 :] - padded[:count]
    return np.asarray((sums - values) / (2 * reach))


def _met_before(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    met = np.maximum.accumulate(flags.astype(np.float64)) if len(flags) else np.zeros(0)
    return np.concatenate([[0.0], met[:-1]])[: len(flags)]
