"""sentence-transformers: any local or hub model by name, pinned by revision, safetensors only, no
remote code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders.models import (
    UNKNOWN_SHARE,
    ModelError,
    encodable,
    local_model,
    unit_rows,
)


class SentenceEmbedder:
    """A sentence-transformers model run by torch; see `load`."""

    def __init__(self, name: str, model: Any, batch_size: int) -> None:
        self._model = model
        self._batch_size = batch_size
        self.name = name
        self.width = int(model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), width]; NaN where the model can read nothing (see
        `Embedder`)."""
        texts = [encodable(text) for text in texts]
        vectors = np.full((len(texts), self.width), np.nan, dtype=np.float32)
        readable = [at for at, text in enumerate(texts) if self._readable(text)]
        if readable:
            vectors[readable] = self._model.encode(
                [texts[at] for at in readable],
                batch_size=self._batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return unit_rows(vectors)

    def _readable(self, text: str) -> bool:
        tokenizer = self._model.tokenizer
        pieces = tokenizer(text, add_special_tokens=False, truncation=True)["input_ids"]
        unknown = pieces.count(tokenizer.unk_token_id)
        return bool(pieces) and unknown <= UNKNOWN_SHARE * len(pieces)


def load(settings: EmbedSettings) -> SentenceEmbedder:
    """The packaged model, that of a local folder, or the hub's of that name at `settings.revision`.

    Raises ModelError where it cannot be had.
    """
    files = local_model(settings.model)
    if files is not None:
        return SentenceEmbedder(
            files.name, open_model(str(files.folder), None), settings.batch_size
        )
    model = open_model(settings.model, settings.revision)
    return SentenceEmbedder(
        f"{settings.model}@{_revision(model, settings.revision)}", model, settings.batch_size
    )


def open_model(name: str, revision: str | None) -> Any:
    """The SentenceTransformer of a folder or of the hub's name. Raises ModelError where there is
    none to be had."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as told

    logging: Any = told
    # Bars and advice of theirs are for somebody at a notebook; what goes wrong is raised.
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        return SentenceTransformer(
            name,
            revision=revision,
            device="cpu",
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"{name}: no model of that name here, and the hub did not give one ({said[0]}); "
            "check the name, the network and HF_HUB_OFFLINE, or give a local folder"
        ) from error


def _revision(model: Any, asked: str | None) -> str:
    commit = getattr(model[0].auto_model.config, "_commit_hash", None)
    return str(commit or asked or "unpinned")[:12]
