"""Links: which cue reports a piece, and which source a cue belongs to, chosen by a linear model over the gap between.

Nearness with a fine for each sentence boundary between carries most of it (86.9 against 82.1 for a learned neural
pointer in a probe on PolNeAR); the few features here say what else counts: order, what stands between, marks and
commas. The coefficients are fitted by training/quotations/fit_links.py and stand in weights/links.json.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from onrecord.pipeline.core.weights import HOME, read_pinned
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.tagging.spans import Span
from onrecord.pipeline.text.layout import Layout

_TO_SOMEBODY: Final = frozenset(
    "tell tells told telling informing assuring reminding asking".split()  # noqa: SIM905
)
"""Verbs behind which those stand to whom something is said."""
Features = tuple[tuple[str, float], ...]
Option = tuple[int, Features]

NONE: Final = -1
_NEAREST: Final = 4
_MANY: Final = 3
_SEEN: Final = 16_384
"""So many ways in which a cue or a source may stand are kept by name: an article's are mostly those of others."""
_WEIGHTS: Final = HOME / "quotations" / "weights" / "links.json"
_PRONOUNS: Final = frozenset(["he", "she", "they", "it", "we", "i", "you", "who"])
_JOINING: Final = frozenset("and but who which that as by to of in with when while".split())  # noqa: SIM905
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Scene:
    """What the joiner sees of an article: pieces, cues and sources in order, over their layout."""

    layout: Layout
    pieces: Sequence[Piece]
    cues: Sequence[Span]
    sources: Sequence[Span]
    piece_starts: list[int] = field(init=False)
    cue_starts: list[int] = field(init=False)
    source_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "piece_starts", [piece.start for piece in self.pieces])
        object.__setattr__(self, "cue_starts", [cue.start for cue in self.cues])
        object.__setattr__(self, "source_starts", [source.start for source in self.sources])

    def piece_at(self, position: int) -> int:
        """Index of the piece that holds ``position``, or NONE."""
        index = bisect_right(self.piece_starts, position) - 1
        return index if index >= 0 and position < self.pieces[index].end else NONE


def cue_options(scene: Scene, index: int) -> list[Option]:
    """Every cue that could report piece ``index``, with features; the last option is none at all."""
    piece = scene.pieces[index]
    options: list[Option] = []
    middle = bisect_left(scene.cue_starts, piece.start)
    before = range(middle - 1, max(-1, middle - 1 - _NEAREST), -1)
    behind = bisect_left(scene.cue_starts, piece.end)
    after = range(behind, min(len(scene.cues), behind + _NEAREST))
    for rank, at in enumerate(before):
        near = scene.layout.lines_between(scene.cues[at].start, piece.start) <= 1
        if scene.cues[at].end <= piece.start + 1 and near:
            options.append((at, _cue_features(scene, index, at, rank, "before")))
    for rank, at in enumerate(after):
        if scene.layout.lines_between(piece.start, scene.cues[at].start) > 1:
            break
        options.append((at, _cue_features(scene, index, at, rank, "after")))
    kind = "quoted" if piece.quoted else "marked" if piece.marked else "plain"
    options.append((NONE, (("none", 1.0), (f"none {kind}", 1.0))))
    return options


def source_options(scene: Scene, cue_index: int, piece_index: int) -> list[Option]:
    """Every source that could belong to cue ``cue_index`` as it reports piece ``piece_index``; the last is none."""
    cue, piece = scene.cues[cue_index], scene.pieces[piece_index]
    options: list[Option] = []
    middle = bisect_left(scene.source_starts, cue.start)
    before = range(middle - 1, max(-1, middle - 1 - _NEAREST), -1)
    after = range(middle, min(len(scene.sources), middle + _NEAREST))
    for side, group in (("before", before), ("after", after)):
        rank = 0
        for at in group:
            source = scene.sources[at]
            if piece.start <= source.start and source.end <= piece.end:
                continue
            if side == "after" and source.start - cue.end <= 1 and _told(scene, cue):
                continue
            features = _source_features(scene, cue, piece, at, rank, side)
            options.append((at, features))
            rank += 1
    options.append((NONE, (("none", 1.0), (f"none {_shape(cue_text(scene, cue))}", 1.0))))
    return options


def _told(scene: Scene, cue: Span) -> bool:
    """Whether whoever stands hard behind a cue is told the words: "telling Eva Holm that"."""
    return cue_text(scene, cue).split(" ")[-1] in _TO_SOMEBODY


def cue_text(scene: Scene, cue: Span) -> str:
    """The cue in lower case without marks around it."""
    return scene.layout.text[cue.start : cue.end].strip(" ,:;.\"'").lower()


