"""Pages to learn from: real ones with their labels, and made ones, which show what those lack.

The real pages come from one evaluation set of 16 sites; a classifier that saw only their menus knows those menus. So
each also lends its surroundings to articles of another collection, and clean articles get dirt of our own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import invented

LABELS = {"keep": 1, "drop": 0, "short": -1}


class Page(NamedTuple):
    """Lines that are not blank; labels 1 article, 0 dirt, -1 undecided; the site; how much it counts."""

    lines: list[str]
    labels: list[int]
    site: str
    weight: float
    title: str | None = None


def real_pages(path: Path) -> list[Page]:
    """The labelled pages, in order of the file."""
    pages = []
    for record in map(json.loads, path.open(encoding="utf-8")):
        labels = [LABELS[label] for label in record["labels"]]
        pages.append(Page(record["lines"], labels, record["id"].split("_")[0], 1.0))
    return pages


def clean_articles(path: Path) -> list[list[str]]:
    """Articles as lists of paragraphs, the title first."""
    texts = [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
    split = [[line for line in text.split("\n") if line.strip()] for text in texts]
    return [lines for lines in split if len(lines) >= 4 and "<tweet" not in " ".join(lines)]


def made_pages(
    pages: Sequence[Page], articles: Sequence[list[str]], rng: random.Random
) -> list[Page]:
    """For each real page a cut of it and articles in its surroundings; and clean articles with a little dirt."""
    made = []
    for page in pages:
        made.append(_cut(page, rng))
        made.extend(_transplant(page, rng.choice(articles), rng) for _ in range(2))
    made.extend(_sprinkled(rng.choice(articles), rng) for _ in range(2 * len(pages)))
    return made


def _ends(page: Page) -> tuple[int, int]:
    kept = [at for at, label in enumerate(page.labels) if label == 1]
    return kept[0], kept[-1] + 1


def _cut(page: Page, rng: random.Random) -> Page:
    first, last = _ends(page)
    start, end = max(0, first - rng.randint(0, 12)), last + rng.randint(0, 15)
    return page._replace(lines=page.lines[start:end], labels=page.labels[start:end], weight=0.6)


def _transplant(page: Page, article: list[str], rng: random.Random) -> Page:
    first, last = _ends(page)
    before, after = first, len(page.lines) - last
    if rng.random() < 0.4:
        before, after = min(before, rng.randint(0, 15)), min(after, rng.randint(0, 25))
    inside = [page.lines[at] for at in range(first, last) if page.labels[at] == 0]
    lines = page.lines[first - before : first]
    labels = page.labels[first - before : first]
    lines, labels = [*lines, article[0]], [*labels, -1]
    share = min(0.6, len(inside) / max(1, last - first))
    for paragraph in article[1:]:
        if inside and rng.random() < share:
            count = min(len(inside), rng.randint(1, 3))
            lines, labels = lines + inside[:count], labels + [0] * count
            inside = inside[count:]
        lines.append(paragraph)
        labels.append(1)
    tail = slice(last, last + after)
    return Page(lines + page.lines[tail], labels + page.labels[tail], page.site, 0.6)


def _sprinkled(article: list[str], rng: random.Random) -> Page:
    """An article as people paste it: nearly clean, some dirt before, inside and after, or none."""
    dirty = rng.random() < 0.75
    lines: list[str] = []
    labels: list[int] = []

    def dirt(of: Sequence[str], most: int) -> None:
        for line in rng.sample(of, rng.randint(0, most) if dirty else 0):
            lines.append(line)
            labels.append(0)

    dirt(invented.BEFORE, 3)
    lines.append(article[0])
    labels.append(1)
    dirt(invented.BEFORE, 2)
    for paragraph in article[1 : rng.randint(3, 40)]:
        if rng.random() < 0.12:
            dirt(invented.INSIDE, 2)
        lines.append(paragraph)
        labels.append(1)
    dirt(invented.AFTER, 12)
    return Page(lines, labels, "", 0.4)
