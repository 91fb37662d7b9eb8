"""The wordings nearest to a vector, by the lists that runs keep: of a large record a part of all vectors is looked at.

The lists hold vectors in half precision, whose cosines are right to some ten thousandths. Where they are missing,
damaged or of another model, and in a small record, whoever asks looks at every vector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import KIND, Damaged, Kept, keys_of
from onrecord.pipeline.neighbours.carried import CELLS, LISTS
from onrecord.warehouse import vectors
from onrecord.warehouse.publishing.segments import listed_in

LARGE = 50_000
"""Wordings from which on the lists are asked, and so many that pass a filter are looked at one by one."""
PROBES, SHARE = 256, 3
"""Cells that are looked into: so many, or one in so many where there are more."""
MOST = 4_000
"""Wordings that are near."""


def nearest(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    vector: Sequence[float],
    model: str,
    filters: Mapping[str, object],
) -> pl.DataFrame | None:
    """The nearest wordings (utterance_id, score), of those that pass `matching`; None where all are to be looked at."""
    kept = _kept(connection, path, model)
    if kept is None or kept.width != len(vector):
        return None
    asked = np.asarray([vector], np.float32)
    try:
        if filters and (passing := _passing(connection, filters)) is not None:
            keys = np.unique(keys_of(passing))
            scores = kept.taken(keys).astype(np.float32) @ asked[0]
            best = np.argsort(-np.nan_to_num(scores, nan=-1.0), kind="stable")[:MOST]
            keys, scores = keys[best], scores[best]
        else:
            near = kept.search(asked, MOST, max(PROBES, kept.cells // SHARE))
            there = near.keys[0] >= 0
            keys, scores = near.keys[0][there], near.likeness[0][there]
    except Damaged:
        return None
    return _named(connection, model, keys, np.maximum(scores, 0.0))


def _passing(
    connection: duckdb.DuckDBPyConnection, filters: Mapping[str, object]
) -> pl.Series | None:
    """The wordings that pass, where they are few."""
    told = ", ".join(f"{name} := ${name}" for name in filters)
    found = connection.execute(
        f"SELECT DISTINCT utterance_id FROM matching({told}) LIMIT {LARGE + 1}", dict(filters)
    ).pl()["utterance_id"]
    return found if len(found) <= LARGE else None


def _named(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    keys: NDArray[np.int64],
    scores: NDArray[np.float32],
) -> pl.DataFrame:
    """The wordings that the keys stand for."""
    digits = [f"{key:015x}" for key in keys.tolist()]
    return connection.execute(
        "SELECT u.utterance_id, n.score"
        " FROM utterances AS u"
        " JOIN (SELECT unnest($digits) AS digits, unnest($scores) AS score) AS n ON n.digits = left(u.utterance_id, 15)"
        " WHERE u.model = $model",
        {"model": model, "digits": digits, "scores": [float(score) for score in scores]},
    ).pl()


def _kept(connection: duckdb.DuckDBPyConnection, path: Path, model: str) -> Kept | None:
    told = (
        listed_in(connection).filter(kind=KIND, model=model).select("part", "name", "rows").rows()
    )
    folder = vectors.folder_of(path, connection)
    cells = [folder / name for part, name, _ in told if part == CELLS]
    lists = tuple(folder / name for part, name, _ in told if part == LISTS)
    if len(cells) != 1 or sum(rows for part, _, rows in told if part == LISTS) < LARGE:
        return None
    try:
        return _opened(cells[0], lists)
    except (Damaged, OSError):
        return None


@lru_cache(maxsize=1)
def _opened(cells: Path, lists: tuple[Path, ...]) -> Kept:
    # A name stands for one content for ever.
    return Kept(cells, lists)
