"""Blocks of a page whose markup tells the kinds: mostly right, and some dirt in the guise of paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from onrecord.pipeline.blocks import line_patterns as p

Layout = Sequence[Mapping[str, Any]]
Span = tuple[int, int, str]

_MAIN = ("body", "heading")
# A biography, a house rule or a list of other stories ends a page; it never begins one.
_TAIL_BLOCKS = 5
_TAIL_SHARE = 0.6
_FEW_WORDS, _TEASER_WORDS = 4, 40
_HEAD = 600
"""What is dirt shows at its beginning, and patterns take their time on a line of a million characters."""


def spans(text: str, layout: Layout) -> list[Span]:
    """The layout's spans in order, cut so that none overlap, dirt among the paragraphs given its kind."""
    found: list[Span] = []
    at = 0
    for span in sorted(layout, key=lambda span: int(span["start"])):
        start, end = max(at, int(span["start"])), min(len(text), int(span["end"]))
        if start < end:
            found.append((start, end, str(span["kind"])))
            at = end
    return _mended(text, found)


def _mended(text: str, found: list[Span]) -> list[Span]:
    main = [at for at, span in enumerate(found) if span[2] in _MAIN]
    total = sum(found[at][1] - found[at][0] for at in main) or 1
    before, ended = 0, False
    for place, at in enumerate(main):
        start, end, kind = found[at]
        line = text[start : min(end, start + _HEAD)]
        late = before / total >= _TAIL_SHARE
        opens = late and kind == "heading" and _opens_tail(line)
        if opens or (ended and kind == "heading"):
            ended = not _goes_on(
                text, (found[main[one]] for one in range(place + 1, len(main))), line
            )
        related = ended or (opens and p.RELATED.match(line) is not None)
        dirt = "related" if related else _dirt(line, late and place >= len(main) - _TAIL_BLOCKS)
        if dirt:
            found[at] = (start, end, dirt)
        before += end - start
    return found


def _goes_on(text: str, after: Iterable[Span], heading: str) -> bool:
    """Whether the article goes on under a heading: a teaser is a paragraph of a sentence or two, and no second one."""
    if p.COMMENTS_HEAD.match(heading) and len(heading.split()) <= _FEW_WORDS:
        return False
    told = takewhile(lambda span: span[2] != "heading", after)
    heads = (text[start : min(end, start + _HEAD)] for start, end, _ in told)
    prose = [len(line.split()) for line in heads if p.END_MARK.search(line) or len(line) == _HEAD]
    return max(prose, default=0) > _TEASER_WORDS or sum(words >= 8 for words in prose) > 1


def _opens_tail(line: str) -> bool:
    return (
        p.RELATED.match(line)
        or p.COMMENTS_HEAD.match(line)
        or p.COMMENT_FORM.search(line)
        or p.SUBSCRIBE.search(line)
    ) is not None


def _dirt(line: str, last: bool) -> str | None:
    """The kind of dirt that a paragraph is; None where it is none."""
    words = len(line.split())
    quoted = p.QUOTE.search(line) is not None
    if not any(map(str.isalnum, line)) or p.COUNTER.match(line):
        return "other"
    if p.COMMENT_FORM.search(line) and words < 30:
        return "comment"
    if p.RELATED.match(line) and words <= 14 and not p.END_MARK.search(line):
        return "related"
    if words > 60 or quoted:
        return None
    if last and p.BIO.search(line) and not p.CREDITED.search(line):
        return "byline"
    # Who writes about platforms names several; who asks to be followed there asks for more besides.
    asks = len(p.SUBSCRIBE.findall(line)) + len(p.LEGAL.findall(line)) + bool(p.SOCIAL.search(line))
    if asks >= 3 or (last and asks >= 2):
        return "advert"
    return None
