"""Pages to learn from: real ones with their labels, and made ones, which show what those lack.

The real pages come from a thousand sites; a classifier that saw only their menus knows those menus. So each also lends
its surroundings to articles of another collection, and clean articles get dirt of our own.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from training.blocks import invented

LABELS = {"keep": 1, "drop": 0, "short": -1}
_HOST = re.compile(r"https?://([^/:]+)")
_LETTERS = re.compile(r"[^\W\d_]+")
# Blanks between signs; the one behind a bullet stays.
_BLANK = re.compile(r"(?<=[\w,.;:!?)])\s+")
_STOP = re.compile(r"\.(?=\W|[^\W\d]|$)")
_REGISTRIES = frozenset(["ac", "co", "com", "edu", "go", "gov", "gv", "ne", "net", "or", "org"])


class Page(NamedTuple):
    """Lines that are not blank; labels 1 article, 0 dirt, -1 undecided; site and file; how much the page counts."""

    lines: list[str]
    labels: list[int]
    site: str
    source: str
    weight: float


def real_pages(path: Path) -> list[Page]:
    """The labelled pages of a file, in its order."""
    opener = gzip.open if path.suffix == ".gz" else open
    pages = []
    with opener(path, "rt", encoding="utf-8") as told:
        for record in map(json.loads, told):
            pairs = zip(record["lines"], record["labels"], strict=True)
            lines = [(line.strip(), LABELS[label]) for line, label in pairs if line.strip()]
            source = path.name.partition(".")[0]
            pages.append(
                Page(
                    [line for line, _ in lines], [to for _, to in lines], site(record), source, 1.0
                )
            )
    return pages


def site(record: dict[str, Any]) -> str:
    """The domain that a page's owner registered; two of its pages must not stand on both sides of a test."""
    found = _HOST.match(record.get("url") or "")
    if not found:
        return str(record["id"]).rpartition("_")[0]
    parts = found[1].lower().split(".")
    longer = len(parts) > 2 and parts[-2] in _REGISTRIES and len(parts[-1]) == 2
    return ".".join(parts[-3:] if longer else parts[-2:])


def clean_articles(path: Path) -> list[list[str]]:
    """Articles as lists of paragraphs, the title first."""
    texts = [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
    split = [[line for line in text.split("\n") if line.strip()] for text in texts]
    return [lines for lines in split if len(lines) >= 4 and "<tweet" not in " ".join(lines)]


def made_pages(
    pages: Sequence[Page], articles: Sequence[list[str]], rng: random.Random
) -> list[Page]:
    """For each real page a cut of it and articles in its surroundings; clean articles with a little dirt; real pages
    torn apart, and in other letters."""
    made = []
    pages = [page for page in pages if 1 in page.labels]
    for page in pages:
        made.append(_cut(page, rng))
        made.extend(_transplant(page, rng.choice(articles), rng) for _ in range(2))
    made.extend(_sprinkled(rng.choice(articles), rng) for _ in range(2 * len(pages)))
    made.extend(_torn(page, rng) for page in pages if rng.random() < 0.5)
    made.extend(_in_other_letters(page, rng) for page in pages if rng.random() < 0.25)
    return [page for page in made if page.lines]


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
    return page._replace(
        lines=lines + page.lines[tail], labels=labels + page.labels[tail], weight=0.6
    )


def _torn(page: Page, rng: random.Random) -> Page:
    """A page that puts the same few lines of dirt between its paragraphs, again and again."""
    first, last = _ends(page)
    own = [line for line, label in zip(page.lines, page.labels, strict=True) if label == 0]
    dirt = rng.sample(invented.INTERRUPTIONS, rng.randint(1, 3))
    dirt += rng.sample(own, min(len(own), rng.randint(0, 5)))
    often = rng.uniform(0.3, 1.0)
    lines: list[str] = []
    labels: list[int] = []
    for at, (line, label) in enumerate(zip(page.lines, page.labels, strict=True)):
        lines.append(line)
        labels.append(label)
        if first <= at < last and label == 1 and rng.random() < often:
            put = rng.sample(dirt, rng.randint(1, len(dirt)))
            lines, labels = lines + put, labels + [0] * len(put)
    return page._replace(lines=lines, labels=labels, weight=0.6)


def _in_other_letters(page: Page, rng: random.Random) -> Page:
    """A page as if it were in Greek, Cyrillic, Arabic or Hangul letters, or in Chinese or Japanese without blanks."""
    first = rng.choice((0x3B1, 0x430, 0x627, 0xAC00, 0x4E00, 0x3042))
    unspaced = first in (0x4E00, 0x3042)

    def word(found: re.Match[str]) -> str:
        told = found[0]
        if unspaced:
            signs = max(1, len(told) // 2)
            return "".join(
                chr(first + (crc32(told.encode()) >> 5 * at) % 80) for at in range(signs)
            )
        return "".join(chr(first + ord(letter.lower()[0]) % 24) for letter in told)

    def line(told: str) -> str:
        told = _LETTERS.sub(word, told)
        if unspaced:
            told = _BLANK.sub("", told).replace(",", "、")
            told = _STOP.sub("。", told)
        return told

    return page._replace(lines=[line(told) for told in page.lines], weight=0.6)


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
    return Page(lines, labels, "", "", 0.4)
