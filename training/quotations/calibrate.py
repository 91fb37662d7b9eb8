"""Fit the confidence of quotations and print how reliable it is.

    python -m training.quotations.calibrate GOLD.jsonl PEOPLE.jsonl [--out PATH] [--folds N]

GOLD holds articles that the tagger was not trained on: {"text", "quotes": [{"spans", "type", "cue_text",
"speaker_text"}]}. A quotation counts as right where its longest piece shares half of its words (Jaccard) with a gold
piece and its mention has the gold speaker's head: the first model. PEOPLE holds the same articles with the person
behind the verbatim ones ({"start", "end", "type", "person", "person_kind"}): the second is right where that person is
told, or nobody where the text tells nobody. The tables come from folds of whole articles, each judged by a fit on the
others; what is written is fitted on all.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from bisect import bisect_left
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.names.spelling import fold
from onrecord.pipeline.quotations.extract import FLOORS, default_tagger, resolved, type_of
from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.persons.confidence import combined, person_signs, signs
from onrecord.pipeline.quotations.persons.resolution import Resolution
from onrecord.pipeline.text.lexicon import reports_speech

_WORD = re.compile(r"\w+(?:['\u2019]\w+)?")
_CUT = re.compile(r",|\(|\b(?:of|who|from|for|at|in)\b|\s[-\u2013\u2014]\s")
_LEAST = (0.0, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
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


class Row(NamedTuple):
    """A quotation found: its signs, whether span and mention are right, and the person (None where gold tells none)."""

    signs: dict[str, float]
    right: bool
    draft: Draft
    found: Resolution
    person: bool | None


def judged(record: dict[str, Any], people: dict[str, Any], tags: list[Any]) -> list[Row]:
    """What is found in an article, and whether it is right; what is no speech in gold left out."""
    text = record["text"]
    starts = [match.start() for match in _WORD.finditer(text)]

    def words(start: int, end: int) -> set[int]:
        return set(range(bisect_left(starts, start), bisect_left(starts, end)))

    gold = [(words(a, b), quote) for quote in record["quotes"] for a, b in quote["spans"]]
    told = [(words(q["start"], q["end"]), q) for q in people["quotes"] if q["type"] != "indirect"]
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
        judged_ = _judge_person(draft, found, told, words)
        if draft.origin != "nested":
            made.append(Row(signs(draft), right, draft, found, judged_))
    return made


def _judge_person(draft: Draft, found: Resolution, told: list[Any], words: Any) -> bool | None:
    """Whether the person of words in marks is right, wherever the clause around them is cut; None where unjudged.

    Words that nobody said are the first model's to doubt: who is asked for their speaker has no right answer.
    """
    mine = set().union(*(words(p.start, p.end) for p in draft.pieces if p.marked))
    if not mine:
        return None
    share, best = max(
        ((len(mine & w) / min(len(mine), len(w)), i) for i, (w, _) in enumerate(told) if w),
        default=(0.0, -1),
    )
    gold = told[best][1] if share >= 0.5 else {}
    if gold.get("person_kind") in (None, "notspeech"):
        return None
    return _is_person(gold, found.name)


def _is_person(gold: dict[str, Any], name: str | None) -> bool:
    """Whether the person is told who gold says it is, or nobody where gold says nobody."""
    wanted, said = (f" {fold(n or '')} " for n in (gold["person"], name))
    same = bool(name) and bool(gold["person"]) and (wanted in said or said in wanted)
    named = gold["person_kind"] in ("person", "organisation") or gold["person_kind"] == "group"
    return same if named and gold["person"] else not name or same


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


def trusted(shown: dict[str, list[tuple[float, bool]]]) -> str:
    """How much is right of what is at least so sure, and how much of the right that leaves, by type, as Markdown."""
    lines = ["| from | " + " | ".join(shown) + " |", "|---" * (len(shown) + 1) + "|"]
    for least in _LEAST:
        cells = []
        for rows in shown.values():
            kept = [right for sure, right in rows if sure >= least]
            share = sum(kept) / max(1, len(kept))
            left = sum(kept) / max(1, sum(right for _, right in rows))
            cells.append(f"{100 * share:.1f} of {len(kept)}, {100 * left:.1f}")
        lines.append(f"| {least:.2f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Tag the gold's articles, fit, print the table of the folds and write the coefficients."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("people", type=Path)
    parser.add_argument(
        "--out", type=Path, default=Path("pipeline/quotations/weights/confidence.json")
    )
    parser.add_argument("--folds", type=int, default=6)
    told = parser.parse_args()
    with told.gold.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    with told.people.open(encoding="utf-8") as lines:
        people = [json.loads(line) for line in lines]
    tags = default_tagger().tag([record["text"] for record in records])
    articles = [
        judged(record, persons, spans)
        for record, persons, spans in zip(records, people, tags, strict=True)
    ]
    first: list[tuple[float, bool]] = []
    shown: dict[str, list[tuple[float, bool]]] = {}
    second: list[tuple[float, bool, str]] = []
    for fold_ in range(told.folds):
        weights = fitted(
            [row for i, a in enumerate(articles) if i % told.folds != fold_ for row in a]
        )
        for row in (row for rows in articles[fold_ :: told.folds] for row in rows):
            likely = chance(row.signs, weights["span"])
            first.append((likely, row.right))
            person = weights["person"]
            sure = combined(likely, row.draft, row.found, lambda made, w=person: chance(made, w))
            kind = type_of(row.draft)
            if likely >= FLOORS[kind]:
                right = row.right if row.person is None else row.person
                shown.setdefault(kind, []).append((sure, right))
            if row.person is not None:
                second.append((sure, row.person, row.found.how))
    print("span and mention\n" + reliability(*zip(*first, strict=True)))
    print("\nperson\n" + reliability(*zip(*[(a, b) for a, b, _ in second], strict=True)))
    for how in sorted({how for _, _, how in second}):
        some = [(a, b) for a, b, kind in second if kind == how]
        sums = [sum(column) / len(some) for column in zip(*some, strict=True)]
        print(f"{how}: {len(some)}, told {sums[0]:.2f}, right {sums[1]:.2f}")
    print("\nwhat is shown from a confidence on\n" + trusted(shown))
    weights = fitted([row for rows in articles for row in rows])
    told.out.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    pin(told.out)


def fitted(rows: list[Row]) -> dict[str, dict[str, float]]:
    """Both models: the second over what the first says of the same quotations, each piece in marks counting once."""
    span = fit([(row.signs, row.right) for row in rows])
    person = [
        (person_signs(chance(row.signs, span), row.draft, row.found), row.person)
        for row in rows
        if row.person is not None
        for _ in range(sum(piece.marked for piece in row.draft.pieces))
    ]
    return {"span": span, "person": fit(person)}


if __name__ == "__main__":
    main()
