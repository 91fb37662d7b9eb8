"""Outlets: spellings that differ by case or white space are one outlet, shown in its commonest spelling."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from onrecord.pipeline.core.ids import wording


def key(outlet: str | None) -> str | None:
    """What all spellings of an outlet have in common; None where there is none."""
    return None if outlet is None else wording(wording(outlet).casefold())


def by_key(articles: pl.DataFrame) -> pl.DataFrame:
    """The articles with their outlets' keys as outlets, for whatever compares or counts them."""
    spelled = articles["outlet"].drop_nulls().unique().sort()
    keys = pl.Series([key(outlet) for outlet in spelled], dtype=pl.String)
    return articles.with_columns(pl.col("outlet").replace(spelled, keys))


def shown(spelled: Iterable[tuple[str, int]]) -> dict[str, str]:
    """How each spelling is shown that is not shown as it stands, given how many articles have it.

    The commonest spelling counts; of equally common ones that which is not all in one case, then the first.
    """
    spellings: dict[str, dict[str, int]] = {}
    told = list(spelled)
    for outlet, articles in told:
        counted = spellings.setdefault(str(key(outlet)), {})
        counted[wording(outlet)] = counted.get(wording(outlet), 0) + articles
    best = {of: min(counted.items(), key=_rank)[0] for of, counted in spellings.items()}
    every = {outlet: best[str(key(outlet))] for outlet, _ in told}
    return {outlet: spelling for outlet, spelling in every.items() if outlet != spelling}


def _rank(counted: tuple[str, int]) -> tuple[int, bool, str]:
    spelling, articles = counted
    return (-articles, spelling.isupper() or spelling.islower(), spelling)
