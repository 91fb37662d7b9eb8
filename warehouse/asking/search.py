"""Search the record by words, by meaning, or by both, one answer a statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from onrecord.warehouse.asking import ranking
from onrecord.warehouse.asking.nearest import nearest
from onrecord.warehouse.asking.places import Places
from onrecord.warehouse.asking.standing import Asking, Column, asking
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.migrate import require_current
from onrecord.warehouse.publishing.publish import require

Across = Callable[[], Mapping[str, Sequence[float]]]
"""Gives by multilingual model the vector of what is searched for (macro scored_across); called where it is of use."""
POOL = 5
"""Quotations ranked for each answer wanted: several of them may report one statement."""


def search(
    folder: Path,
    words: str,
    vector: Sequence[float] | None = None,
    *,
    speaker: str | None = None,
    outlet: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    theme: str | None = None,
    model: str | None = None,
    across: Across | None = None,
    limit: int = 10,
) -> pl.DataFrame:
    """The statements that fit best: words, speaker, day, outlets, link, title, theme, score, ids.

    Ranked by BM25 where only `words` are given, by cosine where only `vector` is, by the fusion of
    both ranks where both are; function words rank nothing. A score is a share of the best one, which
    is 1. `vector` is of `model`, else of the latest run's. `across` gives by multilingual model what it is
    asked: where the record has vectors of these, what was said in other languages is ranked beside. Filters
    hold before the ranking: a speaker is an id, a name, any spelling met or a surname (see the macro
    matching); an outlet counts for articles that it copied; days are included; a theme is an id or
    a label. Raises NoWarehouse, and QueryError for a vector of another width, a day that is none,
    or nothing to search for.
    """
    if not words.strip() and vector is None:
        raise QueryError("nothing to search for: give some words")
    if limit < 1:
        raise QueryError(f"limit must be at least 1 (found {limit})")
    filters = {
        "speaker": speaker,
        "outlet": outlet,
        "since": _day(since),
        "until": _day(until),
        "theme": theme,
    }
    given = {name: value for name, value in filters.items() if value is not None}
    path = require(folder)
    with asking(path) as asks:
        try:
            best = _best(Places(asks), words, vector, model, across, given, limit * POOL)
            return _told(Places(asks), best, limit)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            # What is asked by was not there yet in the version that made it.
            require_current(asks.connection)
            raise QueryError(str(error)) from error
        except duckdb.Error as error:
            raise QueryError(str(error)) from error


def _best(
    places: Places,
    words: str,
    vector: Sequence[float] | None,
    model: str | None,
    across: Across | None,
    filters: Mapping[str, object],
    count: int,
) -> ranking.Ranked:
    """The quotations that fit best."""
    own = None if vector is None else _model(places.asks, len(vector), model)
    among = places.passing(filters)
    most = max(count, ranking.RANKED)
    found = [ranking.by_words(places, words, among, most)] if words.strip() else []
    if vector is not None and own is not None:
        others = _others(places.asks, own, across)
        apart = among & ~places.foreign(list(others)) if others else among
        found.append(nearest(places, vector, own, apart, most))
        found += [ranking.across(places, others[name], name, among) for name in others]
    return ranking.fused(found, places, count)


def _told(places: Places, best: ranking.Ranked, limit: int) -> pl.DataFrame:
    """The statements that quotations report, each once, with all that is shown of them."""
    asks, quotations, reports = places.asks, places.quotations(), places.members()
    said = quotations.columns["key"][best.places]
    members, which = reports.by["quotation"].every(said)
    said[which] = reports.columns["statement"][members]
    shown = np.sort(np.unique(said, return_index=True)[1])[:limit]
    members = reports.by["statement"].every(said[shown])[0]
    others = quotations.by["key"].every(reports.columns["quotation"][members])[0]
    rows = np.unique(np.concatenate([best.places[shown], others]))
    printed = asks.columns("printed", places=rows.tolist())["article"]
    top = best.scores[0] if len(best.scores) and best.scores[0] else 1.0
    sql = asks.of.kept("answers", lambda: _answers(asks))
    return asks.connection.execute(
        sql,
        {
            "best": best.places[shown].tolist(),
            "scores": (best.scores[shown] / top).tolist(),
            "members": members.tolist(),
            "themed": places.themed().every(said[shown])[0].tolist(),
            "quotations": rows.tolist(),
            "articles": _with_copies(places, printed).tolist(),
        },
    ).pl()


def _answers(asks: Asking) -> str:
    """What asks for the answers, by the view and the macro of the record itself."""
    hits = "(SELECT list({'quotation_id': b.quotation_id, 'score': b.score}) FROM best AS b)"
    described = asks.macro("described", hits=hits)
    return asks.told("answers", carriers=asks.view("carriers"), described=described)


def _with_copies(places: Places, articles: Column) -> Column:
    """Where some articles stand, with all that the view carriers looks at for them: copies, and what follows either."""
    held = places.articles()
    found = np.concatenate([held.by[key].every(articles)[0] for key in ("key", "copied")])
    followed = held.by["followed"].every(held.columns["key"][np.unique(found)])[0]
    return np.unique(np.concatenate([found, followed]))


def _day(told: date | str | None) -> date | None:
    if told is None or isinstance(told, date):
        return told
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise QueryError(f"not a day: {told!r}; write it as 2026-02-28") from None


def _models(asks: Asking) -> list[str]:
    """The models that the record has vectors of, the one that a search takes unless told another first."""
    return asks.of.kept("models", lambda: asks.frame("models", {})["model"].to_list())


def _others(asks: Asking, own: str, across: Across | None) -> dict[str, list[float]]:
    """What is asked of multilingual models, of those of which the record has vectors beside the own ones."""
    others = set(_models(asks)) - {own}
    asked = across() if across is not None and others else {}
    return {name: [float(one) for one in asked[name]] for name in sorted(others & asked.keys())}


def _model(asks: Asking, width: int, model: str | None) -> str | None:
    """The model to search by: a vector of another width would find nothing and say nothing."""
    models = _models(asks)
    found = next(iter(models), None) if model is None else model
    if found is None:
        return None
    if found not in models:
        raise QueryError(f"the record has no vectors of model {found}")
    held = asks.of.kept(f"width {found}", lambda: asks.frame("width", {"model": found}).item())
    if held != width:
        raise QueryError(
            f"the query's vector has {width} numbers and those of {found} have {held}:"
            " embed the query with the model that the record was made with"
        )
    return found
