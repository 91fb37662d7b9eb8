"""Copies: articles whose bodies are the same, wholly or for the most part, told by their sketches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from onrecord.pipeline.copies.sketches import LEAST, Hashes, Sample, reach, share
from onrecord.pipeline.names.outlets import by_key

ELSEWHERE, WITHIN = 0.5, 0.8
"""The least share that makes a copy: between two outlets; and within one, where pages have phrases in common, where an
outlet is not known, or where a body has fewer than SHORT runs."""

SHORT = 40

COMMON = 3
"""A run that so many originals have is a standing phrase (a notice, a template) and tells nothing."""

FOUND = pl.Schema(
    {"article_id": pl.String(), "duplicate_of": pl.String(), "duplicate_share": pl.Float64()}
)
_COLUMNS = ("article_id", "outlet", "content_hash", "sketch")


def find_copies(
    new: pl.DataFrame, known: pl.LazyFrame, first_version: Mapping[str, str]
) -> pl.DataFrame:
    """(article_id, duplicate_of, duplicate_share) of every article of `new` that copies one before it.

    `new` holds article_id, outlet, content_hash and sketch in the order of reading; `known` those of the record, with
    duplicate_of, duplicate_share and first_run_id. `first_version` names the first version of every later one: a
    version is no copy of another version of its article. Each article is held against the originals before it, the
    record's first and never against a copy, and points at the one that it shares most with, of equals the first. The
    cost grows with the runs of `new` and with what of the record has any of them.
    """
    hits = _hits(new, known)
    standing = _standing(hits, first_version)
    near = hits.filter(~pl.col("sketch").is_in(standing.implode()))["article_id"].unique()
    before = _rows(known, pl.col("article_id").is_in(near.implode()), _COLUMNS)
    seen = by_key(pl.concat([before, new.select(_COLUMNS)]))
    originals = _Originals(seen, first_version, standing.to_numpy())
    same = _same_texts(new, known)
    found: list[tuple[str, str, float]] = []
    for at, (article, text) in enumerate(seen.select("article_id", "content_hash").iter_rows()):
        copied = None
        if at >= before.height:
            copied = same.get(text)
            if copied is None or originals.related(article, copied[0]):
                copied = originals.nearest(at)
        if copied is None:
            originals.add(at)
        else:
            found.append((article, *copied))
        same.setdefault(text, copied or (article, 1.0))
    return pl.DataFrame(found, schema=FOUND, orient="row")


def _hits(new: pl.DataFrame, known: pl.LazyFrame) -> pl.DataFrame:
    """(article_id, sketch): which originals of the record have which of the runs of `new`."""
    runs = new.select(pl.col("sketch").explode().drop_nulls().unique())
    originals = known.filter(pl.col("duplicate_of").is_null()).select("article_id", "sketch")
    return (
        originals.explode("sketch")
        .join(runs.lazy(), on="sketch", how="semi")
        .collect(engine="streaming")
    )


def _standing(hits: pl.DataFrame, first_version: Mapping[str, str]) -> pl.Series:
    """The runs that are standing phrases in the record already."""
    articles = hits.with_columns(pl.col("article_id").replace(dict(first_version))).unique()
    counted = articles.group_by("sketch").len()
    return counted.filter(pl.col("len") >= COMMON)["sketch"]


def _rows(known: pl.LazyFrame, wanted: pl.Expr, columns: Sequence[str]) -> pl.DataFrame:
    """Rows of the record, the first seen first."""
    rows = known.filter(wanted).select(*columns, "first_run_id").collect(engine="streaming")
    return rows.sort("first_run_id", "article_id").select(columns)


def _same_texts(new: pl.DataFrame, known: pl.LazyFrame) -> dict[str, tuple[str, float]]:
    """content_hash -> what the record's articles of that very text copy, or the first of them; and the share."""
    wanted = pl.col("content_hash").is_in(new["content_hash"].unique().implode())
    columns = ("article_id", "content_hash", "duplicate_of", "duplicate_share")
    texts: dict[str, tuple[str, float]] = {}
    for article, text, original, common in _rows(known, wanted, columns).iter_rows():
        texts.setdefault(text, (original, common) if original else (article, 1.0))
    return texts


