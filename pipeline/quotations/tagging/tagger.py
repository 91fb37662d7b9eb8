"""The tagger: which words are quoted content, which report it, and who is named as its source."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.weights import HOME, WeightsError, read_pinned
from onrecord.pipeline.machine.cores import at_once
from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.quotations.tagging.spans import LABELS, Span
from onrecord.pipeline.text.token_features import FEATURES, LETTERS, WordPieces, Words, words
from onrecord.pipeline.text.wordpieces import read_vectors, word_vectors

WEIGHTS: Final = HOME / "quotations" / "weights"
BEGIN: Final = 1
BEGINS: Final = (-0.75, -0.5, -0.5)
"""What is added to the log probability that content, a cue, a source begins; found on the development set."""
_RUN: Final = 1024
"""Words of one pass: so many vectors stay near the processor, where 4,096 cost a fifth more each."""
_SHORT: Final = 4096
"""A text of no more words is read whole, whatever it says."""
_AMPLE: Final = 16_384
_DENSE: Final = 4.5
"""So many words of a text are read whatever it is; beyond that, one in so many characters.

News has one in 5 (4.3 where it is densest, 1 of 100 passages), a text of nothing but marks one a character, and the
net takes 55 us a word: what is no language must not cost five times what language does.
"""
_LOOSE: Final = 6.0
"""One word in so many characters is read of a text that is denser than that: no more than language has."""
_PASSAGE: Final = 256

Floats = NDArray[np.float32]


class Tagger:
    """Tags texts with ONNX Runtime in float32; load it once a process (0.3 s).

    ``folder`` holds ``tagger.json`` and the model it names. Raises WeightsError where the model's
    sha256 is another one. A text's tags depend on that text alone, so results do not vary with the
    batch.
    """

    def __init__(self, folder: Path = WEIGHTS, threads: int = 1) -> None:
        import onnxruntime

        manifest, model = _verified(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        vocabulary, self._table = read_vectors()
        self._pieces = WordPieces(vocabulary)
        self._known = np.zeros(len(self._table), np.int64)
        self._known[manifest["known"]] = np.arange(1, len(manifest["known"]) + 1)
        self._reach = int(manifest["reach"])

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, ordered by start, in the texts' order.

        Spans of one label never overlap; spans of different labels may. Time is linear in the text
        and memory bounded by the longest text's words. Never raises on a text, whatever it holds.
        """
        if len(texts) == 1:
            return [self._tag(texts[0])]
        with ThreadPoolExecutor(at_once()) as pool:
            return list(pool.map(self._tag, texts))

    def _tag(self, text: str) -> list[Span]:
        seen = words(text, self._pieces)
        if len(seen.starts) == 0:
            return []
        return spans(seen, self.probabilities(seen))

    def probabilities(self, seen: Words) -> Floats:
        """For each word and label, how likely it is outside, begins, or continues a span: (n, 3,
        3).

        A long text goes through in runs that overlap by the net's reach, which gives the same
        values as one pass. What `_readable` passes over is outside everything.
        """
        n = len(seen.starts)
        if n <= _RUN + 2 * self._reach:
            return self._run(seen, 0, n)
        runs = _readable(seen) if n > _SHORT + 2 * self._reach else _cut(0, n)
        found = np.zeros((n, len(LABELS), 3), np.float32)
        found[..., 0] = 1.0
        for start, stop in runs:
            low, high = max(0, start - self._reach), min(n, stop + self._reach)
            found[start:stop] = self._run(seen, low, high)[start - low : stop - low]
        return found

    def _run(self, seen: Words, low: int, high: int) -> Floats:
        heed()
        part = _slice(seen, low, high)
        sizes = np.diff(np.append(part.firsts, len(part.pieces)))
        known = np.where(sizes == 1, self._known[part.pieces[part.firsts]], 0)
        inputs = {
            "vectors": word_vectors(self._table, part),
            "known": known,
            "features": part.features,
        }
        result: Floats = self._session.run(None, inputs)[0]
        return result


def _readable(seen: Words) -> list[tuple[int, int]]:
    """The runs of a long text's words that are read: all of them, but of a text with far more words than its characters
    make in any language the passages with most characters a word. A passage without a word of two letters says nothing.
    """
    n = len(seen.starts)
    firsts = np.arange(0, n, _PASSAGE)
    shapes = seen.features[:, FEATURES.index("shape")]
    worded = np.isin(shapes, LETTERS) & (seen.ends - seen.starts > 1)
    speaks = np.logical_or.reduceat(worded, firsts)
    if n > max(_AMPLE, int(seen.ends[-1] / _DENSE)):
        lengths = np.where(speaks, np.diff(np.append(seen.starts[firsts], seen.ends[-1])), 0)
        few = max(_AMPLE, int(seen.ends[-1] / _LOOSE)) // _PASSAGE
        speaks[np.argsort(-lengths, kind="stable")[few:]] = False
    edges = np.flatnonzero(np.diff(speaks, prepend=False, append=False)) * _PASSAGE
    return [
        run for start, stop in edges.reshape(-1, 2).tolist() for run in _cut(start, min(stop, n))
    ]


