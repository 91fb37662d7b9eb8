"""The vector of what somebody asks for."""

from __future__ import annotations

import math

from onrecord.pipeline.core.problems import InputError
from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders import load_embedder


def vector_of(words: str, settings: EmbedSettings) -> list[float]:
    """The vector of some words. Raises InputError where the model can read nothing of them, and ModelError."""
    vector: list[float] = load_embedder(settings).encode([words])[0].tolist()
    if not all(map(math.isfinite, vector)):
        raise InputError(f"{words[:40]!r} holds no word that can be searched for; give one")
    return vector
