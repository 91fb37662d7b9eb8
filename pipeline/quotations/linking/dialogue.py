"""Dialogue: an interview or a transcript, whose lines begin with a label and a colon: who says each, without any marks.

MS. BERG: I saw it go. ⏎ Q: Were you afraid? ⏎ A: There was no time for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.tagging.spans import CUE, SOURCE, Span
from onrecord.pipeline.text.capitalised import UPPER, name_of
from onrecord.pipeline.text.layout import Layout

_LINE: Final = re.compile(
    r"(?P<label>[QA]|[A-Z][A-Z.'\u2019-]{1,20}(?: [A-Z][A-Z.'\u2019-]{0,20}){0,3}"
    r"|(?:Question|Answer|Interviewer|Reporter))"
    r"(?P<colon>:|(?<=\n[QA])\.)[ \t\u00a0]{1,4}(?=[^\s\"\u201c\u2018])"
)
_NAMED: Final = re.compile(
    rf"(?P<label>{name_of(1, 4)})(?P<colon>:)[ \t\u00a0]{{1,4}}(?=[^\s\"\u201c\u2018])"
)
_ASKS: Final = frozenset(
    {"q", "question", "interviewer", "reporter", "moderator", "host", "the reporter"}
)
_ANSWERS: Final = frozenset({"a", "answer"})
_NO_LABEL: Final = frozenset(
    {"note", "update", "correction", "related", "photo", "source", "more", "watch", "read"}
)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.?){2,3}")
_LARGE: Final = re.compile(rf"(?<![\w])[{UPPER}]")
_LINES: Final = 3
_AGAIN: Final = 2
_TWO: Final = 2


class _Told(NamedTuple):
    label: tuple[int, int]
    colon: int
    words: tuple[int, int]
    name: str
    who: tuple[int, int]


def dialogue(
    layout: Layout, drafts: Sequence[Draft], people: Sequence[tuple[int, int]]
) -> list[Draft]:
    """The drafts; where a text is a dialogue, its labelled lines in place of what was found in them.

    `people` are the mentions of people: whoever answers without a name is the first who was introduced.
    """
    told = _lines(layout, people)
    counts = Counter(one.name for one in told)
    one_alone = len(counts) == 1 and len(told) >= _AGAIN and told[0].who != told[0].label
    several = len(told) >= _LINES and len(counts) >= _AGAIN and max(counts.values()) >= _AGAIN
    if not (several or one_alone):
        return list(drafts)
    ends = [(one.label[0], one.words[1]) for one in told]
    kept = [d for d in drafts if not any(a <= d.start and d.end <= b for a, b in ends)]
    first = next((mention for mention in people if mention[1] <= told[0].label[0]), None)
    asks = _ASKS | _questioners(layout.text, told)
    return kept + [_draft(one, first) for one in told if one.name not in asks]


def _questioners(text: str, told: Sequence[_Told]) -> set[str]:
    """The label of whoever asks nearly all of the questions, and nothing else: an interviewer under his own name."""
    asked = Counter(one.name for one in told if text[one.words[1] - 1] == "?")
    counts = Counter(one.name for one in told)
    if len(counts) != _TWO:
        return set()
    return {
        name
        for name, count in counts.items()
        if asked[name] == count > 1 and asked.total() == count
    }


def _lines(layout: Layout, people: Sequence[tuple[int, int]]) -> list[_Told]:
    made = []
    named = set(people)
    for paragraph in layout.paragraphs:
        found = _LINE.match(layout.text, paragraph.start, paragraph.end)
        if found is None:
            found = _NAMED.match(layout.text, paragraph.start, paragraph.end)
            if found is not None and found.span("label") not in named:
                continue
        if found is None or found["label"].lower() in _NO_LABEL:
            continue
        end = paragraph.end
        while end > found.end() and layout.text[end - 1].isspace():
            end -= 1
        if end > found.end():
            label, words = found.span("label"), (found.end(), end)
            who = _of_initials(layout.text, found["label"], people) or label
            made.append(_Told(label, found.start("colon"), words, found["label"].lower(), who))
    return made


def _of_initials(
    text: str, label: str, people: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The first mention of whom a label of two or three capitals abbreviates: "EH" of Eva Holm."""
    if not _INITIALS.fullmatch(label):
        return None
    letters = label.replace(".", "")
    named = (span for span in people if _LARGE.findall(text[slice(*span)]) == list(letters))
    return next(named, None)


def _draft(one: _Told, first: tuple[int, int] | None) -> Draft:
    named = one.who if one.name not in _ANSWERS else first
    source = Span(*named, SOURCE, 1.0) if named is not None else None
    cue = Span(one.colon, one.colon + 1, CUE, 1.0)
    piece = Piece(*one.words, True, True, 1.0)
    return Draft((piece,), cue, source, 1.0, "linked" if source is not None else "none")
