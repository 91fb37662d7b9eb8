"""The third stage: one vector for each distinct wording and model, once, ever.

What is said in another language than English has a second one, of the model that holds languages against each other:
by that it is found from a query in another language. Where the model of all cannot read it, it has that alone.

Takes QUOTATIONS, gives UTTERANCES. Counted in quotations: every one of them is a new utterance, a
reject, or a duplicate (its wording was embedded before, in an earlier run or for an earlier
quotation of this one).

A wording upon which the model fails is a reject; the others of its part go on.

Wordings go through in parts, so that a hundred thousand vectors are never held at once, and a stage that was broken
off goes on with the part at which it stood.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Thread
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.rejects import SPAN
from onrecord.pipeline.core.segments import VECTORS, Segments
from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders import (
    Embedder,
    ModelError,
    beside,
    family_of,
    load_embedder,
    load_finder,
)
from onrecord.pipeline.languages.paragraphs import ENGLISH
from onrecord.pipeline.machine import faults

log = logging.getLogger(__name__)

_PART = 1024
"""Wordings in a part: 1.5 MB of vectors, some seconds of work for one worker."""

_WORDED = pl.col("text").str.contains(r"[\p{L}\p{N}]")

_SPAN = ("quotation_id", "article_id", "start", "end", "content")
_PLAIN = "We will stay."
_FAILED = (
    "{}: the model fails upon this wording; report it, and retry with the version that mends it"
)


class Embedded(NamedTuple):
    """What came of one part; the quotations taken that are in no part's utterances or rejects are duplicates."""

    utterances: pl.DataFrame
    rejects: pl.DataFrame

    @property
    def wordings(self) -> int:
        """How many wordings the utterances are of."""
        return self.utterances["utterance_id"].n_unique()


def parts(
    quotations: pl.DataFrame, settings: EmbedSettings, known: pl.DataFrame | None = None
) -> Iterator[pl.DataFrame]:
    """The quotations whose wordings `known` (utterance_id, model) does not hold under this model, in parts for `embed`:
    the shortest first, all quotations of a wording together, those without a word in the first part.

    Where `quotations` tell a language, `foreign` tells in a part which one wants a second vector, `found` what has one.

    The same call gives the same parts. Raises ModelError where the model cannot be used.
    """
    if quotations.is_empty():
        return
    embedder = load_embedder(settings)
    columns = [*_SPAN, *({"language"} & set(quotations.columns))]
    wordings = quotations.select(columns).with_columns(
        pl.col("content").map_elements(ids.wording, return_dtype=pl.String).alias("text"),
        pl.col("content")
        .map_elements(ids.utterance_id, return_dtype=pl.String)
        .alias("utterance_id"),
    )
    wordings = _marked(wordings, settings, known)
    wordless, spoken = wordings.filter(~_WORDED), wordings.filter(_WORDED)
    if known is not None and known.height:
        held = known.filter(pl.col("model") == embedder.name).select("utterance_id").unique()
        spoken = spoken.join(held, on="utterance_id", how="anti", maintain_order="left")
    order = (
        spoken.select("utterance_id", "text")
        .unique("utterance_id", keep="first")
        .sort(pl.col("text").str.len_chars(), "utterance_id")
    )
    for at in range(0, max(order.height, 1), _PART):
        some = order.slice(at, _PART).select("utterance_id")
        rows = some.join(spoken, on="utterance_id", how="left", maintain_order="left_right")
        rows = rows.select(wordings.columns)
        yield rows if at else pl.concat([wordless, rows])


def embed(part: pl.DataFrame, settings: EmbedSettings, run_id: str = "") -> Embedded:
    """Vectors of the wordings of one of the `parts`, each once, in their order.

    Vectors are fp32 of norm 1. A quotation without a word, or whose wording the model cannot read or fails upon,
    is a REJECTS row of `run_id` whose source is the article's identity and whose place is the span.
    Raises ModelError where the model cannot be used.
    """
    spoken = part.filter(_WORDED)
    distinct = spoken.unique("utterance_id", keep="first", maintain_order=True)
    own = load_embedder(settings)
    utterances, unread = _part(own, distinct)
    wanted = distinct.filter(pl.col("foreign").is_not_null() & ~pl.col("found"))
    for (language,), rows in wanted.group_by("foreign", maintain_order=True):
        finder = load_finder(str(language), settings)
        if finder is not None and finder.name != own.name:
            utterances = pl.concat([utterances, _part(finder, rows)[0]])
    read = {*distinct.filter("found")["utterance_id"], *utterances["utterance_id"]}
    refused = _rejects(
        part.filter(~_WORDED), run_id, "no_words", "the quotation holds no letter and no digit"
    )
    lost = [
        _rejects(spoken.filter(pl.col("utterance_id").is_in(left)), run_id, *why)
        for why, wordings in unread.items()
        if (left := [one for one in wordings if one not in read])
    ]
    return Embedded(utterances, pl.concat([refused, *lost]))


