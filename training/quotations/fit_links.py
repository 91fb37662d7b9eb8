"""Fit the coefficients of the two choices in pipeline/quotations/linking/links.py.

    python -m training.quotations.fit_links GOLD.jsonl [--out PATH] [--seed N] [--limit N] [--noise P]

GOLD holds one article a line: {"text", "quotes": [{"spans", "cue_start", "cue_end", "speaker_start", "speaker_end"}]}.
Spans of the gold stand in for the tagger's; a share of them is dropped at random (`--noise`), since the tagger misses
some. A softmax over each choice's options, Adam with weight decay, coefficients rounded to three digits.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.names.recognised import find_mentions, surnames
from onrecord.pipeline.quotations.linking.links import (
    NONE,
    Option,
    Scene,
    cue_options,
    source_options,
)
from onrecord.pipeline.quotations.linking.pieces import pieces
from onrecord.pipeline.quotations.tagging.spans import Span
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.marks import segments

Choice = tuple[list[Option], int]


def gold_spans(record: dict[str, Any]) -> list[Span]:
    """The gold's content, cue and source spans in the tagger's form, each once."""
    found = set()
    for quote in record["quotes"]:
        for start, end in quote["spans"]:
            found.add((start, end, "content"))
        if quote["cue_start"] is not None:
            found.add((quote["cue_start"], quote["cue_end"], "cue"))
        if quote["speaker_start"] is not None:
            found.add((quote["speaker_start"], quote["speaker_end"], "source"))
    return [Span(start, end, label, 1.0) for start, end, label in sorted(found)]


def scene_of(record: dict[str, Any], spans: list[Span]) -> Scene:
    """The joiner's view of an article whose spans are given."""
    layout = Layout(record["text"])
    contents = [span for span in spans if span.label == "content"]
    named = surnames(find_mentions(layout))
    made = pieces(layout, contents, segments(record["text"]), named)
    cues = [span for span in spans if span.label == "cue"]
    sources = [span for span in spans if span.label == "source"]
    return Scene(layout, made, cues, sources)


def choices(
    record: dict[str, Any], noise: float, rng: random.Random
) -> Iterator[tuple[str, Choice]]:
    """Each choice of an article with the index of its right option."""
    spans = [span for span in gold_spans(record) if rng.random() >= noise]
    scene = scene_of(record, spans)
    owners: dict[int, dict[str, Any]] = {}
    for quote in record["quotes"]:
        for start, end in quote["spans"]:
            index = scene.piece_at((start + end) // 2)
            if index == NONE or quote["cue_start"] is None:
                continue
            held = owners.get(index)
            if held is None or _length(quote) > _length(held):
                owners[index] = quote
    cue_at = {(cue.start, cue.end): i for i, cue in enumerate(scene.cues)}
    source_at = {(source.start, source.end): i for i, source in enumerate(scene.sources)}
    for index, quote in owners.items():
        wanted = cue_at.get((quote["cue_start"], quote["cue_end"]), NONE)
        options = cue_options(scene, index)
        right = [i for i, (at, _) in enumerate(options) if at == wanted]
        if right:
            yield "cue", (options, right[0])
        if wanted == NONE:
            continue
        wanted_source = source_at.get((quote["speaker_start"], quote["speaker_end"]), NONE)
        options = source_options(scene, wanted, index)
        right = [i for i, (at, _) in enumerate(options) if at == wanted_source]
        if right:
            yield "source", (options, right[0])


def fit(found: list[Choice], steps: int, seed: int, decay: float = 3e-4) -> dict[str, float]:
    """Softmax coefficients by Adam over mini-batches; names that are seen less than five times are left out."""
    counts: dict[str, int] = {}
    for options, _ in found:
        for _, features in options:
            for name, _ in features:
                counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, count in counts.items() if count >= 5)
    place = {name: i for i, name in enumerate(names)}
    packed = [
        ([[(place[n], v) for n, v in fs if n in place] for _, fs in options], right)
        for options, right in found
    ]
    rng = np.random.default_rng(seed)
    weights, first, second = np.zeros((3, len(names)))
    size = 256
    for step in range(1, steps + 1):
        gradient = decay * weights * 10
        for index in rng.integers(0, len(packed), size):
            options, right = packed[index]
            scores = np.array([sum(weights[i] * v for i, v in fs) for fs in options])
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            chances[right] -= 1.0
            for chance, fs in zip(chances, options, strict=True):
                for i, v in fs:
                    gradient[i] += chance * v / size
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        rate = 0.1 * (1 - step / (steps + 1))
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return {
        name: round(float(weights[i]), 3) for name, i in place.items() if abs(weights[i]) >= 5e-3
    }


def accuracy(found: list[Choice], weights: dict[str, float]) -> float:
    """Share of choices whose best option is the right one."""
    hits = 0
    for options, right in found:
        scores = [sum(weights.get(n, 0.0) * v for n, v in fs) for _, fs in options]
        hits += int(np.argmax(scores)) == right
    return hits / max(1, len(found))


def _length(quote: dict[str, Any]) -> int:
    return sum(end - start for start, end in quote["spans"])


def main() -> None:
    """Read the gold, fit both choices, write the coefficients and print the accuracy on a held-out tenth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--out", type=Path, default=Path("pipeline/quotations/weights/links.json"))
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--noise", type=float, default=0.03)
    told = parser.parse_args()
    rng = random.Random(told.seed)
    held: dict[str, list[Choice]] = {"cue": [], "source": []}
    kept: dict[str, list[Choice]] = {"cue": [], "source": []}
    with told.gold.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if told.limit is not None and number >= told.limit:
                break
            into = held if number % 10 == 0 else kept
            for name, choice in choices(json.loads(line), told.noise, rng):
                into[name].append(choice)
    fitted = {name: fit(found, told.steps, told.seed) for name, found in kept.items()}
    for name, weights in fitted.items():
        print(name, len(kept[name]), "choices", len(weights), "coefficients", end=" ")
        print(
            f"held out {accuracy(held[name], weights):.4f} kept {accuracy(kept[name], weights):.4f}"
        )
    told.out.write_text(json.dumps(fitted, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    pin(told.out)


if __name__ == "__main__":
    main()
