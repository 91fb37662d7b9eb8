"""Clauses: the words that report a quotation, as one line in which patterns of grammar can be read."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.stances.moods import ADVERB, AUXILIARY, SUBJECT
from onrecord.pipeline.quotations.tagging.spans import Span
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.lexicon import NO_CUE, cue_class

_REACH: Final = 240
_BEHIND: Final = 70
_LEAD: Final = 40
_TOKEN: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[^\s\w]|\n")
_PARTING: Final = frozenset(';:()[]\n"\u201c\u201d\u201e\u00ab\u00bb\u2014\u2013!?')
_NEGATED: Final = {"cannot": "can not", "can't": "can not", "won't": "will not", "ain't": "is not"}
# Words of the sentence that a source's tag may have taken in: "If Eva Holm", "Nor".
_LOOSE: Final = re.compile(
    r"(?:if|unless|had|should|were|would|nor|nowhere|never|neither(?= (?:did|has|had|does|would))|whether|although"
    r"|though|when|whenever|wherever|while|because|since|so|but|and|yet|not)\b\s*",
    re.IGNORECASE,
)
_SMALL: Final = re.compile(
    rf"(?:{AUXILIARY}|{ADVERB}|not|never|about|of|that|by|on|for|with|from|the|an?|in|as|it|no)"
)
# Words of saying that are as often nouns, and those that keep back: another word of the cue is its verb.
_RATHER_NOUN: Final = frozenset(
    """
    comment comments answer answers question questions report reports statement statements claim claims word words
    request requests response details call calls refuse refuses refused refusing decline letter email
    """.split()  # noqa: SIM905
)


class Clause(NamedTuple):
    """The words from the last mark that parts clauses to the reported words, as one line.

    ``cue`` and ``verb`` are where the cue and its verb of saying begin in ``text``, ``end`` is where the cue ends.
    ``starts`` and ``ends`` give the place in the article for each character, ``subject`` is the speaker as printed and
    ``lead`` how the reported words begin where they follow.
    """

    text: str
    cue: int
    verb: int
    end: int
    starts: list[int]
    ends: list[int]
    subject: str
    lead: str

    @property
    def left(self) -> str:
        """What stands before the verb of saying."""
        return self.text[: self.verb]

    @property
    def right(self) -> str:
        """The verb of saying and what follows it up to the reported words."""
        return self.text[self.verb :]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the article the characters from ``start`` to ``end`` stand."""
        return self.starts[start], self.ends[max(start, end - 1)]


class _Line:
    """A line as it grows, and where its verb of saying is."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.cue = self.verb = -1
        self.rank = -1

    def add(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.starts += [start] * (len(word) + 1)
        self.ends += [end] * (len(word) + 1)

    def begin_anew(self) -> None:
        self.words.clear()
        self.starts.clear()
        self.ends.clear()

    def of_cue(self, word: str) -> None:
        """Note that the next word is one of the cue's: the last of the likeliest is the verb."""
        self.cue = max(self.cue, 0) if self.cue >= 0 else len(self.starts)
        if (rank := _rank(word)) >= self.rank:
            self.verb, self.rank = len(self.starts), rank


def clause(layout: Layout, draft: Draft) -> Clause | None:
    """The clause that reports a draft; None where nothing does, or only a mark."""
    cue, source, text = draft.cue, draft.source, layout.text
    if cue is None:
        return None
    low = max(layout.sentence_at(cue.start)[0], cue.start - _REACH)
    low = max([low, *(piece.end for piece in draft.pieces if piece.end <= cue.start)])
    words_at = min((p.start for p in draft.pieces if p.start >= cue.end), default=None)
    high = cue.end if words_at is None else min(words_at, cue.end + _BEHIND)
    own = _own(text, source) if source is not None else (0, 0)
    line, end = _Line(), 0
    for match in _TOKEN.finditer(text, low, high):
        at, after = match.span()
        in_cue = cue.start <= at < cue.end
        if own[0] <= at < own[1] and not in_cue:
            if line.words[-1:] != [SUBJECT]:
                line.add(SUBJECT, *own)
            continue
        word = match.group().lower().replace("\u2019", "'")
        if word in _PARTING and not in_cue:
            if at >= cue.end:
                break
            line.begin_anew()
        elif word not in _PARTING and word != "." and (word != "," or line.words):
            if in_cue:
                line.of_cue(word)
            line.add(_plain(word), at, after)
        if at < cue.end:
            end = len(line.starts) - 1
    if line.verb < 0:
        return None
    return Clause(
        " ".join(line.words) + " ",
        line.cue,
        line.verb,
        end,
        line.starts,
        line.ends,
        text[slice(*own)],
        text[high : high + _LEAD].lower() if words_at == high else "",
    )


def _own(text: str, source: Span) -> tuple[int, int]:
    """A source but for a word of the sentence that its tag took in."""
    match = _LOOSE.match(text, source.start, source.end)
    return (match.end() if match is not None else source.start), source.end


def _plain(word: str) -> str:
    word = _NEGATED.get(word, word)
    if word.endswith("n't"):
        return word[:-3] + " not"
    return word[:-3] + " will" if word.endswith("'ll") else word


def _rank(word: str) -> int:
    """How likely a word of a cue is its verb of saying rather than what stands about it."""
    if cue_class(word) == NO_CUE:
        return -1 if _SMALL.fullmatch(word) else 0
    return 1 if word in _RATHER_NOUN else 2
