"""Statements on one subject, at two grains: Leiden communities of a graph of nearest statements.

Statements are linked to those whose vectors and words are most like theirs (faiss), communities are found at a low
resolution, and within each at a higher one (`graph.py`). Members that do not fit are left out of these, and others that
fit are taken in (`fitting.py`): a statement that is near to nothing is in no theme. Labels are the words that set a
theme apart from the others (`labels.py`). Identities are carried over from the themes before by overlap.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.machine import memory
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken, VectorRows, are_there
from onrecord.pipeline.themes.days import BROAD, FINE
from onrecord.pipeline.themes.fitting import fitting
from onrecord.pipeline.themes.graph import Links, Wordings, communities, linked
from onrecord.pipeline.themes.labels import called, keywords, ranked, telling
from onrecord.pipeline.themes.standing import Standing, fresh_id, subjects
from onrecord.pipeline.themes.terms import Terms

_STEADY = 0.5
"""Themes stay as they are while at least this share of the statements was in one before: those of a small record would
otherwise shape a large one for good."""

_SPLIT_FROM = 4
_CARRIED = 0.3


class Themed(NamedTuple):
    """THEMES and THEME_MEMBERS, both whole, and what a later run places new statements by."""

    themes: pl.DataFrame
    theme_members: pl.DataFrame
    standing: Standing | None = None


class _Theme(NamedTuple):
    members: list[int]
    parent: int | None


def find_themes(
    statements: pl.DataFrame,
    vectors: VectorRows,
    spoken: Spoken,
    names: Iterable[str],
    known: Themed,
    settings: ClusterSettings,
) -> Themed:
    """Themes of `statements` (statement_id, row), each with its row of `spoken`; row n of `vectors` is the n-th one's.

    `names` are the speakers' names, which label what is said of them alone. The search starts from the `known` themes,
    so that a few new statements do not reshuffle the old ones. Of statements equally typical of a theme, the first
    counts. Fewer statements than a theme needs give no theme.
    """
    usable = are_there(vectors)
    least = settings.min_theme_statements
    if usable.sum() < least:
        return Themed(contracts.THEMES.empty(), contracts.THEME_MEMBERS.empty())
    statements = statements.filter(usable)
    terms = Terms.of(spoken.take(statements["row"].to_numpy().astype(np.int64)), names)
    at_hand, rows, said = statements["statement_id"], np.flatnonzero(usable), terms.matrix()
    wordings = Wordings(vectors, rows, said)
    links = linked(wordings)
    memory.give_back()
    before = _before(known, at_hand, broad=True), _before(known, at_hand, broad=False)
    if (before[0] >= 0).mean() < _STEADY:
        before = np.full_like(before[0], -1), np.full_like(before[0], -1)
    parts, parents = _parts(links, before, settings)
    del links
    was_in = np.where(before[1] >= 0, before[0].max() + 1 + before[1], before[0])
    found = _nested(fitting(parts, was_in, wordings, terms, least), parents)
    return _tables(found, at_hand, terms, wordings, known.theme_members)


def _parts(
    links: Links, before: tuple[Ints, Ints], settings: ClusterSettings
) -> tuple[list[list[int]], list[int | None]]:
    """Communities, those within a large one in its stead; and the number of that one.

    `before` has the number of the broad and of the narrow theme that each statement was in.
    """
    largest = communities(links, before[0], BROAD, settings)
    parts: list[list[int]] = []
    parents: list[int | None] = []
    for number, (broad, inner) in enumerate(zip(largest, links.split(largest), strict=True)):
        part: list[list[int]] = []
        if len(broad) >= _SPLIT_FROM * settings.min_theme_statements:
            part = communities(inner, before[1][broad], FINE, settings)
        if len(part) > 1:
            parts.extend([broad[at] for at in fine] for fine in part)
            parents.extend([number] * len(part))
        else:
            parts.append(broad)
            parents.append(None)
    return parts, parents


def _nested(parts: list[list[int]], parents: list[int | None]) -> list[_Theme]:
    """Themes of parts that hold somebody: what lies within one broad theme after it, which holds what they hold."""
    within: dict[int, list[list[int]]] = {}
    found: list[_Theme] = []
    for part, parent in zip(parts, parents, strict=True):
        if part and parent is not None:
            within.setdefault(parent, []).append(part)
    for part, parent in zip(parts, parents, strict=True):
        fine = within.pop(parent, []) if parent is not None else []
        if parent is None and part:
            found.append(_Theme(part, None))
        elif len(fine) == 1:
            found.append(_Theme(fine[0], None))
        elif fine:
            found.append(_Theme(sorted(at for one in fine for at in one), None))
            at = len(found) - 1
            found.extend(_Theme(one, at) for one in fine)
    return found


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
    terms: Terms,
    wordings: Wordings,
    known_members: pl.DataFrame,
) -> Themed:
    told = [list(best) for best in ranked([theme.members for theme in found], terms)]
    labels = [keywords(theme.members, best, terms) for theme, best in zip(found, told, strict=True)]
    centres = [wordings.take(theme.members).centre() for theme in found]
    likeness = [
        wordings.take(theme.members).likeness(centre)
        for theme, centre in zip(found, centres, strict=True)
    ]
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
            "label": called(labels[number]),
            "keywords": labels[number],
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
    made = pl.DataFrame(themes, schema=contracts.THEMES.schema)
    said = [terms.hashed(telling(best, terms)) for best in told]
    return Themed(made, members, Standing(subjects(carried, centres, said), terms.counted()))


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
            given[number] = fresh_id(grain, typical[number], taken)
    return [given[number] for number in range(len(found))]
