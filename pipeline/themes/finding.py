"""The themes of a record after a run: a day's statements are placed among those that stand, or all are parted anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.asking import Known, of_keys
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.machine import memory
from onrecord.pipeline.machine.vectors import vectors_of
from onrecord.pipeline.neighbours import Kept as Lists
from onrecord.pipeline.neighbours import Lent, keys_of
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken, VectorRows
from onrecord.pipeline.themes import Themed, find_themes
from onrecord.pipeline.themes.days import Changed, themes_of_day
from onrecord.pipeline.themes.hand import Day, Record
from onrecord.pipeline.themes.keeping import Kept
from onrecord.pipeline.themes.standing import SUBJECTS

FEW = 4_000
"""Statements up to which all are parted each time."""

_GROWN, _AT_ONCE = 10, 4
"""All are parted anew when more than a tenth as many have come since that was done, and when more than a quarter of
them come at once."""

_IN_FULL = 50_000
"""Statements up to which themes are found by vectors in full: of half precision the last bit of one shows in every
likeness. In a larger record neighbours are searched by cells, which hang on every bit anyway, and halves take half."""


class News(NamedTuple):
    """What a run made: STATEMENTS that are new or changed, (statement_id, into) of those that nobody reports any more,
    UTTERANCES, and names of speakers; `said` tells (key, statement_id) of wordings by their keys, after the run."""

    statements: pl.DataFrame
    retired: pl.DataFrame
    utterances: pl.LazyFrame
    names: pl.Series
    said: Callable[[Ints], pl.DataFrame]


def themes_after(
    news: News,
    known: Known,
    lists: Lists | None,
    kept: Kept,
    settings: ClusterSettings,
    *,
    whole: bool = False,
) -> Changed:
    """What a run changes of the themes on record; `lists` hold all wordings that have a vector, None where none has.

    With `whole` all statements are parted anew, whatever is kept.
    """
    themes = known.scan("themes").collect()
    standing = None if whole else kept.read(themes["theme_id"])
    stand = news.statements.filter(pl.col("quotations") > 0)
    if standing is not None and lists is not None and standing.statements > FEW:
        fresh = _other_text(stand, known)
        grown = _GROWN * kept.since(), _AT_ONCE * fresh.height
        if max(grown) <= standing.statements:
            day = Day(_keyed(fresh), news.retired)
            made = themes_of_day(
                day, _record(news, known, lists, themes), standing, news.names, settings
            )
            kept.add(made.subjects, fresh.height)
            return made
    return _parted(news, known, lists, kept, themes, settings)


def _other_text(statements: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Statements (statement_id, text) that are not on record with this text."""
    told = statements.select("statement_id", "text")
    keys = of_keys("statement_id", told["statement_id"])
    before = known.ask("statements", ("statement_id", "text", "quotations"), keys)
    same = before.filter(pl.col("quotations") > 0).select(told.columns).collect()
    return told.join(same, on=told.columns, how="anti")


def _keyed(statements: pl.DataFrame) -> pl.DataFrame:
    """Statements with the identity and the key of the wording that they show."""
    identities = pl.Series(map(ids.utterance_id, statements["text"]), dtype=pl.String)
    return statements.with_columns(utterance_id=identities, key=keys_of(identities))


def _record(news: News, known: Known, lists: Lists, themes: pl.DataFrame) -> Record:
    columns = ("statement_id", "text", "quotations")
    now = news.statements.select(columns)

    def texts(some: pl.Series) -> pl.DataFrame:
        keys = of_keys("statement_id", some)
        before = known.ask("statements", columns, keys).collect()
        here = now.join(keys, on="statement_id", how="semi")
        stand = pl.concat([before, here]).unique("statement_id", keep="last")
        return stand.filter(pl.col("quotations") > 0).select("statement_id", "text")

    def within(column: str, some: pl.Series) -> pl.DataFrame:
        if some.is_empty():
            return contracts.THEME_MEMBERS.empty()
        columns = tuple(contracts.THEME_MEMBERS.columns)
        told = known.ask("theme_members", columns, of_keys(column, some)).collect()
        return told.sort("theme_id", "statement_id")

    return Record(lists.search, lists.taken, news.said, texts, within, themes)


def _parted(
    news: News,
    known: Known,
    lists: Lists | None,
    kept: Kept,
    themes: pl.DataFrame,
    settings: ClusterSettings,
) -> Changed:
    """All statements parted anew, starting from the themes on record: what that changes."""
    columns = ["statement_id", "text", "quotations"]
    everyone = (
        pl.concat(
            [known.scan("statements").select(columns).collect(), news.statements.select(columns)]
        )
        .unique("statement_id", keep="last")
        .filter(pl.col("quotations") > 0)
    )
    everyone = _keyed(everyone.select("statement_id", "text")).sort("key", "statement_id")
    spoken = Spoken.of(everyone["text"])
    vectors: VectorRows
    if lists is None or everyone.height <= _IN_FULL:
        held = [news.utterances, known.scan("utterances")]
        vectors = vectors_of(everyone["utterance_id"], held, np.float32)
    else:
        vectors = Lent(lists, everyone["key"].to_numpy())
    statements = everyone.select("statement_id").with_row_index("row")
    del everyone
    memory.give_back()
    spelled = known.scan("speakers").select(pl.col("aliases").explode()).collect().to_series()
    names = pl.concat([spelled, news.names]).drop_nulls()
    members = known.scan("theme_members").collect()
    made = find_themes(
        statements.with_columns(pl.col("row").cast(pl.Int64)),
        vectors,
        spoken,
        names.unique().sort(),
        Themed(themes, members),
        settings,
    )
    if made.standing is not None:
        kept.write(made.standing)
    return _difference(made, themes, members)


def _difference(made: Themed, themes: pl.DataFrame, members: pl.DataFrame) -> Changed:
    """What has to change in THEMES and THEME_MEMBERS on record to be those that were made."""
    held = ["theme_id", "statement_id"]
    moved = members.join(made.theme_members, on=held, how="anti")["statement_id"].unique()
    of_moved = pl.col("statement_id").is_in(moved.implode())
    other = made.theme_members.join(members, on=[*held, "similarity"], how="anti")
    ended = themes.join(made.themes, on="theme_id", how="anti")["theme_id"]
    # Of who has left a theme all rows go, and those that stay come again.
    again = pl.concat([other, made.theme_members.filter(of_moved)]).unique(held)
    same = themes.with_columns(pl.col("keywords").list.join("\x1f"))
    now = made.themes.with_columns(pl.col("keywords").list.join("\x1f"))
    changed = now.join(same, on=now.columns, how="anti", nulls_equal=True)["theme_id"]
    return Changed(
        made.themes.filter(pl.col("theme_id").is_in(changed.implode())).sort("theme_id"),
        again.sort(held),
        moved.sort(),
        ended.sort(),
        SUBJECTS.to_frame(),
    )
