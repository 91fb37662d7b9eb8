"""Texts as the articles that clean takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import ARTICLES


def articles(*texts: str) -> pl.DataFrame:
    """ARTICLES of these texts, as ingest would leave them."""
    values: dict[str, list[Any]] = {
        "article_id": [ids.article_id(text, None, str(at)) for at, text in enumerate(texts)],
        "source": [f"{at}.txt" for at in range(len(texts))],
        "text": list(texts),
        "published_at": [datetime(2025, 1, 6)] * len(texts),
        "repairs": [[]] * len(texts),
        **{name: ["x"] * len(texts) for name in ("media_type", "content_hash", "first_run_id")},
    }
    return pl.DataFrame(
        {
            name: pl.Series(values.get(name, [None] * len(texts)), dtype=column.dtype)
            for name, column in ARTICLES.columns.items()
        }
    )
