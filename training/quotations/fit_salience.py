"""Fit who is meant by a pronoun, on names that stand where a pronoun might and on people marked by hand.

    python -m training.quotations.fit_salience TEXTS.jsonl PEOPLE.jsonl [--out PATH] [--folds N] [--rounds N]

TEXTS holds {"text"}: a person's name that begins a sentence or reports words, of one in view in the sentence before, is
hidden and asked for among all the people in view there, as though "he" or "she" stood in its place. PEOPLE holds
{"text", "quotes": [{"start", "end", "speaker_text", "person"}]} with real pronouns, few and weighed more; the folds of
its articles tell how often the fit of the others finds the person. The pronouns before each place are resolved with the
last round's fit. A conditional logistic model by L-BFGS; it keeps no text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.names.recognised import PERSON
from onrecord.pipeline.names.spelling import fold, surname
from onrecord.pipeline.quotations.extract import default_tagger, drafted
from onrecord.pipeline.quotations.persons import salience
from onrecord.pipeline.quotations.persons.entities import Entity

_NEAR = 1
_REAL = 4.0
_RIDGE = 0.2
_PRONOUNS = {"he": "male", "she": "female", "his": "male", "her": "female"}


class Question(NamedTuple):
    """A place where somebody is meant: the candidates' features, which of them it is, and a weight."""

    options: list[dict[str, float]]
    right: int
    weight: float
    article: int


def questions(text: str, tags: Any, article: int, people: list[Any] | None) -> list[Question]:
    """The questions of one article, in the order of the text: hidden names, or real pronouns where ``people`` tells."""
    layout, entities, drafts, resolver = drafted(text, tags)
    hidden = {
        m.start: e
        for e in entities
        if e.kind == PERSON and e.sure and (e.gender or e.leans)
        for m in e.mentions
        if not resolver.view.is_quoted(m.start)
    }
    asked: dict[int, tuple[str, str | None, Entity | None]] = {}
    if people is None:
        opening = set(layout.sentences)
        sources = {d.source.start for d in drafts if d.source is not None}
        for at, entity in hidden.items():
            if at in opening or at in sources:
                asked[at] = ("", entity.gender or entity.leans, entity)
    else:
        for quote in people:
            said = (quote.get("speaker_text") or "").lower()
            for draft in drafts if said in _PRONOUNS and quote.get("person") else ():
                source = draft.source
                apart = draft.end <= quote["start"] or quote["end"] <= draft.start
                if source and not apart and text[source.start : source.end].lower() == said:
                    asked[source.start] = (quote["person"], _PRONOUNS[said], None)
    made: list[Question] = []
    stops = sorted([*((at, 0, None) for at in asked), *_sources(drafts)], key=lambda s: s[:2])
    for at, _, draft in stops:
        if draft is not None:
            resolver.resolve(draft.source.start, draft.source.end)
            continue
        person, gender, entity = asked[at]
        resolver.view.follow(at)
        options = resolver.view.candidates(at, gender)
        right = [i for i, (e, _) in enumerate(options) if e is entity or _same(e.name, person)]
        if len(options) > 1 and right:
            features = [f for _, f in options]
            if entity is not None and features[right[0]]["far"] > _NEAR / 4.0:
                continue
            made.append(Question(features, right[0], _REAL if people else 1.0, article))
    return made


def _sources(drafts: Any) -> list[tuple[int, int, Any]]:
    return [(d.source.start, 1, d) for d in drafts if d.source is not None]


def _same(name: str, person: str) -> bool:
    return bool(person) and (fold(name) == fold(person) or surname(name) == surname(person))


def fit(asked: list[Question]) -> dict[str, float]:
    """Coefficients of a conditional logistic model with a light ridge."""
    from scipy.optimize import minimize

    names = sorted({name for q in asked for option in q.options for name in option})
    index = {name: i for i, name in enumerate(names)}
    rows = np.zeros((sum(len(q.options) for q in asked), len(names)), np.float64)
    starts, rights, weights, at = [], [], [], 0
    for q in asked:
        starts.append(at)
        rights.append(at + q.right)
        weights.append(q.weight)
        for option in q.options:
            for name, value in option.items():
                rows[at, index[name]] = value
            at += 1
    first, right, weight = np.array(starts), np.array(rights), np.array(weights)
    home = np.repeat(np.arange(len(asked)), np.diff(np.append(first, at)))

    def loss(w: Any) -> Any:
        scores = rows @ w
        scores -= np.maximum.reduceat(scores, first)[home]
        chances = np.exp(scores)
        sums = np.add.reduceat(chances, first)
        value = -(weight * (scores[right] - np.log(sums))).sum() / weight.sum()
        pull = chances / sums[home] * weight[home]
        pull[right] -= weight
        return value + _RIDGE / 2 * (w @ w) / 10, rows.T @ pull / weight.sum() + _RIDGE / 10 * w

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(w), 3) for name, w in zip(names, found, strict=True) if abs(w) > 5e-4}


def share_right(asked: list[Question], weights: dict[str, float]) -> float:
    """In how many questions the right one scores highest."""

    def score(option: dict[str, float]) -> float:
        return sum(weights.get(name, 0.0) * value for name, value in option.items())

    hits = [max(range(len(q.options)), key=lambda i: score(q.options[i])) == q.right for q in asked]
    return float(np.mean(hits)) if hits else 0.0


def main() -> None:
    """Ask, fit, ask again with what was fitted; print the folds and write the coefficients."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("people", type=Path)
    parser.add_argument(
        "--out", type=Path, default=Path("pipeline/quotations/weights/salience.json")
    )
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=1)
    told = parser.parse_args()
    texts, people = (_read(path) for path in (told.texts, told.people))
    tags = [default_tagger().tag([r["text"] for r in records]) for records in (texts, people)]
    for _ in range(told.rounds):
        silver = [
            q for r, t in zip(texts, tags[0], strict=True) for q in questions(r["text"], t, 0, None)
        ]
        real = [
            q
            for i, (r, t) in enumerate(zip(people, tags[1], strict=True))
            for q in questions(r["text"], t, i, r["quotes"])
        ]
        print(f"{len(silver)} hidden names, {len(real)} pronouns")
        shares = []
        for fold_ in range(told.folds):
            held = [q for q in real if q.article % told.folds == fold_]
            others = [q for q in real if q.article % told.folds != fold_]
            shares += [share_right(held, fit(silver + others))] * len(held)
        only = fit(silver)
        print(f"hidden names alone: {share_right(real, only):.3f}, {share_right(silver, only):.3f}")
        print(f"with pronouns of other articles: {np.mean(shares):.3f}")
        weights = fit(silver + real)
        told.out.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        pin(told.out)
        salience._load.cache_clear()


def _read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
