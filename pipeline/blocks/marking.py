"""Mark what each part of an article is; nothing is taken out, the text stays as it is.

A page's own layout decides where there is one (HTML); a flat text goes line by line through the classifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from onrecord.pipeline.blocks.line_features import Matrix, hashed, measure
from onrecord.pipeline.blocks.line_model import score
from onrecord.pipeline.blocks.lines import Line, choose, kinds, split
from onrecord.pipeline.blocks.page_layout import Layout, spans

# How sure a page's own markup is: 0.96 of its main text is right, measured on news pages.
_LAYOUT_CONFIDENCE = 0.96
ARTICLE_KINDS = ("title", "heading", "body")
_MOST_LINES = 50_000
_AMPLE_LINES, _SHORTEST = 10_000, 40
"""A text of more lines than this is marked line by line only where they are of some length: one takes 50 us."""


class Block(NamedTuple):
    """A span of a text, its kind (BLOCK_KINDS) and the probability that it is right."""

    start: int
    end: int
    kind: str
    confidence: float


def mark(
    texts: Sequence[str],
    layouts: Sequence[Layout | None] | None = None,
    titles: Sequence[str | None] | None = None,
) -> list[list[Block]]:
    """The blocks of each text, in order and not overlapping, in time linear in the texts.

    `layouts` are {"start", "end", "kind"} spans where a text's source gave them; `titles` help to find the headline.
    """
    told = layouts if layouts is not None else [None] * len(texts)
    named = titles if titles is not None else [None] * len(texts)
    found: list[list[Block]] = []
    for text, layout, title in zip(texts, told, named, strict=True):
        if layout:
            found.append(_of_layout(text, layout))
            continue
        lines = split(text)
        found.append(
            [Block(line.start, line.end, "body", 0.5) for line in lines]
            if _is_whole(lines)
            else _of_lines(lines, title)
        )
    return found


def _is_whole(lines: Sequence[Line]) -> bool:
    """Whether there is nothing to tell apart: one line, or more than any page has."""
    if len(lines) < 2 or len(lines) > _MOST_LINES:
        return True
    return len(lines) > _AMPLE_LINES and lines[-1].end < _SHORTEST * len(lines)


def _of_layout(text: str, layout: Layout) -> list[Block]:
    return [Block(*span, _LAYOUT_CONFIDENCE) for span in spans(text, layout)]


def _of_lines(lines: list[Line], title: str | None) -> list[Block]:
    texts = [line.text for line in lines]
    table = measure(texts, title)
    scores = score(table, hashed(texts))
    keep = choose(scores, texts, table)
    named = kinds(texts, keep, table, title)
    kept = np.array([kind in ARTICLE_KINDS for kind in named])
    certainty = _certainty(np.where(kept, scores, -scores))
    return [
        Block(line.start, line.end, kind, round(float(sure), 4))
        for line, kind, sure in zip(lines, named, certainty, strict=True)
    ]


def _certainty(margin: Matrix) -> Matrix:
    """Probability that a line is rightly kept or dropped; `margin` is how far its own score speaks for that.

    Below 0 its company decided against its score, and is right as often however far. Fitted on 48,876 lines of 233
    pages of a collection held out: calibration error 0.003.
    """
    odds = 1.15 * np.maximum(margin, 0) - 0.49
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
