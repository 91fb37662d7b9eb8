"""Train the line classifier of pipeline/blocks/ and write its weights with their manifest.

    python training/blocks/train.py --pages flat_lines.jsonl --articles articles.jsonl [--cross-validate]

PAGES: {"id": "Site_n", "lines": [...], "labels": ["keep" | "drop" | "short", ...]} a line (dobbersc/fundus-evaluation,
MIT). ARTICLES: {"text"} a line, clean news articles, the title first. Sites, not pages, are held out.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from pages import Page, clean_articles, made_pages, real_pages

from onrecord.pipeline.blocks.line_features import NAMES, measure
from onrecord.pipeline.blocks.line_model import Model, score
from onrecord.pipeline.blocks.lines import choose, kinds
from onrecord.pipeline.blocks.marking import ARTICLE_KINDS
from onrecord.pipeline.core.weights import pin

SEED = 7
FOLDS = 4
WEIGHTS = Path(__file__).parents[2] / "pipeline" / "blocks" / "weights"
REGRESSION = {"C": 0.02, "max_iter": 200}
FOREST = {
    "max_iter": 90,
    "learning_rate": 0.12,
    "max_leaf_nodes": 16,
    "min_samples_leaf": 30,
    "l2_regularization": 10,
    "max_features": 0.15,
    "max_bins": 64,
    "early_stopping": False,
    "random_state": SEED,
}


def fit(pages: Iterable[tuple[Page, np.ndarray]]) -> Model:
    """A model of these pages. A long line counts more than a short one, a long page not more than a short one."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    tables, labels, weights = [], [], []
    for page, table in pages:
        words = np.array([len(line.split()) for line in page.lines], float)
        tables.append(table)
        labels.append(page.labels)
        weights.append(page.weight * (np.sqrt(words) + 1) / np.sqrt(words.sum() + 50))
    x, y, w = np.vstack(tables), np.concatenate(labels), np.concatenate(weights)
    told = y >= 0
    x, y, w = x[told], y[told], w[told] / w[told].mean()
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    scaled = np.clip((x - mean) / spread, -5, 5)
    linear = LogisticRegression(**REGRESSION).fit(scaled, y, sample_weight=w)
    forest = HistGradientBoostingClassifier(**FOREST).fit(x, y, sample_weight=w)
    return Model(
        mean=mean.astype(np.float32),
        spread=spread.astype(np.float32),
        weights=linear.coef_[0].astype(np.float32),
        bias=float(linear.intercept_[0]),
        **_nodes(forest),
    )


def _nodes(forest: Any) -> dict[str, Any]:
    trees = [predictors[0].nodes for predictors in forest._predictors]
    size = max(map(len, trees))
    shape = (len(trees), size)
    out = {
        "feature": np.zeros(shape, np.int16),
        "threshold": np.full(shape, np.inf, np.float32),
        "left": np.tile(np.arange(size, dtype=np.int16), (len(trees), 1)),
        "right": np.tile(np.arange(size, dtype=np.int16), (len(trees), 1)),
        "value": np.zeros(shape, np.float32),
    }
    for at, nodes in enumerate(trees):
        inner = nodes["is_leaf"] == 0
        where = np.flatnonzero(inner)
        out["feature"][at, where] = nodes["feature_idx"][inner]
        out["threshold"][at, where] = nodes["num_threshold"][inner]
        out["left"][at, where] = nodes["left"][inner]
        out["right"][at, where] = nodes["right"][inner]
        out["value"][at, : len(nodes)] = np.where(inner, 0, nodes["value"])
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    baseline = float(np.ravel(forest._baseline_prediction)[0])
    return {**out, "baseline": baseline, "depth": depth}


def word_f1(page: Page, kept: Sequence[bool]) -> float:
    """Word-weighted F1 of the lines kept on one page."""
    right = wrong = lost = 0
    for line, label, keep in zip(page.lines, page.labels, kept, strict=True):
        words = len(line.split())
        right += words * (label == 1 and keep)
        wrong += words * (label == 0 and keep)
        lost += words * (label == 1 and not keep)
    return 2 * right / (2 * right + wrong + lost) if right else 0.0


def cross_validate(
    real: list[tuple[Page, np.ndarray]], made: list[tuple[Page, np.ndarray]]
) -> float:
    """Mean word-weighted F1 over the real pages, each scored by a model that saw nothing of its site."""
    sites = sorted({page.site for page, _ in real})
    found = []
    for fold in range(FOLDS):
        held = set(sites[fold::FOLDS])
        model = fit(item for item in [*real, *made] if item[0].site not in held)
        for page, table in real:
            if page.site in held:
                keep = choose(score(table, model), page.lines, table)
                named = kinds(page.lines, keep, table, page.title)
                # The labels hold most headlines for dirt; they count against us here.
                found.append(word_f1(page, [kind in ARTICLE_KINDS for kind in named]))
    return float(np.mean(found))


def write(model: Model, figures: dict[str, Any]) -> None:
    """The weights and the manifest that names them."""
    data = io.BytesIO()
    np.savez_compressed(data, allow_pickle=False, **model._asdict())
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / "lines.npz").write_bytes(data.getvalue())
    manifest = {
        "what": "Line classifier for flat text: logistic regression and boosted trees",
        "made_by": "training/blocks/train.py",
        "seed": SEED,
        "sha256": hashlib.sha256(data.getvalue()).hexdigest(),
        **figures,
        "measures": list(NAMES),
    }
    (WEIGHTS / "lines.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    pin(WEIGHTS / "lines.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--cross-validate", action="store_true")
    given = parser.parse_args()
    pages = real_pages(given.pages)
    made = made_pages(pages, clean_articles(given.articles), random.Random(SEED))
    real = [(page, measure(page.lines, page.title)) for page in pages]
    more = [(page, measure(page.lines, page.title)) for page in made]
    figures: dict[str, Any] = {"real_pages": len(real), "made_pages": len(more)}
    if given.cross_validate:
        figures["macro_f1_by_site"] = round(cross_validate(real, more), 4)
        print(figures, flush=True)
    write(fit([*real, *more]), figures)


if __name__ == "__main__":
    main()
