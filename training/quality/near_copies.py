"""A measure of near-copies: articles cut, and set among another page's lines, that must be known for copies again.

The copies are made here from gold articles and the lines of gold pages that are none of the article. As a script it
scores what was found: `python -m training.quality.near_copies GOLD MADE --json FILE`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PAGES = "flat_lines_fundus.jsonl"
SEED = 20
KEPT = 0.3
"""The share of its words to which an article is cut."""

SAME = 0.5
"""Gold articles of which the shorter has so much of the other are copies already (counted exactly, on whole texts)."""

_WORD = re.compile(r"\S+")


def copied(gold: Path, scorers: Path) -> Iterator[dict[str, Any]]:
    """Every gold article, then of each a cut copy, then one in another page's dirt: {"id", "text"}."""
    articles = [record["text"] for record in _records(gold)]
    pages = [_dirt(page) for page in _records(gold.parent / PAGES)]
    chosen = random.Random(SEED)
    for kind in ("article", "cut", "dirt"):
        for at, text in enumerate(articles):
            if kind == "cut":
                text = _cut(text, chosen)
            if kind == "dirt":
                lines = pages[at % len(pages)]
                half = len(lines) // 2
                text = "\n".join([*lines[:half], text, *lines[half:]])
            yield {"id": f"{kind} {at}", "text": text}


def _dirt(page: dict[str, Any]) -> list[str]:
    return [
        line for line, label in zip(page["lines"], page["labels"], strict=True) if label != "keep"
    ]


def _cut(text: str, chosen: random.Random) -> str:
    words = list(_WORD.finditer(text))
    count = max(1, int(len(words) * KEPT))
    first = chosen.randrange(len(words) - count + 1)
    return text[words[first].start() : words[first + count - 1].end()]


def linked(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """{"id", "copy_of"} for each record, as a run would link them."""
    import polars as pl

    from onrecord.pipeline.blocks import mark
    from onrecord.pipeline.copies.copying import find_copies
    from onrecord.pipeline.copies.sketches import bodies, sketches
    from onrecord.pipeline.core.contracts import ARTICLES, BLOCKS
    from onrecord.pipeline.core.ids import content_hash

    texts = {record["id"]: record["text"] for record in records}
    articles = pl.DataFrame(
        {
            "article_id": list(texts),
            "outlet": list(texts),
            "text": list(texts.values()),
            "content_hash": [content_hash(text) for text in texts.values()],
        }
    )
    marked = zip(texts, mark(list(texts.values())), strict=True)
    rows = [(name, *block) for name, blocks in marked for block in blocks]
    blocks = pl.DataFrame(rows, schema=BLOCKS.schema, orient="row")
    new = articles.with_columns(sketches(bodies(articles, blocks)))
    found = find_copies(new, ARTICLES.empty().lazy(), {})
    copy_of = dict(found.select("article_id", "duplicate_of").iter_rows())
    return ({"id": name, "copy_of": copy_of.get(name)} for name in texts)


def score(gold: Path, made: Path) -> dict[str, float]:
    """Recall of each kind of copy, and the share of the pairs found among the gold articles that are right."""
    runs = [_runs(record["text"]) for record in _records(gold)]
    right: dict[str, list[bool]] = {"article": [], "cut": [], "dirt": []}
    for record in _records(made):
        (kind, at), to = record["id"].split(), record["copy_of"]
        if kind == "article" and to is None:
            continue
        right[kind].append(to is not None and _same(runs[int(at)], runs[int(to.split()[1])]))
    return {
        kind: sum(answers) / len(answers) if answers else 1.0 for kind, answers in right.items()
    }


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def _same(one: set[tuple[str, ...]], two: set[tuple[str, ...]]) -> bool:
    return one is two or len(one & two) >= SAME * max(1, min(len(one), len(two)))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Score what was found against how it was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("made", type=Path)
    parser.add_argument("--json", type=Path, required=True)
    told = parser.parse_args()
    told.json.write_text(json.dumps(score(told.gold, told.made)), encoding="utf-8")


if __name__ == "__main__":
    main()
