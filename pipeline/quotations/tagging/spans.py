"""Spans: what the tagger hands to the joiner."""

from typing import Final, NamedTuple

CONTENT: Final = "content"
CUE: Final = "cue"
SOURCE: Final = "source"
LABELS: Final = (CONTENT, CUE, SOURCE)


class Span(NamedTuple):
    """A labelled stretch of an article's text.

    ``start`` and ``end`` count Unicode code points from 0, ``end`` exclusive. ``label`` is one of
    ``LABELS``, the terms of PARC3 (Pareti 2012) and PolNeAR (Newell et al. 2018). ``score`` is the
    tagger's mean probability over the span's words, between 0 and 1.
    """

    start: int
    end: int
    label: str
    score: float
