"""Direct: the quotations between marks or behind dashes of paragraphs in one language, and who says them.

Nothing but what the paragraph tells names a speaker: a name, a role, a pronoun or a verb beside the words. Where it
tells nothing, nobody is named; the speaker before is nobody's evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages import han
from onrecord.pipeline.languages.attributions import Attribution, Reports
from onrecord.pipeline.languages.claimants import arabic, cased, noun_phrase
from onrecord.pipeline.languages.claimants.claimant import (
    BODY,
    NAME,
    NOBODY,
    PRONOUN,
    ROLE,
    Candidate,
)
from onrecord.pipeline.languages.dialogue import Dialogue, Line, is_told_again
from onrecord.pipeline.languages.pack import Pack, packs
from onrecord.pipeline.languages.people import People
from onrecord.pipeline.languages.sentences import Sentence, Token, sentences
from onrecord.pipeline.languages.stretches import Stretch, stretches, within
from onrecord.pipeline.languages.whom import UNTOLD, Who, Whom, meant
from onrecord.pipeline.machine.deadline import heed
from onrecord.pipeline.text.marks import Segment, segments

_FEW: Final = 3
_SENTENCE: Final = 5
_TITLE: Final = 6
_AS: Final = frozenset(["als", "wie", "comme", "como", "come", "jako", "як", "как"])
_HEADLINE: Final = 3
_SUBJECT: Final = 3
# What is no surname, though a capital begins it, and the articles of a subject.
_NOUN: Final = re.compile(r"(?:en|er|e|ung|heit|keit|lich|ig|falls|weise|s|schaft|tion)$")
_NOMINATIVE: Final = frozenset(["der", "die", "das"])
_FINAL: Final = ".!?\u2026,\u3002\uff01\uff1f\uff0c\u061f\u060c"
# How often span and speaker are right, by how the speaker was found.
CONFIDENCE: Final = {
    "name": 0.88, "role": 0.8, "pronoun": 0.7, "dropped": 0.7, "body": 0.75, "unnamed": 0.75, "same": 0.8,
    "view": 0.6, "none": 0.5,
}  # fmt: skip


class SpokenWords(NamedTuple):
    """A quotation: its pieces, what reports it and who says it, as `quotations.extract` makes a row of."""

    spans: tuple[tuple[int, int], ...]
    cue: tuple[int, int] | None
    mention: tuple[int, int] | None
    name: str | None
    kind: str | None
    unresolved: str | None
    confidence: float


def direct_speech(
    text: str, code: str | None, lines: Sequence[tuple[int, int]]
) -> list[SpokenWords]:
    """The quotations of paragraphs in a language, by its pack; without one nobody is named, and the reason tells it."""
    pack = packs().get(code or "")
    return unsupported(text, lines) if pack is None else told(text, lines, pack)


def unsupported(text: str, lines: Sequence[tuple[int, int]]) -> list[SpokenWords]:
    """The quotations of paragraphs in a language that has no pack: words between marks, said by nobody that is told."""
    return [
        SpokenWords(((one.start, one.end),), None, None, None, None, "language", 0.5)
        for start, end in lines
        for one in stretches(text, start, end, None)
        if _is_sentence(text, one)
    ]


def told(text: str, lines: Sequence[tuple[int, int]], pack: Pack) -> list[SpokenWords]:
    """The quotations of paragraphs ``[start, end)`` of one language, in order of their start."""
    if pack.script == "han":
        return [_as_told(*one) for one in han.told(text, lines, pack)]
    return _Reader(text, lines, pack).told()


def _as_told(
    spans: tuple[tuple[int, int], ...], cue: tuple[int, int] | None, who: Who
) -> SpokenWords:
    return SpokenWords(
        spans, cue, who.mention, who.name, who.kind, who.unresolved, CONFIDENCE[who.how]
    )


def _is_sentence(text: str, one: Stretch, *, headline: bool = False) -> bool:
    """Whether words are more than a term: several, or such as end a sentence; a headline begins with few."""
    words = one.words(text)
    count = len(words.split()) if " " in words else len(words) // 2
    if headline:
        return len(words.split()) >= _HEADLINE
    return count >= _FEW and (count >= _SENTENCE or words[-1:] in _FINAL)


def _again(who: Who) -> Who:
    """Who goes on speaking, who is not mentioned again."""
    return who._replace(mention=None, how="same" if who.name else who.how)


class _Line(NamedTuple):
    start: int
    marked: Sequence[Segment]
    stretches: list[Stretch]
    sentences: list[Sentence]
    found: list[list[Candidate]]


class _Reader:
    """One article's paragraphs in one language, read in order."""

    def __init__(self, text: str, lines: Sequence[tuple[int, int]], pack: Pack) -> None:
        self.text, self.pack = text, pack
        self.lines = [self._line(start, end) for start, end in lines]
        self.people = People(pack, [one for line in self.lines for one in line.found])
        self.lines = [line._replace(found=self._known(line)) for line in self.lines]
        self.made: list[tuple[tuple[tuple[int, int], ...], tuple[int, int] | None, Who]] = []
        self.whom = Whom(pack, self.people)
        self.talk = Dialogue(
            text,
            [
                Line(line.stretches, not any(one.tokens for one in line.sentences), line.found)
                for line in self.lines
            ],
            self.people,
        )
        # The quotation at the end of the line before that no mark closes.
        self.unclosed: int | None = None

    def _line(self, start: int, end: int) -> _Line:
        heed()
        spoken = stretches(self.text, start, end, self.pack)
        cut = sentences(self.text, start, end, spoken, self.pack)
        marked = segments(self.text[start:end])
        return _Line(start, marked, spoken, cut, [self._found(one) for one in cut])

    def _found(self, sentence: Sentence) -> list[Candidate]:
        find = arabic.Phrases if self.pack.script == "arabic" else cased.Cased
        return find(self.text, sentence, self.pack).found()

    def _known(self, line: _Line) -> list[list[Candidate]]:
        """Candidates without words that open a sentence, or have the capital of a noun, and are nobody's name."""
        pairs = zip(line.sentences, line.found, strict=True)
        return [
            [known for one in found if (known := self._as_known(one, sentence)) is not None]
            for sentence, found in pairs
        ]

    def _as_known(self, one: Candidate, sentence: Sentence) -> Candidate | None:
        if one.kind == ROLE and not one.names and one.first == one.last:
            word = self.text[one.start : one.end]
            if word[0].isupper() and self.people.named((word,)) is not None:
                # "Köhler winkt ab": a name that says what others are.
                return one._replace(kind=NAME, names=(word,), head=None)
        if one.kind != NAME or one.head is not None or one.gender is not None:
            return one
        if self.people.named(one.names) is not None:
            return one
        if self.pack.script == "arabic" and not one.sure:
            # Without capitals only what stands behind the verb, or behind a title, is a name.
            return None
        behind = sentence.items[one.last + 1 : one.last + 2]
        if self.pack.subject_first and behind:
            gap = self.text[one.end : behind[0].start]
            if "," in gap or isinstance(behind[0], Stretch):
                return one
        if self.pack.common_nouns_capitalised and len(one.names) == 1:
            return self._as_noun(one, sentence)
        if not self.pack.common_nouns_capitalised and (one.first > 0 or len(one.names) > 1):
            return one
        says = any(isinstance(item, Token) and item.says(self.pack) for item in behind)
        return one if says or len(one.names) > 1 else None

    def _as_noun(self, one: Candidate, sentence: Sentence) -> Candidate | None:
        """One word, where nouns have capitals: a surname that speaks without an article, else somebody's noun."""
        before = sentence.items[one.first - 1] if one.first else None
        behind = sentence.items[one.last + 1 : one.last + 2]
        low = before.low if isinstance(before, Token) else ""
        says = [
            item
            for item in (*behind, *([] if before is None else [before]))
            if isinstance(item, Token) and item.says(self.pack)
        ]
        if any(item.low.endswith("te") for item in says) and not _NOUN.search(one.names[0]):
            return one
        if one.governed or not (says or low in _NOMINATIVE):
            return None
        return one._replace(kind=NOBODY, names=())

    def told(self) -> list[SpokenWords]:
        open_: Who | None = None
        for number, line in enumerate(self.lines):
            open_ = self._read(number, line, open_)
        self._told_below()
        return [_as_told(*one) for one in sorted(self.made, key=lambda one: one[0])]

    def _read(self, number: int, line: _Line, open_: Who | None) -> Who | None:
        """Read a line; who goes on in the next, where its last words are not closed."""
        before: Who | None = None
        told: Who | None = None
        said: dict[int, int] = {}
        for sentence, found in zip(line.sentences, line.found, strict=True):
            heed()
            whole: Who | None = None
            reports = Reports(self.text, sentence, found, self.pack)
            for stretch in sentence.stretches:
                who, cue = self._who(
                    number, line, sentence, reports, stretch, before or told, open_
                )
                open_ = None
                if who is None and stretch.pair in said:
                    who = UNTOLD
                if who is None:
                    continue
                self._go_back(who)
                if stretch.pair in said:
                    self._join(said[stretch.pair], stretch, who, cue)
                elif (
                    whole is not None
                    and who.person in (None, whole.person)
                    and self._goes_on(sentence, stretch)
                ):
                    self._join(len(self.made) - 1, stretch, who, cue)
                else:
                    said[stretch.pair] = len(self.made)
                    self.made.append((((stretch.start, stretch.end),), cue, who))
                whole = self.made[-1][2]
                before = whole
                self._read_within(line, stretch, whole)
            self.whom.see(number, found)
            if whole is not None:
                self.whom.spoke(number, whole)
            else:
                told = self._told_in(number, line, sentence, found) or told
                before = None
                if found:
                    # "– Dość, – mówi. Maja kiwa głową. – Idziemy": another may go on.
                    said.clear()
        self.unclosed = None
        last = line.stretches[-1] if line.stretches else None
        if last is None or last.closed:
            return None
        at = (at for at in range(len(self.made) - 1, -1, -1) if self.made[at][0][-1][1] == last.end)
        self.unclosed = next(at, None)
        return before

    def _go_back(self, who: Who) -> None:
        """Have whoever says a line say the one before it too, where that goes on in it and tells nobody."""
        at, self.unclosed = self.unclosed, None
        if at is not None and who.how != "none" and self.made[at][2].how == "none":
            spans, cue, _ = self.made[at]
            self.made[at] = (spans, cue, _again(who))

    def _told_below(self) -> None:
        """Tell of the words of a headline who says them below; in an interview, whom it is with."""
        first = self.lines[0].sentences[-1].end if self.lines and self.lines[0].sentences else 0
        for at, (spans, cue, who) in enumerate(self.made):
            if spans[0][0] >= first or who.how != "none" or cue is not None:
                continue
            words = self.text[slice(*spans[0])]
            below = [
                other
                for other_spans, _, other in self.made
                if other_spans[0][0] >= first
                and other.name is not None
                and any(is_told_again(words, self.text[slice(*one)]) for one in other_spans)
            ]
            guest = self.talk.guest
            if len({other.name for other in below}) == 1:
                self.made[at] = (spans, cue, _again(below[0]))
            elif guest is not None:
                self.made[at] = (spans, cue, meant(None, guest, "view"))

    def _join(self, at: int, stretch: Stretch, who: Who, cue: tuple[int, int] | None) -> None:
        spans, first_cue, first = self.made[at]
        better = first if first.how != "none" else who
        self.made[at] = ((*spans, (stretch.start, stretch.end)), first_cue or cue, better)

    def _goes_on(self, sentence: Sentence, stretch: Stretch) -> bool:
        """Whether words go on with those before them in the sentence: « …, » sagte Held, « … »."""
        at = sentence.items.index(stretch)
        first = next((one for one in sentence.items[:at][::-1] if isinstance(one, Stretch)), None)
        if first is None or first is sentence.items[at - 1]:
            return False
        gap = self.text[sentence.items[at - 1].end : stretch.start]
        return gap.strip() in {",", ":"} and first.words(self.text)[-1:] not in ".!?"

    def _who(
        self,
        number: int,
        line: _Line,
        sentence: Sentence,
        reports: Reports,
        stretch: Stretch,
        before: Who | None,
        open_: Who | None,
    ) -> tuple[Who | None, tuple[int, int] | None]:
        """Who says a stretch, None where it is no quotation; and the cue."""
        reported = self._widened(reports.of(stretch), sentence)
        if reported is None and open_ is not None and sentence.items[0] is stretch:
            return open_._replace(how="same"), None
        if reported is None and sentence.items[0] is stretch and stretch is line.stretches[0]:
            reported = self._line_before(number)
        if reported is not None:
            if not self._is_said(sentence, stretch, reported):
                return None, None
            cue = (reported.start, reported.end)
            named = reported.who is not None and reported.who.names
            if open_ is not None and open_.person and sentence.items[0] is stretch and not named:
                return open_._replace(how="same"), cue
            return self.whom.said_by(number, reported), cue
        if before is not None and self._is_in_reported_mood(sentence):
            return _again(before), None
        headline = number == 0 and sentence.items[0] is stretch
        if not stretch.dash and not _is_sentence(self.text, stretch, headline=headline):
            return None, None
        alone = len(sentence.tokens) == 0
        if alone and before is not None:
            return before._replace(how="same" if before.name else before.how), None
        if alone and headline:
            return UNTOLD, None
        if alone and stretch.dash and number in self.talk.questions | self.talk.answers:
            guest = self.talk.guest if number in self.talk.answers else None
            return UNTOLD if guest is None else meant(None, guest, "view"), None
        if alone:
            return self._of_sentence_before(number, line, sentence), None
        if (
            not headline
            and self.text[stretch.end - 2 : stretch.end].strip("\"'»”“")[-1:] not in _FINAL
        ):
            return None, None
        return UNTOLD, None

    def _is_in_reported_mood(self, sentence: Sentence) -> bool:
        """Whether the verb of a sentence tells that it goes on with what was reported: no other comes before it."""
        for token in sentence.tokens:
            if self.pack.is_reported(token.low):
                return True
            if self.pack.has("indicative", token.low):
                return False
        return False

    def _told_in(
        self, number: int, line: _Line, sentence: Sentence, found: Sequence[Candidate]
    ) -> Who | None:
        """Who is reported by a sentence without marks, where the next may go on with it in the same mood."""
        if not self.pack.reported or not line.stretches or line.stretches[-1].end < sentence.end:
            return None
        reported = self._widened(self._reporting(sentence, found), sentence)
        if reported is None or reported.who is None:
            return None
        return self.whom.said_by(number, reported)

    def _widened(self, reported: Attribution | None, sentence: Sentence) -> Attribution | None:
        """An attribution whose mention holds all that is said of the speaker beside his name."""
        one = None if reported is None else reported.who
        if reported is None or one is None or one.kind == PRONOUN or self.pack.script != "cased":
            return reported
        end = noun_phrase.end_of(self.text, sentence, one, self.pack)
        return reported._replace(who=one._replace(end=end))

    def _of_sentence_before(self, number: int, line: _Line, sentence: Sentence) -> Who:
        """Whose words a sentence is that holds nothing else: of whom the one before reports, or is about."""
        at = line.sentences.index(sentence)
        told = line if at else self.lines[number - 1] if number else None
        if told is None or not told.sentences:
            return UNTOLD
        last = told.sentences[at - 1]
        if last.stretches:
            # In a dialogue the next line is somebody else's.
            talk = sentence.stretches[0].dash and told.stretches[-1].dash
            return UNTOLD if at or talk else self.whom.of_line(number - 1)
        found = told.found[at - 1]
        where = number if at else number - 1
        reported = self._widened(self._reporting(last, found), last)
        if reported is not None and (reported.who is not None or reported.dropped):
            return self.whom.said_by(where, reported)
        subject = next((one for one in found if not one.governed and one.first <= _SUBJECT), None)
        if not at and (subject is None or not subject.names or subject.kind == BODY):
            return self.whom.of_line(where)
        if subject is None or subject.kind not in (NAME, ROLE, BODY):
            return UNTOLD
        about = Attribution(last.start, last.start, subject, False, None, False)
        who = self.whom.said_by(where, about)
        return who._replace(mention=None, how="view" if who.name else who.how)

    def _reporting(self, sentence: Sentence, found: Sequence[Candidate]) -> Attribution | None:
        """What a sentence without words of others reports by, as if they stood at its end."""
        ghost = Stretch(sentence.end, sentence.end, -1, False, True)
        longer = Sentence(sentence.start, sentence.end, (*sentence.items, ghost))
        return Reports(self.text, longer, found, self.pack).of(ghost)

    def _line_before(self, number: int) -> Attribution | None:
        """What reports words at the beginning of a line, where the line before ends with a colon."""
        if number == 0 or not self.lines[number - 1].sentences:
            return None
        line = self.lines[number - 1]
        sentence = line.sentences[-1]
        if self.text[sentence.start : sentence.end].rstrip()[-1:] != ":" or sentence.stretches:
            return None
        return self._reporting(sentence, line.found[-1])

    def _read_within(self, line: _Line, stretch: Stretch, outer: Who) -> None:
        """The words that somebody reports within his own: a quotation each, where a verb says so."""
        inner = within(self.text, line.start, line.marked, stretch)
        if not inner:
            return
        for sentence in sentences(self.text, stretch.start, stretch.end, inner, self.pack):
            reports = Reports(self.text, sentence, self._found(sentence), self.pack)
            for one in sentence.stretches:
                reported = reports.of(one)
                if reported is None or not reported.beside:
                    continue
                cue = (reported.start, reported.end)
                who = self.whom.told_within(reported, outer)
                self.made.append((((one.start, one.end),), cue, who))

    def _is_said(self, sentence: Sentence, stretch: Stretch, reported: Attribution) -> bool:
        """Whether words in a sentence that reports are said, and are no name or title in marks."""
        words = stretch.words(self.text)
        count = len(re.findall(r"[^\W_]+", words))
        if stretch.dash or count > _TITLE or words[-1:] in _FINAL:
            return count > 0
        if not reported.beside:
            return False
        at = sentence.items.index(stretch)
        return not self._is_title(sentence, at, words)

    def _is_title(self, sentence: Sentence, at: int, words: str) -> bool:
        """Whether words in marks are what something is called: "the weekly «Obriy»"."""
        one = sentence.items[at - 1] if at else None
        told = words.split()
        capitals = all(word[:1].isupper() for word in told)
        if at == 0 and len(sentence.items) > 1:
            two = sentence.items[1]
            joined = not self.text[sentence.items[0].end : two.start].strip()
            return (
                self.pack.script == "cased"
                and capitals
                and joined
                and isinstance(two, Token)
                and not two.says(self.pack)
            )
        if not isinstance(one, Token):
            return False
        if self.pack.script == "arabic":
            return self.pack.has("called", one.low)
        if self.text[one.end : sentence.items[at].start].strip() or not words[:1].isupper():
            return False
        if one.says(self.pack):
            return False
        if self.pack.common_nouns_capitalised and not one.capital:
            if len(told) == 1:
                return self.pack.has("definite", one.low) or one.low == "laut"
            return capitals
        if self.pack.has("prepositions", one.low) and one.low not in _AS:
            return True
        return not self.pack.has("function", one.low) or self.pack.has("definite", one.low)
