"""Stance: whether the words were said, as the clause tells that reports them.

What stands before the verb of saying decides: a negation, a verb that keeps back (declined to, stopped short of), one
that takes back (denied having), a mood (would, if, as though to), a question put by somebody else. What is not told so
is asserted: to take back what was said is worse than to miss what was not.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.linking.pieces import Piece
from onrecord.pipeline.quotations.stances import moods
from onrecord.pipeline.quotations.stances.clauses import Clause, clause
from onrecord.pipeline.text.layout import Layout

ASSERTED: Final = "asserted"
DENIED: Final = "denied"
UNSAID: Final = "unsaid"
SUPPOSED: Final = "supposed"
ASKED: Final = "asked"

_SUBJECT_SAYS: Final = re.compile(rf"{moods.SUBJECT}(?={moods.FILL})")
_HELPED: Final = re.compile(rf"\b(?:{moods.AUXILIARY} ){{1,4}}$")
_NEGATION: Final = re.compile(r"\b(?:not|never)\b")
_SPOKEN_OUT: Final = re.compile(r"[,:]\s*$")
_PRONOUNS: Final = frozenset(["he", "she", "they", "it", "who", "which", "that", "we", "i"])
_OURS: Final = frozenset(["i", "we"])
_WORD: Final = re.compile(r"[^\W_]+")
_FEW: Final = 7
_BEFORE: Final = 50
_NEAR: Final = 25
_HARD_BY: Final = 60


class Stance(NamedTuple):
    """What the text tells of the words, and the span of the words that tell it; none where nothing does."""

    kind: str
    start: int | None = None
    end: int | None = None


def stance(layout: Layout, draft: Draft) -> Stance:
    """Whether the words of a draft were said, as the clause tells that reports them."""
    if draft.corrected is not None:
        return Stance(SUPPOSED, *draft.corrected)
    line = clause(layout, draft)
    if line is None:
        return Stance(ASSERTED)
    for reading in (_asked, _unsaid, _denied, _supposed):
        found = reading(layout, draft, line)
        if found is not None:
            return found
    return Stance(ASSERTED)


def _told(kind: str, line: Clause, start: int, end: int) -> Stance:
    return Stance(kind, *line.place(start, end))


def _asked(_: Layout, draft: Draft, line: Clause) -> Stance | None:
    """A question that somebody else puts to the speaker; unsaid where the clause tells that no answer came."""
    put = _last(moods.PUT_ABOUT, line.text)
    if put is not None and put.end() > line.verb:
        kept = _last(moods.NO_ANSWER, line.text[: put.end()])
        if (
            kept is not None
            and moods.DONE_ALL_THE_SAME.search(line.text, kept.start(), put.end()) is None
        ):
            helped = _HELPED.search(line.text, 0, kept.start())
            return _told(UNSAID, line, (helped or kept).start(), put.end())
        if line.text.startswith(("asking", "inquiring", "enquiring"), line.verb):
            return _told(ASKED, line, put.start(), put.end())
    about = moods.ABOUT.match(line.right + line.lead)
    if about is None or not line.lead or moods.ASKED.search(line.left) is None:
        return None
    return _told(ASKED, line, line.verb, min(line.verb + about.end(), line.end))


def _unsaid(layout: Layout, draft: Draft, line: Clause) -> Stance | None:
    """Words that the clause tells were not spoken."""
    where = _kept_back(line)
    if where is None:
        return None
    start, end = where
    if moods.DONE_ALL_THE_SAME.search(
        line.text, max(0, start - _NEAR), end
    ) or moods.REGRETTED.search(line.left[max(0, start - _BEFORE) :]):
        return None
    if moods.ENOUGH.search(line.right) or _after_all(layout, draft, line):
        return None
    if moods.DENIES.match(line.right) and moods.NO_WAY_TO.search(line.text, max(0, start - 6), end):
        return None
    return _told(UNSAID, line, start, end)


def _kept_back(line: Clause) -> tuple[int, int] | None:
    """Where a clause tells of words that were kept back, if it does."""
    for rule in (moods.UNSAID, moods.NO_PROOF, moods.NOT_HIM):
        found = _last(rule, line.left)
        if found is not None:
            helped = _HELPED.search(line.text, 0, found.start())
            return (helped or found).start(), line.end
    keeps = moods.KEEPS.match(line.right)
    if keeps is not None:
        return line.verb, line.verb + keeps.end()
    if moods.NOTHING.match(line.lead):
        return line.verb, line.end
    nobody = _last(_SUBJECT_SAYS, line.left) if moods.NOBODY.match(line.subject) else None
    if nobody is not None:
        return nobody.start(), line.end
    silent = moods.SILENT.search(line.text, max(0, line.verb - _NEAR))
    return silent.span() if silent is not None and silent.end() > line.cue else None


def _after_all(layout: Layout, draft: Draft, line: Clause) -> bool:
    """Whether it was said in the end: "not … until Monday", before the words or hard behind them; "only"."""
    text, cue = layout.text, draft.cue
    if moods.ONLY.search(line.right) or moods.ONLY.match(line.lead[:12]):
        return True
    places = [piece.end for piece in draft.pieces]
    if cue is not None:
        places += [cue.end] + [draft.start] * (draft.start >= cue.end)
    limit = layout.sentence_at(cue.start if cue is not None else draft.start)[1]
    return any(_says_until(text[at : min(limit, at + _HARD_BY)]) for at in places)


def _says_until(behind: str) -> bool:
    """Whether one of the first words behind the words or the cue is "until"."""
    return not moods.UNTIL.isdisjoint(_WORD.findall(behind.lower())[:_FEW])


def _denied(layout: Layout, draft: Draft, line: Clause) -> Stance | None:
    """Words of which the speaker says that it is not so."""
    untrue = moods.UNTRUE.match(layout.text, draft.start, draft.end)
    if untrue is not None and not draft.pieces[0].quoted:
        return Stance(DENIED, *untrue.span())
    claimed = moods.CLAIMED.match(layout.text, draft.start, draft.end)
    dismissed = moods.DISMISSES.match(line.right) or moods.DENIES.match(line.right)
    if claimed is not None and dismissed is not None and not draft.pieces[0].quoted:
        return _told(DENIED, line, line.verb, line.end)
    took = moods.TOOK_BACK.search(line.left)
    if took is not None and not moods.DENIES.match(line.right):
        # Where one denies what another is told to have said, the other has not said it.
        other = took["who"] == moods.SUBJECT and line.subject.lower() not in _PRONOUNS
        return _told(UNSAID if other else DENIED, line, took.start(), line.end)
    cue = draft.cue
    words = next((p for p in draft.pieces if cue is None or p.start >= cue.end), draft.pieces[0])
    where = _denial(layout, words, line)
    if moods.NO_WAY_TO.search(line.left, max(0, line.verb - _NEAR)):
        return None
    if where is None or _spoken_out(layout, draft, words):
        return None
    if moods.DENIES_NOTHING.match(layout.text, line.ends[where[1] - 1]):
        return None
    return _told(DENIED, line, *where)


def _denial(layout: Layout, words: Piece, line: Clause) -> tuple[int, int] | None:
    """Where a clause denies or dismisses the words that it reports, if it does."""
    found = moods.DENIES.search(line.text, line.verb, line.end)
    found = found or moods.DISMISSED.search(line.text, line.verb)
    if found is None and moods.OF_CHARGE.match(layout.text, words.start, words.start + _HARD_BY):
        found = moods.DISMISSES.match(line.text, line.verb)
    return found.span() if found is not None else None


def _spoken_out(layout: Layout, draft: Draft, words: Piece) -> bool:
    """Whether verbatim words are the denial itself: “I was not there,” he denied."""
    if not words.quoted or draft.cue is None:
        return False
    before = layout.text[max(0, words.start - 3) : words.start]
    return words.end <= draft.cue.start or _SPOKEN_OUT.search(before) is not None


def _supposed(_: Layout, draft: Draft, line: Clause) -> Stance | None:
    """Words that somebody would say, should say, is imagined or expected to say."""
    condition = _last(moods.CONDITION, line.left)
    if condition is not None and not _NEGATION.search(line.left, condition.start()):
        return _told(SUPPOSED, line, condition.start(), line.end)
    if line.subject.lower() in _OURS:
        return None
    verb = line.right.split(" ", 1)[0]
    for rule, text in (
        (moods.IMAGINED, line.left),
        (moods.WISHED, line.left),
        (moods.MADE_TO_SAY, line.left + verb),
    ):
        found = _last(rule, text)
        if found is not None and found.end() >= line.verb - _HARD_BY:
            return _told(SUPPOSED, line, found.start(), line.end)
    mood = _last(moods.MOOD, line.left) or moods.CARRIED.search(line.left)
    if (
        mood is None
        or moods.HABITUAL.match(line.text)
        or (mood.group() == "would" and moods.HABIT.match(line.right))
    ):
        return None
    came_true = moods.CAME_TRUE.search(line.text, max(0, mood.start() - 30), line.end)
    if came_true is not None or moods.ONLY.search(line.right):
        return None
    return _told(SUPPOSED, line, mood.start(), line.end)


def _last(rule: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last place of a line at which a pattern holds."""
    return max(rule.finditer(text), key=re.Match.start, default=None)
