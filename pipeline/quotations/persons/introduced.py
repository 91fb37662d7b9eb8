"""Introduced: who is described first and named in the next sentence, as wire reports do.

"A top adviser to Holm says the bill will pass. ⏎ Ola Berg spoke to reporters on Thursday."
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from onrecord.pipeline.names.recognised import PERSON, Mention
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.text.layout import Layout

_LEAST_WORDS: Final = 2
_SPEAKING_OF_IT: Final = re.compile(
    r",?(?: who [^,.\n]{2,80},| [^,.\n]{2,60},)? (?:was (?:speaking|responding|reacting|asked|interviewed)"
    r"|spoke (?:to|with|on|in|at|after|during)"
    r"|made (?:the|his|her|those|these) (?:remarks?|comments?|announcement|claim|statement|pledge|prediction)"
    r"|(?:issued|released|posted|tweeted|gave) (?:the|his|her|that) (?:statement|message|tweet|post|interview|remarks?)"
    r"|offered (?:the|that) (?:assessment|prediction|view))\b"
)
"""What tells of words just told, behind a name."""


def named_next(
    layout: Layout, by_start: Mapping[int, tuple[Entity, Mention]], starts: Sequence[int], at: int
) -> Entity | None:
    """Who opens the sentence behind the one that a description at ``at`` opens, and is told to have said it."""
    paragraph = layout.paragraphs[layout.paragraph_at(at)]
    opens, ends = layout.sentence_at(at)
    if opens - paragraph.start > 1 or at - opens > 1:
        return None
    following = bisect_left(starts, ends)
    if following == len(starts):
        return None
    entity, mention = by_start[starts[following]]
    if layout.text[ends : mention.start].strip():
        return None
    first = entity.kind == PERSON and entity.sure and entity.mentions[0].start == mention.start
    if not first or len(entity.name.split()) < _LEAST_WORDS:
        return None
    return entity if _SPEAKING_OF_IT.match(layout.text, mention.end) is not None else None
