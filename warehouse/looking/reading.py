"""An article's text as it is shown: passages in order, all its quotations marked, in pages where it is long."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

PAGE = 30_000
"""Characters of a page of text."""
_LONGEST = 6_000
"""Characters of a passage: one line may be a whole book."""
_DIRT = frozenset(("related", "comment", "navigation", "advert", "other"))

Part = Literal["mention", "cue", "stance", "name"]


@dataclass(frozen=True)
class Segment:
    """Some words of one passage: the quotations whose words they are, the outermost first, and what else they are."""

    text: str
    quotations: tuple[str, ...] = ()
    meant: bool = False
    part: Part | None = None


@dataclass(frozen=True)
class Passage:
    """A paragraph or another span of the article: what it is, and whether it is no part of the article proper."""

    kind: str
    dirt: bool
    meant: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Text:
    """A page of an article's text, and how many pages there are."""

    passages: tuple[Passage, ...]
    page: int
    pages: int


Span = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """What is marked in a text: spans of each quotation in order, spans of the meant one, and its other parts."""

    quotations: Sequence[tuple[str, Sequence[Span]]]
    meant: str | None
    parts: Mapping[Part, Span]


def passages(
    text: str, blocks: Sequence[Mapping[str, Any]], marked: Marked, page: int | None = None
) -> Text:
    """A page of the text (from 1; where none is told, the one with the words that are meant)."""
    cut = list(_cut(text, blocks))
    pages = _paged(cut)
    meant = [span for name, spans in marked.quotations if name == marked.meant for span in spans]
    if page is None:
        first = min(meant, default=(0, 0))[0]
        starts = [of[0][0] for of in pages]
        page = max(1, bisect_right(starts, first))
    page = min(max(page, 1), max(len(pages), 1))
    shown = pages[page - 1] if pages else []
    if not shown:
        return Text((), 1, 1)
    low, high = shown[0][0], shown[-1][1]
    near = [
        (name, span)
        for name, spans in marked.quotations
        for span in spans
        if span[0] < high and span[1] > low
    ]
    return Text(
        tuple(_passage(text, start, end, kind, near, meant, marked) for start, end, kind in shown),
        page,
        len(pages),
    )


def _cut(text: str, blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """The text's blocks and what lies between them, none too long."""
    at = 0
    for block in [*blocks, {"start": len(text), "end": len(text), "kind": ""}]:
        start, end = max(block["start"], at), max(block["end"], at)
        if text[at:start].strip():
            yield from _short(text, at, start, "other")
        if end > start:
            yield from _short(text, start, end, block["kind"])
        at = max(at, end)


def _short(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int, str]]:
    """A block as its lines, since a block may be many paragraphs; a line too long in pieces."""
    for line in text[start:end].splitlines(keepends=True):
        for at in range(0, len(line), _LONGEST):
            piece = line[at : at + _LONGEST]
            if piece.strip():
                yield start + at, start + at + len(piece), kind
        start += len(line)


def _paged(cut: Sequence[tuple[int, int, str]]) -> list[list[tuple[int, int, str]]]:
    pages: list[list[tuple[int, int, str]]] = []
    held = PAGE + 1
    for one in cut:
        size = one[1] - one[0]
        if held + size > PAGE:
            pages.append([])
            held = 0
        pages[-1].append(one)
        held += size
    return pages


def _passage(
    text: str,
    start: int,
    end: int,
    kind: str,
    near: Sequence[tuple[str, Span]],
    meant: Sequence[Span],
    marked: Marked,
) -> Passage:
    here = [(name, span) for name, span in near if span[0] < end and span[1] > start]
    parts = [
        (part, span) for part, span in marked.parts.items() if span[0] < end and span[1] > start
    ]
    edges = {start, end}
    for _, span in (*here, *parts):
        edges.update(at for at in span if start < at < end)
    places = sorted(edges)
    segments = []
    for a, b in pairwise(places):
        held = tuple(dict.fromkeys(name for name, span in here if span[0] <= a and span[1] >= b))
        part = next((of for of, span in parts if span[0] <= a and span[1] >= b), None)
        segments.append(Segment(text[a:b], held, marked.meant in held, part))
    return Passage(
        kind,
        kind in _DIRT,
        any(span[0] < end and span[1] > start for span in meant),
        tuple(segments),
    )
