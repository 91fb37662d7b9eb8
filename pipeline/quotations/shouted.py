"""Shouted: texts in capitals throughout, read with small letters, and told as they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.pipeline.names.recased import is_shouted, recased
from onrecord.pipeline.quotations.flags import content
from onrecord.pipeline.quotations.quotation import Quotation, Reading


def readable(texts: Sequence[str]) -> list[str]:
    """The texts, those in capitals with small letters where no name is; each of its own length."""
    return [recased(text) if is_shouted(text) else text for text in texts]


def as_printed(text: str, read: str, reading: Reading) -> Reading:
    """A reading of ``read`` with the words of ``text``, which it stands for; names stay as they are written small."""
    if read is text:
        return reading
    return Reading(
        [_quotation_of(text, quotation) for quotation in reading.quotations],
        [mention._replace(text=text[mention.start : mention.end]) for mention in reading.mentions],
    )


def _quotation_of(text: str, quotation: Quotation) -> Quotation:
    return replace(
        quotation,
        text=text[quotation.start : quotation.end],
        content=content(text, quotation.spans, quotation.insertions),
        cue=text[quotation.cue_start : quotation.cue_end] if quotation.cue is not None else None,
        mention=text[quotation.mention_start : quotation.mention_end]
        if quotation.mention is not None
        else None,
    )
