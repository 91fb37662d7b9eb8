"""Models that turn wordings into vectors: one file a backend, one line in EMBEDDERS.

The default is ONNX Runtime over the packaged all-MiniLM-L6-v2; sentence-transformers takes any
model. Both give the same vectors for the same weights (cosine >= 0.9999, tested), so the name of a
model says nothing of the backend. Other packages add embedders of their own: `contributed.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders import contributed, onnx, sentence_transformers
from onrecord.pipeline.embedders.models import ModelError

__all__ = ["EMBEDDERS", "Embedder", "ModelError", "load_embedder", "unload_embedders"]


class Embedder(Protocol):
    """A loaded model. `name` is 'model@revision' and names the vectors in the warehouse; `width` is
    their length."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), width], in the order of `texts`.

        A row is NaN where the model can read nothing of the text: no word piece, or most of them
        unknown to it. Text beyond the model's window (256 word pieces for the packaged one) does
        not count.
        """
        ...


EMBEDDERS: Mapping[str, Callable[[EmbedSettings], Embedder]] = MappingProxyType(
    {
        "onnx": onnx.load,
        "sentence-transformers": sentence_transformers.load,
    }
)
"""Backend by its name in config.yaml: settings to a loaded model."""


def load_embedder(settings: EmbedSettings) -> Embedder:
    """The model that `settings` names, loaded once a process; who asks while it is being loaded waits for it.

    Raises ModelError where it is missing, damaged, or not what its backend can run.
    """
    with _LOADING:
        return _loaded(settings)


def unload_embedders() -> None:
    """Let go of the models that are loaded: some hundred megabytes each."""
    with _LOADING:
        _loaded.cache_clear()


@lru_cache(maxsize=4)
def _loaded(settings: EmbedSettings) -> Embedder:
    load = EMBEDDERS.get(settings.backend)
    return load(settings) if load else contributed.load(settings)


_LOADING = Lock()
