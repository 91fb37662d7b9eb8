"""Embedders that other packages add, an entry point of `onrecord.embedders`: `mine = "their_package:load"`.

`backend: mine` in config.yaml takes it. It is called with the settings, and gives an Embedder; what that hands over is
looked at before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core import additions
from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders.models import ModelError, unit_rows

if TYPE_CHECKING:
    from onrecord.pipeline.embedders import Embedder


def load(settings: EmbedSettings) -> Embedder:
    """The model of an embedder that was added. Raises ModelError, naming whose it is, where it is none."""
    name = settings.backend
    made = additions.loaded(additions.EMBEDDERS, name)
    if made is None:
        why = additions.fault_of(additions.EMBEDDERS, name) or "no package adds it"
        raise ModelError(
            f"the embedder {name!r} cannot be used: {why}; choose another embed.backend"
        )
    whose = f"the embedder {name!r} of {additions.whose(additions.EMBEDDERS, name)}"
    try:
        return _Checked(made(settings), whose)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"{whose} cannot be loaded: {type(error).__name__}: {error}") from error


class _Checked:
    """Somebody else's embedder: its vectors are of its width, of 32-bit floats and of norm 1, or NaN."""

    def __init__(self, embedder: Any, whose: str) -> None:
        name, width = getattr(embedder, "name", None), getattr(embedder, "width", None)
        if not isinstance(name, str) or not name or not isinstance(width, int) or width < 1:
            raise ModelError(f"{whose} has no name and width: an Embedder has both, and encode")
        self.name, self.width = name, width
        self._embedder, self._whose = embedder, whose

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of the texts. Raises ModelError where they are none."""
        try:
            vectors = np.asarray(self._embedder.encode(list(texts)), dtype=np.float32)
        except Exception as error:
            raise ModelError(f"{self._whose} failed: {type(error).__name__}: {error}") from error
        if vectors.shape != (len(texts), self.width):
            raise ModelError(
                f"{self._whose} gave vectors of the shape {vectors.shape} for {len(texts)} texts;"
                f" wanted is {(len(texts), self.width)}"
            )
        return unit_rows(vectors)