def _cut(start: int, stop: int) -> list[tuple[int, int]]:
    return [(low, min(low + _RUN, stop)) for low in range(start, stop, _RUN)]


def _slice(seen: Words, low: int, high: int) -> Words:
    if low == 0 and high == len(seen.starts):
        return seen
    first = seen.firsts[low]
    last = seen.firsts[high] if high < len(seen.firsts) else len(seen.pieces)
    return Words(
        seen.starts[low:high],
        seen.ends[low:high],
        seen.pieces[first:last],
        seen.firsts[low:high] - first,
        seen.features[low:high],
    )


def _verified(folder: Path) -> tuple[dict[str, Any], bytes]:
    """The manifest and the model's bytes, once their hash is the manifest's; the packaged manifest is itself pinned."""
    beside = folder / "tagger.json"
    try:
        manifest = json.loads(read_pinned(beside) if folder == WEIGHTS else beside.read_bytes())
        model = (folder / manifest["file"]).read_bytes()
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(f"no tagger in {folder}: {error}") from error
    if hashlib.sha256(model).hexdigest() != manifest["sha256"]:
        raise WeightsError(f"{folder / manifest['file']} is not the model its manifest names")
    return manifest, model


def spans(seen: Words, probabilities: Floats) -> list[Span]:
    """Read each label's likeliest spans off the probabilities, ordered by start."""
    found: list[Span] = []
    inside = 1.0 - probabilities[..., 0]
    heard = _heard(inside)
    for head, label in enumerate(LABELS):
        runs = [
            (start + a, start + b)
            for start, stop in heard
            for a, b in best_runs(probabilities[start:stop, head], BEGINS[head])
        ]
        total = np.concatenate(([0.0], np.cumsum(inside[:, head], dtype=np.float64)))
        found += [
            Span(
                int(seen.starts[a]),
                int(seen.ends[b - 1]),
                label,
                round(float(total[b] - total[a]) / (b - a), 4),
            )
            for a, b in runs
        ]
    return sorted(found)


def _heard(inside: Floats) -> list[tuple[int, int]]:
    """The stretches of words between long silences, which no span goes through."""
    at = np.flatnonzero(inside.any(1))
    if len(at) == 0:
        return []
    gaps = np.flatnonzero(np.diff(at) > _PASSAGE)
    starts, stops = at[np.append(0, gaps + 1)], at[np.append(gaps, -1)] + 1
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def best_runs(probabilities: Floats, begin: float) -> list[tuple[int, int]]:
    """The (first, past last) word runs of one label's likeliest sequence (Viterbi 1967).

    ``probabilities`` (n, 3) are outside, begin, inside; no sequence goes from outside to inside. ``begin`` is added to
    every begin's log probability: below 0, it asks a span to earn its start. Against taking each word's likeliest tag,
    this raised exact content F1 from 67.4 to 73.7 on the development set, since words in the middle of a span no longer
    break it. Plain floats: numpy's overhead on three states would cost ten times as much.
    """
    # Rounded: processors differ in a net's last digits, and a tie must be one on each.
    logs = np.round(np.log(np.maximum(probabilities, 1e-6)).astype(np.float64), 4)
    outsides, begins, insides = (
        logs[:, 0].tolist(),
        (logs[:, 1] + begin).tolist(),
        logs[:, 2].tolist(),
    )
    outside, start, inside = outsides[0], begins[0], -1e9
    ended, went_on = [0], [0]
    for x, y, z in zip(outsides[1:], begins[1:], insides[1:], strict=True):
        within, came = (start, 1) if start > inside else (inside, 2)
        best, last = (outside, 0) if outside >= within else (within, came)
        ended.append(last)
        went_on.append(came)
        outside, start, inside = best + x, best + y, within + z
    back = (ended, ended, went_on)
    tag = max((outside, 0), (start, 1), (inside, 2))[1]
    runs: list[tuple[int, int]] = []
    end = len(outsides)
    for i in range(len(outsides) - 1, -1, -1):
        if tag == 0:
            end = i
        elif tag == BEGIN:
            runs.append((i, end))
            end = i
        tag = back[tag][i]
    return runs[::-1]
