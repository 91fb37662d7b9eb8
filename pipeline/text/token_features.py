"""Words and their features: what the tagger's net sees of a text."""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.text.lexicon import cue_class
from onrecord.pipeline.text.marks import Segment, segments

IntArray = NDArray[np.int64]

TOKEN: Final = re.compile(
    r"[\n\r\u2028\u2029]\s*"  # a paragraph break is one token, however it is spaced
    r"|<[A-Za-z/!][^<>\n]{0,400}>"  # and so is a markup tag
    r"|(?:[A-Z]\.){2,}"  # U.S.
    r"|\d+(?:[.,:]\d+)*"
    r"|['\u2019]s\b"  # the possessive stands apart: names end before it
    r"|[^\W\d_]+(?:['\u2019](?!s\b)[^\W\d_]+)*"
    r"|``|''|\.{2,}|-{2,}|[^\s]"
)
FEATURES: Final = ("quote", "shape", "cue", "place", "paragraph")
SIZES: Final = (29, 10, 4, 16, 16)
"""How many values each feature takes: the rows of its embedding."""

_BREAK, _TAG, _LOWER, _TITLE, _UPPER, _MIXED, _NUMBER, _END, _COMMA, _SIGN = range(10)
_OUTSIDE: Final = 0
LETTERS: Final = (_LOWER, _TITLE, _UPPER, _MIXED)
"""Shapes of what is made of letters."""
_MARK_FORMS: Final = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'), "``": '"', "''": '"',
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a`", "'"),
    "--": "\u2014", "---": "\u2014", "\u2013": "\u2014", "\u2015": "\u2014", "...": "\u2026",
    "....": "\u2026",
}  # fmt: skip
_ANY_MARK: Final = "\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\u2039\u203a\uff02"
_ENDS: Final = frozenset(".,!?\u2026")
_LONGEST_WORD: Final = 60
_UNKNOWN: Final = "[UNK]"
_PARAGRAPH: Final = "[SEP]"
_WITHIN: Final = "##"


class Words(NamedTuple):
    """One text as the net takes it: ``n`` words, ``m`` word pieces.

    ``starts`` and ``ends`` (n) are code points; ``pieces`` (m) are rows of MiniLM's word-piece
    table and ``firsts`` (n) where each word's pieces begin in it; ``features`` (n, 5) hold the
    values of ``FEATURES``.
    """

    starts: IntArray
    ends: IntArray
    pieces: IntArray
    firsts: IntArray
    features: IntArray


class WordPieces:
    """MiniLM's uncased word pieces (greedy, longest first; Wu et al. 2016), each distinct word looked up once."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._vocabulary = vocabulary
        self._unknown = vocabulary[_UNKNOWN]
        # How long the longest piece is that begins with these two letters, at a word's start and within it.
        self._longest: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for piece in vocabulary:
            within = piece.startswith(_WITHIN)
            letters = piece[len(_WITHIN) :] if within else piece
            known = self._longest[within]
            known[letters[:2]] = max(known.get(letters[:2], 1), len(letters))
        self.quote = vocabulary['"']
        self.of = lru_cache(maxsize=50_000)(self._split)

    def _split(self, word: str) -> tuple[int, ...]:
        heed()
        if word[:1].isspace() or not word:
            return (self._vocabulary[_PARAGRAPH],)
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        word = _MARK_FORMS.get(word, word)
        whole = self._vocabulary.get(word.lower())
        if whole is not None:
            return (whole,)
        pieces: list[int] = []
        for part in _SPLIT.findall(_plain(word)):
            pieces += self._greedy(part)
        return tuple(pieces) or (self._unknown,)

    def _greedy(self, word: str) -> list[int]:
        pieces: list[int] = []
        start = 0
        while start < len(word):
            prefix = _WITHIN if start else ""
            most = self._longest[start > 0].get(word[start : start + 2], 1)
            for end in range(min(len(word), start + most), start, -1):
                piece = self._vocabulary.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            pieces.append(piece)
            start = end
        return pieces


_SPLIT: Final = re.compile(r"[^\W_]+|[^\s]")


def _plain(word: str) -> str:
    """Lower case without diacritics, as MiniLM's vocabulary was made."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").replace("\u2019", "'")


def words(text: str, pieces: WordPieces) -> Words:
    """Cut ``text`` into words and give each its pieces and features, in time linear in the text."""
    spans = [m.span() for m in TOKEN.finditer(text)]
    forms = [
        text[s:e] if e - s <= _LONGEST_WORD or text[s].isspace() else "x" * 99 for s, e in spans
    ]
    split = [pieces.of(form[:1] if form[:1].isspace() else form) for form in forms]
    counts = np.fromiter(map(len, split), np.int64, len(split))
    firsts = np.zeros(len(split), np.int64)
    np.cumsum(counts[:-1], out=firsts[1:])
    starts = np.fromiter((s for s, _ in spans), np.int64, len(spans))
    ends = np.fromiter((e for _, e in spans), np.int64, len(spans))
    shapes = [_shape(form) for form in forms]
    quote = _quote_states(text, starts, ends)
    place, paragraph = _places(forms, shapes, quote)
    cues = [_cue(form) for form in forms]
    columns = (quote, np.array(shapes), np.array(cues), place, paragraph)
    features = np.stack(columns, 1).astype(np.int64).reshape(-1, len(FEATURES))
    flat = np.fromiter((p for ps in split for p in ps), np.int64, int(counts.sum()))
    # A mark is a mark, whatever its style: an article in single quotes reads like one in double.
    flat[firsts[(quote > 0) & (quote <= 8) & (counts == 1)]] = pieces.quote
    return Words(starts, ends, flat, firsts, features)


@lru_cache(maxsize=50_000)
def _shape(form: str) -> int:
    first = form[0]
    if first.isspace():
        return _BREAK
    if first == "<" and len(form) > 1:
        return _TAG
    if first.isdigit():
        return _NUMBER
    if not first.isalpha():
        return _END if form in ".!?\u2026..." else _COMMA if form in ",;:" else _SIGN
    if form.islower():
        return _LOWER
    if form.isupper():
        return _UPPER if len(form) > 1 else _TITLE
    return _TITLE if first.isupper() and form[1:].islower() else _MIXED


@lru_cache(maxsize=50_000)
def _cue(form: str) -> int:
    return cue_class(form.lower())


def _quote_states(text: str, starts: IntArray, ends: IntArray) -> IntArray:
    """Each word's place among quotation marks: 0 outside, else 1 + 4 * place + the segment's
    length class.

    Places: 0 at the opening mark, 1 at the closing mark, 2 inside, 3 inside without an opening, 4
    inside without a closing mark, 5 inside a second level, 6 at a mark of a second level.
    """
    states = np.zeros(len(starts), np.int64)
    reached = -1
    first = starts.tolist()
    for segment in segments(text):
        low = bisect_right(first, segment.start)
        low = low - 1 if low and ends[low - 1] > segment.start else low
        high = bisect_right(first, segment.end - 1)
        length = _length_class(text, segment, high - low)
        if segment.start < reached:
            states[low:high] = 1 + 4 * 5 + length
            states[low] = states[high - 1] = 1 + 4 * 6 + length
            continue
        reached = segment.end
        inside = 2 if segment.opened and segment.closed else 3 if segment.closed else 4
        states[low:high] = 1 + 4 * inside + length
        if segment.opened:
            states[low] = 1 + length
        if segment.closed:
            states[high - 1] = 1 + 4 + length
    return states


def _length_class(text: str, segment: Segment, count: int) -> int:
    """0 for three words or fewer, 1 to eight, 2 more, 3 when the words end in punctuation of their own."""
    last = text[max(segment.start, segment.end - 3) : segment.end].rstrip(_ANY_MARK)
    if last[-1:] in _ENDS:
        return 3
    return 0 if count <= 5 else 1 if count <= 10 else 2


def _places(forms: list[str], shapes: list[int], quote: IntArray) -> tuple[IntArray, IntArray]:
    """Where a word stands in its sentence and paragraph, and where its paragraph stands in the
    text.

    Place: 0 within a sentence, 1 to 3 the paragraph's first three words, 4 a sentence's first, 5 a
    paragraph's last. Paragraph: its ordinal up to 3, plus 4 if it is short, plus 8 if it does not
    end in punctuation (a heading, a caption).
    """
    place = np.zeros(len(forms), np.int64)
    paragraph = np.zeros(len(forms), np.int64)
    begin, ordinal = 0, 0
    breaks = [i for i, shape in enumerate(shapes) if shape == _BREAK] + [len(forms)]
    for stop in breaks:
        if stop > begin:
            last = stop - 1
            least = max(begin, stop - 4)
            while last > least and (shapes[last] == _SIGN or quote[last] > _OUTSIDE):
                if shapes[last] == _END:
                    break
                last -= 1
            open_ended = shapes[last] not in (_END, _COMMA)
            short = stop - begin <= 16
            paragraph[begin:stop] = min(ordinal, 3) + 4 * short + 8 * open_ended
            place[stop - 1] = 5
            place[begin : min(begin + 3, stop)] = (1, 2, 3)[: stop - begin]
            ordinal += 1
        begin = stop + 1
    for i, shape in enumerate(shapes[:-1]):
        if shape == _END and place[i + 1] == 0:
            place[i + 1] = 4
    return place, paragraph
