"""Train the line classifier of pipeline/blocks/ and write its weights with their manifest.

    python -m training.blocks.train --pages FILE... --articles FILE [--measure FOLDER]

PAGES, JSON lines, also .gz: {"id", "url", "lines": [...], "labels": ["keep" | "drop" | "short", ...]}. ARTICLES:
{"text"} a line, clean news articles, the title first. With --measure nothing is shipped: the folds' figures and the
answers for each page are written into FOLDER. Sites, not pages, are held out; then whole files.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from onrecord.pipeline.blocks.line_features import BUCKETS, NAMES, hashed, measure
from onrecord.pipeline.blocks.line_model import Model, score
from onrecord.pipeline.blocks.lines import choose, kinds
from onrecord.pipeline.blocks.marking import ARTICLE_KINDS
from onrecord.pipeline.core.weights import pin
from training.blocks.net import EPOCHS, Measured, arrays, fit
from training.blocks.pages import Page, clean_articles, made_pages, real_pages

SEED = 7
FOLDS = 4
NETS = 1
WEIGHTS = Path(__file__).parents[2] / "pipeline" / "blocks" / "weights"

Seen = tuple[Page, Measured]


def seen(page: Page, made: bool) -> Seen:
    """A page and what is measured of it."""
    labels = np.array(page.labels, np.int64)
    return page, Measured(measure(page.lines), hashed(page.lines), labels, page.weight, made)


def fitted(pages: Sequence[Seen], nets: int) -> dict[str, Any]:
    """The arrays of nets fitted on these pages, from one beginning each."""
    real = np.vstack([measured.table for _, measured in pages if not measured.made])
    mean, spread = real.mean(axis=0), real.std(axis=0) + 1e-3
    # No page here comes with a title told: the nets learn nothing of it.
    spread[NAMES.index("title_overlap")] = np.inf
    told = [measured for _, measured in pages]
    return arrays([fit(told, mean, spread, SEED + at) for at in range(nets)], mean, spread)


def word_f1(page: Page, named: Sequence[str]) -> float:
    """F1 by words of the lines kept on one page; the labels hold its headline for dirt, here it counts for nothing."""
    right = wrong = lost = 0
    headline = False
    for line, label, kind in zip(page.lines, page.labels, named, strict=True):
        words, keep = len(line.split()), kind in ARTICLE_KINDS
        if label == 0 and kind == "title" and not headline:
            headline = True
            continue
        right += words * (label == 1 and keep)
        wrong += words * (label == 0 and keep)
        lost += words * (label == 1 and not keep)
    return 2 * right / (2 * right + wrong + lost) if right else 0.0


def answer(item: Seen, model: Model) -> tuple[list[float], float]:
    """A page's scores, and the F1 of what is made of them."""
    page, measured = item
    scores = score(measured.table, measured.words, model)
    keep = choose(scores, page.lines, measured.table)
    return scores.tolist(), word_f1(page, kinds(page.lines, keep, measured.table, None))


def held_out(
    pages: Sequence[Seen], of: Callable[[Page], object], held: object, nets: int
) -> list[tuple[int, list[float], float]]:
    """Number, scores and F1 of each real page of what is held out, by nets that saw nothing of it."""
    model = fitted([item for item in pages if of(item[0]) != held], nets)
    tested = [
        (at, item) for at, item in enumerate(pages) if of(item[0]) == held and not item[1].made
    ]
    return [(at, *answer(item, as_read(model))) for at, item in tested]


def cross_validate(pages: Sequence[Seen], folder: Path) -> None:
    """Folds by site, then each file held out whole; every fold is written as it is done."""
    folder.mkdir(parents=True, exist_ok=True)

    def fold(page: Page) -> int:
        return zlib.crc32(page.site.encode()) % FOLDS

    def source(page: Page) -> str:
        return page.source

    runs: list[tuple[Callable[[Page], object], object]] = [(fold, at) for at in range(FOLDS)]
    runs += [(source, name) for name in sorted({page.source for page, _ in pages} - {""})]
    for of, held in runs:
        found = held_out(pages, of, held, 1)
        told = [{"page": at, "scores": scores, "f1": f1} for at, scores, f1 in found]
        (folder / f"{of.__name__}_{held}.json").write_text(json.dumps(told), encoding="utf-8")
        for name in sorted({pages[at][0].source for at, _, _ in found}):
            f1s = [f1 for at, _, f1 in found if pages[at][0].source == name]
            print(of.__name__, held, name, len(f1s), round(float(np.mean(f1s)), 4), flush=True)


def as_read(model: dict[str, Any]) -> Model:
    """The arrays as they are read again."""
    return {
        name: array.astype(np.float32) if array.dtype == np.float16 else array
        for name, array in model.items()
    }


def write(model: dict[str, Any], figures: dict[str, Any]) -> None:
    """The weights and the manifest that names them."""
    data = io.BytesIO()
    np.savez_compressed(data, allow_pickle=False, **model)
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / "lines.npz").write_bytes(data.getvalue())
    manifest = {
        "what": "Line classifier for flat text: gated convolutions over a page's lines",
        "made_by": "training/blocks/train.py",
        "seed": SEED,
        "nets": NETS,
        "epochs": EPOCHS,
        "sha256": hashlib.sha256(data.getvalue()).hexdigest(),
        **figures,
        "buckets": BUCKETS,
        "measures": list(NAMES),
    }
    (WEIGHTS / "lines.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    pin(WEIGHTS / "lines.json")


def main() -> None:
    """Read the pages, then train what ships or measure by folds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, nargs="+")
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--measure", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    real = [page for path in given.pages for page in real_pages(path)]
    made = made_pages(real, clean_articles(given.articles), random.Random(SEED))
    pages = [*(seen(page, False) for page in real), *(seen(page, True) for page in made)]
    if given.measure:
        cross_validate(pages, given.measure)
    else:
        write(fitted(pages, NETS), {"real_pages": len(real), "made_pages": len(made)})


if __name__ == "__main__":
    main()
