"""Vectors gathered from frames and files into one matrix."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import contracts
from onrecord.pipeline.machine import vectors
from onrecord.pipeline.machine.vectors import vectors_of


def utterances(model: str, **embeddings: list[float]) -> pl.DataFrame:
    rows = [
        {"utterance_id": name, "model": model, "text": name, "embedding": embedding}
        for name, embedding in embeddings.items()
    ]
    return pl.DataFrame(rows, schema=contracts.UTTERANCES.schema)


def test_every_row_has_its_wordings_vector_whatever_the_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    numbers = rng.normal(size=(60, 4)).astype(np.float16)
    held = utterances("m", **{f"u{at:02}": row.tolist() for at, row in enumerate(numbers)})
    for start in (0, 20):
        held[start : start + 20].write_parquet(tmp_path / f"{start:02}.parquet")
    parts = pl.scan_parquet(sorted(tmp_path.glob("*.parquet")))
    asked = rng.integers(0, 61, size=90)
    wanted = pl.Series([f"u{at:02}" for at in asked])
    expected = np.vstack([numbers, np.full((1, 4), np.nan, dtype=np.float16)])[asked]
    for at_once in (1, 7, 20, 1000):
        monkeypatch.setattr(vectors, "AT_ONCE", at_once)
        made = vectors_of(wanted, [parts, held[40:].lazy()])
        assert made.dtype == np.float16
        assert np.array_equal(made, expected, equal_nan=True)


def test_the_model_with_most_of_the_wordings_counts_and_its_first_vector_of_each() -> None:
    first = utterances("old", a=[9.0, 9.0], b=[9.0, 8.0], e=[9.0, 7.0])
    held = [first.lazy(), utterances("new", a=[1.0, 0.0], b=[0.0, 1.0], c=[0.5, 0.5]).lazy()]
    again = utterances("new", c=[7.0, 7.0], d=[1.0, 1.0]).lazy()
    made = vectors_of(pl.Series(["c", "a", "b", "c"]), [*held, again])
    assert made.tolist() == [[0.5, 0.5], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]
    assert vectors_of(pl.Series(["b", "e"]), held).tolist() == [[9.0, 8.0], [9.0, 7.0]]


def test_what_is_no_vector_of_the_model_is_none() -> None:
    held = utterances("m", a=[1.0, 0.0], b=[1.0], c=[float("inf"), 0.0], d=[0.0, 1.0])
    made = vectors_of(pl.Series(["a", "b", "c", "d", "e"]), [held.lazy()])
    assert np.isfinite(made).all(axis=1).tolist() == [True, False, False, True, False]
    assert np.isnan(made[1:3]).all()
    assert np.isnan(vectors_of(pl.Series(["x"]), [held.lazy()])).all()
    nothing = pl.Series([], dtype=pl.String)
    assert vectors_of(nothing, [contracts.UTTERANCES.empty().lazy()]).shape[0] == 0
