"""Kinds: what a name names, told by its words, its form and the words around it.

A linear model over the packaged MiniLM's word vectors and a few signs, fitted by training/quotations/fit_kinds.py on
what a parser of another make says of the same names; its coefficients stand in weights/kinds.json. Names alone would
not do: half of what is written large and is on no list is no person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.weights import HOME, read_pinned
from onrecord.pipeline.names.given_names import is_given
from onrecord.pipeline.names.lists import BODY_WORDS, METONYMS, NATIONS, PLACES
from onrecord.pipeline.names.spelling import is_acronym, plain
from onrecord.pipeline.text.token_features import TOKEN, WordPieces
from onrecord.pipeline.text.wordpieces import read_vectors

KINDS: Final = ("person", "organisation", "place", "group", "thing")
PARTS: Final = ("first", "last", "before", "after", "second before", "second after")
"""The words whose vectors the model reads: those of the name, and two on each side."""

_WEIGHTS: Final = HOME / "quotations" / "weights" / "kinds.json"
_REACH: Final = 40
_BREAK: Final = "\n"
_INITIAL: Final = re.compile(r"\b[A-Z]\.")

Floats = NDArray[np.float32]


class Named(NamedTuple):
    """A name in its text as the model sees it: where it stands, and what its reader made of it."""

    start: int
    end: int
    name: str
    kind: str
    described: bool
    acts: bool
    article: bool
    opens: bool
    gendered: bool


class Kinds:
    """The model; load it once a process."""

    def __init__(self, weights: bytes | None = None) -> None:
        told = json.loads(weights if weights is not None else read_pinned(_WEIGHTS))
        vocabulary, self._table = read_vectors()
        self._pieces = WordPieces(vocabulary)
        self._parts = [np.array(told["parts"][part], np.float32) for part in PARTS]
        self._signs = np.array(told["signs"], np.float32)
        self._bias = np.array(told["bias"], np.float32)
        self._scores = lru_cache(maxsize=20_000)(self._score)

    def of(self, text: str, names: Sequence[Named]) -> Floats:
        """For each name, how likely it is of each of ``KINDS``."""
        if not names:
            return np.zeros((0, len(KINDS)), np.float32)
        rows = np.stack([self._row(text, named) for named in names])
        rows -= rows.max(1, keepdims=True)
        chances = np.exp(rows)
        made: Floats = chances / chances.sum(1, keepdims=True)
        return made

    def _row(self, text: str, named: Named) -> Floats:
        total = self._bias + np.array(signs(text, named), np.float32) @ self._signs
        for part, word in enumerate(around(text, named)):
            if word:
                total = total + self._scores(part, word)
        result: Floats = total
        return result

    def _score(self, part: int, word: str) -> Floats:
        result: Floats = self.vector(word) @ self._parts[part]
        return result

    def vector(self, word: str) -> Floats:
        """The mean of a word's pieces."""
        pieces = self._pieces.of(word)
        # As mean(0) adds and divides, for a third of its time.
        result: Floats = np.add.reduce(self._table[list(pieces)], 0) / np.float32(len(pieces))
        return result


@lru_cache(maxsize=1)
def default_kinds() -> Kinds:
    """The packaged model, loaded once a process."""
    return Kinds()


def around(text: str, named: Named) -> tuple[str, ...]:
    """The words of ``PARTS`` for a name, "" where a name of one word has no first."""
    words = named.name.split()
    start = named.end - len(named.name)
    start = start if start >= named.start and text.startswith(named.name, start) else named.start
    before = [m.group() for m in TOKEN.finditer(text, max(0, start - _REACH), start)]
    behind = TOKEN.finditer(text, named.end, named.end + _REACH)
    after = [m.group() for m in islice(behind, 2)]
    before, after = [_BREAK, _BREAK, *before], [*after, _BREAK, _BREAK]
    return (
        words[0] if len(words) > 1 else "",
        words[-1],
        before[-1],
        after[0],
        before[-2],
        after[1],
    )


def signs(text: str, named: Named) -> list[float]:
    """What else is seen of a name: its length and form, lists it stands on, and what its reader made of it."""
    words = named.name.split()
    first, last = plain(words[0]), plain(words[-1])
    given = is_given(first)
    return [
        float(sign)
        for sign in (
            given,
            len(words) == 1,
            len(words) == 2,
            len(words) >= 3,
            given and len(words) > 1,
            given and len(words) == 1,
            is_given(last),
            named.described,
            named.acts,
            named.article,
            named.opens,
            named.gendered,
            named.kind == "person",
            named.kind == "place",
            named.name.isupper(),
            is_acronym(named.name),
            first in PLACES,
            last in PLACES,
            last in BODY_WORDS,
            last in NATIONS,
            last in METONYMS,
            last.endswith("s"),
            any(c.isdigit() for c in named.name),
            _INITIAL.search(named.name) is not None,
            text[named.end : named.end + 1] == ",",
            text[max(0, named.start - 1) : named.start] in ("", _BREAK),
        )
    ]
