"""Statements on one subject, at two grains: Leiden communities of a graph of nearest statements.

Vectors of statements are linked to their nearest neighbours (faiss), communities are found at a low
resolution, and within each at a higher one (`graph.py`). Labels are the words that set a theme apart from the others
(`labels.py`). A statement that is near to nothing is in no theme. Identities are carried over from the themes before
by overlap.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken
from onrecord.pipeline.statements.comparing.wording import words
from onrecord.pipeline.themes.graph import Wordings, communities, in_steps, linked
from onrecord.pipeline.themes.labels import keywords

_BROAD, _FINE = 0.6, 1.8
_SPLIT_FROM = 4
_CARRIED = 0.3
_LABEL = 3


class Themed(NamedTuple):
    """THEMES and THEME_MEMBERS, both whole."""

    themes: pl.DataFrame
    theme_members: pl.DataFrame


class _Theme(NamedTuple):
    members: list[int]
    parent: int | None


def find_themes(
    statements: pl.DataFrame,
    vectors: NDArray[np.float16],
    spoken: Spoken,
    names: Iterable[str],
    known: Themed,
    settings: ClusterSettings,
) -> Themed:
    """Themes of `statements` (statement_id, row), each with its row of `vectors`, which are overwritten, and `spoken`.

    `names` are the speakers' names, which label nothing. The search starts from the `known` themes, so that a few new
    statements do not reshuffle the old ones. Of statements equally typical of a theme, the first counts. Fewer
    statements than a theme needs give no theme.
    """
    in_steps(vectors)
    rows = statements["row"].to_numpy().astype(np.int64)
    usable = np.isfinite(vectors.sum(axis=1, dtype=np.float32))[rows]
    least = settings.min_theme_statements
    if usable.sum() < least:
        return Themed(contracts.THEMES.empty(), contracts.THEME_MEMBERS.empty())
    wordings, statements = Wordings(vectors, rows[usable]), statements.filter(usable)
    at_hand = statements["statement_id"]
    links = linked(wordings)
    found: list[_Theme] = []
    before = _before(known, at_hand, broad=True), _before(known, at_hand, broad=False)
    largest = communities(links, wordings, before[0], _BROAD, settings)
    for broad, inner in zip(largest, links.split(largest), strict=True):
        found.append(_Theme(broad, None))
        if len(broad) < _SPLIT_FROM * least:
            continue
        part = communities(inner, wordings.take(broad), before[1][broad], _FINE, settings)
        if len(part) > 1:
            parent = len(found) - 1
            found.extend(_Theme([broad[at] for at in fine], parent) for fine in part)
    named = {word for name in names for word in words(name)}
    told = spoken.take(wordings.rows)
    return _tables(found, at_hand, told, wordings, named, known.theme_members)


def _before(known: Themed, at_hand: pl.Series, *, broad: bool) -> Ints:
    """The number of the theme that each statement was in, at one grain; -1 where it was in none."""
    grain = known.themes.filter(
        pl.col("parent_id").is_null() if broad else pl.col("parent_id").is_not_null()
    )
    held = known.theme_members.join(grain.select("theme_id"), on="theme_id", how="semi")
    numbered = held.select(
        "statement_id", (pl.col("theme_id").rank("dense") - 1).cast(pl.Int64).alias("number")
    ).unique("statement_id", keep="last")
    found = at_hand.to_frame().join(numbered, on="statement_id", how="left", maintain_order="left")
    return found["number"].fill_null(-1).to_numpy()


def _tables(
    found: list[_Theme],
    identity: pl.Series,
    spoken: Spoken,
    wordings: Wordings,
    named: set[str],
    known_members: pl.DataFrame,
) -> Themed:
    telling = keywords([theme.members for theme in found], spoken, named)
    likeness = [wordings.take(theme.members).likeness() for theme in found]
    typical = [
        identity[theme.members[int(np.argmax(like))]]
        for theme, like in zip(found, likeness, strict=True)
    ]
    everyone = np.concatenate([np.empty(0, dtype=np.int64), *(theme.members for theme in found)])
    of = np.repeat(np.arange(len(found)), [len(theme.members) for theme in found])
    placed = pl.DataFrame({"number": of, "statement_id": identity.gather(everyone)})
    carried = _carried(found, placed, typical, known_members)
    themes = [
        {
            "theme_id": carried[number],
            "parent_id": None if theme.parent is None else carried[theme.parent],
            "label": ", ".join(telling[number][:_LABEL]) or "(no telling word)",
            "keywords": telling[number],
            "statement_id": typical[number],
            "size": len(theme.members),
        }
        for number, theme in enumerate(found)
    ]
    members = pl.DataFrame(
        {
            "theme_id": pl.Series(carried, dtype=pl.String).gather(of),
            "statement_id": placed["statement_id"],
            "similarity": np.clip(np.concatenate([np.empty(0), *likeness]), 0.0, 1.0),
        },
        schema=contracts.THEME_MEMBERS.schema,
    )
    return Themed(pl.DataFrame(themes, schema=contracts.THEMES.schema), members)


def _carried(
    found: list[_Theme], placed: pl.DataFrame, typical: list[str], known_members: pl.DataFrame
) -> list[str]:
    """Identities: that of the theme before with which a theme shares most, else a new one.

    `placed` (number, statement_id) says who is in which of the themes `found`.
    """
    before = known_members.select(pl.col("theme_id").alias("old"), "statement_id")
    # New statements say nothing about whether an old theme goes on.
    mine = placed.join(before, on="statement_id", how="semi")
    shared = mine.join(before, on="statement_id").group_by("number", "old").len("both")
    claims = (
        shared.join(mine.group_by("number").len("here"), on="number")
        .join(before.group_by("old").len("there"), on="old")
        .with_columns(overlap=pl.col("both") / (pl.col("here") + pl.col("there") - pl.col("both")))
        .filter(pl.col("overlap") >= _CARRIED)
        .sort("overlap", "old", "number", descending=[True, False, False])
    )
    given: dict[int, str] = {}
    taken: set[str] = set()
    for number, old in claims.select("number", "old").rows():
        if number not in given and old not in taken:
            given[number] = old
            taken.add(old)
    taken |= set(before["old"])
    for number, theme in enumerate(found):
        if number not in given:
            grain = "fine" if theme.parent is not None else "broad"
            fresh = ids.digest("theme", grain, typical[number])
            while fresh in taken:
                fresh = ids.digest("theme", fresh)
            given[number] = fresh
            taken.add(fresh)
    return [given[number] for number in range(len(found))]
