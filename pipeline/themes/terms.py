"""The words that tell what is spoken of, and in which statement each of them stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.names.lists import TITLES
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken
from onrecord.pipeline.statements.comparing.wording import words
from onrecord.pipeline.text.lexicon import VERB, cue_class

_TELLING = 0.42
"""Words lighter than this (the 70 most used of English) tell of no subject."""

_EMPTY = frozenset(
    """
    about above across after again against almost along also although always among another any around because been
    before behind being below between both but can could despite does down during each even ever every few first
    from had has have here hers him his how however into its itself last less like made many may more most much must
    himself herself itself themselves hed shes theyd wed youd itd thatd whod weve theyve youve ive
    myself near next nor not now off once one only onto our ours ourselves out over own per rather same second she
    should since some such than that the their theirs them themselves then there therefore these they this those
    three through thus too two under unless until upon was were what whatever when where whether which while who
    whoever whom whose why will with within without you your yours yourself
    able actually added added ago allow already always anybody anyone anything away bad based become believe better
    big bring called came cannot care certain certainly clear clearly come comes coming complete completely course
    deal decision decided different difficult doing done does did either else entire especially every everybody
    everyone everything exactly expect fact far feel felt find forward full fully gets getting give given gives giving
    glad goes going gone good got great happen happened happening happens hard having hear heard help hope idea
    important impossible instead issue issues just keep kind knew know knows large later least left let level likely
    little live look looking looks lot lots main make makes making matter maybe mean means might moment need needed
    needs never nobody nothing obviously often ones others ought particular past people perhaps person place point
    possible probably problem problems put question quite ready real really reason reasons right said saying says
    see seem seems seen sense serious several shall show simply single situation small somebody someone something
    soon sort start started still stop sure take taken takes taking talk talking tell terms thank thanks thing things
    think thinking thought time times today together told tomorrow took toward towards tried trouble true truly try
    trying turn understand use used using various very wanted wants want way ways went whole willing won work working
    works would wrong yes yesterday yet
    """.split()  # noqa: SIM905
)
"""Words that people use whatever they speak of."""


ALL = 2**64 - 1
COUNTED = pl.Schema({"term": pl.UInt64(), "said": pl.UInt32(), "name": pl.Boolean()})


class Terms(NamedTuple):
    """The distinct telling words, and pairs of such words, of each statement: numbers on end, and where each one's end.

    A term is the number of its word, or more by (1 + the first word's number) * the number of words. `names` marks the
    words that are a speaker's name. `every` are the distinct terms, sorted, `said` in how many statements each stands,
    and `total` of how many.
    """

    spoken: Spoken
    numbers: Ints
    ends: Ints
    names: NDArray[np.bool_]
    every: Ints
    said: Ints
    total: int

    @classmethod
    def of(cls, spoken: Spoken, names: Iterable[str]) -> Terms:
        """The terms of each row of `spoken`."""
        named = {word for name in names for word in words(name)}
        tells = np.array([_tells(word) for word in spoken.words], dtype=bool)
        tells &= spoken.weights > _TELLING
        width, flat, rows = len(spoken.words), spoken.flat.astype(np.int64), spoken.of_row()
        single = tells[flat]
        double = single[:-1] & single[1:] & (rows[:-1] == rows[1:])
        terms = np.concatenate([flat[single], ((flat[:-1] + 1) * width + flat[1:])[double]])
        of = np.concatenate([rows[single], rows[:-1][double]])
        order = np.lexsort((terms, of))
        terms, of = terms[order], of[order]
        first = np.ones(len(terms), dtype=bool)
        first[1:] = (terms[1:] != terms[:-1]) | (of[1:] != of[:-1])
        terms, of = terms[first], of[first]
        ends = np.searchsorted(of, np.arange(len(spoken.ends)), side="right")
        names_too = np.array([word in named for word in spoken.words], dtype=bool)
        every, said = np.unique(terms, return_counts=True)
        return cls(spoken, terms, ends, names_too, every, said, len(ends))

    def among(self, kept: pl.DataFrame, new: int) -> Terms:
        """The same terms, said as often as in all statements of `kept` (see `counted`) and the first `new` of these."""
        of = np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))
        at = np.searchsorted(self.every, self.numbers)
        here, there = (
            np.bincount(at[part], minlength=len(self.every)) for part in (of < new, of >= new)
        )
        told = pl.DataFrame({"term": self._hashes(self.every)}).join(
            kept, on="term", how="left", maintain_order="left"
        )
        # What was said once, or has come since they were counted, is not among them.
        before = np.maximum(told["said"].fill_null(0).cast(pl.Int64).to_numpy(), there)
        named = told["name"].fill_null(False).to_numpy()
        names = self.names.copy()
        names[self.every[(self.every < len(self.spoken.words)) & named]] = True
        total = int(kept.filter(term=ALL)["said"].sum()) + new
        return self._replace(names=names, said=before + here, total=total)

    def counted(self) -> pl.DataFrame:
        """How many statements say each term (term, said, name: whether it is a speaker's name), less those said once.

        The term ALL is said by all of them.
        """
        often = self.said > 1
        every = self.every[often]
        single = every < len(self.spoken.words)
        name = np.zeros(len(every), dtype=bool)
        name[single] = self.names[every[single]]
        return pl.DataFrame(
            {
                "term": np.append(self._hashes(every), np.uint64(ALL)),
                "said": np.append(self.said[often], self.total),
                "name": np.append(name, False),
            },
            schema=COUNTED,
        ).sort("term")

    def hashed(self, words: Ints) -> NDArray[np.uint64]:
        """Terms of one word each under numbers that are the same in every run."""
        return self.spoken.hashed[words]

    def _hashes(self, told: Ints) -> NDArray[np.uint64]:
        first, second = self.parts(told)
        single = told < len(self.spoken.words)
        before = np.where(single, np.uint64(0), self.spoken.hashed[first] + np.uint64(1))
        return (before << np.uint64(32)) | self.spoken.hashed[second]

    def row(self, at: int) -> Ints:
        """The terms of one statement."""
        return self.numbers[self.ends[at - 1] if at else 0 : self.ends[at]]

    def parts(self, told: Ints) -> tuple[Ints, Ints]:
        """The numbers of the first and the second word of terms; twice the same for one of one word."""
        one, two = np.divmod(told, len(self.spoken.words))
        return np.where(one > 0, one - 1, two), two

    def spelled(self, term: int) -> str:
        """A term in letters."""
        one, two = divmod(term, len(self.spoken.words))
        return " ".join(self.spoken.words[number] for number in ([one - 1] if one else []) + [two])

    def matrix(self) -> Any:
        """A unit row (sparse) of words for each statement, weighed by how few statements say them."""
        from scipy.sparse import csr_array

        of = np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))
        single = self.numbers < len(self.spoken.words)
        numbers, of = self.numbers[single], of[single]
        said = self.said[np.searchsorted(self.every, numbers)]
        weights = np.log((self.total + 1) / (said + 1))
        lengths = np.sqrt(np.bincount(of, weights**2, minlength=len(self.ends)))
        weights = (weights / np.maximum(lengths[of], 1e-9)).astype(np.float32)
        return csr_array((weights, (of, numbers)), shape=(len(self.ends), len(self.spoken.words)))


def _tells(word: str) -> bool:
    """Whether a word may tell of a subject: titles and what reports speech do not."""
    if len(word) < 3 or word.isdigit() or word in _EMPTY or word in TITLES:
        return False
    return not (cue_class(word) == VERB and word.endswith(("ed", "ing")))
