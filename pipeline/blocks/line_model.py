"""The line classifier's nets and how they score a page's lines: plain numpy, nothing to train with.

A net sees the measures and the words of each line, then of its neighbours near and far (gated dilated convolutions, a
line sees 38 lines to each side), and half-way of the page as a whole. Several nets, alike but for their beginnings,
are averaged (training/blocks/train.py).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from onrecord.pipeline.blocks.line_features import BUCKETS, NAMES, Matrix, column
from onrecord.pipeline.core.weights import WeightsError, read_pinned
from onrecord.pipeline.machine.deadline import heed

_WEIGHTS: Final = Path(__file__).parent / "weights"
_CLIP: Final = 5.0
_LEAST_WORDS, _MOST_WORDS = 0.5, 400.0
_TINY: Final = 1e-5

Model = Mapping[str, npt.NDArray[Any]]
"""Arrays by name: `mean`, `spread` (measures) and `dilations` (layers) of all nets; of each net, as first axis, `words`
(buckets, k), `enter` (measures + k, width), `gain`, `shift`, `mix`, `mix_bias` (layers, ...), `page`, `last_gain`,
`last_shift` and `out`, with their biases."""


def score(table: Matrix, words: npt.NDArray[np.int64], model: Model | None = None) -> Matrix:
    """Log odds that each line of one page belongs to the article, shape (lines,)."""
    known = model if model is not None else load()
    if not len(table):
        return np.zeros(0, np.float32)
    scaled = (table - known["mean"]) / known["spread"]
    seen: Matrix = np.clip(scaled, -_CLIP, _CLIP).astype(np.float32)
    weight = np.clip(np.expm1(column(table, "words")), _LEAST_WORDS, _MOST_WORDS)[:, None]
    weight = np.asarray(weight / weight.sum(), np.float32)
    found = [_net(seen, words, weight, known, net) for net in range(len(known["out"]))]
    # Rounded: a processor's last bits decide nothing.
    return np.asarray(np.round(np.mean(found, axis=0), 4), np.float32)


def _net(
    seen: Matrix, words: npt.NDArray[np.int64], weight: Matrix, model: Model, net: int
) -> Matrix:
    held = np.maximum((words > 0).sum(axis=1, keepdims=True), 1)
    meant = model["words"][net][words].sum(axis=1) / held
    entered = np.hstack([seen, meant]) @ model["enter"][net] + model["enter_bias"][net]
    state = entered * _sigmoid(entered)
    dilations = model["dilations"].tolist()
    for layer, by in enumerate(dilations):
        heed()
        if layer == len(dilations) // 2:
            whole = np.concatenate([state.mean(axis=0), (state * weight).sum(axis=0)])
            state = state + (whole @ model["page"][net] + model["page_bias"][net])
        calm = _normed(state, model["gain"][net, layer], model["shift"][net, layer])
        near = np.hstack([_shifted(calm, by), calm, _shifted(calm, -by)])
        mixed = near @ model["mix"][net, layer] + model["mix_bias"][net, layer]
        value, gate = np.split(mixed, 2, axis=1)
        state = state + value * _sigmoid(gate)
    calm = _normed(state, model["last_gain"][net], model["last_shift"][net])
    return np.asarray(calm @ model["out"][net] + model["out_bias"][net])


def _sigmoid(values: Matrix) -> Matrix:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values))


def _normed(state: Matrix, gain: Matrix, shift: Matrix) -> Matrix:
    centred = state - state.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + _TINY)
    return np.asarray(centred / deviation * gain + shift)


def _shifted(state: Matrix, by: int) -> Matrix:
    """Each line's values moved `by` lines on; zeros where the page has no line."""
    moved = np.zeros_like(state)
    if 0 < by < len(state):
        moved[by:] = state[:-by]
    elif 0 < -by < len(state):
        moved[:by] = state[-by:]
    return moved


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
    if tuple(manifest["measures"]) != NAMES or manifest["buckets"] != BUCKETS:
        raise WeightsError("lines.npz was trained on other measures; run training/blocks/train.py")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    return {
        name: array.astype(np.float32) if array.dtype == np.float16 else array
        for name, array in held.items()
    }
