"""Fit pipeline/statements/scorer.json: the odds that two wordings report one act of speech.

    python training/statements/fit.py --clusters CLUSTERS.jsonl --pairs PAIRS.jsonl --spoken SPOKEN.jsonl [--out FILE]

CLUSTERS: {"id", "text", "cluster"}, wordings of one sentence share a cluster. PAIRS: {"a", "b", "label"} with the two
texts and whether they are one utterance (same, contained) or not (adjacent, repeat, different). SPOKEN: {"spoken",
"reported", "claim", "relation"} as in transcripts held against reports. Pairs that the rules for verbatim words
decide are left out, so that the ensemble learns what the rules leave to it. Seeded; takes a minute on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.embedders import load_embedder
from onrecord.pipeline.statements.comparing.judging import verbatim
from onrecord.pipeline.statements.comparing.likeness import FEATURES, Spoken, pair_features, profile

SEED = 20
DEPTH = 3
TREES = 100
RATE = 0.08
HARD_NEGATIVES = 6
WEIGHTS = {"clusters": 1.0, "pairs": 0.6, "spoken": 0.1}
# Likeness never lowers the odds; evidence and length may do either.
MONOTONE = {"evidence": 0, "length_ratio": 0}


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def examples(
    clusters: list[dict[str, Any]], pairs: list[dict[str, Any]], spoken: list[dict[str, Any]]
) -> Iterator[tuple[str, str, int, str]]:
    """Text, other text, whether one utterance, kind."""
    for pair in pairs:
        if pair["label"] != "unsure":
            yield pair["a"], pair["b"], int(pair["label"] in ("same", "contained")), "pairs"
    for one in spoken:
        if one["relation"] == "same_utterance":
            yield one["spoken"], one["reported"], 1, "spoken"
        elif one["relation"] == "repeat":
            yield one["spoken"], one["claim"], 0, "spoken"
    vectors = load_embedder(EmbedSettings()).encode([one["text"] for one in clusters])
    near = np.argsort(-(vectors @ vectors.T), axis=1)
    for at, one in enumerate(clusters):
        for other in clusters[at + 1 :]:
            if other["cluster"] == one["cluster"]:
                yield one["text"], other["text"], 1, "clusters"
        strangers = (clusters[other] for other in near[at])
        hard = (other for other in strangers if other["cluster"] != one["cluster"])
        for _, other in zip(range(HARD_NEGATIVES), hard, strict=False):
            yield one["text"], other["text"], 0, "clusters"


def fit(told: list[tuple[str, str, int, str]]) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    texts = sorted({text for example in told for text in example[:2]})
    number = {text: at for at, text in enumerate(texts)}
    profiles = profile(Spoken.of(texts), load_embedder(EmbedSettings()).encode(texts))
    left = np.array([number[example[0]] for example in told])
    right = np.array([number[example[1]] for example in told])
    features = pair_features(profiles, left, right)
    label = np.array([example[2] for example in told])
    kind = np.array([example[3] for example in told])
    weight = np.zeros(len(told))
    for name, share in WEIGHTS.items():
        for value in (0, 1):
            chosen = (kind == name) & (label == value) & ~verbatim(features)
            weight[chosen] = 300 * share / max(1, chosen.sum())
    used = weight > 0
    model = HistGradientBoostingClassifier(
        max_depth=DEPTH,
        max_leaf_nodes=2**DEPTH,
        max_iter=TREES,
        learning_rate=RATE,
        l2_regularization=5,
        min_samples_leaf=10,
        monotonic_cst=[MONOTONE.get(name, 1) for name in FEATURES],
        early_stopping=False,
        random_state=SEED,
    ).fit(features[used], label[used], sample_weight=weight[used])
    trees = [as_arrays(predictor[0].nodes) for predictor in model._predictors]
    return {
        "features": list(FEATURES),
        "depth": DEPTH,
        "bias": round(float(model._baseline_prediction.ravel()[0]), 5),
        "splits": [tree[0] for tree in trees],
        "thresholds": [tree[1] for tree in trees],
        "values": [tree[2] for tree in trees],
    }


def as_arrays(nodes: Any) -> tuple[list[int], list[float], list[float]]:
    """A tree as a full one of DEPTH: a leaf above the last level is repeated below."""
    splits = [0] * (2**DEPTH - 1)
    thresholds = [0.0] * (2**DEPTH - 1)
    values = [0.0] * 2**DEPTH

    def walk(at: int, node: int, level: int) -> None:
        told = nodes[at]
        if level == DEPTH:
            values[node - (2**DEPTH - 1)] = round(float(told["value"]), 5)
            return
        if not told["is_leaf"]:
            splits[node] = int(told["feature_idx"])
            thresholds[node] = round(float(told["num_threshold"]), 5)
        for side, child in enumerate(("left", "right")):
            walk(at if told["is_leaf"] else int(told[child]), 2 * node + 1 + side, level + 1)

    walk(0, 0, 0)
    return splits, thresholds, values


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("clusters", "pairs", "spoken"):
        ap.add_argument(f"--{name}", type=Path, required=True)
    ap.add_argument("--out", type=Path, default=Path("pipeline/statements/comparing/scorer.json"))
    a = ap.parse_args()
    told = list(examples(read(a.clusters), read(a.pairs), read(a.spoken)))
    a.out.write_text(json.dumps(fit(told), separators=(",", ":")) + "\n", encoding="utf-8")
    pin(a.out)
    print(f"{len(told)} pairs -> {a.out}")


if __name__ == "__main__":
    main()
