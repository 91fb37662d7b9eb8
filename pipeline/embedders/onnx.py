"""ONNX Runtime: the same weights at about twice the speed, without importing torch.

The model is exported once through torch (with pooling and normalisation) into the user's cache
folder, under the hash of its weights. Measured on 2 cores with sentences of 25 words: torch 135 to
150 a second, ONNX 190 to 197; 8-bit weights would give 290, but change a fifth of the ten nearest
neighbours, so fp32 it is.

Each batch is one core's, and as many are under way as there are cores: ONNX Runtime's own threads share each product
instead, and spin while they wait for each other, which took twice the processor time on a busy machine.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders.cache import cache_folder, file_hash, put
from onrecord.pipeline.embedders.models import (
    PACKAGED_MODEL,
    UNKNOWN_SHARE,
    ModelError,
    ModelFiles,
    encodable,
    local_model,
    unit_rows,
)
from onrecord.pipeline.machine.cores import at_once

_EXPORT_VERSION = 1
_PROBES = (
    "The harbour will be dredged before winter.",
    "No.",
    "We asked for more time, were given none, and so the bridge was built without a railing.",
)
_LOG = logging.getLogger(__name__)


class OnnxEmbedder:
    """A sentence-transformers model run by ONNX Runtime; see `load`."""

    def __init__(self, files: ModelFiles, graph: Path, batch_size: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(files.folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_window(files.folder))
        self._unknown = _unknown_id(self._tokenizer)
        self._batch_size = batch_size
        self.name = files.name
        self.width = int(self._session.get_outputs()[0].shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), width]; NaN where the model can read nothing (see
        `Embedder`)."""
        vectors = np.full((len(texts), self.width), np.nan, dtype=np.float32)
        encodings = self._tokenizer.encode_batch([encodable(text).strip() for text in texts])
        lengths = np.array([len(encoding.ids) for encoding in encodings], dtype=np.int64)
        readable = [at for at, encoding in enumerate(encodings) if self._readable(encoding)]
        order = sorted(readable, key=lambda at: (lengths[at], at))
        batches = list(_batches(order, self._batch_size))
        with ThreadPoolExecutor(at_once()) as pool:
            made = pool.map(lambda batch: self._run([encodings[at].ids for at in batch]), batches)
            for batch, rows in zip(batches, made, strict=True):
                vectors[batch] = rows
        return unit_rows(vectors)

    def _run(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The model's vectors of one batch of texts, as word pieces, the longest last."""
        ids = np.zeros((len(pieces), len(pieces[-1])), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(pieces):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        told = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        made: NDArray[np.float32]
        (made,) = self._session.run(None, {name: told[name] for name in self._inputs})
        return made

    def _readable(self, encoding: Any) -> bool:
        pieces = [
            piece
            for piece, special in zip(encoding.ids, encoding.special_tokens_mask, strict=True)
            if not special
        ]
        return bool(pieces) and pieces.count(self._unknown) <= UNKNOWN_SHARE * len(pieces)


def load(settings: EmbedSettings) -> OnnxEmbedder:
    """The packaged model, or that of a local folder, in ONNX Runtime; exported first where the
    cache has no export.

    Raises ModelError where the model is neither packaged nor a folder, or its export does not give
    its vectors.
    """
    files = local_model(settings.model)
    if files is None:
        raise ModelError(
            f"{settings.model}: neither {PACKAGED_MODEL} nor a local folder; for a model of the "
            "hub set embed.backend to sentence-transformers"
        )
    if not (files.folder / "tokenizer.json").is_file():
        raise ModelError(
            f"{files.folder}: no tokenizer.json; use embed.backend sentence-transformers"
        )
    graph = _cached_graph(files)
    return OnnxEmbedder(files, graph, settings.batch_size)


def _cached_graph(files: ModelFiles) -> Path:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        # A read-only home must not stop a run: the export is then made anew by each process.
        folder = Path(tempfile.mkdtemp(prefix="onrecord-models-"))
        _LOG.warning("the cache folder %s cannot be written; using %s", cache_folder(), folder)
    graph = folder / f"{files.weights_hash[:32]}-{_EXPORT_VERSION}.onnx"
    seal = graph.with_suffix(".sha256")
    if graph.is_file() and seal.is_file() and seal.read_text().strip() == file_hash(graph):
        return graph
    _export(files, graph)
    put(seal, file_hash(graph))
    return graph


def _export(files: ModelFiles, graph: Path) -> None:
    """Write the graph of the whole model, pooling and normalisation included, and prove it against
    torch."""
    import warnings

    import onnxruntime
    import torch

    from onrecord.pipeline.embedders.sentence_transformers import open_model

    _LOG.info("exporting %s to %s (once)", files.name, graph)
    model = open_model(str(files.folder), None)
    model.eval()

    class Sentence(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> Any:
            told = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            return self.model(told)["sentence_embedding"]

    batch = model.tokenizer(list(_PROBES), padding=True, return_tensors="pt")
    ids, mask = batch["input_ids"], batch["attention_mask"]
    names = ["input_ids", "attention_mask", "token_type_ids"]
    partial = graph.with_name(f".{graph.name}.{os.getpid()}")
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        example = (ids, mask, torch.zeros_like(ids))
        expected = Sentence()(*example).numpy()
        torch.onnx.export(
            Sentence(),
            example,
            str(partial),
            input_names=names,
            output_names=["vector"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names}
            | {"vector": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
    session = onnxruntime.InferenceSession(str(partial), providers=["CPUExecutionProvider"])
    taken = {entry.name for entry in session.get_inputs()}
    told = dict(zip(names, (tensor.numpy() for tensor in example), strict=True))
    (found,) = session.run(None, {name: told[name] for name in taken})
    cosine = float((unit_rows(found) * unit_rows(expected)).sum(axis=1).min())
    if not cosine >= 0.9999:
        partial.unlink()
        raise ModelError(
            f"{files.name}: its ONNX export gives other vectors (cosine {cosine:.4f}); "
            "use embed.backend sentence-transformers"
        )
    partial.replace(graph)


def _batches(order: list[int], size: int) -> Iterator[list[int]]:
    for at in range(0, len(order), size):
        yield order[at : at + size]


def _window(folder: Path) -> int:
    told = folder / "sentence_bert_config.json"
    if told.is_file():
        length = json.loads(told.read_text(encoding="utf-8")).get("max_seq_length")
        if isinstance(length, int):
            return length
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return int(config.get("max_position_embeddings", 512))


def _unknown_id(tokenizer: Any) -> int | None:
    for token in ("[UNK]", "<unk>"):
        found = tokenizer.token_to_id(token)
        if found is not None:
            return int(found)
    return None
