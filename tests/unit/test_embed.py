"""Wordings become unit vectors, each once, and what cannot is a reject."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline import contracts, ids
from pipeline.embed import embed
from pipeline.embedders import ModelError, load_embedder, models
from pipeline.settings import EmbedSettings

SENTENCES = [
    "The harbour will be dredged before winter.",
    "Dredging of the port is to be done before the winter.",
    "My aunt keeps eleven goats.",
    "No.",
    "Der Hafen wird noch vor dem Winter ausgebaggert.",
    "word " * 10_000,
]


def quotations(contents: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "quotation_id": ids.digest("q", at),
                "article_id": "a1",
                "start": at * 100,
                "end": at * 100 + 50,
                "content": content,
            }
            for at, content in enumerate(contents)
        ],
        schema={
            name: contracts.QUOTATIONS.columns[name].dtype
            for name in ("quotation_id", "article_id", "start", "end", "content")
        },
    )


def test_vectors_are_unit_norm_and_tell_meaning() -> None:
    made = embed(quotations(SENTENCES), EmbedSettings()).utterances
    assert made.schema == contracts.UTTERANCES.schema
    vectors = {text: np.array(row) for text, row in made.select("text", "embedding").iter_rows()}
    norms = [np.linalg.norm(vector) for vector in vectors.values()]
    assert np.allclose(norms, 1.0, atol=1e-5)
    port, dredging, goats = (vectors[text] for text in SENTENCES[:3])
    assert port @ dredging > 0.7 > 0.3 > port @ goats
    assert made["text"].str.len_chars().is_sorted()


def test_each_wording_once_and_every_quotation_counted() -> None:
    taken = quotations(["We will stay.", "We  will\nstay.", "", "… — !", "We will go."])
    made = embed(taken, EmbedSettings(), run_id="r1")
    assert made.utterances["text"].to_list() == ["We will go.", "We will stay."]
    assert made.duplicates == 1
    assert made.rejects["reason"].to_list() == ["no_words", "no_words"]
    assert made.utterances.height + made.rejects.height + made.duplicates == taken.height
    assert made.rejects.schema == contracts.REJECTS.schema
    again = embed(taken, EmbedSettings(), made.utterances.select("utterance_id", "model"))
    assert again.utterances.is_empty()
    assert again.duplicates == 3
    other = made.utterances.select("utterance_id", pl.lit("other@1").alias("model"))
    assert embed(taken, EmbedSettings(), other).utterances.height == 2


def test_an_unreadable_script_is_a_reject_and_never_a_vector() -> None:
    unread = "\U00012000\U00012001\U00012002 \U00012003"
    made = embed(quotations([unread]), EmbedSettings(), run_id="r1")
    assert made.utterances.is_empty()
    assert made.rejects.select("run_id", "stage", "source", "place", "reason").row(0) == (
        "r1",
        "embed",
        "a1",
        "0:50",
        "unreadable_to_model",
    )


def test_nothing_gives_nothing() -> None:
    made = embed(quotations([]), EmbedSettings(model="/no/such/model"))
    assert made.utterances.schema == contracts.UTTERANCES.schema
    assert made.rejects.is_empty()


def test_both_backends_give_the_same_vectors() -> None:
    onnx = load_embedder(EmbedSettings())
    torch = load_embedder(EmbedSettings(backend="sentence-transformers"))
    assert (onnx.name, onnx.width) == (torch.name, torch.width)
    cosines = (onnx.encode(SENTENCES) * torch.encode(SENTENCES)).sum(axis=1)
    assert cosines.min() >= 0.9999


def test_order_and_company_hardly_change_a_vector() -> None:
    embedder = load_embedder(EmbedSettings())
    together = embedder.encode(SENTENCES)
    apart = np.concatenate([embedder.encode([text]) for text in SENTENCES])
    assert (together * apart).sum(axis=1).min() >= 0.9999


def test_the_default_needs_neither_torch_nor_sentence_transformers() -> None:
    load_embedder(EmbedSettings())  # so that the export stands in the cache
    script = (
        "import sys\n"
        "from pipeline.embedders import load_embedder\n"
        "from pipeline.settings import EmbedSettings\n"
        "load_embedder(EmbedSettings()).encode(['one'])\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("backend", ["onnx", "sentence-transformers"])
def test_a_missing_model_is_told_by_name(
    backend: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no-such-model"):
        load_embedder(EmbedSettings(backend=backend, model="nobody/no-such-model"))
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_embedder(EmbedSettings(backend=backend, model=str(tmp_path)))


def test_damaged_files_are_named(tmp_path: Path) -> None:
    folder = models.packaged_folder()
    assert models.damaged_files(folder) == []
    (tmp_path / "1_Pooling").mkdir()
    for name in models.PACKAGED_FILES:
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "config.json").unlink()
    assert models.damaged_files(tmp_path) == ["config.json", "tokenizer.json"]


def test_a_row_that_is_no_direction_is_nan_and_never_zero() -> None:
    rows = np.array([[3, 4], [0, 0], [np.nan, 1], [np.inf, 1]], dtype=np.float32)
    scaled = models.unit_rows(rows)
    assert np.allclose(scaled[0], [0.6, 0.8])
    assert np.isnan(scaled[1:]).all()
