"""The line classifier's weights and how they score a line: plain numpy, nothing to train with.

Half is a logistic regression, half a small boosted forest over the same measures; each makes up for what the other does
not see on pages of a site that neither has met (training/blocks/train.py).
"""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.pipeline.blocks.line_features import NAMES, Matrix
from onrecord.pipeline.core.weights import WeightsError, read_pinned

_WEIGHTS: Final = Path(__file__).parent / "weights"
_CHUNK = 2048
_CLIP = 5.0


class Model(NamedTuple):
    """`mean`, `spread`, `weights` (measures) and `bias` of the regression; the forest's nodes, (trees, nodes) each."""

    mean: Matrix
    spread: Matrix
    weights: Matrix
    bias: float
    feature: npt.NDArray[np.int16]
    threshold: Matrix
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    value: Matrix
    baseline: float
    depth: int


def score(table: Matrix, model: Model | None = None) -> Matrix:
    """Log odds that each measured line belongs to the article, shape (lines,)."""
    known = model or load()
    scores = [
        0.5 * (_linear(table[at : at + _CHUNK], known) + _forest(table[at : at + _CHUNK], known))
        for at in range(0, len(table), _CHUNK)
    ]
    # Rounded: a processor's last bits decide nothing.
    made: Matrix = np.round(np.concatenate([*scores, np.zeros(0, np.float32)]), 4)
    return made


@cache
def load() -> Model:
    """The packaged weights. Raises WeightsError where they or their measures are not the manifest's."""
    manifest: dict[str, Any] = json.loads(read_pinned(_WEIGHTS / "lines.json"))
    try:
        data = (_WEIGHTS / "lines.npz").read_bytes()
    except OSError as error:
        raise WeightsError(f"lines.npz cannot be read: {error}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != manifest["sha256"]:
        raise WeightsError(f"lines.npz: SHA-256 {found}, expected {manifest['sha256']}")
    if tuple(manifest["measures"]) != NAMES:
        raise WeightsError("lines.npz was trained on other measures; run training/blocks/train.py")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    for name in ("bias", "baseline"):
        held[name] = float(held[name])
    return Model(**held | {"depth": int(held["depth"])})


def _linear(table: Matrix, model: Model) -> Matrix:
    scaled = np.clip((table - model.mean) / model.spread, -_CLIP, _CLIP)
    # Row by row: a product's last bits would hang on the lines beside it, and on the machine's library.
    return np.asarray((scaled * model.weights).sum(axis=1) + model.bias, np.float32)


def _forest(table: Matrix, model: Model) -> Matrix:
    """All trees walk down together, a level a step; a leaf leads to itself."""
    trees = np.arange(len(model.feature))
    rows = np.arange(len(table))[:, None]
    at = np.zeros((len(table), len(trees)), np.int16)
    for _ in range(model.depth):
        below = table[rows, model.feature[trees, at]] <= model.threshold[trees, at]
        at = np.where(below, model.left[trees, at], model.right[trees, at])
    return np.asarray(model.value[trees, at].sum(axis=1) + model.baseline, np.float32)
