"""The tagger's training runs on a small invented set, learns it, and gives the same weights again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from onrecord.pipeline.quotations.tagging.tagger import Tagger
from onrecord.pipeline.text.marks import segments
from training.quotations.augment import Edit, Rates, augment, edited
from training.quotations.data import Document, document
from training.quotations.export import export
from training.quotations.train import parser, train

NAMES = ("Ines Tolland", "Bram Oyelaran", "the council", "a warden", "Professor Imai", "she")
CUES = ("said", "told the assembly", "argued", "wrote", "insisted")
WORDS = (
    "the ferry will run on Monday",
    "nobody asked the islanders",
    "the dam can hold for years",
    "wheat prices have to fall",
)


def record(seed: int) -> dict[str, Any]:
    """An invented article whose attributions are known because it is built from them."""
    rng = np.random.default_rng(seed)
    text, quotes = f"Report number {seed}\n\n", []
    for _ in range(6):
        name, cue, said = (str(rng.choice(x)) for x in (NAMES, CUES, WORDS))
        start = len(text)
        content = f"“{said[0].upper()}{said[1:]},”"
        text += f"{content} {name} {cue}.\n\n"
        source = start + len(content) + 1
        quotes.append(
            {
                "type": "direct",
                "spans": [[start, start + len(content)]],
                "start": start,
                "end": start + len(content),
                "cue_text": cue,
                "cue_start": source + len(name) + 1,
                "cue_end": source + len(name) + 1 + len(cue),
                "speaker_spans": [[source, source + len(name)]],
            }
        )
    return {"doc_id": str(seed), "text": text, "quotes": quotes}


def arguments(folder: Path, out: str) -> Any:
    gold = folder / "gold.jsonl"
    gold.write_text("".join(json.dumps(record(i)) + "\n" for i in range(16)), encoding="utf-8")
    options = ["--train", gold, "--dev", gold, "--out", folder / out, "--seed", 3, "--epochs", 5]
    options += ["--width", 32, "--dilations", 1, 2, 1, "--batch", 512, "--rate", 0.01]
    return parser().parse_args([str(o) for o in options])


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Sums are taken in one order on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
def test_training_learns_and_is_reproducible(tmp_path: Path) -> None:
    first = train(arguments(tmp_path, "a")).state_dict()
    second = train(arguments(tmp_path, "b")).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    lines = (tmp_path / "a" / "figures.jsonl").read_text(encoding="utf-8").splitlines()
    figures = [json.loads(line) for line in lines]
    assert figures[-1]["loss"] < figures[0]["loss"] / 2
    assert figures[-1]["content_exact"] > 90

    export(tmp_path / "a" / "checkpoint.pt", tmp_path / "shipped", {"seed": 3})
    tagger = Tagger(tmp_path / "shipped")
    text = record(99)["text"]
    content = [text[s.start : s.end] for s in tagger.tag([text])[0] if s.label == "content"]
    assert len(content) >= 5 and all(c.startswith("“") for c in content)


def test_edits_move_spans_with_their_text() -> None:
    doc = Document("“Go,” she said.", [(0, 5, 0, True), (6, 9, 2, True), (10, 14, 1, True)])
    moved = edited(doc, [Edit(0, 1, "``"), Edit(4, 5, "''")])
    assert moved.text == "``Go,'' she said."
    assert [moved.text[s:e] for s, e, *_ in moved.spans] == ["``Go,''", "she", "said"]


def test_augmented_documents_keep_the_words_of_their_spans() -> None:
    docs = [document(record(i)) for i in range(8)]
    rates = Rates(single=0.3, unmarked=0.2, lost=0.2, double=0.3, lines=0.8, headline=0.8)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        doc = docs[seed % 8]
        new = augment(doc, docs, rates, rng)
        again = augment(doc, docs, rates, np.random.default_rng(seed))
        assert new == again
        words = {doc.text[s:e].strip("“”") for s, e, *_ in doc.spans}
        kept = {new.text[s:e].strip("“”‘’'\"«»„`") for s, e, *_ in new.spans}
        assert words <= kept


def test_single_marks_are_still_found_after_restyling() -> None:
    docs = [document(record(1))]
    rates = Rates(single=1.0, lines=0, headline=0, capitals=0)
    new = augment(docs[0], docs, rates, np.random.default_rng(0))
    assert {s.style for s in segments(new.text)} == {"single"}


def test_an_attribution_of_belief_counts_as_outside() -> None:
    text = "Mina Okafor believes the well is dry."
    quote = {"type": "indirect", "spans": [[21, 36]], "cue_text": "believes"}
    doc = document({"text": text, "quotes": [{**quote, "cue_start": 12, "cue_end": 20}]})
    assert [speech for *_, speech in doc.spans] == [False, False]
