"""Other languages: the direct speech of paragraphs that are not in English, as quotations beside those that are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from onrecord.pipeline.languages.direct import SpokenWords, direct_speech
from onrecord.pipeline.languages.paragraphs import Group
from onrecord.pipeline.quotations.flags import content, insertions
from onrecord.pipeline.quotations.quotation import Quotation, Reading, nest
from onrecord.pipeline.text.layout import READABLE

Blocks = Sequence[Sequence[Any]]


def with_others(
    text: str, reading: Reading, groups: Sequence[Group], blocks: Blocks | None
) -> Reading:
    """A reading with the direct speech of paragraphs that are not in English."""
    found = [
        _of_pack(text, one, group.code or "")
        for group in groups
        for one in direct_speech(text, group.code, _reported_lines(group.lines, blocks))
    ]
    return Reading(nest([*reading.quotations, *found]), reading.mentions)


def _reported_lines(
    lines: Sequence[tuple[int, int]], blocks: Blocks | None
) -> list[tuple[int, int]]:
    """The lines that lie in blocks which yield quotations."""
    if blocks is None:
        return list(lines)
    kept = sorted((block[0], block[1]) for block in blocks if block[2] in READABLE)
    ends = [end for _, end in kept]
    starts = [start for start, _ in kept]
    # Blocks do not overlap: the first that ends behind a line's start is the only one that may hold it.
    return [
        (start, end)
        for start, end in lines
        if (at := bisect_right(ends, start)) < len(starts) and starts[at] < end
    ]


def _of_pack(text: str, one: SpokenWords, language: str) -> Quotation:
    taken_out = tuple(insertions(text, one.spans))
    start, end = one.spans[0][0], one.spans[-1][1]
    first = text.find("\n")
    return Quotation(
        start=start,
        end=end,
        text=text[start:end],
        spans=one.spans,
        content=content(text, one.spans, taken_out),
        insertions=taken_out,
        type="direct",
        cue=text[slice(*one.cue)] if one.cue else None,
        cue_start=one.cue[0] if one.cue else None,
        cue_end=one.cue[1] if one.cue else None,
        cue_class="unknown",
        mention=text[slice(*one.mention)] if one.mention else None,
        mention_start=one.mention[0] if one.mention else None,
        mention_end=one.mention[1] if one.mention else None,
        name=one.name,
        speaker_kind=one.kind,
        unresolved=one.unresolved,
        confidence=one.confidence,
        in_headline=0 <= end <= first,
        translated=False,
        written=False,
        nested_in=None,
        told=None,
        said_on=None,
        stance="asserted",
        stance_start=None,
        stance_end=None,
        via=None,
        candidates=(),
        language=language,
    )
