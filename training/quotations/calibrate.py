"""Fit the confidence of quotations and print how reliable it is.

    python -m training.quotations.calibrate GOLD.jsonl [--out PATH] [--folds N]

GOLD holds articles that the tagger was not trained on: {"text", "quotes": [{"spans", "type", "cue_text",
"speaker_text"}]}. A quotation counts as right where its longest piece shares half of its words (Jaccard) with a gold
piece and its mention has the gold speaker's head. The table comes from folds of whole articles, each judged by a fit
on the others; what is written is fitted on all.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from bisect import bisect_left
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.quotations.extract import default_tagger, resolved
from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.persons.confidence import signs
from onrecord.pipeline.text.lexicon import reports_speech

_WORD = re.compile(r"\w+(?:['\u2019]\w+)?")
_CUT = re.compile(r",|\(|\b(?:of|who|from|for|at|in)\b|\s[-\u2013\u2014]\s")
_EDGES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.75, 0.85, 0.9, 0.95, 1.01)


def head(mention: str | None) -> str:
    """The word that a mention turns on: its last capitalised word before a comma or an "of", else its last word."""
    if not mention:
        return ""
    front = re.sub(r"['\u2019]s\b", "", _CUT.split(mention.strip())[0])
    words = _WORD.findall(front) or _WORD.findall(mention)
    large = [word for word in words if word[0].isupper()]
    best: str = (large or words or [""])[-1]
    return best.lower()


def judged(record: dict[str, Any], tags: list[Any]) -> list[tuple[dict[str, float], bool]]:
    """Signs of each quotation found in an article, and whether it is right; those of no speech in gold left out."""
    text = record["text"]
    starts = [match.start() for match in _WORD.finditer(text)]

    def words(start: int, end: int) -> set[int]:
        return set(range(bisect_left(starts, start), bisect_left(starts, end)))

    gold = [(words(a, b), quote) for quote in record["quotes"] for a, b in quote["spans"]]
    made = []
    for draft, found in resolved(text, tags):
        best = _match(draft, gold, words)
        if (
            best is not None
            and best["type"] == "indirect"
            and not reports_speech(best["cue_text"] or "")
        ):
            continue
        mention = text[draft.source.start : draft.source.end] if draft.source else None
        speaker = best["speaker_text"] if best is not None else None
        right = best is not None and (not speaker or head(speaker) == head(mention))
        if draft.origin != "nested":
            made.append((signs(draft, found), right))
    return made


def _match(draft: Draft, gold: list[Any], words: Any) -> dict[str, Any] | None:
    longest = max(draft.pieces, key=lambda piece: piece.end - piece.start)
    mine = words(longest.start, longest.end)
    shared = [
        (len(mine & theirs) / max(1, len(mine | theirs)), i) for i, (theirs, _) in enumerate(gold)
    ]
    score, index = max(shared, default=(0.0, -1))
    found: dict[str, Any] | None = gold[index][1] if score >= 0.5 else None
    return found


def fit(rows: list[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Coefficients by logistic regression with a light ridge."""
    from sklearn.linear_model import LogisticRegression

    names = sorted({name for row, _ in rows for name in row} - {"bias"})
    table = np.array([[row.get(name, 0.0) for name in names] for row, _ in rows])
    right = np.array([ok for _, ok in rows])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(table, right)
    made = {name: round(float(w), 4) for name, w in zip(names, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 4), **made}


def chance(row: dict[str, float], weights: dict[str, float]) -> float:
    """The fitted probability of one row."""
    score = sum(weights.get(name, 0.0) * value for name, value in row.items())
    return float(1.0 / (1.0 + np.exp(-score)))


def reliability(chances: list[float], rights: list[bool]) -> str:
    """The table as Markdown: bins of the told probability, how many, what was told and what was so."""
    told, so = np.array(chances), np.array(rights, dtype=float)
    lines = ["| confidence | quotations | told | right |", "|---|---|---|---|"]
    gap = 0.0
    for low, high in itertools.pairwise(_EDGES):
        inside = (told >= low) & (told < high)
        if inside.any():
            mean, share = told[inside].mean(), so[inside].mean()
            gap += abs(mean - share) * inside.mean()
            lines.append(
                f"| {low:.2f} to {min(high, 1):.2f} | {inside.sum()} | {mean:.2f} | {share:.2f} |"
            )
    brier = float(np.mean((told - so) ** 2))
    return "\n".join(lines) + f"\n\nexpected calibration error {gap:.3f}, Brier score {brier:.3f}"


def main() -> None:
    """Tag the gold's articles, fit, print the table of the folds and write the coefficients."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument(
        "--out", type=Path, default=Path("pipeline/quotations/weights/confidence.json")
    )
    parser.add_argument("--folds", type=int, default=6)
    told = parser.parse_args()
    with told.gold.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    tags = default_tagger().tag([record["text"] for record in records])
    articles = [judged(record, spans) for record, spans in zip(records, tags, strict=True)]
    chances: list[float] = []
    rights: list[bool] = []
    for fold in range(told.folds):
        others = [row for i, rows in enumerate(articles) if i % told.folds != fold for row in rows]
        weights = fit(others)
        for row, right in (row for rows in articles[fold :: told.folds] for row in rows):
            chances.append(chance(row, weights))
            rights.append(right)
    print(reliability(chances, rights))
    weights = fit([row for rows in articles for row in rows])
    told.out.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    pin(told.out)


if __name__ == "__main__":
    main()
