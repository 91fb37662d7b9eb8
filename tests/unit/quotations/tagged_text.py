"""Texts with their tags written in: ``{c:words}`` content, ``{v:said}`` cue, ``{s:Eva Holm}`` source."""

import re

from onrecord.pipeline.quotations.extract import read_tagged
from onrecord.pipeline.quotations.quotation import Quotation
from onrecord.pipeline.quotations.tagging.spans import Span

_TAG = re.compile(r"\{([cvs]):|\}")
_LABELS = {"c": "content", "v": "cue", "s": "source"}


def tagged(marked_up: str) -> tuple[str, list[Span]]:
    """The plain text and its spans."""
    text, at, spans, open_ = "", 0, [], []
    for match in _TAG.finditer(marked_up):
        text += marked_up[at : match.start()]
        at = match.end()
        if match.group(1):
            open_.append((len(text), _LABELS[match.group(1)]))
        else:
            start, label = open_.pop()
            spans.append(Span(start, len(text), label, 0.95))
    return text + marked_up[at:], sorted(spans)


def quotations(marked_up: str, **told: object) -> list[Quotation]:
    """The quotations of a marked-up text; `told` goes to read_tagged."""
    text, spans = tagged(marked_up)
    found = read_tagged(text, spans, **told).quotations  # type: ignore[arg-type]
    for quotation in found:
        assert text[quotation.start : quotation.end] == quotation.text
        assert quotation.spans[0][0] == quotation.start
        assert quotation.spans[-1][1] == quotation.end
    return found
