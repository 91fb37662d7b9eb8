"""Vectors of a run gathered into the lists that the record keeps, a piece at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core.asking import at_hand
from onrecord.pipeline.core.contracts import UTTERANCES
from onrecord.pipeline.neighbours import keys_of
from onrecord.pipeline.neighbours import lists as files
from onrecord.pipeline.stages import lists
from tests.support.quoted import kept_in

COUNT, WIDTH = 900, 16


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces and files of some hundreds."""
    monkeypatch.setattr(lists, "AT_ONCE", 64)
    monkeypatch.setattr(files, "LARGEST", 256)


def utterances(count: int = COUNT) -> pl.DataFrame:
    """Rows of two models, in no order: some twice, some of another width, one that is no number."""
    chance = np.random.default_rng(3)
    vectors = chance.standard_normal((count, WIDTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    held = [row.tolist() for row in vectors]
    held[7], held[400] = held[7][:5], [*held[400], 0.0]
    held[500][3] = float("nan")
    names = [f"{int(one):032x}" for one in chance.integers(1, 2**62, count)]
    made = pl.DataFrame(
        {
            "utterance_id": [name[::-1] for name in names],
            "model": ["other" if at % 9 == 0 else "own" for at in range(count)],
            "embedding": held,
        },
        schema={name: UTTERANCES.schema[name] for name in ("utterance_id", "model", "embedding")},
    )
    return pl.concat(
        [made, made.sample(50, seed=1).with_columns(pl.col("embedding").list.reverse())]
    )


def in_parts(told: pl.DataFrame, folder: Path) -> pl.LazyFrame:
    folder.mkdir()
    for part, rows in enumerate(told.iter_slices(210)):
        rows.write_parquet(folder / f"{part:03}.parquet")
    return pl.scan_parquet(folder / "*.parquet")


def right(told: pl.DataFrame) -> pl.DataFrame:
    """What the lists should hold: the first of each wording of most vectors' model that has a usable vector."""
    first = told.filter(model="own").unique("utterance_id", keep="first", maintain_order=True)
    usable = (pl.col("embedding").list.len() == WIDTH) & pl.col("embedding").list.eval(
        pl.element().is_finite()
    ).list.all()
    return first.filter(usable).sort("utterance_id")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("before", [0, 300])
def test_a_run_of_any_size_is_gathered_in_pieces_and_kept_in_files(
    before: int, tmp_path: Path
) -> None:
    told = utterances()
    known, new = told[:before], told[max(0, before - 40) :]
    found = lists.nearest(
        in_parts(new, tmp_path / "new"),
        at_hand({"utterances": known.lazy()}),
        kept_in(tmp_path / "kept"),
    )
    expected = right(pl.concat([known, new]))
    assert found.model == "own"
    assert found.lists is not None
    assert sum(found.lists.rows) == expected.height
    assert max(found.lists.rows) <= files.LARGEST
    held = found.lists.taken(keys_of(expected["utterance_id"]))
    vectors = expected["embedding"].cast(pl.Array(pl.Float32, WIDTH)).to_numpy()
    assert np.array_equal(held, vectors.astype(np.float16))
