"""What can only be told by computing it anew: identities from what they stand for, vectors from their words.

Spans, references and counts are computed by the rules (`row_rules`), each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core import ids
from onrecord.pipeline.embedders import Embedder
from onrecord.warehouse.checking.findings import Problem
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import WarehouseError

SAMPLE = 100
ALIKE = 0.999
"""The cosine of two vectors of one wording: they differ in the last digits, with the batch they were computed in."""

# By a hash, so that it is spread over the record and yet the same each time.
_SAMPLE = """
SELECT text, embedding FROM utterances WHERE model = $model ORDER BY md5(utterance_id) LIMIT $sample
"""


_IDENTITIES: tuple[tuple[str, str, str, Callable[..., str]], ...] = (
    ("quotations", "quotation_id", 'article_id, start, "end"', ids.quotation_id),
    ("utterances", "utterance_id", "text", ids.utterance_id),
)
"""Tables whose identities follow from columns of theirs by a rule that no version may change."""

_AT_ONCE = 10_000


def identified(path: Path) -> Iterator[Problem]:
    """Compute the identity of each quotation from its span and of each utterance from its words."""
    for table, identity, of, made in _IDENTITIES:
        other = 0
        try:
            with reader(path) as connection:
                rows = connection.execute(f"SELECT {identity}, {of} FROM {table}")
                while some := rows.fetchmany(_AT_ONCE):
                    other += sum(made(*fields) != name for name, *fields in some)
        except (WarehouseError, duckdb.Error) as error:
            yield Problem("identity", table, 0, f"reading stopped: {error}")
            continue
        if other:
            yield Problem("identity", table, other, f"not so: {identity} follows from {of}")


def recomputed(path: Path, embedder: Embedder, sample: int = SAMPLE) -> Iterator[Problem]:
    """Embed a sample of the wordings anew, and tell of those whose vector is another."""
    try:
        with reader(path) as connection:
            found = connection.execute(
                _SAMPLE, {"model": embedder.name, "sample": sample}
            ).fetchall()
    except (WarehouseError, duckdb.Error) as error:
        yield Problem("vectors", "utterances", 0, f"reading stopped: {error}")
        return
    if not found:
        told = f"none is of the configured model {embedder.name}: they cannot be made anew"
        yield Problem("model", "utterances", 0, told)
        return
    made = embedder.encode([text for text, _ in found])
    other = sum(
        not _cosine(new, np.asarray(kept, np.float32)) >= ALIKE
        for new, (_, kept) in zip(made, found, strict=True)
    )
    if other:
        told = f"of {len(found)} looked at, embedding is not the vector of text"
        yield Problem("vectors", "utterances", other, told)


def _cosine(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    if one.shape != two.shape:
        return 0.0
    return float(one @ two / (np.linalg.norm(one) * np.linalg.norm(two)))
