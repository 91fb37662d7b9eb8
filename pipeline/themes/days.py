"""A day's statements among the themes that stand: what is near to them is looked at, and nothing else.

New statements are linked to their nearest (`pipeline/neighbours`), and those of these that are in no theme to theirs.
Leiden goes over them with each theme that they touch as one vertex, which stays; those that join none may be a theme of
their own. Who fits is told by the same centres and words as where all statements are parted (`fitting.py`), and these
stay until that is done again, as do the names, words and identities of themes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.statements.comparing.likeness import Ints
from onrecord.pipeline.themes.fitting import Subjects, belonging, fitting, joining
from onrecord.pipeline.themes.graph import placed
from onrecord.pipeline.themes.hand import NOBODY, Day, Hand, Record, at_hand
from onrecord.pipeline.themes.labels import called, keywords, ranked, telling
from onrecord.pipeline.themes.standing import Standing, fresh_id, subjects

BROAD, FINE = 0.6, 4.0
"""Resolutions of the two grains."""


class Changed(NamedTuple):
    """THEMES and THEME_MEMBERS that are new or changed, the statements that are no longer where they were, and the
    themes that are no more; `subjects` of the new themes."""

    themes: pl.DataFrame
    theme_members: pl.DataFrame
    moved: pl.Series
    ended: pl.Series
    subjects: pl.DataFrame


def themes_of_day(
    day: Day, record: Record, standing: Standing, names: Iterable[str], settings: ClusterSettings
) -> Changed:
    """What a day changes of the themes of a record that `standing` tells of; `names` are its speakers' names."""
    hand = at_hand(day, record, standing, names)
    homes, made = _homes(hand, standing, settings)
    new = _new(hand, made)
    return _changed(day, record, hand, _members(hand, homes, made, new), new, settings)


class _New(NamedTuple):
    """A theme that is new: its members' places, and the number of the broader one."""

    members: list[int]
    parent: int | None


def _homes(hand: Hand, standing: Standing, settings: ClusterSettings) -> tuple[Ints, list[_New]]:
    """The number of the leaf that each free statement joins, -1 for none, and new themes of others."""
    themes, least = hand.themes, settings.min_theme_statements
    sizes, top = themes["size"].to_numpy(), themes["of"].to_numpy()
    of_leaf = np.where(hand.leaf >= 0, top[hand.leaf], NOBODY)
    broad = placed(hand.links, hand.free, of_leaf, sizes, standing.statements, BROAD, settings)
    went = np.full(hand.free, NOBODY)
    groups: list[tuple[list[int], int | None]] = []
    leaf = themes["leaf"].to_numpy()
    for theme in np.unique(broad[broad >= 0]).tolist():
        mine = np.flatnonzero(broad == theme)
        if leaf[theme]:
            went[mine] = theme
            continue
        around = np.flatnonzero(of_leaf == theme)
        inner = hand.links.split([[*mine, *around]])[0]
        near = np.concatenate([np.full(len(mine), NOBODY), hand.leaf[around]])
        fine = placed(inner, len(mine), near, sizes, int(sizes[theme]), FINE, settings)
        went[mine] = np.maximum(fine, NOBODY)
        groups.extend((mine[fine == own].tolist(), theme) for own in np.unique(fine[fine < 0]))
    groups.extend(
        (np.flatnonzero(broad == own).tolist(), None) for own in np.unique(broad[broad < 0])
    )
    held = Subjects.of(themes.filter("leaf"), hand.terms)
    fits = belonging(went, held, hand.wordings)
    went[~fits] = NOBODY
    parts = [(part, of) for part, of in groups if len(part) >= least]
    kept = fitting(
        [part for part, _ in parts],
        np.full(hand.free, NOBODY),
        hand.wordings,
        hand.terms,
        least,
        went < 0,
    )
    made = [_New(fit, of) for fit, (_, of) in zip(kept, parts, strict=True) if fit]
    taken = np.zeros(hand.free, dtype=bool)
    taken[[at for one in made for at in one.members]] = True
    alone = np.flatnonzero((went < 0) & ~taken)
    went[alone] = joining(alone, held, hand.wordings)
    return went, made


def _new(hand: Hand, made: list[_New]) -> pl.DataFrame:
    """The new themes: THEMES, each with the columns of `Standing.subjects`."""
    told = [list(best) for best in ranked([one.members for one in made], hand.terms)]
    taken = set(hand.themes["theme_id"])
    rows: list[dict[str, object]] = []
    for one, best in zip(made, told, strict=True):
        members = hand.wordings.take(one.members)
        like = members.likeness(members.centre())
        typical = hand.statements[one.members[int(np.argmax(like))]]
        label = keywords(one.members, best, hand.terms)
        identity = fresh_id("broad" if one.parent is None else "fine", typical, taken)
        parent = None if one.parent is None else hand.themes["theme_id"][one.parent]
        rows.append(
            {
                "theme_id": identity,
                "parent_id": parent,
                "label": called(label),
                "keywords": label,
                "statement_id": typical,
                "size": 0,
            }
        )
    centres = [hand.wordings.take(one.members).centre() for one in made]
    words = [hand.terms.hashed(telling(best, hand.terms)) for best in told]
    told_of = pl.DataFrame(rows, schema=contracts.THEMES.schema)
    return told_of.join(
        subjects(told_of["theme_id"].to_list(), centres, words),
        on="theme_id",
        maintain_order="left",
    )