def choose(options: Sequence[Option], weights: Mapping[str, float]) -> tuple[int, float, float]:
    """The best option: its index, its probability, and its lead over the next in log odds."""
    scores = [round(_score(features, weights), 6) for _, features in options]
    best = max(range(len(scores)), key=scores.__getitem__)
    total = sum(math.exp(min(0.0, score - scores[best])) for score in scores)
    second = max((s for i, s in enumerate(scores) if i != best), default=scores[best] - 9.0)
    return options[best][0], 1.0 / total, scores[best] - second


def _score(features: Features, weights: Mapping[str, float]) -> float:
    # From left to right in every Python: since 3.12 sum() rounds in another way.
    score = 0.0
    for name, value in features:
        score += weights.get(name, 0.0) * value
    return score


@lru_cache(maxsize=1)
def load_weights() -> dict[str, dict[str, float]]:
    """Coefficients of the two choices: ``cue`` and ``source``."""
    loaded: dict[str, dict[str, float]] = json.loads(read_pinned(_WEIGHTS))
    return loaded


def _cue_features(scene: Scene, index: int, at: int, rank: int, side: str) -> Features:
    piece, cue = scene.pieces[index], scene.cues[at]
    layout = scene.layout
    if side == "before":
        start, end = cue.end, piece.start
        breaks = min(_MANY, layout.sentence_breaks(cue.start, piece.start))
    else:
        start, end = piece.end, cue.start
        breaks = min(_MANY, layout.sentence_breaks(piece.end - 1, cue.start))
    words = layout.words_between(start, end)
    gap = _gap(layout.text[start : max(start, min(end, start + 40))], words)
    kind = "quoted" if piece.quoted else "marked" if piece.marked else "plain"
    between = bisect_left(scene.piece_starts, end) - bisect_left(scene.piece_starts, start)
    sources = bisect_left(scene.source_starts, end) - bisect_left(scene.source_starts, start)
    host = scene.piece_at(cue.start)
    lines = layout.lines_between(cue.start, piece.start)
    shape = _shape(cue_text(scene, cue))
    tail = layout.text[cue.end - 1 : cue.end + 2]
    inside = ""
    if host != NONE and host != index:
        inside = "quoted" if scene.pieces[host].quoted else "plain"
    return _cue_named(
        side,
        kind,
        words,
        min(rank, _MANY),
        breaks,
        lines,
        max(0, min(between, _MANY)),
        max(0, min(sources, _MANY)),
        gap,
        shape,
        bool(lines) and ":" in tail and side == "before",
        inside,
        _piece_precedes(scene, index, cue) if side == "before" and breaks else None,
        _claimed(scene, index, cue, side),
    )


@lru_cache(maxsize=_SEEN)
def _cue_named(
    side: str,
    kind: str,
    words: int,
    rank: int,
    breaks: int,
    lines: int,
    between: int,
    sources: int,
    gap: str,
    shape: str,
    introduces: bool,
    inside: str,
    preceded: bool | None,
    claimed: str,
) -> Features:
    features = [
        (side, 1.0),
        (f"{side} {kind}", 1.0),
        (f"{side} log words", math.log1p(words)),
        (f"{side} {kind} words", min(words, 30) / 10.0),
        (f"{side} rank {rank}", 1.0),
        (f"{side} breaks {breaks}", 1.0),
        (f"{side} {kind} breaks {breaks}", 1.0),
        (f"lines {lines}", 1.0),
        (f"{side} pieces between {between}", 1.0),
        (f"{side} sources between {sources}", 1.0),
        (f"{side} gap {gap}", 1.0),
        (f"{side} {kind} gap {gap}", 1.0),
        (f"{side} cue {shape}", 1.0),
        (f"{side} {kind} cue {shape}", 1.0),
    ]
    if introduces:
        features.append((f"introduces {lines}", 1.0))
    if inside:
        features.append((f"{side} inside other {inside}", 1.0))
    if preceded is not None:
        features.append((f"before breaks after piece {preceded}", 1.0))
    features.append((f"{side} claimed {claimed}", 1.0))
    return tuple(features)


def _piece_precedes(scene: Scene, index: int, cue: Span) -> bool:
    """Whether another piece stands just before the cue, as in: "...," she said. "..."."""
    before = bisect_right(scene.piece_starts, cue.start) - 1
    if before < 0 or before >= index:
        return False
    return scene.layout.words_between(scene.pieces[before].end, cue.start) <= 6


