"""What one report leaves behind: the keys by which others find it, and what tells without its words whether to look.

All of it is a function of one report, the same on every machine and in every run.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.machine.postings import Keys, Rows
from onrecord.pipeline.neighbours import keys_of
from onrecord.pipeline.statements.comparing.candidates import RUNS
from onrecord.pipeline.statements.comparing.likeness import Bags, Floats, Ints, Spoken
from onrecord.pipeline.statements.comparing.nodes import CLOSING, CURRENCY

LEFT_OF = ("quotation_id", "content", "speaker_id", "stance", "utterance_id")
"""The columns of QUOTATIONS that traces are made of."""

NOBODY = np.uint64(0)
"""The speaker whom nobody knows."""

RUN, SAME, WORDING, WORD, ALONE = range(5)
"""What a key is of: a run of words; the same words of one speaker; a wording; a word of a speaker's, and one that is
all that is said."""

_KIND = np.uint64(61)
_DENIED, _UNKNOWN = np.uint64(0x5BD1E995A7C3F10D), np.uint64(0x2545F4914F6CDD1D)
_PRIME, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_BITS = 64
_SLACK = 1e-4
"""Weights are added up in single precision where only a bound is asked for."""


class Left(NamedTuple):
    """What reports leave behind, by column.

    `high` and `low` are the halves of the quotation's identity, `speaker` a number (NOBODY where nobody knows; who
    denies is another one), `same` one for the same words of one speaker, `wording` the key of its vector. `sketch` has
    a bit for each word, `mass` is the weight of all of them.
    """

    high: Keys
    low: Keys
    speaker: Keys
    same: Keys
    wording: Keys
    sketch: Keys
    mass: NDArray[np.float32]

    @classmethod
    def empty(cls, size: int) -> Left:
        """Room for so many."""
        return cls._make(
            [*(np.zeros(size, np.uint64) for _ in range(6)), np.zeros(size, np.float32)]
        )

    def take(self, rows: Ints) -> Left:
        """Some of them."""
        return Left._make(column[rows] for column in self)

    def quotations(self) -> pl.Series:
        """The identities of the quotations."""
        digits = np.column_stack([self.high, self.low]).astype(">u8").tobytes().hex()
        told = [digits[at : at + 32] for at in range(0, len(digits), 32)]
        return pl.Series("quotation_id", told, dtype=pl.String)


def left_by(reports: pl.DataFrame, spoken: Spoken) -> Left:
    """What reports (rows with LEFT_OF) leave behind; `spoken` are the words of each."""
    size = reports.height
    speaker = speakers(reports)
    words, rows = spoken.hashed[spoken.flat], spoken.of_row()
    place = (np.arange(len(rows)) - (spoken.ends - spoken.lengths)[rows]).astype(np.uint64)
    summed = np.zeros(size, dtype=np.uint64)
    np.add.at(summed, rows, mixed(words, place))
    sketch = np.zeros(size, dtype=np.uint64)
    np.bitwise_or.at(sketch, rows, _bits(words))
    return Left(
        halves(reports["quotation_id"], 0),
        halves(reports["quotation_id"], 16),
        speaker,
        mixed(summed, spoken.lengths.astype(np.uint64), _signs(reports["content"]), speaker),
        keys_of(reports["utterance_id"]).astype(np.uint64),
        sketch,
        Bags.of(spoken).mass.astype(np.float32),
    )


def postings(left: Left, spoken: Spoken, rows: Rows) -> Iterable[tuple[Keys, Rows]]:
    """Keys of some reports, and the row of each; `rows` tell what each report is called."""
    for n in RUNS:
        runs, of = spoken.runs(n)
        yield run_keys(runs, n), rows[of]
    yield same_keys(left.same), rows
    yield wording_keys(left.wording), rows
    told = left.speaker != NOBODY
    of = spoken.of_row()
    at = np.flatnonzero(told[of])
    words = spoken.hashed[spoken.flat[at]]
    yield word_keys(left.speaker[of[at]], words), rows[of[at]]
    alone = at[spoken.lengths[of[at]] == 1]
    words = spoken.hashed[spoken.flat[alone]]
    yield alone_keys(left.speaker[of[alone]], words), rows[of[alone]]


def run_keys(runs: Keys, n: int) -> Keys:
    """Keys of runs of `n` words, by their hashes."""
    return _of_kind(mixed(runs, np.uint64(n)), RUN)


def same_keys(same: Keys) -> Keys:
    """Keys of the same words of one speaker."""
    return _of_kind(same, SAME)


def wording_keys(wording: Keys) -> Keys:
    """Keys of wordings."""
    return _of_kind(mixed(wording), WORDING)


def word_keys(speaker: Keys, words: Keys) -> Keys:
    """Keys of words of speakers, by their hashes."""
    return _of_kind(mixed(speaker, words), WORD)


def alone_keys(speaker: Keys, words: Keys) -> Keys:
    """Keys of words that are all that a speaker says, by their hashes."""
    return _of_kind(mixed(speaker, words), ALONE)


def is_run(keys: Keys) -> NDArray[np.bool_]:
    """Which keys are of runs of words."""
    made: NDArray[np.bool_] = keys >> _KIND == RUN
    return made


def speakers(reports: pl.DataFrame) -> Keys:
    """A number for who says each report: NOBODY where nobody knows; who denies it is somebody else than who says it."""
    known = reports["speaker_id"].is_not_null().to_numpy()
    denied = reports["stance"].eq_missing("denied").to_numpy()
    own = halves(reports["speaker_id"].fill_null("0" * 32), 0)
    unknown = halves(reports["quotation_id"], 0) ^ _UNKNOWN
    return np.where(denied, np.where(known, own, unknown) ^ _DENIED, np.where(known, own, NOBODY))


def halves(identities: pl.Series, start: int) -> Keys:
    """One half of each identity, which are hexadecimal digits."""
    made: Keys = identities.str.slice(start, 16).str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    return made


def most_shared(left: Left, spoken: Spoken, one: Ints, sketches: Keys) -> Floats:
    """For each of `one` (rows of `left`) the most weight of words that it can share with what has the sketch."""
    rows, at = np.unique(one, return_inverse=True)
    told = spoken.take(rows)
    bags = Bags.of(told).held.tocoo()
    bit = (told.hashed[bags.col] * _OTHER) >> np.uint64(58)
    weights = np.zeros((len(rows), _BITS), dtype=np.float32)
    np.add.at(weights, (bags.row, bit.astype(np.int64)), bags.data)
    made = np.zeros(len(one))
    for start in range(0, len(one), 1 << 17):
        part = slice(start, start + (1 << 17))
        bits = (sketches[part, None] >> np.arange(_BITS, dtype=np.uint64)) & np.uint64(1)
        made[part] = (weights[at[part]] * bits.astype(np.float32)).sum(axis=1)
    return made + _SLACK


def mixed(first: Keys, *more: Keys | np.uint64) -> Keys:
    """One number from several, each bit of which hangs on every bit of theirs."""
    with np.errstate(over="ignore"):
        made = first * _PRIME
        made ^= made >> np.uint64(29)
        for one in more:
            made = (made ^ one) * _PRIME
            made ^= made >> np.uint64(32)
        made *= _OTHER
        made ^= made >> np.uint64(29)
    return made


def _bits(words: Keys) -> Keys:
    with np.errstate(over="ignore"):
        return np.uint64(1) << ((words * _OTHER) >> np.uint64(58))


def _of_kind(keys: Keys, kind: int) -> Keys:
    return (keys >> np.uint64(64) - _KIND) | (np.uint64(kind) << _KIND)


def _signs(texts: pl.Series) -> Keys:
    """What words do not tell: currencies and the mark of a question at the end."""
    asked = texts.str.strip_chars_end(CLOSING).str.ends_with("?").cast(pl.UInt64)
    told = texts.str.extract_all(CURRENCY.pattern).list.join("")
    numbers = {one: zlib.crc32(one.encode()) for one in told.unique()}
    signs = told.replace_strict(list(numbers), list(numbers.values()), return_dtype=pl.UInt64)
    made: Keys = (signs * 2 + asked).to_numpy()
    return made