def _members(hand: Hand, homes: Ints, made: list[_New], new: pl.DataFrame) -> pl.DataFrame:
    """THEME_MEMBERS of all free statements that have a home now: in the narrow theme and in the broader one."""
    joined = np.flatnonzero(homes >= 0)
    narrow = [
        pl.DataFrame({"at": joined, "theme_id": hand.themes["theme_id"].gather(homes[joined])}),
        *(
            pl.DataFrame({"at": one.members, "theme_id": [identity] * len(one.members)})
            for one, identity in zip(made, new["theme_id"], strict=True)
        ),
    ]
    themes = pl.concat(
        [frame.select("theme_id", "parent_id", "centre") for frame in (hand.themes, new)]
    ).with_row_index("row")
    told = pl.concat(narrow).join(themes.select("theme_id", "parent_id"), on="theme_id")
    broad = told.drop_nulls("parent_id").select("at", theme_id="parent_id")
    both = pl.concat([told.select("at", "theme_id"), broad]).join(themes, on="theme_id")
    both = both.sort("theme_id", "at")
    centres = np.array(themes["centre"].to_list(), dtype=np.float64)
    like = hand.wordings.like(both["at"].to_numpy(), centres, both["row"].to_numpy())
    return contracts.THEME_MEMBERS.conform(
        both.select(
            "theme_id",
            hand.statements.gather(both["at"]).alias("statement_id"),
            pl.Series("similarity", np.clip(like, 0.0, 1.0)),
        )
    )


def _changed(
    day: Day,
    record: Record,
    hand: Hand,
    members: pl.DataFrame,
    new: pl.DataFrame,
    settings: ClusterSettings,
) -> Changed:
    """What changes where free statements are `members` now."""
    every = pl.concat([day.statements["statement_id"], day.retired["statement_id"]])
    gone = hand.held.filter(pl.col("statement_id").is_in(every.implode()))
    stand = pl.concat([record.themes, new.select(record.themes.columns)])
    ended = pl.Series("theme_id", [], dtype=pl.String)
    # What ends takes its members from the broader theme too, which may end by that.
    for _ in range(2):
        sizes = _sizes(stand, members, gone)
        few = sizes.filter(pl.col("size") < settings.min_theme_statements)["theme_id"]
        ended = few.filter(few.is_in(gone["theme_id"].implode()))
        left = record.within("theme_id", ended)["statement_id"].unique()
        members = members.filter(
            ~pl.col("statement_id").is_in(
                members.filter(pl.col("theme_id").is_in(ended.implode()))["statement_id"].implode()
            )
        )
        gone = pl.concat([gone, record.within("statement_id", left)]).unique(maintain_order=True)
    sizes = _sizes(stand, members, gone).filter(~pl.col("theme_id").is_in(ended.implode()))
    moved = gone["statement_id"].unique().sort()
    sizes = _typical(sizes, record, members, moved)
    was = stand.select("theme_id", was="size", said="statement_id")
    changed = sizes.join(was, on="theme_id").filter(
        (pl.col("size") != pl.col("was")) | (pl.col("statement_id") != pl.col("said"))
    )
    return Changed(
        contracts.THEMES.conform(changed.drop("was", "said").sort("theme_id")),
        members.sort("theme_id", "statement_id"),
        moved,
        ended.sort(),
        new.select("theme_id", "centre", "words"),
    )


def _sizes(stand: pl.DataFrame, members: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """THEMES with their sizes after `members` have come and `gone` have gone."""
    more = members.group_by("theme_id").len("more")
    less = gone.group_by("theme_id").len("less")
    return (
        stand.join(more, on="theme_id", how="left", maintain_order="left")
        .join(less, on="theme_id", how="left", maintain_order="left")
        .with_columns(
            size=pl.col("size")
            + pl.col("more").cast(pl.Int64).fill_null(0)
            - pl.col("less").cast(pl.Int64).fill_null(0)
        )
        .drop("more", "less")
    )


def _typical(
    themes: pl.DataFrame, record: Record, members: pl.DataFrame, moved: pl.Series
) -> pl.DataFrame:
    """Themes with another typical statement where theirs has left."""
    here = members.select("theme_id", "statement_id")
    lost = themes.filter(pl.col("statement_id").is_in(moved.implode())).join(
        here, on=["theme_id", "statement_id"], how="anti"
    )
    held = record.within("theme_id", lost["theme_id"])
    best = (
        pl.concat([held.filter(~pl.col("statement_id").is_in(moved.implode())), members])
        .join(lost.select("theme_id"), on="theme_id", how="semi")
        .sort("theme_id", "similarity", "statement_id", descending=[False, True, False])
        .unique("theme_id", keep="first", maintain_order=True)
        .select("theme_id", best="statement_id")
    )
    return (
        themes.join(best, on="theme_id", how="left", maintain_order="left")
        .with_columns(statement_id=pl.coalesce("best", "statement_id"))
        .drop("best")
    )
