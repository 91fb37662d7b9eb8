"""Other outlets' habits, put on a gold document: other marks, lost marks, lines that are no body text."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from onrecord.pipeline.text.marks import segments
from training.quotations.data import Document


class Edit(NamedTuple):
    """Replace ``text[start:end]``; edits of one document do not overlap and are in order."""

    start: int
    end: int
    text: str


class Rates(NamedTuple):
    """How often each habit is put on a document (the first four exclude each other)."""

    single: float = 0.15
    unmarked: float = 0.03
    lost: float = 0.12
    double: float = 0.10
    lines: float = 0.25
    headline: float = 0.10
    capitals: float = 0.04


_PLACES: Final = ("London", "Nairobi", "Denver", "Warsaw", "Lagos", "Manila", "Quito", "Oslo")
_NAMES: Final = ("Anna Ruiz", "Tom Weller", "Mina Okafor", "Lars Holm", "Jo Park", "Ravi Menon")
_LINES: Final = (
    "Photo by {name} in {place}",
    "{name} speaks during a rally in {place} on Monday. (Photo: {name}/Agency)",
    "A view of the river near {place}, {place} province.",
    "{name} arrives at a summit in {place}, June 3.",
    "{name} looks on during a news conference in {place}.",
    "FILE - {name}, left, and {name} shake hands in {place}.",
    "Video: {name} in {place}",
    "Getty Images",
    "By {name}, Staff Writer",
    "{place} (Agency) -",
    "Published 4:10 p.m. ET May 2",
    "Editing by {name}; Reporting by {name}",
    "Advertisement",
    "Read more: {name} visits {place}",
    "Related: What to know about {place}",
    "More from {name}",
    "Tags: {place}, {name}, economy",
    "Share this article",
    "Sign up for our newsletter",
    "Click here to subscribe",
    "Home | World | {place}",
    "Comments (14)",
    "Please enter your comment!",
    "I make good money working online from home, you should try it too!",
    "Copyright 2019. All rights reserved.",
)


def augment(
    doc: Document, others: Sequence[Document], rates: Rates, rng: np.random.Generator
) -> Document:
    """``doc`` with a random choice of habits; the same generator state gives the same result."""
    draw = rng.random()
    changes: list[tuple[float, Callable[[Document, np.random.Generator], Document]]] = [
        (rates.single, _single),
        (rates.unmarked, _unmarked),
        (rates.lost, _lost),
        (rates.double, _double),
    ]
    for rate, change in changes:
        if draw < rate:
            doc = change(doc, rng)
            break
        draw -= rate
    if rng.random() < rates.lines:
        doc = _lines(doc, rng)
    if rng.random() < rates.headline:
        doc = _headline(doc, others, rng)
    if rng.random() < rates.capitals:
        doc = doc._replace(text=_capitals(doc.text))
    return doc


def edited(doc: Document, edits: Sequence[Edit]) -> Document:
    """Apply edits and move the spans with the text."""
    parts: list[str] = []
    points: list[int] = []
    shifts: list[int] = [0]
    at = 0
    for edit in edits:
        parts += [doc.text[at : edit.start], edit.text]
        at = edit.end
        points.append(edit.start)
        shifts.append(shifts[-1] + len(edit.text) - (edit.end - edit.start))
    parts.append(doc.text[at:])
    starts = np.array([s for s, *_ in doc.spans], np.int64)
    ends = np.array([e for _, e, *_ in doc.spans], np.int64)
    moved = np.array(shifts)
    new_starts = starts + moved[np.searchsorted(points, starts, side="left")]
    new_ends = ends + moved[np.searchsorted(points, ends, side="left")]
    spans = [
        (int(s), int(e), head, speech)
        for s, e, (_, _, head, speech) in zip(new_starts, new_ends, doc.spans, strict=True)
    ]
    return Document("".join(parts), [span for span in spans if span[1] > span[0]])


def _marks(text: str) -> list[tuple[int, int, str]]:
    """Every mark of a double-quoted or single-quoted segment: place, width, and its role, such as ``open double``."""
    found = set()
    for seg in segments(text):
        width = 2 if text[seg.start : seg.start + 2] in ("``", "''") else 1
        if seg.opened:
            found.add((seg.start, seg.start + width, "open " + seg.style))
        width = 2 if text[seg.end - 2 : seg.end] in ("``", "''") else 1
        if seg.closed:
            found.add((seg.end - width, seg.end, "close " + seg.style))
    return sorted(found)


def _restyle(doc: Document, forms: dict[str, str]) -> Document:
    edits = [Edit(s, e, forms[role]) for s, e, role in _marks(doc.text) if role in forms]
    return edited(doc, edits)


def _single(doc: Document, rng: np.random.Generator) -> Document:
    """British habit: single marks outside, double within."""
    outer = ("\u2018", "\u2019") if rng.random() < 0.5 else ("'", "'")
    inner = ("\u201c", "\u201d") if rng.random() < 0.5 else ('"', '"')
    return _restyle(
        doc,
        {
            "open double": outer[0],
            "close double": outer[1],
            "open single": inner[0],
            "close single": inner[1],
        },
    )


def _double(doc: Document, rng: np.random.Generator) -> Document:
    pairs = (
        ("\u00ab", "\u00bb"),
        ("\u201e", "\u201c"),
        ("``", "''"),
        ('"', '"'),
        ("\u201d", "\u201d"),
    )
    a, b = pairs[int(rng.integers(len(pairs)))]
    return _restyle(doc, {"open double": a, "close double": b})


def _unmarked(doc: Document, rng: np.random.Generator) -> Document:
    return _restyle(doc, {"open double": "", "close double": ""})


def _lost(doc: Document, rng: np.random.Generator) -> Document:
    """Lose one mark in eight."""
    edits = [
        Edit(s, e, "")
        for s, e, role in _marks(doc.text)
        if "double" in role and rng.random() < 0.12
    ]
    return edited(doc, edits)


def _fill(line: str, rng: np.random.Generator) -> str:
    return line.format(
        name=_NAMES[int(rng.integers(len(_NAMES)))], place=_PLACES[int(rng.integers(len(_PLACES)))]
    )


def _lines(doc: Document, rng: np.random.Generator) -> Document:
    """Put captions, menus and credits between paragraphs, where no span crosses the break."""
    breaks = [i for i in range(1, len(doc.text)) if doc.text[i] == "\n" and doc.text[i - 1] != "\n"]
    crossed = np.zeros(len(doc.text) + 1, bool)
    for start, end, *_ in doc.spans:
        crossed[start:end] = True
    free = [i for i in breaks if not crossed[i]]
    count = min(len(free), int(rng.integers(1, 5)))
    chosen = sorted(rng.choice(free, size=count, replace=False).tolist()) if count else []
    edits = [
        Edit(i, i, "\n\n" + _fill(_LINES[int(rng.integers(len(_LINES)))], rng)) for i in chosen
    ]
    return edited(doc, edits)


def _headline(doc: Document, others: Sequence[Document], rng: np.random.Generator) -> Document:
    """Put another document's first line, with its labels, before this one: a related story, a menu."""
    other = others[int(rng.integers(len(others)))]
    line = other.text.split("\n", 1)[0]
    if len(line) > 150:
        return doc
    moved = edited(doc, [Edit(0, 0, line + "\n\n")])
    spans = [(s + len(line) + 2, e + len(line) + 2, h, k) for s, e, h, k in doc.spans]
    kept = [span for span in other.spans if span[1] <= len(line)]
    return Document(moved.text, kept + spans)


def _capitals(text: str) -> str:
    """The first line in capitals, as many headings are, where that keeps its length."""
    line, sep, rest = text.partition("\n")
    return (line.upper() if len(line.upper()) == len(line) else line) + sep + rest
