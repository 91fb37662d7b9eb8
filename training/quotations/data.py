"""Gold attributions as labelled words.

Reads JSON lines ``{"doc_id", "text", "quotes": [{"type", "spans", "cue_text", "cue_start",
"cue_end", "speaker_spans"}]}``, offsets in code points: the form that ``convert`` scripts for
PARC3 and PolNeAR give. The text stays in memory.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.text.lexicon import reports_speech
from onrecord.pipeline.text.token_features import WordPieces, Words, words

OUTSIDE: Final = 0
BEGIN: Final = 1
INSIDE: Final = 2


class Document(NamedTuple):
    """One gold text; ``spans`` are (start, end, head, speech) with head 0 content, 1 cue, 2 source."""

    text: str
    spans: list[tuple[int, int, int, bool]]


class Example(NamedTuple):
    """One text as the net learns it: words, labels (n, 3) and weights (n, 3)."""

    words: Words
    labels: NDArray[np.int64]
    weights: NDArray[np.float32]


def read(path: Path) -> list[Document]:
    """The documents of a gold file."""
    with path.open(encoding="utf-8") as lines:
        return [document(json.loads(line)) for line in lines]


def document(record: dict[str, Any]) -> Document:
    """A gold record's text with its spans; an indirect attribution whose cue is no speech is marked as such."""
    spans: list[tuple[int, int, int, bool]] = []
    for quote in record["quotes"]:
        speech = quote["type"] != "indirect" or reports_speech(quote.get("cue_text") or "")
        content = quote.get("spans") or [(quote["start"], quote["end"])]
        spans += [(s, e, 0, speech) for s, e in content]
        if quote.get("cue_start") is not None:
            spans.append((quote["cue_start"], quote["cue_end"], 1, speech))
        spans += [(s, e, 2, speech) for s, e in quote.get("speaker_spans") or []]
    return Document(record["text"], spans)


def example(doc: Document, pieces: WordPieces, doubt: float = 0.3) -> Example:
    """Label a document's words. Attributions of belief count as outside, at weight ``doubt``.

    Where spans of one head overlap, the later one (the nearest to what it reports) begins anew.
    """
    seen = words(doc.text, pieces)
    labels = np.zeros((len(seen.starts), 3), np.int64)
    weights = np.ones((len(seen.starts), 3), np.float32)
    for speech in (False, True):
        for start, end, head, is_speech in sorted(set(doc.spans)):
            if is_speech != speech:
                continue
            low = int(np.searchsorted(seen.ends, start, side="right"))
            high = int(np.searchsorted(seen.starts, end, side="left"))
            if high <= low:
                continue
            if not speech:
                weights[low:high, head] = doubt
                continue
            weights[low:high, head] = 1.0
            labels[low:high, head] = INSIDE
            labels[low, head] = BEGIN
            if high < len(labels) and labels[high, head] == INSIDE:
                labels[high, head] = BEGIN
    return Example(seen, labels, weights)


def chunks(item: Example, size: int, jitter: np.random.Generator) -> Iterable[Example]:
    """Cut an example at paragraph breaks into runs of about ``size`` words, elsewhere in every epoch."""
    n = len(item.labels)
    breaks = np.flatnonzero(item.words.features[:, 1] == 0)
    start = 0
    goal = int(jitter.integers(size // 2, size + 1))
    while start < n:
        stop = n
        if n - start > goal + 40:
            later = breaks[(breaks > start + goal // 2) & (breaks <= start + goal)]
            stop = int(later[-1]) if len(later) else start + goal
        yield part(item, start, stop)
        start, goal = stop, size


def part(item: Example, start: int, stop: int) -> Example:
    """The words ``start`` to ``stop`` of an example."""
    seen = item.words
    first = seen.firsts[start]
    last = seen.firsts[stop] if stop < len(seen.firsts) else len(seen.pieces)
    cut = Words(
        seen.starts[start:stop],
        seen.ends[start:stop],
        seen.pieces[first:last],
        seen.firsts[start:stop] - first,
        seen.features[start:stop],
    )
    return Example(cut, item.labels[start:stop], item.weights[start:stop])


def frequent(items: Sequence[Example], least: int, most: int) -> NDArray[np.int64]:
    """The word pieces seen at least ``least`` times as whole words, most frequent first, at most ``most``."""
    counts = np.zeros(40_000, np.int64)
    for item in items:
        seen = item.words
        sizes = np.diff(np.append(seen.firsts, len(seen.pieces)))
        counts += np.bincount(seen.pieces[seen.firsts[sizes == 1]], minlength=len(counts))
    order = np.argsort(-counts, kind="stable")
    return order[: min(most, int((counts >= least).sum()))]