class _Originals:
    """The originals met so far, found by their runs; the versions of one article make one group."""

    def __init__(
        self, seen: pl.DataFrame, first_version: Mapping[str, str], standing: Hashes
    ) -> None:
        self._names: list[str] = seen["article_id"].to_list()
        self._outlets: list[str | None] = seen["outlet"].to_list()
        self._first_version = first_version
        lengths = seen["sketch"].list.len().fill_null(0).cast(pl.Int64).to_numpy()
        self._ends: Hashes = np.concatenate([[0], np.cumsum(lengths)])
        self._runs: Hashes = seen["sketch"].explode().drop_nulls().to_numpy()
        # Most runs are met once only: what is looked up are the others, by number.
        numbered = np.union1d(_repeated(self._runs), standing)
        places = np.searchsorted(numbered, self._runs)
        numbered = np.append(numbered, -1)
        self._numbers = np.where(numbered[places] == self._runs, places, -1)
        self._held = np.where(np.isin(numbered, standing), COMMON, 0)
        self._holders = np.full((len(numbered), COMMON), -1, np.int32)
        self._groups: dict[str, int] = {}
        self._members: list[list[int]] = []

    def related(self, one: str, two: str) -> bool:
        """Whether two are versions of one article."""
        return self._first_version.get(one, one) == self._first_version.get(two, two)

    def add(self, at: int) -> None:
        """Count an article among the originals."""
        name = self._names[at]
        group = self._groups.setdefault(self._first_version.get(name, name), len(self._groups))
        if group == len(self._members):
            self._members.append([])
        self._members[group].append(at)
        runs = self._looked_up(at)
        runs = runs[(self._holders[runs] != group).all(axis=1)]
        self._holders[runs, self._held[runs]] = group
        self._held[runs] += 1

    def nearest(self, at: int) -> tuple[str, float] | None:
        """The original that the article shares most with, of equals the first, and the share; None for an original."""
        best, most, ours = None, 0.0, self._sample(at)
        for other in self._candidates(at):
            common = share(ours, self._sample(other))
            if common > most and common >= self._least(at, other):
                best, most = self._names[other], common
        return None if best is None else (best, most)

    def _candidates(self, at: int) -> Iterator[int]:
        groups, common = np.unique(self._holders[self._looked_up(at)], return_counts=True)
        for group in groups[(common >= LEAST) & (groups >= 0)]:
            if not self.related(self._names[at], self._names[self._members[group][0]]):
                yield from self._members[group]

    def _least(self, one: int, two: int) -> float:
        outlet, other = self._outlets[one], self._outlets[two]
        lengths = (self._ends[at + 1] - self._ends[at] for at in (one, two))
        if outlet is None or other is None or outlet == other or min(lengths) < SHORT:
            return WITHIN
        return ELSEWHERE

    def _looked_up(self, at: int) -> Hashes:
        """The numbers of the runs that may tell."""
        numbers = self._numbers[self._ends[at] : self._ends[at + 1]]
        numbers = numbers[numbers >= 0]
        return numbers[self._held[numbers] < COMMON]

    def _sample(self, at: int) -> Sample:
        """What an article's sketch tells, standing phrases left out."""
        runs = self._runs[self._ends[at] : self._ends[at + 1]]
        numbers = self._numbers[self._ends[at] : self._ends[at + 1]]
        telling = (numbers < 0) | (self._held[numbers] < COMMON)
        return Sample(runs[telling], reach(runs))


def _repeated(values: Hashes) -> Hashes:
    """What occurs more than once, ascending."""
    ordered = np.sort(values)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
