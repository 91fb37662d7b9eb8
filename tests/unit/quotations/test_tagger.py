"""The shipped tagger: what it marks, and that nothing makes it raise, vary or slow down."""

import json
import os
import shutil
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from onrecord.pipeline.core.weights import WeightsError
from onrecord.pipeline.quotations.tagging.spans import LABELS
from onrecord.pipeline.quotations.tagging.tagger import BEGINS, WEIGHTS, Tagger, best_runs, spans
from onrecord.pipeline.text.token_features import words

ARTICLE = """Ferry service to resume in Port Amble

The ferry between Port Amble and the outer islands will run again from Monday, harbour master Ines
Tolland said on Friday. “We have tested both boats twice,” she told reporters. “They are safe.”

According to the transport ministry, fares will not rise before spring.

“Nobody asked the islanders,” complained Bram Oyelaran, who keeps a shop on Long Skerry."""


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def marked(tagger: Tagger, text: str, label: str) -> list[str]:
    return [text[s.start : s.end] for s in tagger.tag([text])[0] if s.label == label]


def test_it_marks_content_cue_and_source(tagger: Tagger) -> None:
    content = marked(tagger, ARTICLE, "content")
    assert any("We have tested both boats twice" in c for c in content)
    assert any("fares will not rise before spring" in c for c in content)
    assert any("Nobody asked the islanders" in c for c in content)
    assert {"said", "told", "According to", "complained"} <= {
        cue for found in marked(tagger, ARTICLE, "cue") for cue in (found, found.split()[0])
    }
    sources = marked(tagger, ARTICLE, "source")
    assert "she" in sources
    assert any(s.startswith("the transport") for s in sources)
    assert any(s.startswith("Bram Oyelaran") for s in sources)


def test_spans_are_ordered_inside_the_text_and_disjoint_by_label(tagger: Tagger) -> None:
    found = tagger.tag([ARTICLE])[0]
    assert found == sorted(found)
    for label in LABELS:
        ours = [s for s in found if s.label == label]
        assert all(a.end <= b.start for a, b in pairwise(ours))
    assert all(0 <= s.start < s.end <= len(ARTICLE) and 0 <= s.score <= 1 for s in found)


def test_a_text_is_tagged_the_same_whatever_stands_beside_it(tagger: Tagger) -> None:
    alone = tagger.tag([ARTICLE])[0]
    assert tagger.tag(["", ARTICLE, "“Other,” he said.", ARTICLE])[1::2] == [alone, alone]
    assert Tagger(WEIGHTS).tag([ARTICLE])[0] == alone


def test_a_long_text_goes_through_in_runs_with_the_same_result(tagger: Tagger) -> None:
    text = "\n\n".join([ARTICLE] * 60)
    seen = words(text, tagger._pieces)
    assert len(seen.starts) > 4096 + 200
    whole = tagger._run(seen, 0, len(seen.starts))
    assert np.abs(tagger.probabilities(seen) - whole).max() < 1e-4


def test_a_text_of_a_few_thousand_words_is_read_whole_whatever_it_says(tagger: Tagger) -> None:
    seen = words(f"{ARTICLE}\n\n{'7 ' * 2000}\n\n{ARTICLE}", tagger._pieces)
    assert 2000 < len(seen.starts) < 4096
    whole = tagger._run(seen, 0, len(seen.starts))
    assert np.abs(tagger.probabilities(seen) - whole).max() < 1e-4


@pytest.mark.parametrize("noise", ["(", "\u201c", "a ", "1,2. "])
def test_what_is_said_amid_a_long_noise_is_found(tagger: Tagger, noise: str) -> None:
    around = noise * (40_000 // len(noise))
    found = marked(tagger, f"{around}\n\n{ARTICLE}\n\n{around}", "content")
    assert any("We have tested both boats twice" in content for content in found)


def test_spans_are_those_of_all_words_where_long_silences_are_passed_over(tagger: Tagger) -> None:
    seen = words("\n\n".join([ARTICLE, "(" * 30_000, ARTICLE]), tagger._pieces)
    likely = tagger.probabilities(seen)
    at_once = [
        (int(seen.starts[a]), int(seen.ends[b - 1]), label)
        for head, label in enumerate(LABELS)
        for a, b in best_runs(likely[:, head], BEGINS[head])
    ]
    found = spans(seen, likely)
    assert len(found) > 10
    assert [(span.start, span.end, span.label) for span in found] == sorted(at_once)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ud800", "“", "🜚" * 50, "a" * 10_000])
def test_odd_texts_yield_spans_or_none(tagger: Tagger, text: str) -> None:
    assert all(0 <= s.start < s.end <= len(text) for s in tagger.tag([text])[0])


@pytest.mark.parametrize("unit", ["a", "“", '"a ', "\n"])
def test_a_large_adversarial_text_takes_linear_time(tagger: Tagger, unit: str) -> None:
    def seconds(size: int) -> float:
        began = time.process_time()
        tagger.tag([unit * (size // len(unit))])
        return time.process_time() - began

    small, large = seconds(1_500), seconds(15_000)
    assert large < 30 * small + 0.5


def test_weights_that_are_not_the_manifests_are_refused(tmp_path: Path) -> None:
    for file in WEIGHTS.glob("tagger.*"):
        shutil.copy(file, tmp_path)
    model = tmp_path / json.loads((tmp_path / "tagger.json").read_text())["file"]
    model.write_bytes(model.read_bytes()[:-1] + b"\x00")
    with pytest.raises(WeightsError, match="not the model"):
        Tagger(tmp_path)
    with pytest.raises(WeightsError, match="no tagger"):
        Tagger(tmp_path / "nowhere")


def test_the_weights_are_small_and_hold_no_text() -> None:
    manifest = json.loads((WEIGHTS / "tagger.json").read_text())
    model = (WEIGHTS / manifest["file"]).read_bytes()
    assert len(model) == manifest["bytes"] <= 15_000_000
    assert b" said " not in model


def test_the_runtime_keeps_no_report_of_its_use(tmp_path: Path) -> None:
    """ONNX Runtime lays what it reports to its makers in the user's cache; it makes nothing there."""
    code = "from onrecord.pipeline.quotations.tagging.tagger import Tagger; Tagger().tag(['“We open,” she said.'])"
    told = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, env={**told, **home})
    assert list(tmp_path.rglob("*onnxruntime*")) == []
