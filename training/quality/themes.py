"""How well themes hold together: coverage, and the coherence of what they speak of.

Coherence is the mean NPMI (Bouma 2009; Aletras and Stevenson 2013) of pairs of a theme's top words over articles as
documents. The words are taken by a measure of its own (log odds with an informative prior, Monroe et al. 2008), so that
a change of labels alone changes nothing here. `python -m training.quality --themes RECORD` prints what a record has.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.statements.comparing.wording import weight, words

TOP = 8
"""Words of a theme that are held against each other."""

_TELLING = 0.5
"""Words that weigh less are said of everything."""


_SAID = 2
"""Statements of a theme that say a word before it is one of its own."""


class Scored(NamedTuple):
    """Figures of the themes of one record; `leaves` are themes without narrower ones within.

    Coverage and `largest` are shares of all statements, `largest` that of the largest leaf.
    """

    statements: int
    themes: int
    leaves: int
    coverage: float
    coverage_of_leaves: float
    coherence: float
    coherence_of_labels: float
    largest: float


_SAYINGS = """
SELECT s.statement_id, s.text, q.article_id
FROM statements AS s
JOIN statement_members AS m ON m.statement_id = s.statement_id
JOIN quotations AS q ON q.quotation_id = m.quotation_id
WHERE s.quotations > 0
ORDER BY s.statement_id, q.article_id
"""


def of_record(folder: Path) -> Scored:
    """Figures of the themes that a record holds now."""
    from onrecord.warehouse.asking.query import query

    tables = (query(folder, f"FROM {name}") for name in ("themes", "theme_members"))
    return score(*tables, query(folder, _SAYINGS))


def score(themes: pl.DataFrame, members: pl.DataFrame, said: pl.DataFrame) -> Scored:
    """Figures of THEMES and THEME_MEMBERS; `said` has statement_id, text and article_id, a row a report."""
    documents = _Documents(said)
    narrow = themes.filter(~pl.col("theme_id").is_in(themes["parent_id"].drop_nulls().implode()))
    total = said["statement_id"].n_unique()
    first = said.unique("statement_id", keep="first", maintain_order=True)
    held = members.join(first, on="statement_id", how="inner", maintain_order="left")
    # Themes of one grain are held against each other.
    leaves = [
        part["text"].to_list()
        for _, part in held.join(narrow.select("theme_id"), on="theme_id", how="semi").group_by(
            "theme_id", maintain_order=True
        )
    ]
    tops = _top_words(leaves, first["text"].to_list())
    named = [[word for word in words(label) if word.isalpha()] for label in narrow["label"]]
    return Scored(
        total,
        themes.height,
        narrow.height,
        members["statement_id"].n_unique() / max(total, 1),
        sum(map(len, leaves)) / max(total, 1),
        _mean([documents.npmi(top) for top in tops]),
        _mean([documents.npmi(one) for one in named if len(one) > 1]),
        max((len(leaf) for leaf in leaves), default=0) / max(total, 1),
    )


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _top_words(themes: list[list[str]], everything: list[str]) -> list[list[str]]:
    """The words that are likelier in a theme than in all that is said, by their log odds over their deviation."""
    every = _counts(everything)
    total = sum(every.values())
    made = []
    for texts in themes:
        here = _counts(texts)
        size = sum(here.values())
        rest = total - size
        scores = {}
        for word, count in here.items():
            if count < _SAID:
                continue
            prior = every[word]
            one = np.log((count + prior) / (size + total - count - prior))
            other = np.log(
                (every[word] - count + prior) / (rest + total - (every[word] - count) - prior)
            )
            scores[word] = (one - other) / np.sqrt(
                1 / (count + prior) + 1 / (every[word] - count + prior)
            )
        made.append(sorted(scores, key=lambda word: (-round(scores[word], 6), word))[:TOP])
    return made


def _counts(texts: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for word in set(_telling(text)):
            counts[word] = counts.get(word, 0) + 1
    return counts


def _telling(text: str) -> list[str]:
    return [word for word in words(text) if word.isalpha() and weight(word) >= _TELLING]


class _Documents:
    """In which articles each word is said."""

    def __init__(self, said: pl.DataFrame) -> None:
        held: dict[str, set[int]] = {}
        numbers: dict[str, int] = {}
        for text, article in said.select("text", "article_id").iter_rows():
            number = numbers.setdefault(article, len(numbers))
            for word in words(text):
                held.setdefault(word, set()).add(number)
        self._held, self._size = held, max(len(numbers), 1)

    def npmi(self, told: list[str]) -> float:
        """The mean over all pairs: 1 where words never go without each other, 0 by chance, -1 never together."""
        pairs: list[float] = []
        for at, one in enumerate(told):
            for two in told[:at]:
                left, right = self._held.get(one, set()), self._held.get(two, set())
                both = len(left & right) / self._size
                if not both:
                    pairs.append(-1.0)
                    continue
                chance = len(left) * len(right) / self._size**2
                pairs.append(float(np.log(both / chance) / -np.log(both)) if both < 1 else 1.0)
        return _mean(pairs)