def _claimed(scene: Scene, index: int, cue: Span, side: str) -> str:
    """How near the piece on the cue's other side is: a cue hard by another piece may be that one's."""
    layout = scene.layout
    if side == "before":
        other = bisect_left(scene.piece_starts, cue.start) - 1
        if other < 0:
            return "free"
        start, end = scene.pieces[other].end, cue.start
    else:
        other = bisect_left(scene.piece_starts, cue.end)
        if other >= len(scene.pieces):
            return "free"
        start, end = cue.end, scene.pieces[other].start
    if other == index:
        return "free"
    breaks = layout.sentence_breaks(start, end)
    if breaks > 1:
        return "free"
    words = min(4, layout.words_between(start, end) // 2)
    return f"{words} {breaks}"


def _source_features(
    scene: Scene, cue: Span, piece: Piece, at: int, rank: int, side: str
) -> Features:
    source, layout = scene.sources[at], scene.layout
    start, end = (source.end, cue.start) if side == "before" else (cue.end, source.start)
    words = layout.words_between(start, end)
    breaks = layout.sentence_breaks(min(source.start, cue.start), max(source.start, cue.start))
    gap = _gap(layout.text[start : max(start, min(end, start + 40))], words)
    order = "cue first" if cue.start < piece.start else "piece first"
    between = bisect_left(scene.piece_starts, end) - bisect_left(scene.piece_starts, start)
    cues = bisect_left(scene.cue_starts, end) - bisect_left(scene.cue_starts, start)
    shape = _shape(cue_text(scene, cue))
    host, home = scene.piece_at(source.start), scene.piece_at(cue.start)
    pronoun = layout.text[source.start : source.end].lower() in _PRONOUNS
    overlap = "overlap" if source.start < cue.end and cue.start < source.end else "apart"
    across = source.end <= piece.start < cue.start or cue.end <= piece.start < source.start
    other = ""
    if host != home:
        quoted = host != NONE and scene.pieces[host].quoted
        other = f"{'quoted' if quoted else 'plain'} {host == NONE}"
    return _source_named(
        side,
        order,
        words,
        min(rank, _MANY),
        min(_MANY, breaks),
        max(0, min(between, _MANY)),
        max(0, min(cues, _MANY)),
        gap,
        shape,
        overlap,
        pronoun,
        across,
        layout.paragraph_at(source.start) != layout.paragraph_at(cue.start),
        other,
    )


@lru_cache(maxsize=_SEEN)
def _source_named(
    side: str,
    order: str,
    words: int,
    rank: int,
    breaks: int,
    between: int,
    cues: int,
    gap: str,
    shape: str,
    overlap: str,
    pronoun: bool,
    across: bool,
    apart: bool,
    other: str,
) -> Features:
    features = [
        (side, 1.0),
        (f"{side} {order}", 1.0),
        (f"{side} log words", math.log1p(words)),
        (f"{side} {order} words", min(words, 30) / 10.0),
        (f"{side} rank {rank}", 1.0),
        (f"{side} {order} rank {rank}", 1.0),
        (f"{side} {order} breaks {breaks}", 1.0),
        (f"{side} pieces between {between}", 1.0),
        (f"{side} cues between {cues}", 1.0),
        (f"{side} {order} gap {gap}", 1.0),
        (f"{side} cue {shape}", 1.0),
        (f"{side} {order} cue {shape}", 1.0),
        (f"{side} cue {shape} gap {gap}", 1.0),
        (f"{side} {overlap}", 1.0),
        (f"{side} pronoun {pronoun}", 1.0),
        (f"{side} across piece {across}", 1.0),
    ]
    if apart:
        features.append((f"{side} other line", 1.0))
    if other:
        features.append((f"{side} other piece {other}", 1.0))
    return tuple(features)


def _gap(gap: str, words: int) -> str:
    """What the first characters between two spans look like."""
    if words == 0:
        stripped = gap.strip(" \t\u00a0")
        return f"bare {stripped[:1]}" if stripped else "nothing"
    word = next((word for word in _WORD.findall(gap.lower()) if word in _JOINING), "")
    lead = gap.lstrip()[:1]
    return f"{lead if lead in ',:;.-(' + chr(0x2014) else 'w'} {word} {min(words, _MANY)}"


def _shape(cue: str) -> str:
    """The kind of a cue by its form: what decides on which side its source and its words stand."""
    if cue in {"said", "says", "told", "called", "added"}:
        return cue
    if cue.startswith("according"):
        return "according"
    words = cue.split()
    if not words:
        return "mark"
    if words[0] == "to":
        return "to"
    if words[-1] == "by":
        return "by"
    if words[-1].endswith("ing"):
        return "ing"
    if words[-1].endswith(("ed", "id", "old", "ote")):
        return "past"
    if words[-1].endswith("s"):
        return "s"
    return "long" if len(words) > 2 else "other"
