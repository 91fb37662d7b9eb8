"""What ends a run stands in the ledger, and in words."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flows.runs import open_run
from pipeline.settings import Settings
from warehouse import ledger


def test_a_panic_of_polars_is_a_failure(tmp_path: Path) -> None:
    """It is no Exception by itself: it would go past every handler, and be told as a run that was stopped."""
    settings = Settings(warehouse=tmp_path, sources=("news.jsonl",))
    with (
        pytest.raises(pl.exceptions.PolarsError, match="no such row"),
        open_run(settings),
    ):
        raise pl.exceptions.PanicException("no such row")
    (entry,) = ledger.entries(tmp_path)
    assert (entry.status, entry.detail) == ("failed", "PolarsError: polars: no such row")