def lost(
    ask: Callable[[str, Sequence[str]], pl.DataFrame],
    known: pl.DataFrame,
    made: StageFolder,
    kept: Segments,
) -> pl.DataFrame:
    """Quotations on record whose wordings lay in files that are missing or damaged by now, one a wording.

    Some are where `known`, which is what can be read, holds fewer than the files did; but those that were `made`.
    """
    if known.height >= sum(segment.rows for segment in kept.every(VECTORS)):
        return contracts.QUOTATIONS.empty()
    read = pl.concat([known.select("utterance_id"), made.read("utterances", ["utterance_id"])])
    told = (
        ask("quotations", (*_SPAN, "utterance_id"))
        .join(read, on="utterance_id", how="anti")
        .unique("utterance_id", keep="first", maintain_order=True)
    )
    log.warning("%d wordings have lost their vectors: they are embedded anew", told.height)
    return told


def _marked(
    wordings: pl.DataFrame, settings: EmbedSettings, known: pl.DataFrame | None
) -> pl.DataFrame:
    """Wordings with what is said in another language than English, and what has a multilingual model's vector."""
    if "language" not in wordings.columns:
        none = pl.lit(None, dtype=pl.String)
        return wordings.with_columns(foreign=none, found=pl.lit(value=False))
    foreign = pl.when(pl.col("language") != ENGLISH).then("language")
    held: list[str] = []
    if known is not None:
        others = [one for one in known["model"].unique() if family_of(one) in beside(settings)]
        held = known.filter(pl.col("model").is_in(others))["utterance_id"].unique().to_list()
    marked = wordings.with_columns(
        foreign=foreign.drop_nulls().first().over("utterance_id"),
        found=pl.col("utterance_id").is_in(held),
    )
    return marked.drop("language")


def load_ahead(settings: EmbedSettings) -> None:
    """Load the model beside other work; what is wrong with it is told where it is needed."""

    def load() -> None:
        with suppress(Exception):
            load_embedder(settings)

    Thread(target=load).start()


_Unread = dict[tuple[str, str], list[str]]
"""The utterance_id of wordings without a vector, by reason and detail."""


def _part(embedder: Embedder, wordings: pl.DataFrame) -> tuple[pl.DataFrame, _Unread]:
    """The UTTERANCES of distinct wordings, and those that have none."""
    vectors, failed = _attempted(embedder, wordings["text"].to_list())
    if failed:
        # A model that fails upon this as well is out of order: that is no wording's fault, and ends the stage.
        _encode(embedder, [_PLAIN])
    names = wordings["utterance_id"].to_list()
    unread: _Unread = {}
    for row in np.flatnonzero(~np.isfinite(vectors).all(axis=1)).tolist():
        why = _unreadable(embedder) if row not in failed else ("embed_failed", failed[row])
        unread.setdefault(why, []).append(names[row])
    usable = pl.Series(np.isfinite(vectors).all(axis=1))
    embedding = pl.Series("embedding", vectors, dtype=pl.Array(pl.Float32, embedder.width))
    utterances = wordings.select(
        "utterance_id",
        pl.lit(embedder.name).alias("model"),
        "text",
        embedding.arr.to_list(),
    ).filter(usable)
    return contracts.UTTERANCES.conform(utterances), unread


def _unreadable(embedder: Embedder) -> tuple[str, str]:
    return (
        "unreadable_to_model",
        f"{embedder.name} knows too few of its word pieces; set embed.model to one for its language",
    )


def _attempted(embedder: Embedder, texts: list[str]) -> tuple[NDArray[np.float32], dict[int, str]]:
    """The vectors of texts, and why some have none, by row.

    Where they fail together, their halves are tried, down to the one upon which the model fails: its vector is NaN.
    """
    try:
        return _encode(embedder, texts), {}
    except BaseException as error:
        # What is wrong with the model is no wording's.
        if isinstance(error, ModelError) or not faults.is_fault(error):
            raise
        if len(texts) == 1:
            return np.full((1, embedder.width), np.nan, np.float32), {
                0: _FAILED.format(faults.told(error))
            }
    half = len(texts) // 2
    first, failed = _attempted(embedder, texts[:half])
    second, more = _attempted(embedder, texts[half:])
    return np.concatenate([first, second]), failed | {half + row: why for row, why in more.items()}


def _encode(embedder: Embedder, texts: list[str]) -> NDArray[np.float32]:
    vectors = embedder.encode(texts)
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
            SPAN,
            pl.lit(reason).alias("reason"),
            pl.lit(detail).alias("detail"),
            "article_id",
        )
    )
