"""What is at hand of a record when a day's statements are placed: they, their neighbours, and the themes of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.neighbours import Near
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken, Vectors, are_there
from onrecord.pipeline.themes.graph import (
    LINKED,
    NEIGHBOURS,
    Links,
    Wordings,
    alike,
    in_common,
    weight,
)
from onrecord.pipeline.themes.standing import Standing
from onrecord.pipeline.themes.terms import Terms

_MORE = 6
"""Neighbours asked for beyond those that are linked: several may be wordings of one statement."""

_ENOUGH, _USUAL = 1000, 3
"""Links between statements that are both asked for, from which it is told how many neighbours two usually share; and
what that is taken for where there are fewer."""

NOBODY = -1
"""The number of no theme."""


class Record(NamedTuple):
    """What a record tells when it is asked; what this run made of statements counts already.

    `near` gives the keys of the nearest wordings, `vectors` those of some keys; `said` (key, statement_id) the
    statements that wordings are of, `texts` (statement_id, text) of those of some that stand, `within` THEME_MEMBERS of
    some values of a column, `themes` are THEMES.
    """

    near: Callable[[Vectors, int], Near]
    vectors: Callable[[Ints], Vectors]
    said: Callable[[Ints], pl.DataFrame]
    texts: Callable[[pl.Series], pl.DataFrame]
    within: Callable[[str, pl.Series], pl.DataFrame]
    themes: pl.DataFrame


class Day(NamedTuple):
    """Statements (statement_id, text, key) that are new or have another text, and (statement_id, into) of those that
    nobody reports any more."""

    statements: pl.DataFrame
    retired: pl.DataFrame


class Hand(NamedTuple):
    """The statements at hand: the day's first, then their neighbours in no theme, then those in one.

    The first `free` are to be placed; `leaf` is the number in `themes` of the one that each of the others is in.
    """

    statements: pl.Series
    free: int
    wordings: Wordings
    terms: Terms
    links: Links
    leaf: Ints
    themes: pl.DataFrame
    """THEMES as they stand, in the order of their numbers, with `of`, the number of the broader one or their own, and
    `leaf`, whether there is no narrower one."""

    held: pl.DataFrame
    """THEME_MEMBERS of the statements at hand, on record."""


def at_hand(day: Day, record: Record, standing: Standing, names: Iterable[str]) -> Hand:
    """What is at hand for a day."""
    themes = _numbered(record.themes.join(standing.subjects, on="theme_id"))
    new = day.statements.sort("statement_id")
    vectors = record.vectors(new["key"].to_numpy())
    usable = are_there(vectors)
    new, vectors = new.filter(usable), vectors[usable]
    gone = day.retired["statement_id"].implode()
    pairs = _near(new["statement_id"], vectors, record).filter(~pl.col("two").is_in(gone))
    others = pairs.filter(~pl.col("two").is_in(new["statement_id"].implode()))
    others = others.sort("key").unique("two", keep="first").select(statement_id="two", key="key")
    known = record.texts(others["statement_id"])
    others = others.join(known, on="statement_id", how="semi")
    everyone = pl.concat([new["statement_id"], others["statement_id"], day.retired["statement_id"]])
    held = record.within("statement_id", everyone.unique())
    leaves = held.join(themes.filter("leaf"), on="theme_id").select("statement_id", "number")
    others = others.join(leaves, on="statement_id", how="left").sort("statement_id")
    loose = others.filter(pl.col("number").is_null())
    loose_vectors = record.vectors(loose["key"].to_numpy())
    near_loose = _near(loose["statement_id"], loose_vectors, record)
    settled = others.filter(pl.col("number").is_not_null())
    at_hand = pl.concat([new["statement_id"], loose["statement_id"], settled["statement_id"]])
    number = pl.DataFrame({"statement_id": at_hand}).with_row_index("at")
    texts = pl.concat([new.select("statement_id", "text"), known.select("statement_id", "text")])
    told = number.join(texts, on="statement_id", how="left", maintain_order="left")
    free = new.height + loose.height
    terms = Terms.of(Spoken.of(told["text"].fill_null("")), names).among(standing.terms, new.height)
    within = np.concatenate([vectors, loose_vectors]) if loose.height else vectors
    wordings = Wordings(within, np.arange(free), terms.matrix())
    directed = pl.concat([pairs, near_loose]).filter(pl.col("two").is_in(at_hand.implode()))
    leaf = np.full(len(at_hand), NOBODY)
    leaf[free:] = settled["number"].to_numpy()
    links = _links(directed, number, free, wordings.terms)
    return Hand(at_hand, free, wordings, terms, links, leaf, themes, held)


def _numbered(themes: pl.DataFrame) -> pl.DataFrame:
    numbered = themes.sort("theme_id").with_row_index("number")
    numbered = numbered.with_columns(pl.col("number").cast(pl.Int64))
    own = numbered.select(parent_id="theme_id", of="number")
    return numbered.join(own, on="parent_id", how="left", maintain_order="left").with_columns(
        pl.coalesce("of", "number").alias("of"),
        leaf=~pl.col("theme_id").is_in(themes["parent_id"].drop_nulls().implode()),
    )


def _near(statements: pl.Series, vectors: Vectors, record: Record) -> pl.DataFrame:
    """The nearest statements to some: (one, two, key, likeness), the nearest first."""
    near = record.near(vectors, NEIGHBOURS + 1 + _MORE)
    count = near.keys.shape[1]
    told = pl.DataFrame(
        {
            "one": statements.gather(np.repeat(np.arange(len(statements)), count)),
            "key": near.keys.ravel(),
            "likeness": near.likeness.ravel().astype(np.float64),
        }
    ).filter(pl.col("key") >= 0)
    said = record.said(told["key"].unique().to_numpy())
    return (
        told.join(said.rename({"statement_id": "two"}), on="key")
        .filter(pl.col("one") != pl.col("two"))
        .sort("one", "likeness", "two", "key", descending=[False, True, False, False])
        .unique(["one", "two"], keep="first", maintain_order=True)
        .group_by("one", maintain_order=True)
        .head(NEIGHBOURS)
    )


def _links(directed: pl.DataFrame, number: pl.DataFrame, free: int, terms: Any) -> Links:
    """Links of which one end at least is free; those in themes were asked for no neighbours of their own."""
    size = number.height
    told = directed.join(number.select(one="statement_id", left="at"), on="one").join(
        number.select(two="statement_id", right="at"), on="two"
    )
    left, right = (told[end].cast(pl.Int64).to_numpy() for end in ("left", "right"))
    pairs, first = np.unique(
        np.minimum(left, right) * size + np.maximum(left, right), return_index=True
    )
    one, two = pairs // max(size, 1), pairs % max(size, 1)
    hundredths = alike(told["likeness"].to_numpy()[first], terms, one, two)
    near = hundredths >= LINKED
    kept = near[np.searchsorted(pairs, np.minimum(left, right) * size + np.maximum(left, right))]
    one, two = one[near], two[near]
    common = in_common(left[kept], right[kept], size, one, two)
    both = two < free
    # Who is in a theme has neighbours in common with others as usual: they were not asked for.
    usual = round(common[both].mean()) if both.sum() > _ENOUGH else _USUAL
    common[~both] = usual
    return Links(size, one.astype(np.int32), two.astype(np.int32), weight(hundredths[near], common))
