"""The third stage: one vector for each distinct wording and model, once, ever.

Takes QUOTATIONS, gives UTTERANCES. Counted in quotations: every one of them is a new utterance, a
reject, or a duplicate (its wording was embedded before, in an earlier run or for an earlier
quotation of this one).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline import contracts, ids
from pipeline.embedders import Embedder, ModelError, load_embedder
from pipeline.settings import EmbedSettings

_CHUNK = 4096


class Embedded(NamedTuple):
    """What the stage made: quotations taken = utterances + rejects + duplicates, exactly."""

    utterances: pl.DataFrame
    rejects: pl.DataFrame
    duplicates: int


def embed(
    quotations: pl.DataFrame,
    settings: EmbedSettings,
    known: pl.DataFrame | None = None,
    *,
    run_id: str = "",
) -> Embedded:
    """Vectors of the wordings in `quotations` that `known` (utterance_id, model) does not hold
    under this model.

    Vectors are fp32 of norm 1. A quotation without a word, or whose wording the model cannot read,
    is a REJECTS row of `run_id` whose source is the article's identity and whose place is the span.
    Raises ModelError where the model cannot be used.
    """
    if quotations.is_empty():
        return Embedded(contracts.UTTERANCES.empty(), contracts.REJECTS.empty(), 0)
    embedder = load_embedder(settings)
    wordings = (
        quotations.select("quotation_id", "article_id", "start", "end", "content")
        .with_row_index("row")
        .with_columns(
            pl.col("content").map_elements(ids.wording, return_dtype=pl.String).alias("text"),
            pl.col("content")
            .map_elements(ids.utterance_id, return_dtype=pl.String)
            .alias("utterance_id"),
        )
    )
    wordless = wordings.filter(~pl.col("text").str.contains(r"[\p{L}\p{N}]"))
    spoken = wordings.join(wordless, on="row", how="anti")
    if known is not None and known.height:
        held = known.filter(pl.col("model") == embedder.name).select("utterance_id").unique()
        fresh = spoken.join(held, on="utterance_id", how="anti")
    else:
        fresh = spoken
    distinct = fresh.unique("utterance_id", keep="first", maintain_order=True).sort(
        pl.col("text").str.len_chars(), "utterance_id"
    )
    vectors = _encode(embedder, distinct["text"].to_list())
    usable = np.isfinite(vectors).all(axis=1)
    utterances = contracts.UTTERANCES.conform(
        distinct.select(
            "utterance_id",
            pl.lit(embedder.name).alias("model"),
            "text",
            pl.Series(
                "embedding", vectors, dtype=pl.Array(pl.Float32, embedder.width)
            ).arr.to_list(),
        ).filter(pl.Series(usable))
    )
    unread = fresh.join(
        distinct.filter(pl.Series(~usable)).select("utterance_id"), on="utterance_id", how="semi"
    )
    rejects = pl.concat(
        [
            _rejects(wordless, run_id, "no_words", "the quotation holds no letter and no digit"),
            _rejects(
                unread,
                run_id,
                "unreadable_to_model",
                f"{embedder.name} knows too few of its word pieces; "
                "set embed.model to one for its language",
            ),
        ]
    )
    duplicates = quotations.height - utterances.height - rejects.height
    return Embedded(utterances, rejects, duplicates)


def _encode(embedder: Embedder, texts: list[str]) -> NDArray[np.float32]:
    # Tokens of a hundred thousand wordings at once would take more memory than their vectors.
    chunks = [embedder.encode(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
    vectors = np.concatenate([np.empty((0, embedder.width), dtype=np.float32), *chunks])
    if vectors.shape != (len(texts), embedder.width):
        raise ModelError(
            f"{embedder.name}: gave vectors of shape {vectors.shape}, "
            f"not {(len(texts), embedder.width)}"
        )
    return vectors


def _rejects(refused: pl.DataFrame, run_id: str, reason: str, detail: str) -> pl.DataFrame:
    return contracts.REJECTS.conform(
        refused.select(
            pl.lit(run_id).alias("run_id"),
            pl.lit("embed").alias("stage"),
            pl.col("article_id").alias("source"),
            pl.format("{}:{}", "start", "end").alias("place"),
            pl.lit(reason).alias("reason"),
            pl.lit(detail).alias("detail"),
            "article_id",
        )
    )
