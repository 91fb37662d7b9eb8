"""Span scores of a net against gold: how good the tags are, before any joining."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from onrecord.pipeline.quotations.tagging.spans import LABELS
from onrecord.pipeline.quotations.tagging.tagger import BEGINS, best_runs
from onrecord.pipeline.text.token_features import WordPieces
from training.quotations.data import Document, Example, example
from training.quotations.net import Net

Runs = list[tuple[int, int]]


def runs(tags: NDArray[np.int64]) -> Runs:
    """The (start, end) word runs of a sequence of outside, begin, inside."""
    before = np.append(0, tags[:-1])
    starts = np.flatnonzero((tags == 1) | ((tags == 2) & (before == 0)))
    ends = np.flatnonzero((tags > 0) & (np.append(tags[1:], 0) != 2)) + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def overlaps(gold: Runs, found: Runs) -> int:
    """How many gold runs pair with a found one that shares at least half of their union, one to one."""
    pairs = []
    for i, (a, b) in enumerate(gold):
        for j, (c, d) in enumerate(found):
            common = min(b, d) - max(a, c)
            if common > 0 and 2 * common >= max(b, d) - min(a, c):
                pairs.append((-common / (max(b, d) - min(a, c)), i, j))
    golds: set[int] = set()
    founds: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in golds and j not in founds:
            golds.add(i)
            founds.add(j)
    return len(golds)


def span_scores(
    net: Net,
    docs: Sequence[Document],
    pieces: WordPieces,
    table: NDArray[np.float32],
    known: NDArray[np.int64],
) -> dict[str, Any]:
    """F1 of each label's spans, exact and overlapping, in per cent. Spans of belief count for nothing either way."""
    from training.quotations.train import tensors

    net.eval()
    count: Counter[tuple[str, str]] = Counter()
    with torch.inference_mode():
        for doc in docs:
            item: Example = example(doc, pieces)
            vectors, rows, features, mask, _, _ = tensors([item], table, known)
            logits = net(vectors, rows, features, mask)[0]
            tally(count, item, torch.softmax(logits.reshape(-1, 3, 3), -1).numpy())
    return summary(count)


def tally(count: Counter[tuple[str, str]], item: Example, chances: NDArray[np.float32]) -> None:
    """Add one document's counts; ``chances`` (n, 3, 3) are the net's probabilities."""
    for head, label in enumerate(LABELS):
        gold = runs(item.labels[:, head])
        doubtful = item.weights[:, head] < 1
        found = [
            (a, b)
            for a, b in best_runs(chances[:, head], BEGINS[head])
            if doubtful[a:b].mean() < 0.5
        ]
        count[label, "gold"] += len(gold)
        count[label, "found"] += len(found)
        count[label, "exact"] += len(set(gold) & set(found))
        count[label, "overlap"] += overlaps(gold, found)


def summary(count: Counter[tuple[str, str]]) -> dict[str, Any]:
    """F1 in per cent from counts."""
    return {
        f"{label}_{kind}": round(
            200 * count[label, kind] / max(1, count[label, "gold"] + count[label, "found"]), 1
        )
        for label in LABELS
        for kind in ("exact", "overlap")
    }
